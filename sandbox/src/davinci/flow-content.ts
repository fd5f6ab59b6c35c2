import { arrayAt, isObject, type Json, type JsonObject, stringAt } from '@flightiq/core'
import { newSecret } from '../ids.ts'
import { bootstrappedInstanceIds } from '../state/default-instances.ts'
import type { EnvironmentState } from '../state/environment-state.ts'

/** The view settings of the canvas that PingOne's answers always have. */
const graphDefaults: JsonObject = {
  data: {},
  boxSelectionEnabled: true,
  minZoom: 1e-50,
  maxZoom: 1e50,
  panningEnabled: true,
  renderer: { name: 'null' },
  userPanningEnabled: true,
  userZoomingEnabled: true,
  zoom: 1,
  zoomingEnabled: true,
}

const elementDefaults: JsonObject = {
  removed: false,
  selected: false,
  selectable: true,
  locked: false,
  grabbable: true,
  classes: '',
}

/** The parameters that PingOne gives to every flow it starts itself; a client can't choose them. */
const pingOneInputSchema: JsonObject[] = (
  [
    ['loginHint', 'string', false],
    ['maxSecondsSinceLastSignOn', 'number', false],
    ['authorizationRequest', 'object', false],
    ['samlRequest', 'object', false],
    ['wsFedRequest', 'object', false],
    ['application', 'object', true],
    ['relayState', 'object', true],
  ] as const
).map(([propertyName, preferredDataType, required]) => ({
  propertyName,
  preferredDataType,
  preferredControlType: 'textField',
  isExpanded: true,
  description: '',
  required,
}))

/**
 * A flow's content as PingOne keeps it: the canvas' defaults filled in, nodes completed with the connector instance,
 * its name and a unique id where they lack them, findings of the linter left out (they are computed at each read), and
 * the input schema of a flow that PingOne starts put in place of the client's.
 */
export function completeFlowContent(content: JsonObject, environment: EnvironmentState): JsonObject {
  const { trigger, ...complete } = content
  complete.graphData = completeGraph(isObject(content.graphData) ? content.graphData : {}, environment)
  const type = stringAt(trigger, 'type')
  // An answer's trigger always has a type, so an empty one is no trigger; fields that nobody knows yet are kept.
  if (isObject(trigger) && Object.keys(trigger).length > 0) complete.trigger = trigger
  if (type === 'AUTHENTICATION') complete.inputSchema = structuredClone(pingOneInputSchema)
  else if (Array.isArray(content.inputSchema)) complete.inputSchema = content.inputSchema.map(completeParameter)
  return complete
}

/** The control is optional in a request and required in answers. */
function completeParameter(parameter: Json): Json {
  return isObject(parameter) ? { preferredControlType: 'textField', ...parameter } : parameter
}

function completeGraph(graph: JsonObject, environment: EnvironmentState): JsonObject {
  const elements = isObject(graph.elements) ? graph.elements : {}
  const { allLinterErrors: _findings, ...rest } = graph
  return {
    ...graphDefaults,
    ...rest,
    pan: completePoint(graph.pan),
    elements: {
      ...elements,
      nodes: arrayAt(elements, 'nodes').map((node) => completeNode(node, environment)),
      ...(Array.isArray(elements.edges) ? { edges: elements.edges.map(completeEdge) } : {}),
    },
  }
}

function completeNode(node: Json, environment: EnvironmentState): Json {
  if (!isObject(node)) return node
  const complete: JsonObject = { ...elementDefaults, group: 'nodes', pannable: false, ...node }
  complete.position = completePoint(node.position)
  if (isObject(node.data)) complete.data = completeNodeData(node.data, environment)
  return complete
}

function completeNodeData(data: JsonObject, environment: EnvironmentState): JsonObject {
  const { linterError: _findings, ...complete } = data
  const connectorId = stringAt(data, 'connectorId')
  if (!connectorId) return complete
  if (!stringAt(data, 'connectionId')) {
    const instance = instanceOf(connectorId, environment)
    if (instance) complete.connectionId = instance
  }
  if (!stringAt(data, 'name')) {
    const name = environment.connectorInstances.get(stringAt(complete, 'connectionId') ?? '')?.content.name
    if (typeof name === 'string') complete.name = name
  }
  if (!stringAt(data, 'idUnique')) complete.idUnique = newSecret(8)
  return complete
}

function completeEdge(edge: Json): Json {
  if (!isObject(edge)) return edge
  return { ...elementDefaults, group: 'edges', pannable: true, ...edge, position: completePoint(edge.position) }
}

function completePoint(point: Json | undefined): JsonObject {
  return { x: 0, y: 0, ...(isObject(point) ? point : {}) }
}

/** The instance a node of this connector gets: the bootstrapped one if it is there, else the oldest. */
function instanceOf(connectorId: string, environment: EnvironmentState): string | undefined {
  const bootstrapped = bootstrappedInstanceIds[connectorId]
  if (bootstrapped && environment.connectorInstances.has(bootstrapped)) return bootstrapped
  for (const [id, { content }] of environment.connectorInstances) {
    if (stringAt(content.connector, 'id') === connectorId) return id
  }
  return undefined
}
