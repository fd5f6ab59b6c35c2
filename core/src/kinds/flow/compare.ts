import type { Difference, PropertyChange, TextKind } from '../../difference.ts'
import { equal, isObject, type Json, type JsonObject, objectAt, sameJsonText, stringAt } from '../../json.ts'
import { fieldDifferences, type PropertyView, propertyChanges, readable } from '../../properties.ts'
import { edgesOf, nodeLabel, nodesOf } from './graph.ts'

/** The differences of two normalised flows: nodes, edges, settings, schemas, and what else they hold. */
export function compare(source: JsonObject, destination: JsonObject): Difference[] {
  const { graphData: from = {}, settings, inputSchema, outputSchema, trigger, ...general } = source
  const {
    graphData: to = {},
    settings: settingsTo,
    inputSchema: inputTo,
    outputSchema: outputTo,
    trigger: triggerTo,
    ...generalTo
  } = destination
  return [
    ...compareNodes(source, destination),
    ...compareEdges(source, destination),
    ...fieldDifferences(asObject(settings), asObject(settingsTo), 'settings', settingView),
    ...fieldDifferences(byPropertyName(inputSchema), byPropertyName(inputTo), 'inputSchema'),
    ...fieldDifferences(asObject(outputSchema), asObject(outputTo), 'outputSchema'),
    ...fieldDifferences(asObject(trigger), asObject(triggerTo), 'trigger'),
    ...fieldDifferences(general, generalTo, 'general', { sameText: sameJsonText }),
    ...fieldDifferences(graphRest(from), graphRest(to), 'graph'),
  ]
}

/** One line that sums up differences: `2 nodes changed, 1 node moved, settings changed`. */
export function gist(differences: readonly Difference[]): string {
  const counted = ['node', 'edge'].flatMap((section) =>
    (['added', 'removed', 'changed', 'moved'] as const).flatMap((change) => {
      const count = differences.filter((found) => found.section === section && found.change === change).length
      return count === 0 ? [] : [`${count} ${section}${count === 1 ? '' : 's'} ${change}`]
    }),
  )
  const others = differences.filter(({ section }) => section !== 'node' && section !== 'edge')
  const named = [...Map.groupBy(others, ({ section }) => section)].map(([section, found]) =>
    section === 'general'
      ? `${found.map(({ label }) => label.toLowerCase()).join(', ')} changed`
      : `${readable(section).toLowerCase()} changed`,
  )
  return [...counted, ...named].join(', ')
}

function asObject(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {}
}

function byPropertyName(schema: Json | undefined): JsonObject {
  const items = Array.isArray(schema) ? schema : []
  return Object.fromEntries(items.map((item, index) => [stringAt(item, 'propertyName') ?? String(index), item]))
}

/** What the graph holds beside its nodes and edges: fields nobody knows yet. */
function graphRest(graph: Json): JsonObject {
  const { elements, ...rest } = asObject(graph)
  const { nodes: _nodes, edges: _edges, ...others } = asObject(elements)
  return Object.keys(others).length > 0 ? { ...rest, elements: others } : rest
}

function compareNodes(source: JsonObject, destination: JsonObject): Difference[] {
  const from = byId(nodesOf(source))
  const to = byId(nodesOf(destination))
  const result: Difference[] = []
  for (const [id, node] of from) {
    const other = to.get(id)
    if (!other) result.push({ section: 'node', change: 'added', id, label: describe(node), properties: [] })
    else if (node !== other) result.push(...compareNode(id, node, other, from))
  }
  for (const [id, node] of to) {
    if (!from.has(id)) result.push({ section: 'node', change: 'removed', id, label: describe(node), properties: [] })
  }
  return result
}

function compareNode(id: string, node: Json, other: Json, nodes: ReadonlyMap<string, Json>): Difference[] {
  const { position, ...rest } = asObject(node)
  const { position: positionTo, ...restTo } = asObject(other)
  const moved = !equal(position, positionTo)
  // PingOne fills in the name of a node that is sent without one.
  const filled = asObject(rest.data).name === undefined ? { ...restTo, data: withoutName(restTo.data) } : restTo
  const properties = equal(rest, filled) ? [] : propertyChanges(filled, rest, '', viewOf(nodes)).map(fromData)
  if (properties.length > 0) return [{ section: 'node', change: 'changed', id, label: describe(node), properties }]
  if (!moved) return []
  const change = propertyChange('/position', 'Position', positionTo, position)
  return [{ section: 'node', change: 'moved', id, label: describe(node), properties: [change] }]
}

function withoutName(data: Json | undefined): Json {
  const { name: _copy, ...rest } = asObject(data)
  return rest
}

