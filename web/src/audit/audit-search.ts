import type { Shapes } from '../api/client.ts'

/** What narrows the log down. Empty texts narrow nothing. */
export interface AuditSearch {
  event?: string | undefined
  outcome?: Shapes['AuditEntry']['outcome'] | undefined
  actor?: string | undefined
  text?: string | undefined
  /** Days, such as `2026-03-01`: `from` is the source that the app is pointed at. */
  fromDay?: string | undefined
  untilDay?: string | undefined
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
const day = (value: unknown): string | undefined =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value)) ? value : undefined
const outcomes = ['done', 'refused', 'failed'] as const

/** Reads the search out of the address. */
export function auditSearch(search: Record<string, unknown>): AuditSearch {
  return {
    event: text(search.event),
    outcome: outcomes.find((outcome) => outcome === search.outcome),
    actor: text(search.actor),
    text: text(search.text),
    fromDay: day(search.fromDay),
    untilDay: day(search.untilDay),
  }
}
