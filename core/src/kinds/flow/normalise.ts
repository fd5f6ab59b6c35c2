import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../../json.ts'
import { answerFields } from './answer-fields.ts'
import { normaliseInputs, normaliseOutputs, normaliseSettings, normaliseTrigger } from './normalise-parts.ts'
import { normaliseVariables } from './normalise-variables.ts'
import { isEmpty, put, stableText } from './sharing.ts'

/** The linter's findings are computed anew at each read. */
const readOnly = new Set<string>([...answerFields, 'linterError', 'allLinterErrors'])

/** What consoles before the API wrote into an export, beside the content. */
const legacy = new Set([
  'companyId',
  'customerId',
  'flowId',
  'flowStatus',
  'flowColor',
  'createdDate',
  'updatedDate',
  'savedDate',
  'deployedDate',
  'versionId',
  'versionInfo',
  'connectorIds',
  'connections',
  'authTokenExpireIds',
  'timeouts',
  'orx',
  'functionConnectionId',
  'parentFlowId',
  'inputSchemaCompiled',
  'isInputSchemaSaved',
  'outputSchemaCompiled',
  'isOutputSchemaSaved',
  'enabledGraphData',
  'forms',
])

/** How the designer shows the canvas: says nothing of the journey. */
const canvasCues = new Set([
  'zoom',
  'minZoom',
  'maxZoom',
  'zoomingEnabled',
  'userZoomingEnabled',
  'panningEnabled',
  'userPanningEnabled',
  'boxSelectionEnabled',
  'allLinterErrors',
  'linterError',
])
const elementCues = new Set(['selected', 'selectable', 'locked', 'grabbable', 'pannable', 'linterError'])

/**
 * The comparable form of a flow or flow version: nodes keyed by id, edges by what they connect, inputs by name; dates,
 * versions, linter findings, designer cues and defaults left out. Idempotent; shares what it doesn't change.
 */
export function normaliseFlow(content: JsonObject): JsonObject {
  const result: JsonObject = { enabled: isEnabled(content) }
  const trigger = normaliseTrigger(content.trigger)
  for (const key in content) {
    if (key === 'enabled' || key === 'trigger' || readOnly.has(key) || legacy.has(key)) continue
    const value = normalisePart(key, content[key] as Json, trigger)
    if (value !== undefined) put(result, key, value)
  }
  if (trigger !== undefined) result.trigger = trigger
  return result
}

function isEnabled(content: JsonObject): boolean {
  if (content.enabled === undefined && content.flowStatus !== undefined) return content.flowStatus !== 'disabled'
  return content.enabled !== false && content.enabled !== 'false'
}

function normalisePart(key: string, value: Json, trigger: Json | undefined): Json | undefined {
  switch (key) {
    case 'description':
    case 'color':
      return value === null || value === '' ? undefined : value
    case 'settings':
      return normaliseSettings(value)
    case 'inputSchema':
      // PingOne imposes the inputs of a flow that it starts itself.
      return stringAt(trigger, 'type') === 'AUTHENTICATION' ? undefined : normaliseInputs(value)
    case 'outputSchema':
      return normaliseOutputs(value)
    case 'variables':
      return normaliseVariables(value)
    case 'graphData':
      return normaliseGraph(value)
    default:
      return value
  }
}

function normaliseGraph(graph: Json): Json | undefined {
  if (!isObject(graph)) return graph === null ? undefined : graph
  const result: JsonObject = {}
  for (const key in graph) {
    if (canvasCues.has(key)) continue
    const value = graph[key] as Json
    const kept =
      key === 'elements'
        ? normaliseElements(value)
        : key === 'pan'
          ? leaveOut(value, 'x', 'y')
          : key === 'renderer'
            ? leaveOut(value, 'name')
            : key === 'data' && isEmpty(value)
              ? undefined
              : value
    if (kept !== undefined) put(result, key, kept)
  }
  return isEmpty(result) ? undefined : result
}

/** An object without two of its fields; undefined when nothing is left. */
function leaveOut(value: Json, first: string, second?: string): Json | undefined {
  if (!isObject(value)) return value === null ? undefined : value
  let rest: JsonObject | undefined
  for (const key in value) {
    if (key === first || key === second) continue
    rest ??= {}
    put(rest, key, value[key] as Json)
  }
  return rest
}

