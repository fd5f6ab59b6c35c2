import { arrayAt, isObject, type Json, type JsonObject, objectAt, stringAt } from '@flightiq/core'

/** Ids of a file, and what they are called in the environment. What isn't listed keeps its id. */
export interface NewIds {
  flows: ReadonlyMap<string, string>
  connectorInstances: ReadonlyMap<string, string>
}

/** A flow's content with the ids of subflows and connector instances replaced where its nodes name them. */
export function rewriteIds(content: JsonObject, ids: NewIds): JsonObject {
  if (ids.flows.size === 0 && ids.connectorInstances.size === 0) return content
  const elements = objectAt(content.graphData, 'elements')
  if (!isObject(content.graphData) || !elements || !Array.isArray(elements.nodes)) return content
  const nodes = elements.nodes.map((node) =>
    isObject(node) && isObject(node.data) ? { ...node, data: rewriteData(node.data, ids) } : node,
  )
  return { ...content, graphData: { ...content.graphData, elements: { ...elements, nodes } } }
}

function rewriteData(data: JsonObject, { flows, connectorInstances }: NewIds): JsonObject {
  const rewritten = { ...data }
  const connectionId = renamed(data.connectionId, connectorInstances)
  if (connectionId !== undefined) rewritten.connectionId = connectionId
  if (isObject(data.properties)) rewritten.properties = rewriteProperties(data.properties, flows, connectorInstances)
  return rewritten
}

function rewriteProperties(
  properties: JsonObject,
  flows: ReadonlyMap<string, string>,
  instances: ReadonlyMap<string, string>,
): JsonObject {
  const rewritten = { ...properties }
  const { subFlowId, idpList, externalIdentityProvider } = properties
  if (isObject(subFlowId)) rewritten.subFlowId = { ...subFlowId, value: rewriteSubflow(subFlowId.value ?? null, flows) }
  if (isObject(idpList) && Array.isArray(idpList.value)) {
    const value = idpList.value.map((provider) => {
      const id = isObject(provider) ? renamed(provider.connectionId, instances) : undefined
      return isObject(provider) && id ? { ...provider, connectionId: id } : provider
    })
    rewritten.idpList = { ...idpList, value }
  }
  if (isObject(externalIdentityProvider)) {
    rewritten.externalIdentityProvider = Object.fromEntries(
      Object.entries(externalIdentityProvider).map(([id, settings]) => [instances.get(id) ?? id, settings]),
    )
  }
  return rewritten
}

function rewriteSubflow(value: Json, flows: ReadonlyMap<string, string>): Json {
  if (!isObject(value)) return renamed(value, flows) ?? value
  const id = renamed(value.value, flows)
  return id ? { ...value, value: id } : value
}

function renamed(id: Json | undefined, ids: ReadonlyMap<string, string>): string | undefined {
  return typeof id === 'string' ? ids.get(id) : undefined
}

/** A node that starts a subflow: the flow it starts, what it calls it, and the inputs that it passes. */
export interface SubflowCall {
  id: string
  label: string
  inputs: string[]
}

/** What a node that starts a subflow says beside the subflow's inputs. */
const notInputs = new Set(['subFlowId', 'subFlowVersionId', 'nodeTitle', 'nodeDescription', 'backgroundColor'])

/** The subflows that a flow starts, in the order of its nodes. */
export function subflowCalls(content: JsonObject): SubflowCall[] {
  return arrayAt(objectAt(content.graphData, 'elements'), 'nodes').flatMap((node) => {
    const properties = isObject(node) ? objectAt(node.data, 'properties') : undefined
    const value = objectAt(properties, 'subFlowId')?.value
    const id = typeof value === 'string' ? value : stringAt(value, 'value')
    // A template expression, or nothing chosen yet, names no flow.
    if (!properties || !id || !/^[\w-]+$/.test(id)) return []
    const inputs = Object.keys(properties).filter((name) => !notInputs.has(name))
    return [{ id, label: stringAt(value, 'label')?.trim() || `Subflow ${id}`, inputs }]
  })
}
