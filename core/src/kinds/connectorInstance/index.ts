import type { Difference } from '../../difference.ts'
import { isObject, type JsonObject, objectAt, stringAt } from '../../json.ts'
import type { Kind } from '../../kind.ts'
import { propertyChanges, readable, without } from '../../properties.ts'
import { mask, maskedPaths, withoutMasked } from '../../secrets.ts'
import { environmentReferences, rewriteEnvironment } from './environment-values.ts'

const readOnly = new Set(['_links', 'environment', 'id', 'createdAt', 'updatedAt', 'metadata'])
const legacy = new Set(['companyId', 'customerId', 'createdDate', 'updatedDate', 'connectionId', 'connectorId'])

/** A configured connector: its properties hold credentials, addresses and, for code snippets, the code. */
export const connectorInstance: Kind = {
  name: 'connectorInstance',
  domain: 'orchestration',
  label: { one: 'Connector instance', many: 'Connector instances' },
  writable: true,
  // x-permission of the connector instance operations in PingOne's OpenAPI description, 2026-01.
  permissions: {
    read: ['davinci:read:connections'],
    create: ['davinci:create:connections'],
    update: ['davinci:update:connections'],
    delete: ['davinci:delete:connections'],
  },
  limit: 100,
  identify: (content) => ({ id: stringAt(content, 'id') ?? '', name: stringAt(content, 'name') ?? '' }),
  meaning: (content) => `${connectorOf(content)}/${stringAt(content, 'name') ?? ''}`,
  normalise,
  references: (content) => [
    { kind: 'connector', by: 'id', target: connectorOf(content), pointer: '/connector/id', spot: 'value' },
    ...environmentReferences(content),
  ],
  rewrite: rewriteEnvironment,
  compare,
  toRequest: (content) => {
    const { connector: _connector, ...rest } = without(content, readOnly)
    return { ...withoutMasked(rest), connector: { id: connectorOf(content) } }
  },
  redact: (content) => content,
  treatment: (content) =>
    carriesLogic(content) ? { missing: 'create', different: 'update' } : { missing: 'ask', different: 'leave' },
  facts: (content) => ({ connector: connectorOf(content) }),
  followUp: (content) =>
    maskedPaths(objectAt(content, 'properties') ?? {}).map(
      (path) => `Fill in ${readable(path.split('.').at(-1) ?? path)} (${path}): PingOne never shows it.`,
    ),
  interchangeable: (source, destination) =>
    hasNoProperties(destination.content) && (source.implied === true || hasNoProperties(source.content)),
  family: connectorOf,
}

/** The connector that an instance is of (`connector.id` in the PingOne API). */
export function connectorOf(content: JsonObject): string {
  return stringAt(objectAt(content, 'connector'), 'id') ?? ''
}

/** A code snippet's code is a property of its instance, so the instance is part of the journey. */
function carriesLogic(content: JsonObject): boolean {
  return (
    connectorOf(content) === 'codeSnippetConnector' && maskedPaths(objectAt(content, 'properties') ?? {}).length === 0
  )
}

function hasNoProperties(content: JsonObject): boolean {
  return Object.keys(objectAt(content, 'properties') ?? {}).length === 0
}

function normalise(content: JsonObject): JsonObject {
  const rest = without(without(content, readOnly), legacy)
  const { properties, connector: _connector, ...other } = rest
  const filled = isObject(properties) && Object.keys(properties).length > 0
  return {
    ...other,
    connector: { id: connectorOf(content) },
    ...(filled ? { properties: evenMasks(properties) } : {}),
  }
}

/** Masks of any length become one, so that "set" equals "set". */
function evenMasks(properties: JsonObject): JsonObject {
  return maskedPaths(properties).length === 0
    ? properties
    : (JSON.parse(JSON.stringify(properties).replaceAll(/"\*+"/g, `"${mask}"`)) as JsonObject)
}

function compare(source: JsonObject, destination: JsonObject): Difference[] {
  const { properties: sourceProperties = {}, ...sourceRest } = source
  const { properties: destinationProperties = {}, ...destinationRest } = destination
  const general = propertyChanges(destinationRest, sourceRest).map((change) => ({
    section: 'general',
    change: change.change,
    id: change.pointer,
    label: change.label,
    properties: [change],
  }))
  const from = isObject(sourceProperties) ? sourceProperties : {}
  const to = isObject(destinationProperties) ? destinationProperties : {}
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])]
  const changed = keys.flatMap((key): Difference[] => {
    const properties = propertyChanges(to[key], from[key], `/properties/${key}`)
    if (properties.length === 0) return []
    const change = to[key] === undefined ? 'added' : from[key] === undefined ? 'removed' : 'changed'
    return [{ section: 'property', change, id: key, label: readable(key), properties }]
  })
  return [...general, ...changed]
}
