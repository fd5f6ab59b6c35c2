import type { Shapes } from '../api/client.ts'

/** What narrows the log down. Empty texts narrow nothing. */
export interface AuditSearch {
  event?: string | undefined
  outcome?: Shapes['AuditEntry']['outcome'] | undefined
  actor?: string | undefined
  text?: string | undefined
  from?: string | undefined
  until?: string | undefined
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
const outcomes = ['done', 'refused', 'failed'] as const

/** Reads the search out of the address. */
export function auditSearch(search: Record<string, unknown>): AuditSearch {
  return {
    event: text(search.event),
    outcome: outcomes.find((outcome) => outcome === search.outcome),
    actor: text(search.actor),
    text: text(search.text),
    from: text(search.from),
    until: text(search.until),
  }
}
