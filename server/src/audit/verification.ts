import { type Json, jsonObjectSchema } from '@flightiq/core'
import type { AuditVerification } from '../contract/audit.ts'
import type { Signer } from '../secrets/signing.ts'
import type { Database } from '../storage/database.ts'
import { beginning, type ChainEnd, chainBroken, exactly, type Head, hashOf, readHead } from './chain.ts'

type Fault = NonNullable<AuditVerification['fault']>

const pageSize = 500

/**
 * Walks the whole chain and holds it against its head, and the head against checkpoints that were noted outside of the
 * database. Tells the first thing that is wrong. Entries that are added meanwhile are left to the next time.
 */
export async function verifyChain(
  database: Database,
  signer: Signer,
  checkpoints: readonly ChainEnd[],
): Promise<AuditVerification> {
  const { head, lastSequence } = await standing(database, signer)
  const bound = head?.signed ? head.sequence : lastSequence
  const noted = new Map(checkpoints.map(({ sequence }) => [sequence, undefined as string | undefined]))
  let end: ChainEnd = beginning
  let entries = 0
  let broken: Fault | undefined
  for await (const row of rowsUpTo(database, bound)) {
    const { fault, entry } = check(row, end)
    if (fault) return { ok: false, entries, ...headIn(head), fault }
    if (!broken && row.event === chainBroken) broken = brokenBefore(row, entry)
    end = { sequence: row.sequence, hash: row.hash }
    entries += 1
    if (noted.has(row.sequence)) noted.set(row.sequence, row.hash)
  }
  const fault = broken ?? headFault(head, end, lastSequence) ?? checkpointFault(checkpoints, noted, end)
  return { ok: fault === undefined, entries, ...headIn(head), ...(fault ? { fault } : {}) }
}

interface Row {
  sequence: number
  at: string
  event: string
  outcome: string
  actor_id: string
  actor_name: string
  tenant_id: string | null
  environment_id: string | null
  entry: string
  previous: string
  hash: string
}

/** The head and the last entry as they stood at one moment: both are written in one transaction. */
async function standing(database: Database, signer: Signer): Promise<{ head: Head | undefined; lastSequence: number }> {
  return database
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (transaction) => {
      const head = await readHead(transaction, signer)
      const { last } = await transaction
        .selectFrom('audit_entries')
        .select(({ fn }) => fn.max<string | null>('sequence').as('last'))
        .executeTakeFirstOrThrow()
      return { head, lastSequence: Number(last ?? 0) }
    })
}

async function* rowsUpTo(database: Database, bound: number): AsyncGenerator<Row> {
  // What stands before the beginning was put there by others.
  let after: number | undefined
  for (;;) {
    const rows = await database
      .selectFrom('audit_entries')
      .select(['sequence', 'event', 'outcome', 'actor_id', 'actor_name', 'tenant_id', 'environment_id'])
      .select(['entry', 'previous', 'hash', exactly('at').as('at')])
      .where('sequence', '<=', String(bound))
      .$if(after !== undefined, (query) => query.where('sequence', '>', String(after)))
      .orderBy('sequence')
      .limit(pageSize)
      .execute()
    for (const row of rows) {
      after = Number(row.sequence)
      yield { ...row, sequence: after }
    }
    if (rows.length < pageSize) return
  }
}

function check(row: Row, before: ChainEnd): { fault?: Fault; entry?: Record<string, Json> } {
  const { sequence } = row
  const wanted = before.sequence + 1
  if (sequence < wanted) return { fault: changed(sequence, 'It stands before the beginning of the log.') }
  const whole = hashOf(row.entry) === row.hash
  const entry = parsed(row.entry)
  if (whole && entry && typeof entry.sequence === 'number' && entry.sequence !== sequence) {
    const explanation = `Entry ${sequence} is out of order: it was written as entry ${entry.sequence}.`
    return { fault: { sequence, kind: 'reordered', explanation } }
  }
  if (sequence > wanted) return { fault: missing(wanted, sequence - 1) }
  if (!whole || !entry) return { fault: changed(sequence, 'Its text does not have the hash that it was written with.') }
  if (entry.previous !== before.hash) {
    if (before.sequence === 0) return { fault: changed(sequence, 'It was not written as the first one.') }
    return { fault: changed(before.sequence, `It is not the one that entry ${sequence} was written after.`) }
  }
  const column = differingColumn(row, entry)
  if (column) return { fault: changed(sequence, `Its column ${column} says something else than its text.`) }
  return { entry }
}

