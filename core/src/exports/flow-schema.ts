import { z } from 'zod'
import { isObject, type JsonObject, stringAt } from '../json.ts'
import { step } from './content.ts'
import { ExportError } from './error.ts'

const element = z.looseObject({ data: z.looseObject({ id: z.string().optional() }) })
const edge = z.looseObject({ data: z.looseObject({ source: z.string(), target: z.string() }) })
const named = z.looseObject({ name: z.string() })

/** What must hold of a flow for it to be read, in each of the forms that exports have. Nothing else is checked. */
const flowSchema = z.looseObject({
  name: z.string().nullish(),
  flowId: z.string().nullish(),
  id: z.string().nullish(),
  companyId: z.string().nullish(),
  description: z.string().nullish(),
  flow: z.looseObject({ id: z.string(), name: z.string().nullish() }).nullish(),
  graphData: z
    .looseObject({
      elements: z.looseObject({ nodes: z.array(element).nullish(), edges: z.array(edge).nullish() }).nullish(),
    })
    .nullish(),
  settings: z.looseObject({}).nullish(),
  trigger: z.looseObject({}).nullish(),
  connectorIds: z.array(z.string()).nullish(),
  variables: z.array(named).nullish(),
  connections: z.array(z.looseObject({ connectionId: z.string(), connectorId: z.string() })).nullish(),
  forms: z.record(z.string(), z.unknown()).nullish(),
})

/** Throws an ExportError that names the spot when a flow is not what a flow must be at least. */
export function checkFlow(flow: unknown, pointer: string, fileName: string): JsonObject {
  const checked = flowSchema.safeParse(flow)
  if (!checked.success) {
    const issue = checked.error.issues[0]
    const spot = (issue?.path ?? []).reduce<string>((path, key) => step(path, String(key)), pointer)
    const name = isObject(flow) ? stringAt(flow, 'name') : undefined
    throw new ExportError(
      'UNREADABLE',
      `${fileName}: ${name ? `flow “${name}”` : 'a flow'} can't be read at ${spot || 'its root'}: ${issue?.message ?? ''}.`,
      'Correct the file at that spot, or export the flow again.',
      { pointer: spot },
    )
  }
  // The schema only looks: the content goes on as it came, its keys in their order.
  return flow as JsonObject
}

/** Throws an ExportError when an edge leads from or to a node that the flow doesn't have. */
export function checkEdges(flow: JsonObject, name: string, pointer: string, fileName: string): void {
  const graph = isObject(flow.graphData) ? flow.graphData : undefined
  const elements = isObject(graph?.elements) ? graph.elements : undefined
  if (!Array.isArray(elements?.edges)) return
  const nodes = Array.isArray(elements.nodes) ? elements.nodes : []
  const ids = new Set(nodes.map((one) => (isObject(one) ? stringAt(one.data, 'id') : undefined)))
  elements.edges.forEach((one, index) => {
    if (!isObject(one)) return
    for (const end of ['source', 'target'] as const) {
      const id = stringAt(one.data, end)
      if (ids.has(id)) continue
      const edgeName = stringAt(one.data, 'id') ?? `number ${index + 1}`
      const from = end === 'source' ? 'starts at' : 'leads to'
      throw new ExportError(
        'DANGLING_EDGE',
        `${fileName}: in flow “${name}” the edge ${edgeName} ${from} node ${id}, which the flow does not have.`,
        'Remove the edge, or export the flow again.',
        { pointer: `${pointer}/graphData/elements/edges/${index}/data/${end}` },
      )
    }
  })
}

/** The longest name that PingOne takes for a flow (PingOne API reference, flows). */
const longestName = 256

/** Throws an ExportError when a flow has no name, or too long a one. */
export function checkName(name: string | undefined, pointer: string, fileName: string): string {
  if (name === undefined || name.trim() === '') {
    throw new ExportError(
      'FLOW_WITHOUT_NAME',
      `${fileName}: the flow at ${pointer || 'its root'} has no name.`,
      'Give the flow a name, or export it again.',
      { pointer: `${pointer}/name` },
    )
  }
  const { length } = [...name]
  if (length > longestName) {
    throw new ExportError(
      'NAME_TOO_LONG',
      `${fileName}: the name of flow “${[...name].slice(0, 40).join('')}…” has ${length} characters; PingOne takes ${longestName}.`,
      'Shorten the name.',
      { pointer: `${pointer}/name` },
    )
  }
  return name
}
