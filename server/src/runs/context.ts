import {
  type Artifact,
  comparisonOf,
  type Difference,
  fingerprint,
  type IdMapping,
  type JsonObject,
  type KindName,
  kindOf,
  type Operation,
  type PlaceWriter,
  type Plan,
  type ReadOptions,
  rewriteWith,
} from '@flightiq/core'
import { ProblemError } from '../problems/problem-error.ts'
import type { Journal } from './journal.ts'
import type { OperationRow } from './store.ts'

export type JournalEntry = Omit<OperationRow, 'backup'>

/** What carrying out an operation works with. */
export interface RunContext {
  tenantId: string
  plan: Plan
  place: PlaceWriter
  journal: Journal
  /** For every call of the place: it ends when the run is no longer this process's own. */
  calls: ReadOptions
  /** Source id → destination id: the plan's, and what this run has created so far. */
  mapping: IdMapping
  entries: ReadonlyMap<string, JournalEntry>
  /** Ids of the destination, by kind, as they were before anything was sent. */
  known: Readonly<Record<string, string[]>>
  /** The run was stopped once before: others may have changed the destination since. */
  resumed: boolean
  /** The destination's artifacts of a kind, as its list gives them; asked once unless `again`. */
  listed(kind: KindName, again?: boolean): Promise<Artifact[]>
  /** What an operation replaced in an earlier attempt. */
  backupOf(operationId: string): Promise<JsonObject | undefined>
}

/** The content that an operation writes, with the destination's ids. Throws a ProblemError PLAN_INVALID without any. */
export function contentFor({ kind, content, name }: Operation, mapping: IdMapping): JsonObject {
  if (content) return kindOf(kind).rewrite(content, rewriteWith(mapping))
  throw new ProblemError({
    status: 422,
    code: 'PLAN_INVALID',
    detail: `The plan has no content for "${name}".`,
    nextStep: 'Make a new plan.',
  })
}

/** The destination artifact that an operation is about. Throws a ProblemError PLAN_INVALID when nothing made it. */
export function destinationIdFor({ kind, sourceId, destinationId, name }: Operation, mapping: IdMapping): string {
  const id = destinationId ?? mapping[kind]?.[sourceId]
  if (id !== undefined) return id
  throw new ProblemError({
    status: 422,
    code: 'PLAN_INVALID',
    detail: `The plan doesn't create "${name}" before it changes it.`,
    nextStep: 'Make a new plan.',
  })
}

/** What differs between what was to be written and what is there, as far as writing could mend it. */
export function remainingDifferences(kindName: KindName, wanted: JsonObject, found: JsonObject): Difference[] {
  const kind = kindOf(kindName)
  const form = (content: JsonObject) => kind.normalise(kind.toRequest(content))
  return kind.compare(form(wanted), form(found)).filter((difference) => kind.mendable?.(difference) ?? true)
}

/** Whether what is there is what was to be written. */
export function isWritten(kindName: KindName, wanted: JsonObject, found: JsonObject): boolean {
  return remainingDifferences(kindName, wanted, found).length === 0
}

/** The fingerprint of content as it is kept: without secrets, so that backups have the same. */
export function fingerprintOf(kind: KindName, content: JsonObject): string {
  return fingerprint(kind, kindOf(kind).redact(content))
}

/** One line on what differs. */
export function gistOf(kind: KindName, differences: Difference[]): string {
  return comparisonOf(kind, differences).gist
}
