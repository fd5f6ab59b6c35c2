import { isObject, type Json, type JsonObject, stringAt } from '../../json.ts'
import { dataOf, type Graph } from './graph.ts'
import { put, stableText } from './sharing.ts'
import { walkNode } from './walk.ts'

/**
 * Finds nodes that differ in their id only (the same connector, capability, label and properties), and answers the
 * destination's graph with the source's ids for them. Only where most ids disagree: in a graph that keeps its ids, a
 * node that was taken out and put in again is a change.
 */
export function pairRenamedNodes(source: Graph, destination: Graph): Graph {
  const sourceIds = missingIn(source, destination)
  if (sourceIds.length === 0) return destination
  let ids = missingIn(destination, source)
  const shared = Object.keys(source.nodes).length - sourceIds.length
  if (ids.length === 0 || shared > sourceIds.length || shared > ids.length) return destination
  let open = sourceIds
  let result = destination
  // Each round renames what is certain; what points to those becomes certain in the next.
  for (let pairs = pairsOf(source, open, result, ids); pairs.size > 0; pairs = pairsOf(source, open, result, ids)) {
    const taken = new Set(pairs.values())
    open = open.filter((id) => !taken.has(id))
    const renamed = pairs
    ids = ids.filter((id) => !renamed.has(id))
    result = renameNodes(result, pairs)
  }
  return result
}

function missingIn(graph: Graph, other: Graph): string[] {
  return Object.keys(graph.nodes).filter((id) => !Object.hasOwn(other.nodes, id))
}

/** Destination id → source id of nodes that say the same, as many on either side. */
function pairsOf(source: Graph, open: readonly string[], destination: Graph, ids: readonly string[]) {
  const pairs = new Map<string, string>()
  const wanted = grouped(source, open)
  for (const [signature, left] of grouped(destination, ids)) {
    const right = wanted.get(signature)
    if (right?.length !== left.length) continue
    for (const [index, id] of left.entries()) {
      const to = right[index]
      if (to !== undefined) pairs.set(id, to)
    }
  }
  return pairs
}

function grouped(graph: Graph, ids: readonly string[]): Map<string, string[]> {
  const ends = endsOf(graph)
  const conditionEnds = (id: string) => JSON.stringify(ends.get(id)?.toSorted() ?? [])
  return Map.groupBy(
    ids.toSorted((left, right) => place(graph, left) - place(graph, right)),
    (id) => {
      const data = dataOf(graph.nodes[id])
      const { id: _id, ...meaning } = data
      // A condition has no label: it is known by the line that it stands on.
      return `${stableText(meaning)} ${data.nodeType === 'EVAL' ? conditionEnds(id) : ''}`
    },
  )
}

function place(graph: Graph, id: string): number {
  const node = graph.nodes[id]
  const position = isObject(node) && isObject(node.position) ? node.position : {}
  return Number(position.y ?? 0) * 1e6 + Number(position.x ?? 0)
}

function endsOf(graph: Graph): Map<string, string[]> {
  const ends = new Map<string, string[]>()
  const add = (id: string, end: string) => ends.set(id, [...(ends.get(id) ?? []), end])
  for (const edge of Object.values(graph.edges)) {
    const source = stringAt(dataOf(edge), 'source') ?? ''
    const target = stringAt(dataOf(edge), 'target') ?? ''
    add(source, `to ${target}`)
    add(target, `from ${source}`)
  }
  return ends
}

/** The graph with other node ids, in nodes, lines, conditions and expressions. */
function renameNodes(graph: Graph, ids: ReadonlyMap<string, string>): Graph {
  const nodes: JsonObject = {}
  for (const [key, node] of Object.entries(graph.nodes)) {
    if (!isObject(node)) {
      put(nodes, key, node)
      continue
    }
    const walked = walkNode(node, '', (reference) =>
      reference.kind === 'node' ? ids.get(reference.target) : undefined,
    )
    const to = ids.get(key)
    put(nodes, to ?? key, to === undefined || !isObject(walked.data) ? walked : withId(walked, walked.data, to))
  }
  const edges: JsonObject = {}
  for (const [key, edge] of Object.entries(graph.edges)) put(edges, ...renamedEdge(key, edge, ids))
  return { nodes, edges }
}

function withId(node: JsonObject, data: JsonObject, id: string): JsonObject {
  return { ...node, data: { ...data, id } }
}

function renamedEdge(key: string, edge: Json, ids: ReadonlyMap<string, string>): [string, Json] {
  const data = dataOf(edge)
  const source = stringAt(data, 'source') ?? ''
  const target = stringAt(data, 'target') ?? ''
  if (!isObject(edge) || (!ids.has(source) && !ids.has(target))) return [key, edge]
  const to = { ...data, source: ids.get(source) ?? source, target: ids.get(target) ?? target }
  const line = `${source}→${target}`
  const rest = key.startsWith(line) ? key.slice(line.length) : ''
  return [`${to.source}→${to.target}${rest}`, { ...edge, data: to }]
}
