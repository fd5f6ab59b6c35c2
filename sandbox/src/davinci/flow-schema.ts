import { arrayAt, isObject, type JsonObject, stringAt } from '@flightiq/core'
import { z } from 'zod'
import { text } from '../body.ts'
import { type ErrorDetail, invalidData } from '../errors.ts'

// The patterns and required fields are those of the PingOne OpenAPI description 2026.01.07-beta.
const flowNamePattern = /^\s*([\p{L}\p{M}\p{N}\p{So}/.'_\-[\]]).?(?!.*((<)|(\$\{)))/u
const descriptionPattern = /^\s*[\p{L}\p{M}\p{N}\p{So}/.'_ -]*(?!.*((<)|(\$\{)))/u

// x and y are required in the description, and real flows hold empty positions: the server completes those.
const position = z.looseObject({ x: z.number().optional(), y: z.number().optional() })

const element = {
  position: position.optional(),
  classes: z.string().optional(),
  group: z.string().optional(),
  grabbable: z.boolean().optional(),
  locked: z.boolean().optional(),
  pannable: z.boolean().optional(),
  removed: z.boolean().optional(),
  selectable: z.boolean().optional(),
  selected: z.boolean().optional(),
}

const node = z.looseObject({
  ...element,
  data: z.looseObject({
    id: z.string().min(1),
    nodeType: z.string().min(1),
    connectionId: z.string().optional(),
    connectorId: z.string().optional(),
    name: z.string().optional(),
    label: z.string().optional(),
    capabilityName: z.string().optional(),
    type: z.string().optional(),
    status: z.string().optional(),
    // What is inside the properties is the connector's affair: real flows hold empty texts and bare objects there,
    // which the description wouldn't allow, so nothing in them is refused.
    properties: z.looseObject({}).optional(),
  }),
})

const edge = z.looseObject({
  ...element,
  data: z.looseObject({ id: z.string().min(1), source: z.string().min(1), target: z.string().min(1) }),
})

/** The body of a validation, and the graph of every flow. */
export const graphData = z.looseObject({
  elements: z.looseObject({ nodes: z.array(node).optional(), edges: z.array(edge).optional() }).optional(),
  data: z.looseObject({}).optional(),
  pan: position.optional(),
  zoom: z.number().optional(),
  minZoom: z.number().optional(),
  maxZoom: z.number().optional(),
  renderer: z.looseObject({}).optional(),
})

const inputParameter = z.looseObject({
  propertyName: z.string().min(1),
  preferredDataType: z.enum(['array', 'boolean', 'number', 'object', 'string']),
  preferredControlType: z.string().optional(),
  description: z.string().optional(),
  isExpanded: z.boolean().optional(),
  required: z.boolean().optional(),
})

const settings = z.looseObject({
  logLevel: z.int().min(1).max(4).optional(),
  csp: z.string().optional(),
  css: z.string().optional(),
  cssLinks: z.array(z.string()).optional(),
  flowHttpTimeoutInSeconds: z.int().optional(),
  flowTimeoutInSeconds: z.number().optional(),
})

/** The body of a create or replace of a flow. */
export const flowBody = z.looseObject({
  name: text(256, flowNamePattern),
  description: text(1024, descriptionPattern, 0).optional(),
  color: z.string().optional(),
  graphData: graphData.optional(),
  inputSchema: z.array(inputParameter).optional(),
  outputSchema: z
    .looseObject({
      output: z.looseObject({ type: z.literal('object'), properties: z.looseObject({}) }),
    })
    .optional(),
  settings: settings.optional(),
  // Real flows hold an empty trigger, which means none, and types beyond AUTHENTICATION and SCHEDULE.
  trigger: z.looseObject({ type: z.string().min(1).optional() }).optional(),
})

/** The body that switches a flow on or off. */
export const enabledBody = z.looseObject({ enabled: z.boolean() })

/** The body of a validation. */
export const validateBody = z.looseObject({ graphData: graphData.optional() })

/**
 * Refuses a graph whose edge leads from or to a node that isn't there. PingOne's own answer to that is not documented:
 * 400 naming the spot is this sandbox' reading.
 */
export function refuseDanglingEdges(content: JsonObject): void {
  const elements = isObject(content.graphData) ? content.graphData.elements : undefined
  const nodes = new Set(arrayAt(elements, 'nodes').map((one) => (isObject(one) ? stringAt(one.data, 'id') : undefined)))
  const details: ErrorDetail[] = arrayAt(elements, 'edges').flatMap((one, index) =>
    (['source', 'target'] as const).flatMap((end) => {
      const id = isObject(one) ? stringAt(one.data, end) : undefined
      if (nodes.has(id)) return []
      const target = `graphData.elements.edges[${index}].data.${end}`
      return [{ code: 'INVALID_VALUE', target, message: `The flow has no node ${id}.` }]
    }),
  )
  if (details.length > 0) throw invalidData(details)
}
