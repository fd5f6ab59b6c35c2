import type { Difference, PropertyChange } from '../../difference.ts'
import { equal, isObject, type Json, type JsonObject, objectAt } from '../../json.ts'
import { pointerStep, readable } from '../../properties.ts'
import { type Elements, elementsOf, type Graph } from './graph.ts'
import { GraphLabels } from './labels.ts'
import { pairRenamedNodes } from './pair-nodes.ts'
import { fieldChanges, keysOf, nodeChanges } from './properties.ts'

/** The differences of two comparable graphs: nodes, lines between them, and what else the graph holds. */
export function compareGraphs(source: JsonObject, destination: JsonObject): Difference[] {
  const from = elementsOf(source)
  const to = pairRenamedNodes(from, elementsOf(destination))
  const labels = lazyLabels(from, to)
  return [
    ...compareNodes(from.nodes, to.nodes, labels),
    ...compareEdges(from.edges, to.edges, labels),
    ...otherParts(source, destination),
  ]
}

/** Labels cost a pass over both graphs, and equal graphs need none. */
function lazyLabels(source: Graph, destination: Graph): () => GraphLabels {
  let labels: GraphLabels | undefined
  return () => {
    if (!labels) {
      labels = new GraphLabels()
      labels.add(Object.values(source.nodes), Object.values(source.edges))
      labels.add(Object.values(destination.nodes), Object.values(destination.edges))
    }
    return labels
  }
}

interface Unequal {
  id: string
  before: Json | undefined
  after: Json | undefined
}

const repeat = / \(\d+\)$/

/** What stands under one key on both sides and is not equal. Of several with one key, equal ones are set aside first. */
function unequal(source: Elements, destination: Elements): Unequal[] {
  const found: Unequal[] = []
  for (const id of keysOf(destination, source)) {
    const before = destination[id]
    const after = source[id]
    if (!equal(before, after)) found.push({ id, before, after })
  }
  if (!found.some(({ id }) => repeat.test(id))) return found
  return [...Map.groupBy(found, ({ id }) => id.replace(repeat, ''))].flatMap(([, group]) => {
    const befores = group.flatMap(({ before }) => (before === undefined ? [] : [before]))
    const afters = group.flatMap(({ after }) => {
      const same = befores.findIndex((before) => equal(before, after))
      if (same >= 0) befores.splice(same, 1)
      return after === undefined || same >= 0 ? [] : [after]
    })
    const left = Math.max(befores.length, afters.length)
    return group
      .slice(-left || group.length)
      .slice(0, left)
      .map(({ id }, index) => ({ id, before: befores[index], after: afters[index] }))
  })
}

function compareNodes(source: Elements, destination: Elements, labels: () => GraphLabels): Difference[] {
  const differences: Difference[] = []
  for (const { id, before, after } of unequal(source, destination)) {
    const data = objectAt(after ?? before, 'data') ?? {}
    const label = labels().node(data)
    if (before === undefined || after === undefined) {
      const change = before === undefined ? 'added' : 'removed'
      differences.push({ section: 'node', change, id, label, properties: [] })
      continue
    }
    if (!isObject(before) || !isObject(after)) continue
    const properties = nodeChanges(before, after, (key) => propertyTitle(data, key, labels()))
    const moved = positionChange(before, after)
    if (properties.length > 0) differences.push({ section: 'node', change: 'changed', id, label, properties })
    else if (moved) differences.push({ section: 'node', change: 'moved', id, label, properties: [moved] })
  }
  return differences
}

const propertyTitles: Readonly<Record<string, string>> = {
  subFlowId: 'Subflow',
  subFlowVersionId: 'Subflow version',
  nodeInstanceId: 'Node to go to',
  nodeTitle: 'Title',
  nodeDescription: 'Description',
}

function propertyTitle(data: JsonObject, key: string, labels: GraphLabels): string {
  return data.nodeType === 'EVAL' ? `Condition for ${labels.name(key)}` : (propertyTitles[key] ?? readable(key))
}

function positionChange(before: JsonObject, after: JsonObject): PropertyChange | undefined {
  if (equal(before.position, after.position)) return undefined
  const change: PropertyChange = { pointer: '/position', label: 'Position', change: 'changed' }
  if (before.position !== undefined) change.before = before.position
  if (after.position !== undefined) change.after = after.position
  return change
}

function compareEdges(source: Elements, destination: Elements, labels: () => GraphLabels): Difference[] {
  const differences: Difference[] = []
  for (const { id, before, after } of unequal(source, destination)) {
    const label = labels().edge(objectAt(after ?? before, 'data') ?? {})
    if (!isObject(before) || !isObject(after)) {
      differences.push({
        section: 'edge',
        change: before === undefined ? 'added' : 'removed',
        id,
        label,
        properties: [],
      })
      continue
    }
    const properties = nodeChanges(before, after, readable)
    if (properties.length > 0) differences.push({ section: 'edge', change: 'changed', id, label, properties })
  }
  return differences
}

/** What a graph and its elements hold beside nodes and edges. */
function otherParts(source: JsonObject, destination: JsonObject): Difference[] {
  return [
    ...fields(source, destination, 'elements', '/graphData'),
    ...fields(
      objectAt(source, 'elements') ?? {},
      objectAt(destination, 'elements') ?? {},
      'nodes edges',
      '/graphData/elements',
    ),
  ]
}

function fields(source: JsonObject, destination: JsonObject, except: string, pointer: string): Difference[] {
  const skipped = new Set(except.split(' '))
  return keysOf(destination, source).flatMap((key): Difference[] => {
    const before = destination[key]
    const after = source[key]
    if (skipped.has(key) || equal(before, after)) return []
    const properties = fieldChanges(before, after, key).map((change) => ({
      ...change,
      pointer: `${pointer}${change.pointer}`,
    }))
    const change = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed'
    const id = `${pointer.slice(1).replaceAll('/', '.')}.${pointerStep(key)}`
    return [{ section: 'general', change, id, label: `Graph: ${readable(key).toLowerCase()}`, properties }]
  })
}
