import { isObject, type Json, type JsonObject, stringAt } from '../../json.ts'
import type { Rewriter } from '../../kind.ts'
import { pointerStep, without } from '../../properties.ts'
import type { Reference } from '../../reference.ts'
import { nodeTitle } from './labels.ts'
import { mapField, mapFields, mapList, renameKeys } from './sharing.ts'
import { walkProperty } from './walk-properties.ts'
import { type Listener, walkTexts } from './walk-text.ts'

/**
 * Goes through every spot of a flow (or flow version) that points at something, in the order of the content, and
 * answers the content with what the rewriter gives in place. Parts without a change are the same objects.
 */
export function walkFlow(content: JsonObject, rewriter: Rewriter): JsonObject {
  return mapFields(content, (value, key) => {
    const walk = Object.hasOwn(parts, key) ? parts[key] : undefined
    return walk ? walk(value, `/${key}`, rewriter) : value
  })
}

/** The references of a flow, in the order of its content. */
export function flowReferences(content: JsonObject): Reference[] {
  const found: Reference[] = []
  walkFlow(content, (reference) => {
    found.push(reference)
    return undefined
  })
  return found
}

type Part = (value: Json, pointer: string, rewriter: Rewriter) => Json

const parts: Readonly<Record<string, Part>> = {
  graphData: walkGraph,
  enabledGraphData: walkGraph,
  settings: walkSettings,
  functionConnectionId: (value, pointer, rewriter) => walkInstance(value, pointer, rewriter),
  connections: (value, pointer, rewriter) =>
    Array.isArray(value)
      ? mapList(value, (item, index) =>
          isObject(item)
            ? mapField(item, 'connectionId', (id) =>
                walkInstance(id, `${pointer}/${index}/connectionId`, rewriter, stringAt(item, 'connectorId')),
              )
            : item,
        )
      : value,
}

function walkInstance(value: Json, pointer: string, rewriter: Rewriter, connectorId?: string): Json {
  if (typeof value !== 'string' || value === '') return value
  const found: Reference = { kind: 'connectorInstance', by: 'id', target: value, pointer, spot: 'value' }
  if (connectorId !== undefined) found.connectorId = connectorId
  return rewriter(found) ?? value
}

function walkGraph(graph: Json, pointer: string, rewriter: Rewriter): Json {
  if (!isObject(graph)) return graph
  return mapField(graph, 'elements', (elements) => {
    if (!isObject(elements)) return elements
    return mapFields(elements, (list, key) => {
      const walk = key === 'nodes' ? walkNode : key === 'edges' ? walkEdge : undefined
      return walk ? walkEach(list, `${pointer}/elements/${key}`, (item, at) => walk(item, at, rewriter)) : list
    })
  })
}

/** Elements are a list as PingOne gives them, and keyed in the comparable form. */
function walkEach(list: Json, pointer: string, walk: (item: JsonObject, pointer: string) => Json): Json {
  if (Array.isArray(list)) {
    return mapList(list, (item, index) => (isObject(item) ? walk(item, `${pointer}/${index}`) : item))
  }
  if (!isObject(list)) return list
  return mapFields(list, (item, key) => (isObject(item) ? walk(item, `${pointer}/${pointerStep(key)}`) : item))
}

/** Answers a node with its references replaced. `pointer` is where the node stands. */
export function walkNode(node: JsonObject, pointer: string, rewriter: Rewriter): JsonObject {
  const data = node.data
  if (!isObject(data)) return node
  const walked = walkNodeData(data, `${pointer}/data`, listenerFor(data, rewriter))
  return walked === data ? node : { ...node, data: walked }
}

/** Tells the rewriter of what is found in a node, with the node. */
function listenerFor(data: JsonObject, rewriter: Rewriter): Listener {
  let spot: Reference['node']
  const hear: Listener = (found) => {
    spot ??= { id: stringAt(data, 'id') ?? '', label: nodeTitle(data) }
    const reference: Reference = found
    reference.node = spot
    return rewriter(reference)
  }
  hear.comparing = rewriter.comparing === true
  return hear
}

const nameCopy = new Set(['name'])

function walkNodeData(data: JsonObject, pointer: string, hear: Listener): JsonObject {
  const connectorId = stringAt(data, 'connectorId') ?? ''
  const walked = mapFields(data, (value, key) => {
    if (key === 'connectionId' && typeof value === 'string' && value !== '') {
      const at = `${pointer}/connectionId`
      return (
        hear({
          kind: 'connectorInstance',
          by: 'id',
          target: value,
          pointer: at,
          spot: 'value',
          ...(connectorId === '' ? {} : { connectorId }),
          ...(typeof data.name === 'string' ? { label: data.name } : {}),
        }) ?? value
      )
    }
    if (key !== 'properties' || !isObject(value)) return value
    const at = `${pointer}/properties`
    if (data.nodeType === 'EVAL') return walkCondition(value, at, hear)
    return mapFields(value, (property, name) =>
      walkProperty(connectorId, name, property, value, `${at}/${pointerStep(name)}`, hear),
    )
  })
  // Beside another instance, the copy of the old one's name says nothing.
  return hear.comparing && walked.connectionId !== data.connectionId ? without(walked, nameCopy) : walked
}

/** The properties of a condition are called by the ids of the nodes before or after it. */
function walkCondition(properties: JsonObject, pointer: string, hear: Listener): JsonObject {
  return renameKeys(properties, (key) => hear({ kind: 'node', by: 'id', target: key, pointer, spot: 'key' }))
}

function walkEdge(edge: JsonObject, pointer: string, rewriter: Rewriter): JsonObject {
  return mapField(edge, 'data', (data) => {
    if (!isObject(data)) return data
    return mapFields(data, (value, key) => {
      if ((key !== 'source' && key !== 'target') || typeof value !== 'string') return value
      return (
        rewriter({ kind: 'node', by: 'id', target: value, pointer: `${pointer}/data/${key}`, spot: 'value' }) ?? value
      )
    })
  })
}

const assets = new Set(['cssLinks', 'jsLinks', 'customErrorScreenBrandLogoUrl', 'customFaviconLink'])

function walkSettings(settings: Json, pointer: string, rewriter: Rewriter): Json {
  if (!isObject(settings)) return settings
  return mapFields(settings, (value, key) => {
    const at = `${pointer}/${pointerStep(key)}`
    if (!assets.has(key)) return walkTexts(value, at, rewriter)
    if (!Array.isArray(value)) return walkAsset(value, at, rewriter)
    return mapList(value, (item, index) =>
      isObject(item)
        ? mapField(item, 'value', (link) => walkAsset(link, `${at}/${index}/value`, rewriter))
        : walkAsset(item, `${at}/${index}`, rewriter),
    )
  })
}

function walkAsset(value: Json, pointer: string, rewriter: Rewriter): Json {
  if (typeof value !== 'string' || value === '') return value
  return rewriter({ kind: 'asset', by: 'id', target: value, pointer, spot: 'value' }) ?? value
}
