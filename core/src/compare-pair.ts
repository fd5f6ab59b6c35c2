import { createHash } from 'node:crypto'
import type { Artifact, Inventory, KindName } from './artifact.ts'
import type { Comparison, Difference, MatchState } from './difference.ts'
import { type Json, type JsonObject, objectAt, stringAt } from './json.ts'
import type { Rewriter } from './kind.ts'
import { kindOf } from './kinds/registry.ts'
import type { Matching, Pair } from './matching.ts'
import type { Plan } from './plan.ts'

/** Ids of the source and what they are called in the destination, by kind. */
export type IdMapping = Plan['mapping']

/** A rewriter that replaces ids by a mapping. Ids it doesn't know stay as they are. */
export function rewriteWith(mapping: IdMapping): Rewriter {
  return (reference) => {
    if (reference.by !== 'id') return undefined
    // An environment's id is replaced only where it is the whole value: within texts a person decides.
    if (reference.kind === 'environment' && reference.spot !== 'value') return undefined
    const known = mapping[reference.kind]
    return known && Object.hasOwn(known, reference.target) ? known[reference.target] : undefined
  }
}

/** How a pair stands without looking into it: undefined where both sides are there and have to be compared. */
export function stateOf(pair: Pair): MatchState | undefined {
  if (pair.candidates) return 'ambiguous'
  if (!pair.destination) return 'onlyInSource'
  return pair.source ? undefined : 'onlyInDestination'
}

/**
 * Compares a pair: the source's references are first translated to the destination's ids, so that ids which differ
 * only by environment are no difference. A pair with one side only has no differences to list. With the inventories,
 * differences name what they refer to.
 */
export function comparePair(pair: Pair, matching: Matching, from?: Inventory, to?: Inventory): Comparison {
  const { source, destination } = pair
  if (!source || !destination) return comparisonOf(pair.kind, [])
  const kind = kindOf(pair.kind)
  const translated = kind.rewrite(source.content, translation(matching, source, destination, from, to))
  const nameOf = (of: KindName, id: string) => (to?.get(of, id) ?? from?.get(of, id))?.name
  return comparisonOf(pair.kind, kind.compare(kind.normalise(translated), kind.normalise(destination.content), nameOf))
}

/** The rewriter that says what a reference of the source artifact is called beside the destination artifact. */
function translation(
  matching: Matching,
  source: Artifact,
  destination: Artifact,
  sources?: Inventory,
  destinations?: Inventory,
): Rewriter {
  const from = environmentOf(source.content)
  const to = environmentOf(destination.content)
  let called: Map<string, string | undefined> | undefined
  const rewriter: Rewriter = (reference) => {
    if (reference.by !== 'id') return undefined
    if (reference.kind === 'environment') {
      return reference.spot === 'value' && reference.target === from ? to : undefined
    }
    const known = matching.destinationId(reference.kind as KindName, reference.target)
    if (known !== undefined || reference.kind !== 'flow' || reference.label === undefined || from === to) return known
    // Not in the source: what the spot calls it is all that tells which flow is meant.
    if (matching.pairOf('flow', reference.target) || sources?.get('flow', reference.target)) return undefined
    called ??= flowsCalled(destination, destinations)
    return called.get(reference.label)
  }
  return Object.assign(rewriter, { comparing: true })
}

/** The ids of the flows that an artifact refers to, by name; undefined where two have the same. */
function flowsCalled({ kind, content }: Artifact, inventory?: Inventory): Map<string, string | undefined> {
  const ids = new Map<string, string | undefined>()
  for (const { kind: of, target, label } of kindOf(kind).references(content)) {
    const name = of === 'flow' ? (inventory?.get('flow', target)?.name ?? label) : undefined
    if (name !== undefined) ids.set(name, ids.has(name) && ids.get(name) !== target ? undefined : target)
  }
  return ids
}

/** The environment that content was read from (`environment.id`). */
export function environmentOf(content: JsonObject): string | undefined {
  return stringAt(objectAt(content, 'environment'), 'id')
}

/** Wraps differences with their gist. */
export function comparisonOf(kindName: KindName, differences: Difference[]): Comparison {
  const kind = kindOf(kindName)
  return {
    state: differences.length === 0 ? 'identical' : 'different',
    differences,
    gist: kind.gist ? kind.gist(differences) : gistOf(differences),
    layoutOnly: differences.length > 0 && differences.every((difference) => difference.change === 'moved'),
  }
}

function gistOf(differences: readonly Difference[]): string {
  const names = differences.map(({ label }) => `${label.charAt(0).toLowerCase()}${label.slice(1)}`)
  if (names.length === 0) return ''
  const shown = names.slice(0, 3).join(', ')
  return names.length > 3
    ? `${shown} and ${names.length - 3} more differ`
    : `${shown} differ${names.length === 1 ? 's' : ''}`
}

/** A hash of an artifact's comparable form: equal exactly when comparing would find nothing. */
export function fingerprint(kind: KindName, content: JsonObject): string {
  return createHash('sha256')
    .update(canonical(kindOf(kind).normalise(content)))
    .digest('hex')
}

/** JSON text with the keys of every object in order. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key] as Json)}`)
  return `{${entries.join(',')}}`
}
