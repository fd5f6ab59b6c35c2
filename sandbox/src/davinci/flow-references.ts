import { arrayAt, isObject, type Json, type JsonObject, objectAt, stringAt } from '@flightiq/core'

/** What a node of a flow points at, outside the flow. */
export interface NodeReferences {
  nodeId: string
  connectorId?: string
  connectionId?: string
  subFlowId?: string
  /** Texts after `global.variables.`, which begin with a variable's name, and names that the node saves. */
  variables: string[]
}

const known = new WeakMap<JsonObject, NodeReferences[]>()

/** What each node of a flow's content points at. Content is never changed in place, so it is looked at once. */
export function flowReferences(content: JsonObject): NodeReferences[] {
  const before = known.get(content)
  if (before) return before
  const nodes = arrayAt(objectAt(content.graphData, 'elements'), 'nodes')
  const references = nodes.flatMap((node) => (isObject(node) && isObject(node.data) ? [nodeReferences(node.data)] : []))
  known.set(content, references)
  return references
}

function nodeReferences(data: JsonObject): NodeReferences {
  const properties = objectAt(data, 'properties')
  const connectorId = stringAt(data, 'connectorId')
  const connectionId = stringAt(data, 'connectionId')
  const subFlow = objectAt(properties, 'subFlowId')?.value
  const subFlowId = typeof subFlow === 'string' ? subFlow : stringAt(subFlow, 'value')
  return {
    nodeId: stringAt(data, 'id') ?? '',
    ...(connectorId ? { connectorId } : {}),
    ...(connectionId ? { connectionId } : {}),
    ...(subFlowId ? { subFlowId } : {}),
    variables: properties ? [...new Set([...savedVariables(properties), ...variablesIn(properties)])] : [],
  }
}

function savedVariables(properties: JsonObject): string[] {
  return Object.entries(properties)
    .filter(([name]) => /^save\w*Variables$/.test(name))
    .flatMap(([, property]) => arrayAt(property, 'value'))
    .flatMap((saved) => stringAt(saved, 'name') ?? [])
}

function variablesIn(value: Json): string[] {
  if (typeof value === 'string') {
    if (!value.includes('variables.')) return []
    const found = value.matchAll(/\{\{\s*global\.(?:company\.|flow\.|user\.)?variables\.([^{}"\\]+)\}\}/g)
    return [...found].map((match) => (match[1] ?? '').trim())
  }
  if (Array.isArray(value)) return value.flatMap(variablesIn)
  return isObject(value) ? Object.values(value).flatMap(variablesIn) : []
}

/** The connectors a flow's nodes belong to, each once. */
export function connectorsOf(content: JsonObject): string[] {
  return [...new Set(flowReferences(content).flatMap(({ connectorId }) => connectorId ?? []))]
}

/** Whether a text after `global.variables.` speaks of the variable of that name: `config.policies[0]` of `config`. */
export function namesVariable(text: string, name: string): boolean {
  return text === name || text.startsWith(`${name}.`) || text.startsWith(`${name}[`)
}
