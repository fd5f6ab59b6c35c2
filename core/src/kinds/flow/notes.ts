import { type JsonObject, objectAt, stringAt } from '../../json.ts'
import { edgesOf, nodeLabel, nodesOf } from './graph.ts'
import { references } from './references.ts'

/** What is odd about a flow: lines to nothing, nodes of the same id, references to nodes that are gone. */
export function notes(content: JsonObject): { code: string; message: string; pointer: string }[] {
  const name = stringAt(content, 'name') ?? ''
  const ids = new Map<string, number>()
  const result: { code: string; message: string; pointer: string }[] = []
  nodesOf(content).forEach((node, index) => {
    const data = objectAt(node, 'data') ?? {}
    const id = stringAt(data, 'id') ?? ''
    if (ids.has(id)) {
      result.push({
        code: 'DUPLICATE_NODE',
        message: `"${name}" has two nodes with the id ${id}; the second is "${nodeLabel(data)}".`,
        pointer: `/graphData/elements/nodes/${index}/data/id`,
      })
    }
    ids.set(id, index)
  })
  edgesOf(content).forEach((edge, index) => {
    const data = objectAt(edge, 'data')
    for (const end of ['source', 'target'] as const) {
      const id = stringAt(data, end) ?? ''
      if (ids.has(id)) continue
      result.push({
        code: 'DANGLING_EDGE',
        message: `A line of "${name}" ends at node ${id}, which is not there.`,
        pointer: `/graphData/elements/edges/${index}/data/${end}`,
      })
    }
  })
  return [...result, ...staleNodes(content, name, ids)]
}

/** Half of all real flows refer to nodes that were removed: one note a flow, not one a spot. */
function staleNodes(content: JsonObject, name: string, ids: ReadonlyMap<string, number>) {
  // A condition keeps entries for lines that are gone: DaVinci ignores them, and so do we.
  const stale = references(content).filter(
    ({ kind, spot, target }) => kind === 'node' && spot !== 'key' && !ids.has(target),
  )
  const [first] = stale
  if (!first) return []
  const where = first.node ? ` (first in "${first.node.label}")` : ''
  return [
    {
      code: 'STALE_NODE_REFERENCE',
      message: `"${name}" refers to the output of nodes that are gone in ${stale.length} ${stale.length === 1 ? 'place' : 'places'}${where}. It is carried over unchanged.`,
      pointer: first.pointer,
    },
  ]
}
