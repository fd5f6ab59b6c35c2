import { isObject, type Json, type JsonObject, numberAt, objectAt, stringAt } from '../json.ts'
import { present, type Reading, step, without } from './content.ts'
import { isoDate } from './dates.ts'
import { derivedHexId } from './ids.ts'

/**
 * The fields of a flow in the older model that have a place of their own in the API's, or none at all because the
 * service computes them (PingOne DaVinci, flow exports). Whatever is not listed here is kept.
 */
const legacyFields = new Set([
  // Converted.
  'flowId',
  'companyId',
  'flowColor',
  'flowStatus',
  'connectorIds',
  'currentVersion',
  'publishedVersion',
  'createdDate',
  'updatedDate',
  'deployedDate',
  'outputSchemaCompiled',
  'settings',
  'trigger',
  'variables',
  'connections',
  'forms',
  'versionInfo',
  // Bookkeeping of the older model.
  'customerId',
  'orx',
  'timeouts',
  'inputSchemaCompiled',
  'isInputSchemaSaved',
  'isOutputSchemaSaved',
  'enabledGraphData',
  'authTokenExpireIds',
  'functionConnectionId',
  'parentFlowId',
  'savedDate',
  'versionId',
])

/** What a version record repeats of its flow, and what identifies the record itself. */
const versionRecordFields = new Set([
  ...legacyFields,
  'name',
  'description',
  'graphData',
  'inputSchema',
  'outputSchema',
  'updates',
  '_id',
])

/** What the export of a version adds to the flow. */
const versionFields = new Set([
  '_links',
  '_embedded',
  'flow',
  'version',
  'variables',
  'connections',
  'connectorInstances',
  'forms',
  'alias',
  'clonedFrom',
  'updates',
  'skcomponents',
])

/** What stands beside the content in an answer of the API. */
const answerFields = new Set(['_links', '_embedded', 'variables', 'connections', 'connectorInstances', 'forms'])

/** The triggers that the API knows (PingOne API reference, flows). */
const knownTriggers = new Set(['AUTHENTICATION', 'SCHEDULE'])

/** A flow of any export form as reading it from the API would give it. */
export function toApiFlow(flow: JsonObject, name: string, reading: Reading, pointer: string): JsonObject {
  const converted = isLegacy(flow)
    ? fromLegacy(flow, name, reading, pointer)
    : isObject(flow.flow)
      ? fromVersion(flow, flow.flow, name)
      : { ...without(flow, answerFields), name }
  const graphData = toApiGraph(converted.graphData)
  const { graphData: _graph, ...rest } = converted
  if (!graphData) reading.warn('FLOW_WITHOUT_GRAPH', `Flow “${name}” comes without its graph.`, pointer)
  return { ...rest, ...present({ graphData }) }
}

/** Whether a flow is in the older model, in which the console exports. */
function isLegacy(flow: JsonObject): boolean {
  if (isObject(flow.environment)) return false
  return ['flowId', 'companyId', 'customerId', 'flowStatus', 'versionId'].some((key) => Object.hasOwn(flow, key))
}

function fromLegacy(flow: JsonObject, name: string, reading: Reading, pointer: string): JsonObject {
  const date = (key: string) => isoDate(flow[key], reading, pointer, key)
  const companyId = stringAt(flow, 'companyId')
  const connectorIds = Array.isArray(flow.connectorIds) ? flow.connectorIds : undefined
  const status = stringAt(flow, 'flowStatus')
  const versionInfo = isObject(flow.versionInfo) ? without(flow.versionInfo, versionRecordFields) : {}
  const { description, inputSchema, outputSchema, ...rest } = without(flow, legacyFields)
  const compiled = objectAt(flow, 'outputSchemaCompiled')
  return {
    ...present({
      environment: companyId ? { id: companyId } : undefined,
      id: stringAt(flow, 'flowId') ?? derivedHexId(['flow', name]),
    }),
    ...rest,
    name,
    ...present({
      description,
      color: flow.flowColor,
      connectors: connectorIds?.map((id) => ({ id })),
      enabled: status === undefined ? undefined : status !== 'disabled',
      currentVersion: numberAt(flow, 'currentVersion') ?? numberAt(flow, 'versionId'),
      publishedVersion: numberAt(flow, 'publishedVersion'),
      createdAt: date('createdDate'),
      updatedAt: date('updatedDate') ?? date('savedDate'),
      deployedAt: date('deployedDate'),
      inputSchema,
      outputSchema: outputSchema ?? compiled,
      settings: toApiSettings(flow.settings),
      trigger: toApiTrigger(flow, reading, pointer),
      versionInfo: Object.keys(versionInfo).length > 0 ? versionInfo : undefined,
    }),
  }
}

function fromVersion(version: JsonObject, flow: JsonObject, name: string): JsonObject {
  const { publishedVersion, ...rest } = without(version, versionFields)
  const unknown = without(flow, new Set(['id', 'name']))
  return {
    ...rest,
    id: stringAt(flow, 'id') ?? '',
    name,
    ...present({
      currentVersion: version.version,
      // An export says -1 where nothing is deployed.
      publishedVersion: typeof publishedVersion === 'number' && publishedVersion >= 0 ? publishedVersion : undefined,
      flow: Object.keys(unknown).length > 0 ? unknown : undefined,
    }),
  }
}

function toApiSettings(settings: Json | undefined): JsonObject | undefined {
  if (!isObject(settings)) return undefined
  const { useCsp, pingOneFlow, ...rest } = settings
  return {
    ...rest,
    ...present({ useCSP: rest.useCSP ?? useCsp }),
    // A mark that is not a yes or no is not known, and stays.
    ...(pingOneFlow === undefined || typeof pingOneFlow === 'boolean' ? {} : { pingOneFlow }),
  }
}

function toApiTrigger(flow: JsonObject, reading: Reading, pointer: string): JsonObject | undefined {
  const trigger = objectAt(flow, 'trigger')
  const type = trigger && stringAt(trigger, 'type')
  if (type === undefined && objectAt(flow, 'settings')?.pingOneFlow === true) {
    return { ...trigger, type: 'AUTHENTICATION' }
  }
  if (!trigger || Object.keys(trigger).length === 0) return undefined
  if (!type || !knownTriggers.has(type)) {
    reading.warn(
      'UNKNOWN_TRIGGER',
      `The flow has a trigger that PingOne does not know: ${type}.`,
      step(pointer, 'trigger'),
    )
  }
  return trigger
}

/** The graph as it is, but for lists of elements that are null, which the API leaves out. */
function toApiGraph(graph: Json | undefined): JsonObject | undefined {
  if (!isObject(graph)) return undefined
  const { elements } = graph
  if (elements === null) return without(graph, new Set(['elements']))
  if (!isObject(elements) || (elements.nodes !== null && elements.edges !== null)) return graph
  const empty = new Set(['nodes', 'edges'].filter((key) => elements[key] === null))
  return { ...graph, elements: without(elements, empty) }
}
