import { type JsonObject, stringAt } from '../../json.ts'
import type { Kind } from '../../kind.ts'
import { fieldDifferences, without } from '../../properties.ts'

const volatile = new Set(['_links', 'environment', 'createdAt', 'updatedAt', 'metadata', 'version'])

/** A connector of the catalogue: the same in every environment, and never written. */
export const connector: Kind = {
  name: 'connector',
  domain: 'orchestration',
  label: { one: 'Connector', many: 'Connectors' },
  writable: false,
  // x-permission of the connector operations in PingOne's OpenAPI description, 2026-01.
  permissions: { read: ['davinci:read:connectors'] },
  identify: (content) => ({
    id: stringAt(content, 'id') ?? '',
    name: stringAt(content, 'name') ?? stringAt(content, 'id') ?? '',
  }),
  meaning: (content) => stringAt(content, 'id') ?? '',
  normalise: (content) => without(content, volatile),
  references: () => [],
  rewrite: (content) => content,
  compare: (source, destination) => fieldDifferences(source, destination, 'general'),
  toRequest: (content) => content,
  redact: (content) => content,
  treatment: () => ({ missing: 'ask', different: 'leave' }),
  facts: (content) => {
    const metadata = content.metadata as JsonObject | undefined
    return { id: stringAt(content, 'id') ?? '', type: stringAt(metadata, 'type') ?? '' }
  },
}
