import { isObject, type JsonObject, objectAt, stringAt } from '../../json.ts'
import type { Kind } from '../../kind.ts'
import { fieldDifferences, without } from '../../properties.ts'
import { mask } from '../../secrets.ts'

const readOnly = new Set(['_links', 'environment', 'id', 'createdAt', 'updatedAt', 'flowPolicies'])
const keyValue = new Set(['value'])
const clientSecret = new Set(['clientSecret'])

/** A DaVinci application. Its API key and client secret are PingOne's to make, one pair per environment. */
export const application: Kind = {
  name: 'application',
  domain: 'orchestration',
  label: { one: 'Application', many: 'Applications' },
  writable: true,
  // x-permission of the DaVinci application operations in PingOne's OpenAPI description, 2026-01.
  permissions: {
    read: ['davinci:read:applications'],
    create: ['davinci:create:applications'],
    update: ['davinci:update:applications'],
    delete: ['davinci:delete:applications'],
  },
  identify: (content) => ({ id: stringAt(content, 'id') ?? '', name: stringAt(content, 'name') ?? '' }),
  meaning: (content) => stringAt(content, 'name') ?? '',
  normalise: withoutSecrets,
  references: () => [],
  rewrite: (content) => content,
  compare: (source, destination) => fieldDifferences(source, destination, 'general'),
  toRequest: withoutSecrets,
  redact: (content) => ({
    ...content,
    ...hide(content, 'apiKey', 'value'),
    ...hide(content, 'oauth', 'clientSecret'),
  }),
  treatment: (_content, _options, need) => ({
    missing: 'create',
    different: need === 'dependency' ? 'leave' : 'update',
  }),
  followUp: (content) => [
    `PingOne makes a new API key and client secret for "${stringAt(content, 'name') ?? ''}": hand them to those who call it.`,
  ],
}

function withoutSecrets(content: JsonObject): JsonObject {
  const rest = without(content, readOnly)
  const apiKey = objectAt(rest, 'apiKey')
  const oauth = objectAt(rest, 'oauth')
  return {
    ...rest,
    ...(apiKey ? { apiKey: without(apiKey, keyValue) } : {}),
    ...(oauth ? { oauth: without(oauth, clientSecret) } : {}),
  }
}

function hide(content: JsonObject, key: string, secret: string): JsonObject {
  const holder = content[key]
  return isObject(holder) && holder[secret] !== undefined ? { [key]: { ...holder, [secret]: mask } } : {}
}
