import { arrayAt, isObject, type Json, type JsonObject, objectAt, stringAt } from '../json.ts'
import { present, type Reading, without } from './content.ts'
import { isoDate } from './dates.ts'

const legacyFields = new Set([
  'connectionId',
  'connectorId',
  'companyId',
  'customerId',
  'createdDate',
  'updatedDate',
  'name',
  'properties',
])

/** A connector instance of any export form as reading it from the API would give it. */
export function toApiConnectorInstance(instance: JsonObject, reading: Reading, pointer: string): JsonObject {
  if (!stringAt(instance, 'connectionId')) return without(instance, new Set(['_links']))
  const companyId = stringAt(instance, 'companyId')
  return {
    ...present({
      environment: companyId ? { id: companyId } : undefined,
      id: instance.connectionId,
      name: instance.name ?? instance.connectorId,
      connector: { id: instance.connectorId ?? '' },
      properties: instance.properties,
      createdAt: isoDate(instance.createdDate, reading, pointer, 'createdDate'),
      updatedAt: isoDate(instance.updatedDate, reading, pointer, 'updatedDate'),
    }),
    ...without(instance, legacyFields),
  }
}

/** What the nodes of flows say of an instance. */
interface Mention {
  id: string
  connectorId: string
  /** How many nodes give it which name. */
  names: Map<string, number>
}

/**
 * The connector instances that flows refer to beyond those given: from the nodes themselves, from their lists of identity
 * providers (`idpList`) and the settings of these (`externalIdentityProvider`, where the instance's id is the key).
 * The name is the one that most nodes give; the first of them where several are as frequent.
 */
export function impliedConnectorInstances(flows: readonly JsonObject[], held: readonly JsonObject[]): JsonObject[] {
  const mentions = new Map<string, Mention>()
  for (const flow of flows) {
    for (const node of arrayAt(objectAt(flow.graphData, 'elements'), 'nodes')) {
      if (isObject(node) && isObject(node.data)) mentionsOf(node.data, mentions)
    }
  }
  for (const { id } of held) if (typeof id === 'string') mentions.delete(id)
  return [...mentions.values()].map(({ id, connectorId, names }) => ({
    id,
    name: mostFrequent(names) ?? connectorId,
    connector: { id: connectorId },
  }))
}

function mentionsOf(data: JsonObject, mentions: Map<string, Mention>): void {
  const properties = objectAt(data, 'properties')
  mention(mentions, data.connectionId, data.connectorId, data.name)
  const providers = arrayAt(objectAt(properties, 'idpList'), 'value')
  for (const provider of providers) {
    if (isObject(provider)) mention(mentions, provider.connectionId, provider.connectorId, provider.name)
  }
  for (const [id, settings] of Object.entries(objectAt(properties, 'externalIdentityProvider') ?? {})) {
    if (!isObject(settings)) continue
    const listed = providers.find((provider) => stringAt(provider, 'connectionId') === id)
    // Only PingOne Authentication leads to external identity providers in this way.
    if (id !== 'value')
      mention(mentions, id, stringAt(listed, 'connectorId') ?? 'pingOneAuthenticationConnector', undefined)
  }
}

function mention(
  mentions: Map<string, Mention>,
  id: Json | undefined,
  connectorId: Json | undefined,
  name: Json | undefined,
): void {
  if (typeof id !== 'string' || typeof connectorId !== 'string' || id === '' || connectorId === '') return
  const known = mentions.get(id) ?? { id, connectorId, names: new Map<string, number>() }
  mentions.set(id, known)
  if (typeof name === 'string' && name !== '') known.names.set(name, (known.names.get(name) ?? 0) + 1)
}

function mostFrequent(names: ReadonlyMap<string, number>): string | undefined {
  return [...names].reduce<[string, number] | undefined>(
    (best, one) => (best && best[1] >= one[1] ? best : one),
    undefined,
  )?.[0]
}
