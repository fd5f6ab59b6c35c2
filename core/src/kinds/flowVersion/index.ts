import { type JsonObject, numberAt, objectAt, stringAt } from '../../json.ts'
import type { Kind } from '../../kind.ts'
import { flow } from '../flow/index.ts'

/** One stored version of a flow: its details hold the same parts as a flow, under the flow's id and a number. */
export const flowVersion: Kind = {
  name: 'flowVersion',
  domain: 'orchestration',
  label: { one: 'Flow version', many: 'Flow versions' },
  writable: false,
  // x-permission of the flow version operations in PingOne's OpenAPI description, 2026-01; export in the description of
  // its Go client, 2026-07. Reverting isn't described: it is taken for an update.
  permissions: {
    read: ['davinci:read:flowVersions'],
    update: ['davinci:update:flowVersions'],
    delete: ['davinci:delete:flowVersions'],
    export: ['davinci:export:flowVersions'],
  },
  limit: 100,
  identify: (content) => {
    const owner = objectAt(content, 'flow')
    const version = numberAt(content, 'version') ?? 0
    return {
      id: `${stringAt(owner, 'id') ?? ''}/${version}`,
      name: `${stringAt(owner, 'name') ?? ''} · version ${version}`,
    }
  },
  meaning: (content, stand) => `${stand('flow', ownerId(content))}/${numberAt(content, 'version') ?? 0}`,
  normalise: (content) => flow.normalise(asFlow(content)),
  references: (content) => flow.references(content),
  rewrite: (content, rewriter) => flow.rewrite(content, rewriter),
  compare: (source, destination) => flow.compare(source, destination),
  toRequest: (content) => flow.toRequest(asFlow(content)),
  redact: (content) => content,
  treatment: () => ({ missing: 'ask', different: 'leave' }),
  facts: (content) => ({ alias: stringAt(content, 'alias') ?? '' }),
}

function ownerId(content: JsonObject): string {
  return stringAt(objectAt(content, 'flow'), 'id') ?? ''
}

/** The parts that a version has in common with a flow, in the form of a flow. */
function asFlow(content: JsonObject): JsonObject {
  const { flow: owner, version: _version, alias: _alias, clonedFrom: _from, updates: _updates, ...rest } = content
  const name = stringAt(owner, 'name')
  return name === undefined || rest.name !== undefined ? rest : { ...rest, name }
}
