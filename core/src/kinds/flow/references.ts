import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../../json.ts'
import { pointerStep } from '../../properties.ts'
import type { Reference } from '../../reference.ts'
import { expressions } from '../../templates/expressions.ts'
import { nodeLabel, nodesOf, unwrap } from './graph.ts'
import { assetSettings, attributeLists, isPlain, listSpotOf, spotOf, variableLists } from './spots.ts'

type Add = (reference: Omit<Reference, 'node'>) => void

/** Every reference of a flow, node by node: the structural ones, then those in texts; last those of the settings. */
export function references(content: JsonObject): Reference[] {
  return [...structuralReferences(content), ...textReferences(content)]
}

/** References that stand at known spots as whole values or keys. Cheap: texts are not searched. */
export function structuralReferences(content: JsonObject): Reference[] {
  const found: Reference[] = []
  nodesOf(content).forEach((node, index) => {
    const data = objectAt(node, 'data')
    if (!data) return
    const owner = { id: stringAt(data, 'id') ?? '', label: nodeLabel(data) }
    nodeReferences(data, `/graphData/elements/nodes/${index}/data`, (reference) =>
      found.push({ ...reference, node: owner }),
    )
  })
  settingsReferences(objectAt(content, 'settings'), (reference) => found.push(reference))
  return found
}

function nodeReferences(data: JsonObject, pointer: string, add: Add): void {
  const connectionId = stringAt(data, 'connectionId')
  const connectorId = stringAt(data, 'connectorId')
  if (connectionId)
    addInstance(connectionId, `${pointer}/connectionId`, 'value', add, connectorId, stringAt(data, 'name'))
  const properties = objectAt(data, 'properties')
  if (!properties) return
  if (data.nodeType === 'EVAL') {
    for (const key of Object.keys(properties)) {
      add({ kind: 'node', by: 'id', target: key, pointer: `${pointer}/properties`, spot: 'key' })
    }
    return
  }
  for (const [name, property] of Object.entries(properties)) {
    const wrapped = isObject(property) && Object.hasOwn(property, 'value')
    const at = `${pointer}/properties/${pointerStep(name)}${wrapped ? '/value' : ''}`
    propertyReferences(name, unwrap(property), at, add)
  }
}

function propertyReferences(name: string, value: Json | undefined, pointer: string, add: Add): void {
  if (typeof value === 'string') {
    const spot = name === 'subFlowId' ? ({ kind: 'flow', by: 'id' } as const) : spotOf(name)
    if (spot && isPlain(value)) add({ ...spot, target: value, pointer, spot: 'value' })
    return
  }
  if (name === 'subFlowId') {
    const target = stringAt(value, 'value')
    const label = stringAt(value, 'label')
    if (target)
      add({ kind: 'flow', by: 'id', target, pointer: `${pointer}/value`, spot: 'value', ...(label ? { label } : {}) })
    return
  }
  if (name === 'externalIdentityProvider' && isObject(value)) {
    for (const [connectionId, providers] of Object.entries(value)) {
      addInstance(connectionId, pointer, 'key', add, 'pingOneAuthenticationConnector')
      providerReferences(providers, `${pointer}/${pointerStep(connectionId)}`, add)
    }
    return
  }
  if (!Array.isArray(value)) return
  for (const [index, item] of value.entries()) itemReferences(name, item, `${pointer}/${index}`, add)
}

function itemReferences(name: string, item: Json, pointer: string, add: Add): void {
  if (typeof item === 'string') {
    const spot = listSpotOf(name)
    if (spot && isPlain(item)) add({ ...spot, target: item, pointer, spot: 'value' })
    return
  }
  const connectionId = stringAt(item, 'connectionId')
  if (connectionId) addInstance(connectionId, `${pointer}/connectionId`, 'value', add, stringAt(item, 'connectorId'))
  const gatewayId = stringAt(item, 'gatewayId')
  if (gatewayId && isPlain(gatewayId)) {
    add({ kind: 'gateway', by: 'id', target: gatewayId, pointer: `${pointer}/gatewayId`, spot: 'value' })
  }
  if (variableLists.has(name)) {
    const target = stringAt(item, 'name')
    const context = /\((?:\w+ - )(\w+)\)$/.exec(stringAt(item, 'label') ?? '')?.[1]
    // A claim that no variable feeds has no context in its label: it is a name of its own.
    if (target && (context || name !== 'claimsNameValuePairs')) {
      const known = context ? { context } : {}
      add({ kind: 'variable', by: 'name', target, pointer: `${pointer}/name`, spot: 'value', ...known })
    }
  }
  if (attributeLists.has(name)) {
    const key = stringAt(item, 'name') !== undefined ? 'name' : 'key'
    const target = stringAt(item, key)
    const attribute = key === 'key' ? target?.startsWith('user.') : target !== ''
    if (target && attribute) add({ kind: 'attribute', by: 'name', target, pointer: `${pointer}/${key}`, spot: 'value' })
  }
}

