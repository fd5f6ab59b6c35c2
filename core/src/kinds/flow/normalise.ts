import { arrayAt, isObject, type Json, type JsonObject, objectAt, stringAt } from '../../json.ts'
import { without } from '../../properties.ts'

/** Fields that PingOne sets, and that a flow in another environment has of its own (PingOne API reference, flows). */
export const readOnly = new Set([
  '_links',
  '_embedded',
  'environment',
  'id',
  'connectors',
  'createdAt',
  'updatedAt',
  'deployedAt',
  'currentVersion',
  'publishedVersion',
  'enabled',
  'dvlinterErrorCount',
  'dvlinterWarningCount',
])

/** Fields of the older model that say where and when, not what. */
const legacy = new Set(['companyId', 'customerId', 'connectorIds', 'flowId', 'versionId', 'versionInfo', 'variables'])

/** How the canvas was left: zoom and pan, and cytoscape's own switches. */
const canvas = new Set([
  'zoomingEnabled',
  'userZoomingEnabled',
  'zoom',
  'minZoom',
  'maxZoom',
  'panningEnabled',
  'userPanningEnabled',
  'pan',
  'boxSelectionEnabled',
  'renderer',
  'allLinterErrors',
  'linterError',
])
const element = new Set(['group', 'selected', 'selectable', 'locked', 'grabbable', 'pannable'])
const nodeData = new Set(['idUnique', 'linterError', 'status'])
const none: ReadonlySet<string> = new Set()

/**
 * The comparable form of a flow. The order of nodes and edges does not count, so they are sorted; defaults that
 * PingOne fills in are left out; everything that is not known to be volatile stays.
 */
export function normalise(content: JsonObject): JsonObject {
  const { settings, inputSchema, outputSchema, description, color, graphData, enabled, ...rest } = without(
    without(content, legacy),
    readOnlyButEnabled,
  )
  const imposed = stringAt(content.trigger, 'type') === 'AUTHENTICATION'
  const inputs = imposed ? [] : (Array.isArray(inputSchema) ? inputSchema : []).map(schemaItem)
  const output = outputOf(outputSchema)
  const set = settingsOf(settings)
  return {
    ...rest,
    ...(description ? { description } : {}),
    ...(color ? { color } : {}),
    ...(enabled === false ? { enabled } : {}),
    ...(set ? { settings: set } : {}),
    ...(inputs.length > 0 ? { inputSchema: inputs } : {}),
    ...(output ? { outputSchema: output } : {}),
    graphData: graphOf(isObject(graphData) ? graphData : {}),
  }
}

const readOnlyButEnabled = new Set([...readOnly].filter((key) => key !== 'enabled'))

function graphOf(graph: JsonObject): JsonObject {
  const { elements, data, ...rest } = without(graph, canvas)
  const { nodes: _nodes, edges: _edges, ...otherElements } = isObject(elements) ? elements : {}
  return {
    ...rest,
    ...(isObject(data) && Object.keys(data).length > 0 ? { data } : {}),
    elements: {
      ...otherElements,
      nodes: arrayAt(elements, 'nodes').map(nodeOf).sort(byKey(nodeKey)),
      edges: arrayAt(elements, 'edges').map(edgeOf).sort(byKey(edgeKey)),
    },
  }
}

function nodeOf(node: Json): Json {
  if (!isObject(node)) return node
  const data = objectAt(node, 'data')
  const rest = withoutDefaults(without(node, element))
  return data ? { ...rest, data: withoutEmptyProperties(withoutLabelCopies(without(data, nodeData))) } : rest
}

function withoutEmptyProperties(data: JsonObject): JsonObject {
  if (!isObject(data.properties) || Object.keys(data.properties).length > 0) return data
  const { properties: _none, ...rest } = data
  return rest
}

/** The copy of a subflow's name beside its id drifts when the subflow is renamed: the id says which flow is meant. */
function withoutLabelCopies(data: JsonObject): JsonObject {
  const properties = objectAt(data, 'properties')
  const called = objectAt(properties, 'subFlowId')
  const value = objectAt(called, 'value')
  if (!properties || !called || !value || value.label === undefined || !value.value) return data
  const { label: _copy, ...rest } = value
  return { ...data, properties: { ...properties, subFlowId: { ...called, value: rest } } }
}

function edgeOf(edge: Json): Json {
  if (!isObject(edge)) return edge
  const { position: _canvas, ...rest } = withoutDefaults(without(edge, element))
  return rest
}

function withoutDefaults(item: JsonObject): JsonObject {
  if (item.removed !== false && item.classes !== '') return item
  const { removed, classes, ...rest } = item
  return {
    ...rest,
    ...(removed === undefined || removed === false ? {} : { removed }),
    ...(classes === undefined || classes === '' ? {} : { classes }),
  }
}

/** Sorts by a text key that is made once per item. */
function byKey(key: (item: Json) => string): (left: Json, right: Json) => number {
  const keys = new Map<Json, string>()
  const keyOf = (item: Json) => {
    const known = keys.get(item)
    if (known !== undefined) return known
    const made = key(item)
    keys.set(item, made)
    return made
  }
  return (left, right) => {
    const a = keyOf(left)
    const b = keyOf(right)
    return a < b ? -1 : a > b ? 1 : 0
  }
}

function nodeKey(node: Json): string {
  return stringAt(objectAt(node, 'data'), 'id') ?? ''
}

/** What an edge is by meaning: from where to where, and for which value. */
export function edgeKey(edge: Json): string {
  const data = objectAt(edge, 'data')
  const [source, target, value, id] = ['source', 'target', 'multiValueSourceId', 'id'].map(
    (key) => stringAt(data, key) ?? '',
  )
  return `${source}→${target}·${value}·${id}`
}

/** Settings with the older spelling corrected, and texts that mean a number or a yes or no as such. */
function settingsOf(settings: Json | undefined): JsonObject | undefined {
  if (!isObject(settings)) return undefined
  const result: JsonObject = {}
  for (const [key, value] of Object.entries(settings)) {
    const meant = settingValue(value)
    if (meant !== undefined) result[key === 'useCsp' ? 'useCSP' : key] = meant
  }
  return Object.keys(result).length > 0 ? result : undefined
}

function settingValue(value: Json): Json | undefined {
  if (value === null || value === '') return undefined
  if (isObject(value) && Object.keys(value).length === 0) return undefined
  if (Array.isArray(value) && value.length === 0) return undefined
  if (value === 'true' || value === 'false') return value === 'true'
  if (typeof value === 'string' && /^-?(0|[1-9]\d{0,14})$/.test(value)) return Number(value)
  return value
}

function schemaItem(item: Json): Json {
  if (!isObject(item)) return item
  const { description, isExpanded, required, ...rest } = without(item, none)
  return {
    ...rest,
    ...(description ? { description } : {}),
    ...(isExpanded === undefined || isExpanded === true ? {} : { isExpanded }),
    ...(required === undefined || required === false ? {} : { required }),
  }
}

function outputOf(schema: Json | undefined): JsonObject | undefined {
  if (!isObject(schema)) return undefined
  const { output, ...rest } = schema
  const properties = objectAt(output, 'properties') ?? {}
  const known = new Set(['type', 'properties', 'additionalProperties'])
  const empty =
    (!isObject(output) || Object.keys(output).every((key) => known.has(key))) && Object.keys(properties).length === 0
  if (empty && Object.keys(rest).length === 0) return undefined
  return { ...rest, ...(output === undefined ? {} : { output }) }
}