/** Pointers start at the node's data, which is what people know: `/properties/…`. */
function fromData(change: PropertyChange): PropertyChange {
  return change.pointer.startsWith('/data/') ? { ...change, pointer: change.pointer.slice('/data'.length) } : change
}

function propertyChange(
  pointer: string,
  label: string,
  before: Json | undefined,
  after: Json | undefined,
): PropertyChange {
  return {
    pointer,
    label,
    change: before === undefined ? 'added' : after === undefined ? 'removed' : 'changed',
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  }
}

function viewOf(nodes: ReadonlyMap<string, Json>): PropertyView {
  return {
    sameText: sameJsonText,
    textKind,
    label: (pointer) => {
      const target = /^\/data\/properties\/([^/]+)(\/value)?$/.exec(pointer)?.[1]
      const node = target === undefined ? undefined : nodes.get(target)
      return node && pointer.endsWith('/value') ? `Condition with ${describe(node)}` : undefined
    },
  }
}

const settingView: PropertyView = { sameText: sameJsonText, textKind }

function textKind(pointer: string, text: string): TextKind | undefined {
  const name =
    pointer
      .split('/')
      .filter((step) => step !== 'value')
      .at(-1) ?? ''
  if (/css|style/i.test(name)) return 'css'
  if (/script|^code$|javascript|FlowPlayer/i.test(name)) return 'javascript'
  if (/html|template$/i.test(name)) return 'html'
  if (/^\s*[[{]/.test(text)) return 'json'
  return text.length > 80 ? 'text' : undefined
}

function byId(nodes: readonly Json[]): Map<string, Json> {
  return new Map(nodes.map((node, index) => [stringAt(objectAt(node, 'data'), 'id') ?? `#${index}`, node]))
}

/** `Node "Send OTP" (notificationsConnector · sendEmail)`. */
function describe(node: Json): string {
  const data = objectAt(node, 'data') ?? {}
  const connector = stringAt(data, 'connectorId')?.replace(/Connector$/, '')
  const what = [connector, stringAt(data, 'capabilityName')].filter(Boolean).join(' · ')
  const sort = data.nodeType === 'EVAL' ? 'Condition' : data.nodeType === 'ANNOTATION' ? 'Annotation' : 'Node'
  const label = nodeLabel(data)
  return `${sort}${label && label !== sort ? ` "${label}"` : ''}${what ? ` (${what})` : ''}`
}

/** Edges are what they connect: an edge drawn anew with another id is the same edge. */
function compareEdges(source: JsonObject, destination: JsonObject): Difference[] {
  const nodes = new Map([...byId(nodesOf(destination)), ...byId(nodesOf(source))])
  const from = Map.groupBy(edgesOf(source), meaning)
  const to = Map.groupBy(edgesOf(destination), meaning)
  const result: Difference[] = []
  for (const key of new Set([...from.keys(), ...to.keys()])) {
    const left = from.get(key) ?? []
    const right = to.get(key) ?? []
    const shared = Math.min(left.length, right.length)
    for (let index = 0; index < shared; index += 1) {
      const properties = propertyChanges(edgeRest(right[index]), edgeRest(left[index]))
      if (properties.length > 0) result.push({ ...edgeDifference('changed', left[index], nodes), properties })
    }
    result.push(...left.slice(shared).map((edge) => edgeDifference('added', edge, nodes)))
    result.push(...right.slice(shared).map((edge) => edgeDifference('removed', edge, nodes)))
  }
  return result
}

function meaning(edge: Json): string {
  const data = objectAt(edge, 'data')
  return ['source', 'target', 'multiValueSourceId'].map((key) => stringAt(data, key) ?? '').join('→')
}

function edgeRest(edge: Json | undefined): Json {
  const { data, ...rest } = asObject(edge)
  const { id: _id, ...others } = asObject(data)
  return { ...rest, ...others }
}

function edgeDifference(
  change: Difference['change'],
  edge: Json | undefined,
  nodes: ReadonlyMap<string, Json>,
): Difference {
  const data = objectAt(edge, 'data') ?? {}
  const end = (id: string | undefined) => {
    const node = id === undefined ? undefined : nodes.get(id)
    return node ? `"${nodeLabel(objectAt(node, 'data') ?? {})}"` : `missing node ${id ?? ''}`
  }
  return {
    section: 'edge',
    change,
    id: stringAt(data, 'id') ?? meaning(edge ?? null),
    label: `Line from ${end(stringAt(data, 'source'))} to ${end(stringAt(data, 'target'))}`,
    properties: [],
  }
}
