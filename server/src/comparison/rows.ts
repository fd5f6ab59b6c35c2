import {
  type Artifact,
  arrayAt,
  type Comparison,
  comparePair,
  type Inventory,
  kindOf,
  type Matching,
  type MatchState,
  objectAt,
  type Pair,
  stateOf,
  stringAt,
} from '@flightiq/core'
import type { ComparisonRow } from '../contract/comparison.ts'

/** What a comparison works on. */
export interface Sides {
  source: Inventory
  destination: Inventory
  matching: Matching
}

/** One row of a comparison: which artifacts stand for each other, and how they stand. */
export function rowOf(pair: Pair, comparison: Comparison | undefined, sides: Sides): ComparisonRow {
  const state: MatchState = comparison?.state ?? stateOf(pair) ?? 'identical'
  return {
    kind: pair.kind,
    state,
    ...(pair.source ? { source: sideOf(pair.source) } : {}),
    ...(pair.destination ? { destination: sideOf(pair.destination) } : {}),
    ...(pair.basis ? { basis: pair.basis } : {}),
    ...(pair.candidates ? { candidates: named(pair, sides) } : {}),
    gist: comparison?.gist ?? '',
    layoutOnly: comparison?.layoutOnly ?? false,
  }
}

/** Compares a pair when both sides are there and decided; undefined otherwise. */
export function compareSides(pair: Pair, { matching, source, destination }: Sides): Comparison | undefined {
  return stateOf(pair) === undefined ? comparePair(pair, matching, source, destination) : undefined
}

/** Whether a pair is worth a row: what is known only from what refers to it has no content to compare. */
export function isShown({ source, destination }: Pair): boolean {
  return !source?.implied && !destination?.implied
}

function sideOf({ kind, id, name, content }: Artifact): NonNullable<ComparisonRow['source']> {
  const { deployment, facts, redact } = kindOf(kind)
  const updatedAt = stringAt(content, 'updatedAt')
  const deployed = deployment?.(content)
  const known = facts?.(redact(content))
  const nodes = arrayAt(objectAt(objectAt(content, 'graphData'), 'elements'), 'nodes')
  return {
    id,
    name,
    ...(updatedAt === undefined ? {} : { updatedAt }),
    ...(deployed?.currentVersion === undefined ? {} : { version: deployed.currentVersion }),
    ...(deployed?.publishedVersion === undefined ? {} : { publishedVersion: deployed.publishedVersion }),
    ...(deployed ? { enabled: deployed.enabled, nodes: nodes.length } : {}),
    ...(known ? { facts: known } : {}),
  }
}

function named(pair: Pair, sides: Sides): { id: string; name: string }[] {
  const side = pair.source ? sides.destination : sides.source
  return (pair.candidates ?? []).map(({ kind, id }) => ({ id, name: side.get(kind, id)?.name ?? id }))
}
