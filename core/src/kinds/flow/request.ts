import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../../json.ts'
import { without } from '../../properties.ts'
import { readOnly } from './normalise.ts'

const linter = new Set(['linterError', 'allLinterErrors'])

/**
 * What the API takes of a flow: read-only fields left out, everything else kept. A PingOne flow (trigger
 * AUTHENTICATION) gets its input schema from PingOne, and must not be sent with one.
 */
export function toRequest(content: JsonObject): JsonObject {
  const { graphData, inputSchema, ...rest } = without(content, readOnly)
  const imposed = stringAt(content.trigger, 'type') === 'AUTHENTICATION'
  return {
    ...rest,
    ...(inputSchema === undefined || imposed ? {} : { inputSchema }),
    ...(graphData === undefined ? {} : { graphData: withoutLinter(graphData) }),
  }
}

function withoutLinter(graph: Json): Json {
  if (!isObject(graph)) return graph
  const elements = objectAt(graph, 'elements')
  const nodes = elements?.nodes
  const rest = without(graph, linter)
  if (!elements || !Array.isArray(nodes)) return rest
  return { ...rest, elements: { ...elements, nodes: nodes.map(nodeWithoutLinter) } }
}

function nodeWithoutLinter(node: Json): Json {
  const data = objectAt(node, 'data')
  return isObject(node) && data && data.linterError !== undefined ? { ...node, data: without(data, linter) } : node
}
