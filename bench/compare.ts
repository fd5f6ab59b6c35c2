import { pathToFileURL } from 'node:url'
import {
  type Artifact,
  type Comparison,
  comparePair,
  Inventory,
  type Json,
  type JsonObject,
  type KindName,
  kindOf,
  matchPlaces,
} from '@flightiq/core'
import { flowOf, instancesOf } from './compare/content.ts'

const flows = 300
const nodesPerFlow = 60
const rounds = 7
const goal = 3

/** Comparing two full environments against reading their JSON: the same bytes, in the same process. */
const benchmark = {
  name: `compare: two environments of ${flows} flows of ${nodesPerFlow} nodes, ids of instances and subflows differing`,
  async run() {
    const texts = environments()
    const bytes = texts.flat().reduce((sum, text) => sum + Buffer.byteLength(text), 0)
    const parsing: number[] = []
    const comparing: number[] = []
    let counts = ''
    for (let round = 0; round < rounds + 2; round += 1) {
      const before = performance.now()
      const [source = [], destination = []] = texts.map((side) => side.map((text) => JSON.parse(text) as JsonObject))
      const parsed = performance.now()
      const comparisons = compareAll(source, destination)
      const compared = performance.now()
      counts = check(comparisons)
      if (round < 2) continue // the first rounds run before the code is compiled
      parsing.push(parsed - before)
      comparing.push(compared - parsed)
    }
    const ratio = median(comparing) / median(parsing)
    const sizes = texts.flat().map((text) => text.length)
    console.log(`  ${counts}`)
    console.log(`  ${(bytes / 1e6).toFixed(1)} MB of JSON, median ${Math.round(median(sizes) / 1000)} kB a flow`)
    console.log(
      `  JSON.parse ${median(parsing).toFixed(0)} ms, match, translate, normalise and compare ${median(comparing).toFixed(0)} ms`,
    )
    console.log(`  ratio ${ratio.toFixed(2)} (goal at most ${goal})`)
  },
}

export default benchmark

/** The texts that PingOne would answer for each flow of the two environments. */
function environments(): [string[], string[]] {
  const ids = ['a0000000-0000-4000-8000-000000000001', 'b0000000-0000-4000-8000-000000000002']
  const [source = [], destination = []] = ids.map((id) =>
    Array.from({ length: flows }, (_, index) => flowOf(index, nodesPerFlow, id, flows)),
  )
  destination.forEach(drift)
  return [source.map((flow) => JSON.stringify(flow)), destination.map((flow) => JSON.stringify(flow))]
}

/** What happens to flows between environments: one in ten is edited, one in ten tidied up, the lines drawn anew. */
function drift(flow: JsonObject, index: number): void {
  const elements = (flow.graphData as JsonObject).elements as JsonObject
  const nodes = elements.nodes as JsonObject[]
  const edges = elements.edges as JsonObject[]
  elements.edges = edges
    .map((edge, at) => ({ ...edge, data: { ...(edge.data as JsonObject), id: `line${at}` } }))
    .reverse()
  if (index % 10 === 1) for (const node of nodes) node.position = { x: 1, y: 2 }
  if (index % 10 !== 2) return
  nodes.splice(30, 1)
  for (const node of nodes.slice(0, 5))
    ((node.data as JsonObject).properties as JsonObject).nodeTitle = { value: 'Renamed' }
}

function compareAll(source: readonly JsonObject[], destination: readonly JsonObject[]): Comparison[] {
  const from = inventory(source)
  const to = inventory(destination)
  const matching = matchPlaces(from, to)
  return matching.pairs.filter(({ kind }) => kind === 'flow').map((pair) => comparePair(pair, matching, from, to))
}

function inventory(contents: readonly JsonObject[]): Inventory {
  const environment = String(((contents[0]?.environment ?? {}) as { id?: Json }).id)
  return new Inventory([
    ...instancesOf(environment).map((content) => artifact('connectorInstance', content)),
    ...contents.map((content) => artifact('flow', content)),
  ])
}

function artifact(kind: KindName, content: JsonObject): Artifact {
  return { kind, ...kindOf(kind).identify(content), content }
}

/** A benchmark that measures the wrong thing is none: the comparison must find what was done, and nothing else. */
function check(comparisons: readonly Comparison[]): string {
  const identical = comparisons.filter(({ state }) => state === 'identical').length
  const moved = comparisons.filter(({ layoutOnly }) => layoutOnly).length
  const different = comparisons.length - identical - moved
  const tenth = flows / 10
  if (comparisons.length !== flows || moved !== tenth || different !== tenth) {
    throw new Error(
      `Found ${identical} identical, ${moved} moved and ${different} different flows of ${comparisons.length}.`,
    )
  }
  return `${identical} flows identical, ${moved} moved only, ${different} different`
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await benchmark.run()
