import type { AuditEntry } from '../contract/audit.ts'

/** The forms of an export. */
export const exportFormats = {
  jsonl: { contentType: 'application/x-ndjson; charset=utf-8', write: jsonLines },
  csv: { contentType: 'text/csv; charset=utf-8', write: commaSeparated },
} as const

export type ExportFormat = keyof typeof exportFormats

/** One entry of JSON on each line. */
async function* jsonLines(entries: AsyncIterable<AuditEntry>): AsyncGenerator<string> {
  for await (const entry of entries) yield `${JSON.stringify(entry)}\n`
}

const columns: Record<string, (entry: AuditEntry) => string | number | undefined> = {
  sequence: ({ sequence }) => sequence,
  at: ({ at }) => at,
  event: ({ event }) => event,
  outcome: ({ outcome }) => outcome,
  actorKind: ({ actor }) => actor.kind,
  actorId: ({ actor }) => actor.id,
  actorName: ({ actor }) => actor.name,
  from: ({ from }) => from,
  tenantId: ({ tenantId }) => tenantId,
  environmentId: ({ environmentId }) => environmentId,
  subjectKind: ({ subject }) => subject?.kind,
  subjectId: ({ subject }) => subject?.id,
  subjectName: ({ subject }) => subject?.name,
  requestId: ({ requestId }) => requestId,
  planHash: ({ planHash }) => planHash,
  beforeHash: ({ beforeHash }) => beforeHash,
  afterHash: ({ afterHash }) => afterHash,
  details: ({ details }) => details && JSON.stringify(details),
  previous: ({ previous }) => previous,
  hash: ({ hash }) => hash,
}

/** Comma-separated values (RFC 4180) with a line of names. */
async function* commaSeparated(entries: AsyncIterable<AuditEntry>): AsyncGenerator<string> {
  yield `${Object.keys(columns).join(',')}\r\n`
  for await (const entry of entries) {
    const cells = Object.values(columns).map((column) => cell(column(entry)))
    yield `${cells.join(',')}\r\n`
  }
}

/** A cell that no spreadsheet takes for a formula: an apostrophe goes before what begins like one. */
function cell(value: string | number | undefined): string {
  if (value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const safe = /^\s*[=+\-@]|^\s/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