/** Columns repeat what is in the text, for searching. */
function differingColumn(row: Row, entry: Record<string, Json>): string | undefined {
  const actor = jsonObjectSchema.safeParse(entry.actor).data ?? {}
  const at = typeof entry.at === 'string' ? entry.at.replace(/Z$/, '000Z') : undefined
  const columns: [keyof Row, Json | undefined][] = [
    ['at', at],
    ['event', entry.event],
    ['outcome', entry.outcome],
    ['actor_id', actor.id],
    ['actor_name', actor.name],
    ['tenant_id', entry.tenantId ?? null],
    ['environment_id', entry.environmentId ?? null],
    ['previous', entry.previous],
  ]
  return columns.find(([name, value]) => row[name] !== value)?.[0]
}

function headFault(head: Head | undefined, end: ChainEnd, lastSequence: number): Fault | undefined {
  const forged = (explanation: string): Fault => ({ kind: 'headForged', explanation })
  if (!head) {
    const explanation = `The log has entries up to ${end.sequence}, but its head is gone.`
    return lastSequence === 0 ? undefined : forged(explanation)
  }
  if (!head.signed) {
    if (lastSequence === 0 && head.sequence === 0) return undefined
    return forged('The head of the log was not signed by this installation, so that nothing vouches for its end.')
  }
  if (lastSequence > head.sequence) {
    return forged(
      `The head of the log was set back to entry ${head.sequence}; there are entries up to ${lastSequence}.`,
    )
  }
  if (end.sequence < head.sequence) return truncated(end.sequence + 1, head.sequence)
  if (end.hash !== head.hash) return changed(end.sequence, 'It is not the entry that the signed head tells of.')
  return undefined
}

function checkpointFault(
  checkpoints: readonly ChainEnd[],
  noted: ReadonlyMap<number, string | undefined>,
  end: ChainEnd,
): Fault | undefined {
  for (const { sequence, hash } of checkpoints) {
    if (sequence > end.sequence) return truncated(end.sequence + 1, sequence)
    if (noted.get(sequence) === hash) continue
    const explanation = `Entry ${sequence} is not the one that was noted outside of the database: the log was written anew.`
    return { sequence, kind: 'checkpointDiffers', explanation }
  }
  return undefined
}

function brokenBefore({ sequence, at }: Row, entry: Record<string, Json> | undefined): Fault {
  const { found } = jsonObjectSchema.safeParse(entry?.details).data ?? {}
  const noticed = typeof found === 'string' ? `: ${found}` : ''
  const explanation = `On ${at} FlightIQ noticed that the end of the log had been tampered with${noticed}. What stands before entry ${sequence} can't be vouched for.`
  return { sequence, kind: 'headForged', explanation }
}

function changed(sequence: number, why: string): Fault {
  return { sequence, kind: 'changed', explanation: `Entry ${sequence} was changed. ${why}` }
}

function missing(from: number, to: number): Fault {
  const which = from === to ? `Entry ${from} is` : `Entries ${from} to ${to} are`
  return { sequence: from, kind: 'missing', explanation: `${which} missing.` }
}

function truncated(from: number, to: number): Fault {
  const which = from === to ? `entry ${from} is` : `entries ${from} to ${to} are`
  return { sequence: from, kind: 'truncated', explanation: `The end of the log was cut off: ${which} gone.` }
}

function headIn(head: Head | undefined): Pick<AuditVerification, 'head'> {
  return head ? { head: { sequence: head.sequence, hash: head.hash } } : {}
}

function parsed(text: string): Record<string, Json> | undefined {
  try {
    return jsonObjectSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
