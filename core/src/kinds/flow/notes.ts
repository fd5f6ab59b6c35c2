import { arrayAt, isObject, type Json, type JsonObject, objectAt, stringAt } from '../../json.ts'
import type { Reference } from '../../reference.ts'
import { flowReferences } from './walk.ts'

/** Something odd in the content of a flow. */
export interface FlowNote {
  code: string
  message: string
  pointer: string
}

/**
 * What is odd about a flow itself: lines to nodes that are not there, nodes of the same id, references to nodes that
 * are gone, and variables or connectors that are used and not listed where the flow has a list. Half of all real flows
 * have some of these; none keeps a flow from being written.
 */
export function flowNotes(content: JsonObject): FlowNote[] {
  const elements = objectAt(objectAt(content, 'graphData'), 'elements')
  const nodes = arrayAt(elements, 'nodes')
  const ids = new Set(nodes.map((node) => stringAt(objectAt(node, 'data'), 'id') ?? ''))
  const references = flowReferences(content)
  return [
    ...duplicateIds(nodes),
    ...danglingEdges(arrayAt(elements, 'edges'), ids),
    ...staleNodes(references, ids),
    ...unlistedVariables(content, references),
    ...unlistedConnectors(content, nodes),
  ]
}

function duplicateIds(nodes: readonly Json[]): FlowNote[] {
  const seen = new Set<string>()
  return nodes.flatMap((node, index) => {
    const id = stringAt(objectAt(node, 'data'), 'id') ?? ''
    if (!seen.has(id)) {
      seen.add(id)
      return []
    }
    const message = `Two nodes have the id "${id}": lines and expressions that name it are ambiguous.`
    return [{ code: 'DUPLICATE_NODE_ID', message, pointer: `/graphData/elements/nodes/${index}` }]
  })
}

function danglingEdges(edges: readonly Json[], ids: ReadonlySet<string>): FlowNote[] {
  return edges.flatMap((edge, index) => {
    const data = objectAt(edge, 'data')
    return (['source', 'target'] as const).flatMap((end) => {
      const id = stringAt(data, end)
      if (id !== undefined && ids.has(id)) return []
      const name = stringAt(data, 'id') ?? String(index)
      const message = `Line "${name}" has the ${end} "${id ?? ''}", which is no node of the flow.`
      return [{ code: 'DANGLING_EDGE', message, pointer: `/graphData/elements/edges/${index}/data/${end}` }]
    })
  })
}

/** One note for each node that is gone and still named; conditions keep keys of old neighbours, told in one note. */
function staleNodes(references: readonly Reference[], ids: ReadonlySet<string>): FlowNote[] {
  const stale = references.filter(
    ({ kind, target, pointer }) =>
      kind === 'node' && !ids.has(target) && pointer.startsWith('/graphData/') && !pointer.includes('/elements/edges/'),
  )
  const keys = stale.filter(({ spot }) => spot === 'key')
  const named = Map.groupBy(
    stale.filter(({ spot }) => spot !== 'key'),
    ({ target }) => target,
  )
  const notes = [...named].map(([target, spots]): FlowNote => {
    const users = [...new Set(spots.map(({ node }) => `"${node?.label ?? ''}"`))]
    const shown = `${users.slice(0, 3).join(', ')}${users.length > 3 ? ` and ${users.length - 3} more` : ''}`
    return {
      code: 'STALE_NODE_REFERENCE',
      message: `Node "${target}" is gone, and still named by ${shown}.`,
      pointer: spots[0]?.pointer ?? '',
    }
  })
  const [first] = keys
  if (!first) return notes
  const message = `${keys.length} ${keys.length === 1 ? 'entry' : 'entries'} of conditions name nodes that are gone.`
  return [...notes, { code: 'STALE_CONDITION_KEY', message, pointer: first.pointer }]
}

function unlistedVariables(content: JsonObject, references: readonly Reference[]): FlowNote[] {
  if (!Array.isArray(content.variables)) return []
  const listed = new Set(content.variables.map((item) => (stringAt(item, 'name') ?? '').split('##SK##')[0]))
  const first = new Map<string, Reference>()
  for (const reference of references) {
    if (reference.kind !== 'variable' || listed.has(reference.target) || first.has(reference.target)) continue
    first.set(reference.target, reference)
  }
  return [...first].map(([name, { pointer }]) => ({
    code: 'UNLISTED_VARIABLE',
    message: `The flow uses the variable "${name}" and does not list it.`,
    pointer,
  }))
}

function unlistedConnectors(content: JsonObject, nodes: readonly Json[]): FlowNote[] {
  if (!Array.isArray(content.connectors)) return []
  const listed = new Set(content.connectors.map((item) => (isObject(item) ? item.id : item)))
  const first = new Map<string, number>()
  for (const [index, node] of nodes.entries()) {
    const connectorId = stringAt(objectAt(node, 'data'), 'connectorId')
    if (connectorId === undefined || listed.has(connectorId) || first.has(connectorId)) continue
    first.set(connectorId, index)
  }
  return [...first].map(([id, index]) => ({
    code: 'UNLISTED_CONNECTOR',
    message: `The flow uses the connector "${id}" and does not list it.`,
    pointer: `/graphData/elements/nodes/${index}/data/connectorId`,
  }))
}
