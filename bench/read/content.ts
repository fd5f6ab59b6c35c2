import type { JsonObject } from '@flightiq/core'

/** Numbers between 0 and 1 that are the same in every run (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const words = 'sign on user account password device policy risk session email code verify retry error message'.split(
  ' ',
)

/** Sizes of flows by their rank among 100, as public exports have them (bytes of JSON). */
const quantiles = [
  { rank: 0, bytes: 8_000 },
  { rank: 50, bytes: 71_000 },
  { rank: 90, bytes: 454_000 },
  { rank: 95, bytes: 1_000_000 },
  { rank: 100, bytes: 1_000_000 },
]

/** The sizes of 100 flows in bytes of JSON: half below 71 kB, a tenth above 450 kB, some of 1 MB. */
export function flowSizes(): number[] {
  return Array.from({ length: 100 }, (_, rank) => {
    const above = quantiles.findIndex((quantile) => quantile.rank > rank)
    const [low, high] = [quantiles[above - 1], quantiles[above]]
    if (low === undefined || high === undefined) throw new Error(`No size is known for rank ${rank}.`)
    const share = (rank - low.rank) / (high.rank - low.rank)
    return Math.round(low.bytes * (high.bytes / low.bytes) ** share)
  })
}

/** A flow of about so many bytes: nodes with texts in them as the designer writes them, and edges between. */
export function flowOfSize(name: string, bytes: number, random: () => number): JsonObject {
  const nodes: JsonObject[] = []
  const edges: JsonObject[] = []
  let size = 0
  while (size < bytes) {
    const id = `n${String(nodes.length).padStart(9, '0')}`
    const node = nodeOf(id, random)
    const before = nodes.at(-1)
    if (before !== undefined) edges.push(edgeOf(String(edges.length), nodeIdOf(before), id))
    nodes.push(node)
    size += JSON.stringify(node).length + 250
  }
  const graphData = { elements: { nodes, edges }, zoom: 1, pan: { x: 0, y: 0 }, minZoom: 1e-50, maxZoom: 1e50 }
  return { name, description: 'Made for measuring.', settings: { logLevel: 2 }, graphData }
}

function nodeIdOf(node: JsonObject): string {
  return String((node.data as JsonObject).id)
}

function nodeOf(id: string, random: () => number): JsonObject {
  const text = Array.from({ length: 60 + Math.floor(random() * 120) }, () => words[Math.floor(random() * words.length)])
  const slate = JSON.stringify([{ children: [{ text: text.join(' ') }, { text: '{{global.parameters.userId}}' }] }])
  return {
    data: {
      id,
      nodeType: 'CONNECTION',
      connectionId: '867ed4363b2bc21c860085ad2baa817d',
      connectorId: 'httpConnector',
      name: 'Http',
      label: 'Http',
      status: 'configured',
      capabilityName: 'customHTMLTemplate',
      type: 'trigger',
      properties: { message: { value: slate }, title: { value: `Step ${id}` } },
    },
    position: { x: Math.round(random() * 4000), y: Math.round(random() * 2000) },
    group: 'nodes',
  }
}

function edgeOf(id: string, source: string, target: string): JsonObject {
  return { data: { id: `e${id.padStart(9, '0')}`, source, target }, position: { x: 0, y: 0 }, group: 'edges' }
}
