import {
  arrayAt,
  type ExportContent,
  ExportError,
  isObject,
  type Json,
  type JsonObject,
  objectAt,
  readExport,
  stringAt,
} from '@flightiq/core'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { objectBody } from '../body.ts'
import { type Context, environmentOf } from '../context.ts'
import { ApiError, invalidData, licenceExceeded } from '../errors.ts'
import { newHexId, newUuid } from '../ids.ts'
import type { EnvironmentState } from '../state/environment-state.ts'
import type { Flow } from '../state/records.ts'
import { flowImportAnswer } from './flow-answer.ts'
import { refuseDanglingEdges } from './flow-schema.ts'
import { sameVariable } from './variable-key.ts'

/** An export in the form of the newer API, and one of the console. */
export const importMediaTypes = [
  'application/vnd.pingidentity.flow.import+json',
  'application/vnd.pingidentity.flow.import.legacy+json',
]

const importBody = z.looseObject({
  name: z.string().min(1),
  description: z.string().optional(),
  flowInfo: z.looseObject({}),
  flowNameMapping: z.record(z.string(), z.string()),
})

/**
 * Creates flows from an export, as DaVinci's import does: new ids, versions from 0, references between the flows of the
 * import carried over, connector instances found by id or by connector and name, missing variables created and those
 * that are there left alone, and every flow deployed. What can't be found stays dangling.
 * Throws 400 when the export can't be read, and 403 beyond the limits; nothing is created then.
 */
export function importFlows(request: FastifyRequest, { settings }: Context): JsonObject {
  const environment = environmentOf(request)
  const body = objectBody(request, importBody, importMediaTypes)
  const content = read(body)
  content.flows.forEach(refuseDanglingEdges)
  if (environment.flows.size + content.flows.length > settings.limits.flows) {
    throw licenceExceeded('flows', settings.limits.flows)
  }
  const ids = new Map(content.flows.map((flow) => [stringAt(flow, 'id') ?? '', newHexId()]))
  const variables = content.variables.map((variable) => variableOfFlow(variable, ids))
  const missing = variables.filter((variable) => !sameVariable(variable, environment))
  if (environment.variables.size + missing.length > settings.limits.variables) {
    throw licenceExceeded('variables', settings.limits.variables)
  }
  for (const instance of content.connectorInstances) {
    if (!environment.connectorInstances.has(stringAt(instance, 'id') ?? ''))
      environment.insertConnectorInstance(instance)
  }
  for (const form of content.forms) {
    if (!environment.forms.has(stringAt(form, 'id') ?? '')) environment.insertForm(form)
  }
  const flows = content.flows.map((flow) => insertFlow(flow, ids, environment))
  for (const variable of missing) environment.insertVariable({ ...variable, id: newUuid() })
  return answer(request, flows, variables)
}

function read(body: JsonObject): ExportContent {
  try {
    return readExport(body, 'The request body')
  } catch (error) {
    if (!(error instanceof ExportError)) throw error
    const target = (error.pointer ?? '').slice(1).replaceAll('/', '.')
    throw invalidData([{ code: 'INVALID_VALUE', message: error.message, ...(target ? { target } : {}) }])
  }
}

function insertFlow(flow: JsonObject, ids: ReadonlyMap<string, string>, environment: EnvironmentState): Flow {
  const id = ids.get(stringAt(flow, 'id') ?? '')
  if (!id) throw new ApiError(500, 'UNEXPECTED_ERROR', 'An imported flow has no id.')
  const own = new Set(['id', 'createdAt', 'updatedAt', 'deployedAt', 'currentVersion', 'publishedVersion', 'enabled'])
  const content = Object.fromEntries(Object.entries(flow).filter(([key]) => !own.has(key)))
  const graphData = isObject(flow.graphData) ? { graphData: relinked(flow.graphData, ids, environment) } : {}
  const description = stringAt(flow, 'description') ?? `Imported on ${new Date(environment.now()).toString()}`
  return environment.insertFlow({ ...content, ...graphData, description }, { id, deployed: true })
}

function relinked(graph: JsonObject, ids: ReadonlyMap<string, string>, environment: EnvironmentState): JsonObject {
  const elements = objectAt(graph, 'elements') ?? {}
  const nodes = arrayAt(elements, 'nodes').map((node) =>
    isObject(node) && isObject(node.data) ? { ...node, data: relinkedNode(node.data, ids, environment) } : node,
  )
  return { ...graph, elements: { ...elements, nodes } }
}

function relinkedNode(data: JsonObject, ids: ReadonlyMap<string, string>, environment: EnvironmentState): JsonObject {
  const relinkedData = { ...data, ...connection(data, environment) }
  const properties = objectAt(data, 'properties')
  const subFlow = objectAt(objectAt(properties, 'subFlowId'), 'value')
  const subFlowId = ids.get(stringAt(subFlow, 'value') ?? '')
  if (!properties || !subFlow || !subFlowId) return relinkedData
  const value = { ...subFlow, value: subFlowId }
  return { ...relinkedData, properties: { ...properties, subFlowId: { ...objectAt(properties, 'subFlowId'), value } } }
}

/** The instance with the node's id, or else the only one of its connector, or the one of them with its name. */
function connection(data: JsonObject, environment: EnvironmentState): JsonObject {
  const id = stringAt(data, 'connectionId')
  const connectorId = stringAt(data, 'connectorId')
  if (!connectorId || (id && environment.connectorInstances.has(id))) return {}
  const candidates = [...environment.connectorInstances.values()].filter(
    ({ content }) => stringAt(content.connector, 'id') === connectorId,
  )
  const named = candidates.filter(({ content }) => content.name === data.name)
  const found = named.length === 1 ? named[0] : candidates.length === 1 ? candidates[0] : undefined
  return found ? { connectionId: found.id } : { status: 'unconfigured' }
}

/** A variable of a flow's own context goes with the flow's new id. */
function variableOfFlow(variable: JsonObject, ids: ReadonlyMap<string, string>): JsonObject {
  const flowId = stringAt(variable.flow, 'id')
  const { id: _id, ...content } = variable
  return flowId === undefined ? content : { ...content, flow: { id: ids.get(flowId) ?? flowId } }
}

function answer(request: FastifyRequest, flows: Flow[], variables: JsonObject[]): JsonObject {
  const [main, ...others] = flows.map(
    (flow): JsonObject => ({ ...flowImportAnswer(request, flow), variables: listed(variables) }),
  )
  if (!main) throw invalidData([{ code: 'REQUIRED_VALUE', target: 'flowInfo', message: 'holds no flow' }])
  return others.length === 0 ? main : { ...main, _embedded: others }
}

/** Secrets are not told. */
function listed(variables: JsonObject[]): Json[] {
  return variables.map((variable) => {
    if (variable.dataType !== 'secret') return variable
    const { value: _value, ...rest } = variable
    return rest
  })
}
