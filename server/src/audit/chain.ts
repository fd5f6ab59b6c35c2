import { createHash } from 'node:crypto'
import { canonical, type Json } from '@flightiq/core'
import { type RawBuilder, sql } from 'kysely'
import type { Signer } from '../secrets/signing.ts'
import type { Database } from '../storage/database.ts'
import { thisProcess } from './entry.ts'
import { type RecordableEntry, recordable } from './recordable.ts'

/** Where the chain stands: its last entry. */
export interface ChainEnd {
  sequence: number
  hash: string
}

/** The head as it is stored, and whether FlightIQ signed it. */
export interface Head extends ChainEnd {
  signed: boolean
}

/** What the first entry follows. */
export const beginning: ChainEnd = { sequence: 0, hash: '0'.repeat(64) }

/**
 * The event that tells of a head that FlightIQ did not sign, or that entries stand beyond. What was noticed is written
 * into the chain itself, so that no later, good head hides it.
 */
export const chainBroken = 'audit.chainBroken'

const purpose = 'audit head'

/**
 * Adds entries to the end of the chain, within a transaction. The lock on the head puts all processes that share the
 * database in line: no gap, no fork. Returns the new end.
 */
export async function append(
  transaction: Database,
  signer: Signer,
  entries: readonly RecordableEntry[],
): Promise<ChainEnd> {
  const { end, fault } = await lockEnd(transaction, signer)
  const added = fault === undefined ? entries : [brokenEntry(fault), ...entries]
  let last = end
  const rows = added.map((entry) => {
    const sequence = last.sequence + 1
    const previous = last.hash
    const text = canonical({ ...entry, sequence, previous } as unknown as Json)
    last = { sequence, hash: hashOf(text) }
    return {
      sequence,
      at: entry.at,
      event: entry.event,
      outcome: entry.outcome,
      actor_id: entry.actor.id,
      actor_name: entry.actor.name,
      tenant_id: entry.tenantId ?? null,
      environment_id: entry.environmentId ?? null,
      entry: text,
      previous,
      hash: last.hash,
    }
  })
  await transaction.insertInto('audit_entries').values(rows).execute()
  const updatedAt = new Date().toISOString()
  const { keyVersion, signature } = signer.sign(purpose, signedText(last, `${updatedAt.slice(0, -1)}000Z`))
  await transaction
    .updateTable('audit_head')
    .set({ ...last, key_version: keyVersion, signature, updated_at: updatedAt })
    .execute()
  return last
}

/** SHA-256 of an entry's text. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** The head, or undefined when there is none. */
export async function readHead(database: Database, signer: Signer): Promise<Head | undefined> {
  const row = await selectHead(database).executeTakeFirst()
  return row && headOf(row, signer)
}

/** A point in time as text, every digit that the database has: a Date would lose some. */
export function exactly(column: string): RawBuilder<string> {
  return sql<string>`to_char(${sql.ref(column)} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
}

async function lockEnd(transaction: Database, signer: Signer): Promise<{ end: ChainEnd; fault?: string }> {
  let row = await selectHead(transaction).forUpdate().executeTakeFirst()
  if (!row) {
    await transaction
      .insertInto('audit_head')
      .values({ id: 1, ...beginning, key_version: '', signature: '', updated_at: new Date() })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute()
    row = await selectHead(transaction).forUpdate().executeTakeFirstOrThrow()
  }
  const head = headOf(row, signer)
  const last = await transaction
    .selectFrom('audit_entries')
    .select(['sequence', 'hash'])
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst()
  const lastEntry = last ? { sequence: Number(last.sequence), hash: last.hash } : beginning
  if (head.signed) {
    // What was cut off stays a gap: the chain goes on where it was.
    if (lastEntry.sequence <= head.sequence) return { end: { sequence: head.sequence, hash: head.hash } }
    return { end: lastEntry, fault: `entries up to ${lastEntry.sequence} stood beyond a head at ${head.sequence}` }
  }
  if (!last && head.sequence === 0) return { end: beginning }
  return { end: lastEntry, fault: `the head at ${head.sequence} was not signed by this installation` }
}

function brokenEntry(found: string): RecordableEntry {
  const entry = { event: chainBroken, outcome: 'failed', actor: thisProcess, details: { found } } as const
  return recordable(entry, new Date())
}

function selectHead(database: Database) {
  return database
    .selectFrom('audit_head')
    .select(['sequence', 'hash', 'key_version', 'signature', exactly('updated_at').as('updated')])
}

type HeadRow = { sequence: string; hash: string; key_version: string; signature: string; updated: string }

function headOf(row: HeadRow, signer: Signer): Head {
  const end = { sequence: Number(row.sequence), hash: row.hash }
  const signature = { keyVersion: row.key_version, signature: row.signature }
  return { ...end, signed: signer.verify(purpose, signedText(end, row.updated), signature) }
}

function signedText({ sequence, hash }: ChainEnd, updatedAt: string): string {
  return `${sequence} ${hash} ${updatedAt}`
}
