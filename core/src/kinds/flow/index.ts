import { numberAt, stringAt } from '../../json.ts'
import type { Kind } from '../../kind.ts'
import { compare, gist } from './compare.ts'
import { nodesOf } from './graph.ts'
import { normalise } from './normalise.ts'
import { notes } from './notes.ts'
import { references } from './references.ts'
import { toRequest } from './request.ts'
import { rewrite } from './rewrite.ts'

/** A DaVinci flow: a graph of nodes that call connectors, with its settings and schemas. */
export const flow: Kind = {
  name: 'flow',
  domain: 'orchestration',
  label: { one: 'Flow', many: 'Flows' },
  writable: true,
  limit: 100,
  identify: (content) => ({ id: stringAt(content, 'id') ?? '', name: stringAt(content, 'name') ?? '' }),
  meaning: (content) => stringAt(content, 'name') ?? '',
  normalise,
  references,
  rewrite,
  compare,
  toRequest,
  redact: (content) => content,
  treatment: (_content, options, need) => ({
    missing: 'create',
    different: need !== 'dependency' || options.withSubflows ? 'update' : 'leave',
  }),
  facts: (content) => ({ nodes: String(nodesOf(content).length) }),
  gist,
  notes,
  deployment: (content) => {
    const currentVersion = numberAt(content, 'currentVersion')
    const publishedVersion = numberAt(content, 'publishedVersion')
    return {
      enabled: content.enabled !== false,
      ...(currentVersion === undefined ? {} : { currentVersion }),
      ...(publishedVersion === undefined ? {} : { publishedVersion }),
    }
  },
  placeholder: (content) => ({
    name: content.name ?? '',
    ...(content.trigger === undefined ? {} : { trigger: content.trigger }),
  }),
}
