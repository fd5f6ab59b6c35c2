import { type Artifact, Inventory, type JsonObject, type KindName, kindOf, type PlaceDescription } from '@flightiq/core'

/** An artifact as a place would read it. */
export function artifact(kind: KindName, content: JsonObject): Artifact {
  return { kind, ...kindOf(kind).identify(content), content }
}

export function inventory(...artifacts: Artifact[]): Inventory {
  return new Inventory(artifacts)
}

export function place(name: string): PlaceDescription {
  return { spec: `env:${name}`, type: 'environment', name, environmentId: `${name}-environment`, writable: true }
}

export function instance(id: string, name: string, connector = 'httpConnector', properties: JsonObject = {}): Artifact {
  return artifact('connectorInstance', { id, name, connector: { id: connector }, properties })
}

export function variable(id: string, name: string, more: JsonObject = {}): Artifact {
  return artifact('variable', { id, name, context: 'company', dataType: 'string', mutable: true, ...more })
}

interface NodeParts {
  id: string
  connectionId: string
  connectorId?: string
  label?: string
  properties?: JsonObject
}

export function node({
  id,
  connectionId,
  connectorId = 'httpConnector',
  label,
  properties = {},
}: NodeParts): JsonObject {
  return {
    data: {
      id,
      nodeType: 'CONNECTION',
      connectionId,
      connectorId,
      name: connectorId,
      label: label ?? id,
      capabilityName: 'run',
      properties,
    },
    position: { x: 0, y: 0 },
  }
}

/** A node that calls a subflow. */
export function call(id: string, subflowId: string, subflowName: string, connectionId = 'conductor'): JsonObject {
  return node({
    id,
    connectionId,
    connectorId: 'flowConnector',
    properties: {
      subFlowId: { value: { label: subflowName, value: subflowId } },
      subFlowVersionId: { value: -1 },
    },
  })
}

export function flow(id: string, name: string, nodes: JsonObject[] = [], more: JsonObject = {}): Artifact {
  return artifact('flow', {
    id,
    name,
    enabled: true,
    currentVersion: 1,
    publishedVersion: 1,
    graphData: { elements: { nodes, edges: [] } },
    ...more,
  })
}