/** `{ identityProvider: [{ identityProviderId, populationId }] }`, below the connection's id. */
function providerReferences(value: Json, pointer: string, add: Add): void {
  const list = isObject(value) ? value.identityProvider : undefined
  if (!Array.isArray(list)) return
  list.forEach((item, index) => {
    for (const key of ['identityProviderId', 'populationId'] as const) {
      const target = stringAt(item, key)
      const spot = spotOf(key)
      if (target && spot && isPlain(target)) {
        add({ ...spot, target, pointer: `${pointer}/identityProvider/${index}/${key}`, spot: 'value' })
      }
    }
  })
}

function addInstance(
  target: string,
  pointer: string,
  spot: 'value' | 'key',
  add: Add,
  connectorId: string | undefined,
  label?: string,
): void {
  add({
    kind: 'connectorInstance',
    by: 'id',
    target,
    pointer,
    spot,
    ...(connectorId ? { connectorId } : {}),
    ...(label ? { label } : {}),
  })
}

function settingsReferences(settings: JsonObject | undefined, add: Add): void {
  for (const key of settings ? assetSettings : []) {
    const value = settings?.[key]
    const items = Array.isArray(value)
      ? value.map((item, index) => [item, `/${index}`] as const)
      : [[value, ''] as const]
    for (const [item, step] of items) {
      const inObject = stringAt(item, 'value')
      const target = typeof item === 'string' ? item : inObject
      const pointer = `/settings/${key}${step}${inObject === undefined ? '' : '/value'}`
      if (target) add({ kind: 'asset', by: 'id', target, pointer, spot: 'value' })
    }
  }
}

/** References inside texts: template expressions, and environment ids in addresses. */
export function textReferences(content: JsonObject): Reference[] {
  const found: Reference[] = []
  nodesOf(content).forEach((node, index) => {
    const data = objectAt(node, 'data')
    if (!data) return
    const owner = { id: stringAt(data, 'id') ?? '', label: nodeLabel(data) }
    eachText(data.properties, `/graphData/elements/nodes/${index}/data/properties`, (text, pointer) => {
      for (const reference of referencesIn(text, pointer)) found.push({ ...reference, node: owner })
    })
  })
  eachText(content.settings, '/settings', (text, pointer) => found.push(...referencesIn(text, pointer)))
  return found
}

/** Calls back for every text at any depth, with its JSON pointer. */
export function eachText(
  value: Json | undefined,
  pointer: string,
  visit: (text: string, pointer: string) => void,
): void {
  if (typeof value === 'string') visit(value, pointer)
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) eachText(item, `${pointer}/${index}`, visit)
  } else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) eachText(item, `${pointer}/${pointerStep(key)}`, visit)
  }
}

const environmentInAddress = /\/environments\/([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})/gi

function referencesIn(text: string, pointer: string): Reference[] {
  const result: Reference[] = []
  const seen = new Set<string>()
  const add = (reference: Reference) => {
    const key = `${reference.kind} ${reference.context ?? ''} ${reference.target}`
    if (!seen.has(key)) result.push(reference)
    seen.add(key)
  }
  for (const { kind, name, context } of expressions(text)) {
    const by = kind === 'variable' ? 'name' : 'id'
    add({ kind, by, target: name, pointer, spot: 'template', ...(context ? { context } : {}) })
  }
  for (const [, target = ''] of text.matchAll(environmentInAddress)) {
    add({ kind: 'environment', by: 'id', target, pointer, spot: 'template' })
  }
  return result
}
