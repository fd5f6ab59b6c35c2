import type { JsonObject } from '@flightiq/core'
import { sql } from 'kysely'
import type { NewAuditEntry } from '../audit/entry.ts'
import type { AuditService } from '../audit/service.ts'
import type { Problem } from '../contract/problem.ts'
import type { Run } from '../contract/runs.ts'
import type { Database } from '../storage/database.ts'
import type { RunRow } from './store.ts'

/** Another process has taken the run over: this one must not touch it any more. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError'
}

/** What is known after an operation was carried out. */
export interface OperationResult {
  destinationId: string
  note?: string | undefined
  /** Fingerprint of what PingOne answered to the write. */
  written?: string | undefined
}

/** How a run ends, or is let go of so that another process takes it up (interrupted). */
export type EndState = 'done' | 'failed' | 'cancelled' | 'interrupted'

/** What is known at the end of a run. */
export interface RunResult {
  problem?: Problem | undefined
  verification?: Run['verification']
}

/**
 * The journal of a run, held by one process at a time. Each entry is written only while the lease is still this
 * process's own, in the same transaction: one that was paused for long can't overwrite what its successor wrote.
 */
export class Journal {
  readonly runId: string
  readonly token: number
  readonly #database: Database
  readonly #leaseSeconds: number
  readonly #audit: AuditService
  #validUntil: number

  private constructor(database: Database, audit: AuditService, runId: string, token: number, leaseSeconds: number) {
    this.#database = database
    this.#audit = audit
    this.runId = runId
    this.token = token
    this.#leaseSeconds = leaseSeconds
    this.#validUntil = performance.now() + leaseSeconds * 1000
  }

  /** Takes a run that nobody holds. Undefined when another process has it, or it isn't to be carried out. */
  static async claim(
    database: Database,
    audit: AuditService,
    runId: string,
    owner: string,
    leaseSeconds: number,
  ): Promise<Journal | undefined> {
    const claimed = await database
      .updateTable('runs')
      .set({
        state: 'running',
        lease_owner: owner,
        lease_token: sql<number>`lease_token + 1`,
        lease_until: inSeconds(leaseSeconds),
        started_at: sql<Date>`coalesce(started_at, now())`,
        revision: sql<number>`revision + 1`,
      })
      .where('id', '=', runId)
      .where('state', 'in', ['queued', 'running', 'interrupted'])
      .where((where) => where.or([where('lease_until', 'is', null), where('lease_until', '<', sql<Date>`now()`)]))
      .returning('lease_token')
      .executeTakeFirst()
    return claimed && new Journal(database, audit, runId, claimed.lease_token, leaseSeconds)
  }

  /** Prolongs the lease. Tells whether the run is to be cancelled. Throws a LeaseLostError. */
  async renew(): Promise<{ cancelRequested: boolean }> {
    const row = await this.#touch(this.#database, {})
    return { cancelRequested: row.cancel_requested }
  }

  /** Keeps the ids of the destination as they were before anything was sent. */
  async known(ids: Record<string, string[]>): Promise<void> {
    await this.#touch(this.#database, { known: JSON.stringify(ids) })
  }

  /**
   * An operation is about to be sent, with what it will replace. Throws a LeaseLostError, also when the entry took so
   * long that the lease may have ended meanwhile: then nothing must be sent.
   */
  async sending(operationId: string, backup: JsonObject | undefined): Promise<void> {
    await this.#entry(operationId, {
      state: 'sending',
      attempted: true,
      started_at: sql<Date>`coalesce(started_at, now())`,
      ended_at: null,
      problem: null,
      ...(backup ? { backup: sql<string>`coalesce(backup, ${JSON.stringify(backup)})` } : {}),
    })
    if (performance.now() > this.#validUntil) throw new LeaseLostError('The journal took longer than the lease.')
  }

  /** A create that is not finished yet has made this artifact. */
  async created(operationId: string, destinationId: string): Promise<void> {
    await this.#entry(operationId, { destination_id: destinationId })
  }

  /** An operation was carried out: the journal and the audit log say so, or neither of them. */
  async done(operationId: string, result: OperationResult, audited: NewAuditEntry): Promise<void> {
    const values = {
      state: 'done',
      destination_id: result.destinationId,
      started_at: sql<Date>`coalesce(started_at, now())`,
      ended_at: sql<Date>`now()`,
      problem: null,
      note: result.note ?? null,
      written: result.written ?? null,
    }
    await this.#entry(operationId, values, audited)
  }

  /**
   * An operation failed. `refused`: PingOne refused its only attempt, so that nothing happened and nothing needs to be
   * found out before it is sent again.
   */
  async failed(operationId: string, problem: Problem, refused: boolean, audited: NewAuditEntry): Promise<void> {
    const values = {
      state: 'failed',
      ended_at: sql<Date>`now()`,
      problem: JSON.stringify(problem),
      ...(refused ? { attempted: false } : {}),
    }
    await this.#entry(operationId, values, audited)
  }

  /** Ends the run, or lets go of it so that another process takes it up (interrupted). */
  async end(state: EndState, result: RunResult, audited: NewAuditEntry): Promise<void> {
    const values = {
      state,
      problem: result.problem ? JSON.stringify(result.problem) : null,
      verification: result.verification ? JSON.stringify(result.verification) : null,
      ended_at: state === 'interrupted' ? null : sql<Date>`now()`,
      cancel_requested: false,
      lease_owner: null,
      lease_until: null,
    }
    await this.#database.transaction().execute(async (transaction) => {
      await this.#touch(transaction, values)
      await this.#audit.recordIn(transaction, audited)
    })
  }

  async #entry(operationId: string, values: Record<string, unknown>, audited?: NewAuditEntry): Promise<void> {
    await this.#database.transaction().execute(async (transaction) => {
      await this.#touch(transaction, {})
      await transaction
        .updateTable('run_operations')
        .set(values)
        .where('run_id', '=', this.runId)
        .where('operation_id', '=', operationId)
        .returning('operation_id')
        // Nothing is sent that the journal has no line for.
        .executeTakeFirstOrThrow()
      if (audited) await this.#audit.recordIn(transaction, audited)
    })
  }

  async #touch(database: Database, values: Record<string, unknown>): Promise<Pick<RunRow, 'cancel_requested'>> {
    const began = performance.now()
    const row = await database
      .updateTable('runs')
      .set({ lease_until: inSeconds(this.#leaseSeconds), revision: sql<number>`revision + 1`, ...values })
      .where('id', '=', this.runId)
      .where('lease_token', '=', this.token)
      .where('state', '=', 'running')
      .returning('cancel_requested')
      .executeTakeFirst()
    if (!row) throw new LeaseLostError('Another process carries this run out.')
    this.#validUntil = began + this.#leaseSeconds * 1000
    return row
  }
}

function inSeconds(seconds: number) {
  return sql<Date>`now() + make_interval(secs => ${seconds})`
}
