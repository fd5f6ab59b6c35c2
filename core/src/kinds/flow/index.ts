import { arrayAt, type JsonObject, numberAt, objectAt, stringAt } from '../../json.ts'
import type { Kind } from '../../kind.ts'
import { compareFlows, flowGist } from './compare.ts'
import { normaliseFlow } from './normalise.ts'
import { flowNotes } from './notes.ts'
import { flowRequest } from './request.ts'
import { flowReferences, walkFlow } from './walk.ts'

export { flowNotes }

/** A DaVinci flow: a graph of nodes that call connectors, with settings, inputs and outputs. */
export const flow: Kind = {
  name: 'flow',
  domain: 'orchestration',
  label: { one: 'Flow', many: 'Flows' },
  writable: true,
  // x-permission of the flow operations in PingOne's OpenAPI description, 2026-01. For a deploy it names
  // davinci:create:dvFlows, while PingOne's lists of roles hold davinci:deploy:dvFlows: so both are asked for.
  permissions: {
    read: ['davinci:read:dvFlows'],
    create: ['davinci:create:dvFlows'],
    update: ['davinci:update:dvFlows'],
    delete: ['davinci:delete:dvFlows'],
    deploy: ['davinci:create:dvFlows', 'davinci:deploy:dvFlows'],
  },
  limit: 100,
  identify: (content) => ({ id: stringAt(content, 'id') ?? '', name: stringAt(content, 'name') ?? '' }),
  meaning: (content) => stringAt(content, 'name') ?? '',
  normalise: normaliseFlow,
  references: flowReferences,
  rewrite: walkFlow,
  compare: compareFlows,
  toRequest: flowRequest,
  // Flows keep no secrets in fields that are known as such.
  redact: (content) => content,
  treatment: (_content, options, need) => ({
    missing: 'create',
    different: need === 'dependency' && !options.withSubflows ? 'leave' : 'update',
  }),
  facts,
  gist: flowGist,
  notes: flowNotes,
  deployment: (content) => {
    const currentVersion = numberAt(content, 'currentVersion')
    const publishedVersion = numberAt(content, 'publishedVersion')
    return {
      enabled: content.enabled !== false,
      ...(currentVersion === undefined ? {} : { currentVersion }),
      ...(publishedVersion === undefined ? {} : { publishedVersion }),
    }
  },
  placeholder: (content) => {
    const trigger = objectAt(content, 'trigger')
    return { name: stringAt(content, 'name') ?? '', ...(trigger && trigger.type !== undefined ? { trigger } : {}) }
  },
}

function facts(content: JsonObject): Record<string, string> {
  const nodes = arrayAt(objectAt(objectAt(content, 'graphData'), 'elements'), 'nodes')
  const conditions = nodes.filter((node) => objectAt(node, 'data')?.nodeType === 'EVAL').length
  const trigger = stringAt(objectAt(content, 'trigger'), 'type')
  return {
    ...(content.graphData === undefined ? {} : { nodes: String(nodes.length - conditions) }),
    ...(trigger === undefined ? {} : { trigger }),
  }
}