function normaliseElements(elements: Json): Json | undefined {
  if (!isObject(elements)) return elements === null ? undefined : elements
  const result: JsonObject = {}
  for (const key of Object.keys(elements)) {
    const value = elements[key] as Json
    const kept =
      key === 'nodes'
        ? keyed(value, nodeKey, normaliseNode)
        : key === 'edges'
          ? keyed(value, edgeKey, normaliseEdge)
          : value
    if (kept !== undefined) put(result, key, kept)
  }
  return isEmpty(result) ? undefined : result
}

/** A list as an object, so that order doesn't count; several of one key are counted, in the order of their content. */
function keyed(
  list: Json,
  keyOf: (item: JsonObject) => string,
  normalise: (item: JsonObject) => JsonObject,
): Json | undefined {
  if (list === null || isEmpty(list)) return undefined
  if (!Array.isArray(list)) return list // comparable already
  const result: JsonObject = {}
  const repeated = new Map<string, Json[]>()
  for (const item of list) {
    const key = isObject(item) ? keyOf(item) : stableText(item)
    const value = isObject(item) ? normalise(item) : item
    const first = Object.hasOwn(result, key) ? result[key] : undefined
    if (first === undefined) put(result, key, value)
    else repeated.set(key, [...(repeated.get(key) ?? [first]), value])
  }
  for (const [key, values] of repeated) {
    const texts = new Map(values.map((value) => [value, stableText(value)]))
    const ordered = values.toSorted((left, right) => ((texts.get(left) ?? '') < (texts.get(right) ?? '') ? -1 : 1))
    for (const [index, value] of ordered.entries()) put(result, index === 0 ? key : `${key} (${index + 1})`, value)
  }
  return result
}

function nodeKey(node: JsonObject): string {
  return stringAt(node.data, 'id') ?? ''
}

function edgeKey(edge: JsonObject): string {
  const data = edge.data
  if (!isObject(data)) return ''
  const answer = data.multiValueSourceId
  const line = `${String(data.source)}→${String(data.target)}`
  return answer === undefined || answer === null || answer === '' ? line : `${line}/${String(answer)}`
}

function normaliseNode(node: JsonObject): JsonObject {
  return normaliseElement(node, 'nodes', normaliseNodeData, false)
}

function normaliseEdge(edge: JsonObject): JsonObject {
  return normaliseElement(edge, 'edges', normaliseEdgeData, true)
}

function normaliseElement(
  element: JsonObject,
  group: string,
  normaliseData: (data: JsonObject) => JsonObject,
  isLine: boolean,
): JsonObject {
  const result: JsonObject = {}
  for (const key in element) {
    const value = element[key] as Json
    switch (key) {
      case 'data':
        result.data = isObject(value) ? normaliseData(value) : value
        continue
      case 'position': {
        const kept = isLine ? leaveOut(value, 'x', 'y') : value
        if (kept !== undefined) result.position = kept
        continue
      }
      case 'removed':
        if (value !== false) result.removed = value
        continue
      case 'group':
        if (value !== group) result.group = value
        continue
      case 'classes':
        if (value !== '' && value !== null) result.classes = value
        continue
      default:
        if (!elementCues.has(key)) put(result, key, value)
    }
  }
  return result
}

/** What PingOne works out about a node: an id of its own, whether its instance is there, what the linter says. */
const workedOut = new Set(['idUnique', 'status', 'linterError'])

function normaliseNodeData(data: JsonObject): JsonObject {
  const result: JsonObject = {}
  for (const key in data) {
    const value = data[key] as Json
    if (workedOut.has(key) || (key === 'isDisabled' && value === false)) continue
    if (key !== 'properties') put(result, key, value)
    else if (value !== null && !isEmpty(value)) result.properties = withoutNameCopy(value)
  }
  return result
}

/** The copy of a subflow's name drifts when it is renamed: its id says which flow is meant. */
function withoutNameCopy(properties: Json): Json {
  const called = objectAt(properties, 'subFlowId')
  const chosen = objectAt(called, 'value')
  if (!isObject(properties) || !called || !chosen || chosen.label === undefined || !chosen.value) return properties
  const { label: _copy, ...rest } = chosen
  return { ...properties, subFlowId: { ...called, value: rest } }
}

/** Lines are what they connect: their own ids don't count. */
function normaliseEdgeData(data: JsonObject): JsonObject {
  const result: JsonObject = {}
  for (const key in data) {
    if (key === 'id' || key === 'linterError') continue
    const value = data[key] as Json
    if (key === 'multiValueSourceId' && (value === null || value === '')) continue
    put(result, key, value)
  }
  return result
}
