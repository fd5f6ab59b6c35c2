import { type SelectQueryBuilder, sql } from 'kysely'
import type { Caller } from '../authorization/caller.ts'
import { may } from '../authorization/permissions.ts'
import { type AuditEntry, type AuditFilter, auditEntrySchema } from '../contract/audit.ts'
import type { Database } from '../storage/database.ts'
import type { Tables } from '../storage/tables.ts'

const pageSize = 500

/** What somebody may see of the log: all of it, or what belongs to tenants and environments. */
export type AuditView = 'all' | readonly { tenantId: string; environmentId?: string | undefined }[]

/** What a caller may see of the log: administrators see what they administer. */
export function viewOf(caller: Caller): AuditView {
  if (may(caller, 'configure', {})) return 'all'
  return caller.roles.flatMap(({ tenantId, environmentId }) =>
    tenantId !== undefined && may(caller, 'configure', { tenantId, environmentId })
      ? [{ tenantId, environmentId }]
      : [],
  )
}

/** Entries that pass a filter, newest first, below a sequence. */
export async function newestEntries(
  database: Database,
  view: AuditView,
  filter: AuditFilter & { before?: number | undefined; limit: number },
): Promise<{ entries: AuditEntry[]; more: boolean }> {
  const { before, limit } = filter
  let query = matching(database, view, filter).orderBy('sequence', 'desc')
  if (before !== undefined) query = query.where('sequence', '<', String(before))
  const rows = await query.limit(limit + 1).execute()
  return { entries: rows.slice(0, limit).map(entryOf), more: rows.length > limit }
}

/** All entries that pass a filter up to a sequence, oldest first, read page by page. */
export async function* oldestEntries(
  database: Database,
  view: AuditView,
  filter: AuditFilter,
  until: number,
): AsyncGenerator<AuditEntry> {
  let after = 0
  for (;;) {
    const rows = await matching(database, view, filter)
      .where('sequence', '>', String(after))
      .where('sequence', '<=', String(until))
      .orderBy('sequence')
      .limit(pageSize)
      .execute()
    for (const row of rows) yield entryOf(row)
    const last = rows.at(-1)
    if (!last || rows.length < pageSize) return
    after = Number(last.sequence)
  }
}

/** The sequence of the last entry; 0 when there is none. */
export async function lastSequence(database: Database): Promise<number> {
  const { last } = await database
    .selectFrom('audit_entries')
    .select(({ fn }) => fn.max<string | null>('sequence').as('last'))
    .executeTakeFirstOrThrow()
  return Number(last ?? 0)
}

type Matching = SelectQueryBuilder<Tables, 'audit_entries', { sequence: string; entry: string; hash: string }>

function matching(database: Database, view: AuditView, filter: AuditFilter): Matching {
  const { tenantId, event, outcome, actor, text, from, until } = filter
  let query: Matching = database.selectFrom('audit_entries').select(['sequence', 'entry', 'hash'])
  if (view !== 'all') query = query.where((where) => where.or(view.map((seen) => where.and(columnsOf(seen)))))
  if (tenantId !== undefined) query = query.where('tenant_id', '=', tenantId.toLowerCase())
  if (event?.endsWith('.')) query = query.where('event', 'like', `${escaped(event)}%`)
  else if (event) query = query.where('event', '=', event)
  if (outcome !== undefined) query = query.where('outcome', '=', outcome)
  if (actor) {
    query = query.where((where) => where.or([where('actor_id', '=', actor), where('actor_name', 'ilike', part(actor))]))
  }
  if (text) query = query.where(sql<boolean>`entry ILIKE ${part(JSON.stringify(text).slice(1, -1))}`)
  if (from !== undefined) query = query.where('at', '>=', new Date(from))
  if (until !== undefined) query = query.where('at', '<=', new Date(until))
  return query
}

function columnsOf({ tenantId, environmentId }: Exclude<AuditView, 'all'>[number]) {
  return { tenant_id: tenantId, ...(environmentId === undefined ? {} : { environment_id: environmentId }) }
}

/** The pattern of a text anywhere in another. */
function part(text: string): string {
  return `%${escaped(text)}%`
}

function escaped(text: string): string {
  return text.replaceAll(/[\\%_]/g, '\\$&')
}

/** An entry that was tampered with so that it is none any more is for `verify` to tell; here it must not hide others. */
function entryOf({ sequence, entry, hash }: { sequence: string; entry: string; hash: string }): AuditEntry {
  const parsed = auditEntrySchema.omit({ hash: true }).safeParse(jsonIn(entry))
  if (parsed.success) return { ...parsed.data, hash }
  return {
    sequence: Number(sequence),
    at: '',
    event: 'audit.unreadable',
    outcome: 'failed',
    actor: { kind: 'unknown', id: 'unknown', name: 'Unknown' },
    from: '',
    previous: '',
    hash,
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
