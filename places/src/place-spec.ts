import { PlaceError } from './errors.ts'

/** A place as people write it, taken apart. */
export type PlaceSpec = { type: 'environment' /** Name or id. */; environment: string } | { type: 'file'; path: string }

const ways = 'Write env:<environment name or id> or file:<export.json>.'

/** What the sorts of place that can't be read yet are, and what to use meanwhile. */
const notYet: Record<string, string> = {
  dir: "A folder of artifacts can't be read yet. Export the flows to one file and write file:<export.json>.",
  git: "A Git repository can't be read yet. Check it out and write file:<export.json> for an export in it.",
  snapshot: "A snapshot can't be read yet. Export the flows to a file and write file:<export.json>.",
}

/**
 * Takes apart `env:Production`, `file:flows.json`. Throws a PlaceError with code PLACE_SPEC_INVALID, or
 * PLACE_NOT_SUPPORTED for `dir:`, `git:` and `snapshot:`.
 */
export function parsePlaceSpec(text: string): PlaceSpec {
  const [, scheme = '', rest = ''] = /^([a-z]+):(.*)$/s.exec(text.trim()) ?? []
  const instead = Object.hasOwn(notYet, scheme) ? notYet[scheme] : undefined
  if (instead !== undefined) {
    const [problem = '', ...next] = instead.split(/(?<=\.) /)
    throw new PlaceError({ code: 'PLACE_NOT_SUPPORTED', message: problem, nextStep: next.join(' ') })
  }
  const value = rest.trim()
  if (scheme === 'env' && value !== '') return { type: 'environment', environment: value }
  if (scheme === 'file' && value !== '') return { type: 'file', path: value }
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text
  const problem = scheme !== 'env' && scheme !== 'file' ? 'says no sort of place' : 'names nothing after the colon'
  throw new PlaceError({ code: 'PLACE_SPEC_INVALID', message: `The place "${shown}" ${problem}.`, nextStep: ways })
}
