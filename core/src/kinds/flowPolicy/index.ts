import type { KindName } from '../../artifact.ts'
import type { Difference } from '../../difference.ts'
import { arrayAt, isObject, type Json, type JsonObject, numberAt, objectAt, stringAt } from '../../json.ts'
import type { Kind, Rewriter } from '../../kind.ts'
import { fieldDifferences, propertyChanges, without } from '../../properties.ts'
import type { Reference } from '../../reference.ts'

const readOnly = new Set(['_links', 'environment', 'id', 'createdAt', 'updatedAt'])

/** The policy of an application: which flows serve it, in which version and with what weight. */
export const flowPolicy: Kind = {
  name: 'flowPolicy',
  domain: 'orchestration',
  label: { one: 'Flow policy', many: 'Flow policies' },
  writable: true,
  // x-permission of the flow policy operations in PingOne's OpenAPI description, 2026-01.
  permissions: {
    read: ['davinci:read:flowPolicies'],
    create: ['davinci:create:flowPolicies'],
    update: ['davinci:update:flowPolicies'],
    delete: ['davinci:delete:flowPolicies'],
  },
  identify: (content) => ({ id: stringAt(content, 'id') ?? '', name: stringAt(content, 'name') ?? '' }),
  meaning: (content, stand) => {
    const applicationId = applicationOf(content)
    return `${applicationId === undefined ? '' : stand('application', applicationId)}/${stringAt(content, 'name') ?? ''}`
  },
  normalise,
  references,
  rewrite,
  compare,
  toRequest: (content) => {
    const { flowDistributions: _all, ...rest } = without(content, readOnly)
    return { ...rest, flowDistributions: arrayAt(content, 'flowDistributions').map(latest) }
  },
  redact: (content) => content,
  treatment: (_content, _options, need) => ({
    missing: 'create',
    different: need === 'dependency' ? 'leave' : 'update',
  }),
  facts: (content) => ({
    status: stringAt(content, 'status') ?? '',
    flows: String(arrayAt(content, 'flowDistributions').length),
  }),
  notes: (content) =>
    arrayAt(content, 'flowDistributions').flatMap((item, index) =>
      (numberAt(item, 'version') ?? -1) >= 0
        ? [
            {
              code: 'POLICY_PINS_VERSION',
              message: `"${stringAt(content, 'name') ?? ''}" pins version ${numberAt(item, 'version')} of a flow. Version numbers are each environment's own, so it is written as "latest deployed": pin it there by hand if that is meant.`,
              pointer: `/flowDistributions/${index}/version`,
            },
          ]
        : [],
    ),
  mendable: (difference) => difference.section !== 'version',
}

/** What PingOne fills in by itself is left out: the status, and the trigger of policies of PingOne flows. */
function normalise(content: JsonObject): JsonObject {
  const { flowDistributions: _all, status, trigger, ...rest } = without(content, readOnly)
  const meant = meantTrigger(trigger)
  return {
    ...rest,
    ...(status === undefined || status === 'enabled' ? {} : { status }),
    ...(meant === undefined ? {} : { trigger: meant }),
    flowDistributions: arrayAt(content, 'flowDistributions').map(comparable),
  }
}

function meantTrigger(trigger: Json | undefined): Json | undefined {
  if (!isObject(trigger)) return trigger
  const { configuration, type, ...rest } = trigger
  const parts = Object.entries(isObject(configuration) ? configuration : {}).filter(
    ([, part]) => !isObject(part) || part.enabled === true || !Object.keys(part).every((key) => timing.has(key)),
  )
  const set = { ...rest, ...(parts.length > 0 ? { configuration: Object.fromEntries(parts) } : {}) }
  const usual = type === undefined || type === 'AUTHENTICATION'
  if (usual && Object.keys(set).length === 0) return undefined
  return { ...(usual ? {} : { type: type as Json }), ...set }
}

const timing = new Set(['enabled', 'time', 'timeFormat'])

function applicationOf(content: JsonObject): string | undefined {
  return stringAt(objectAt(content, 'application'), 'id')
}

/** Version numbers differ by environment: what counts is whether a version is pinned (-1 is the latest deployed). */
function comparable(item: Json): Json {
  if (!isObject(item)) return item
  const pinned = item.version === 'pinned' || (numberAt(item, 'version') ?? -1) >= 0
  return { ...item, version: pinned ? 'pinned' : 'latest' }
}

function latest(item: Json): Json {
  return isObject(item) ? { ...item, version: -1 } : item
}

function references(content: JsonObject): Reference[] {
  const applicationId = applicationOf(content)
  const toApplication: Reference[] =
    applicationId === undefined
      ? []
      : [{ kind: 'application', by: 'id', target: applicationId, pointer: '/application/id', spot: 'value' }]
  const toFlows = arrayAt(content, 'flowDistributions').flatMap((item, index): Reference[] => {
    const id = stringAt(item, 'id')
    if (id === undefined) return []
    return [{ kind: 'flow', by: 'id', target: id, pointer: `/flowDistributions/${index}/id`, spot: 'value' }]
  })
  return [...toApplication, ...toFlows]
}

function rewrite(content: JsonObject, rewriter: Rewriter): JsonObject {
  let result = content
  for (const reference of references(content)) {
    const to = rewriter(reference)
    if (to === undefined || to === reference.target) continue
    if (reference.kind === 'application') {
      result = { ...result, application: { ...objectAt(result, 'application'), id: to } }
    } else {
      const index = Number(reference.pointer.split('/')[2])
      const distributions = arrayAt(result, 'flowDistributions').map((item, at) =>
        at === index && isObject(item) ? { ...item, id: to } : item,
      )
      result = { ...result, flowDistributions: distributions }
    }
  }
  return result
}

function compare(
  source: JsonObject,
  destination: JsonObject,
  nameOf: (kind: KindName, id: string) => string | undefined = () => undefined,
): Difference[] {
  const { flowDistributions: fromAll = [], ...sourceRest } = source
  const { flowDistributions: toAll = [], ...destinationRest } = destination
  const from = byFlow(fromAll)
  const to = byFlow(toAll)
  const flows = [...new Set([...from.keys(), ...to.keys()])].flatMap((id): Difference[] => {
    const before = to.get(id)
    const after = from.get(id)
    const properties = propertyChanges(before, after)
    if (properties.length === 0) return []
    const change = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed'
    const onlyVersion = change === 'changed' && properties.every((property) => property.pointer === '/version')
    return [
      {
        section: onlyVersion ? 'version' : 'flow',
        change,
        id,
        label: `Flow "${nameOf('flow', id.split(' ')[0] ?? id) ?? id}"`,
        properties,
      },
    ]
  })
  return [...fieldDifferences(sourceRest, destinationRest, 'general'), ...flows]
}

/** Distributions by flow id; a flow that stands in twice (two weights) keeps its place in the key. */
function byFlow(distributions: Json): Map<string, Json> {
  const result = new Map<string, Json>()
  for (const item of Array.isArray(distributions) ? distributions : []) {
    const id = stringAt(item, 'id') ?? ''
    let key = id
    for (let count = 2; result.has(key); count += 1) key = `${id} (${count})`
    result.set(key, item)
  }
  return result
}
