import type { Shapes } from '../../api/client.ts'
import { listAt, numberAt, textAt } from '../read-content.ts'

type Change = Shapes['Difference']['change']

export interface GraphNode {
  id: string
  label: string
  connector: string
  shape: 'box' | 'dot' | 'note'
  x: number
  y: number
  change?: Change
}

export interface GraphEdge {
  id: string
  source: string
  target: string
  change?: Change
}

export interface Graph {
  nodes: GraphNode[]
  edges: GraphEdge[]
}

/**
 * The graph of a pair: the source's nodes where it has them, and those that only the destination has, each with what
 * changed of it.
 */
export function graphOf(source: unknown, destination: unknown, differences: readonly Shapes['Difference'][]): Graph {
  const changeOf = (section: string) =>
    new Map(differences.filter((difference) => difference.section === section).map(({ id, change }) => [id, change]))
  const nodeChange = changeOf('node')
  const edgeChange = changeOf('edge')
  const nodes = new Map<string, GraphNode>()
  const edges = new Map<string, GraphEdge>()
  const lines = new Map<string, string>()
  for (const side of [destination, source]) {
    for (const element of listAt(side, 'graphData', 'elements', 'nodes')) {
      const node = nodeFrom(element)
      if (node) nodes.set(node.id, node)
    }
    for (const element of listAt(side, 'graphData', 'elements', 'edges')) {
      const id = textAt(element, 'data', 'id')
      const source = textAt(element, 'data', 'source')
      const target = textAt(element, 'data', 'target')
      edges.set(id, { id, source, target })
      lines.set(id, lineOf(source, target, textAt(element, 'data', 'multiValueSourceId')))
    }
  }
  const inSource = new Set(listAt(source, 'graphData', 'elements', 'edges').map((edge) => textAt(edge, 'data', 'id')))
  for (const edge of edges.values()) {
    const change = edgeChange.get(lines.get(edge.id) ?? '')
    if (change) edge.change = change
    // An edge that only the destination has, when it isn't told as a difference of its own, is one with other ids.
    else if (source && destination && !inSource.has(edge.id)) edges.delete(edge.id)
  }
  for (const node of nodes.values()) {
    const change = nodeChange.get(node.id)
    if (change) node.change = change
  }
  return {
    nodes: [...nodes.values()],
    edges: [...edges.values()].filter((edge) => nodes.has(edge.source) && nodes.has(edge.target)),
  }
}

/** How differences call a line: by what it connects, and for which answer, since ids of lines mean nothing. */
function lineOf(source: string, target: string, answer: string): string {
  return `${source}→${target}${answer === '' ? '' : `/${answer}`}`
}

function nodeFrom(element: unknown): GraphNode | undefined {
  const x = numberAt(element, 'position', 'x')
  const y = numberAt(element, 'position', 'y')
  const id = textAt(element, 'data', 'id')
  if (id === '' || x === undefined || y === undefined) return undefined
  const type = textAt(element, 'data', 'nodeType')
  return {
    id,
    x,
    y,
    shape: type === 'EVAL' ? 'dot' : type === 'ANNOTATION' ? 'note' : 'box',
    label:
      textAt(element, 'data', 'properties', 'nodeTitle', 'value') ||
      textAt(element, 'data', 'label') ||
      textAt(element, 'data', 'name') ||
      id,
    connector: textAt(element, 'data', 'name') || textAt(element, 'data', 'connectorId'),
  }
}
