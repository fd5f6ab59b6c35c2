import type { AuditEntry, AuditFilter, AuditVerification } from '../contract/audit.ts'
import { ProblemError } from '../problems/problem-error.ts'
import type { RunLog } from '../runs/executor.ts'
import type { Signer } from '../secrets/signing.ts'
import type { Database, Storage } from '../storage/database.ts'
import { append, type ChainEnd, readHead } from './chain.ts'
import type { CheckpointFile } from './checkpoint.ts'
import { type AuditLog, type NewAuditEntry, thisProcess } from './entry.ts'
import { type RecordableEntry, recordable } from './recordable.ts'
import { RepeatedRefusals } from './refusals.ts'
import { type AuditView, lastSequence, newestEntries, oldestEntries } from './search.ts'
import { verifyChain } from './verification.ts'

/** How long a checkpoint may lag behind, in milliseconds. */
const checkpointEvery = 3000

/** Every so many entries the log of the server gets the checkpoint, too: logs are kept elsewhere. */
const loggedEvery = 100

/** How many entries that wait are written in one transaction. */
const atOnce = 100

export interface AuditOptions {
  storage: Storage
  /** Absent where nothing is kept (the command line with a tenant from variables): then nothing is audited either. */
  signer?: Signer | undefined
  checkpointFile?: CheckpointFile | undefined
  log: RunLog
}

interface Waiting {
  entry: RecordableEntry
  resolve(): void
  reject(error: unknown): void
}

/** The audit log: one chain of entries for the whole installation, that is only ever added to. */
export class AuditService implements AuditLog {
  readonly #storage: Storage
  readonly #signer: Signer | undefined
  readonly #file: CheckpointFile | undefined
  readonly #log: RunLog
  readonly #refusals: RepeatedRefusals
  readonly #waiting: Waiting[] = []
  #writing: Promise<void> | undefined
  #failedSince: Date | undefined
  /** The last entry that this process wrote. */
  #latest: ChainEnd | undefined
  /** An end of the chain that was seen, and that what came later was found to follow. */
  #checked: ChainEnd | undefined
  #checkpointing: NodeJS.Timeout | undefined

  constructor({ storage, signer, checkpointFile, log }: AuditOptions) {
    this.#storage = storage
    this.#signer = signer
    this.#file = checkpointFile
    this.#log = log
    this.#refusals = new RepeatedRefusals((entry) => void this.#recordLater(entry))
  }

  /**
   * Adds an entry. Refusals that repeat are counted, see `RepeatedRefusals`. Throws a ProblemError AUDIT_UNAVAILABLE when it
   * can't be written.
   */
  async record(entry: NewAuditEntry): Promise<void> {
    if (!this.#signer || this.#refusals.counts(entry)) return
    await this.#add(recordable(entry, new Date()))
  }

  /**
   * Adds an entry within a transaction: it is there exactly when what else the transaction does is. To be called last:
   * from then on every other entry waits for the end of the transaction.
   */
  async recordIn(transaction: Database, entry: NewAuditEntry): Promise<void> {
    if (!this.#signer) return
    try {
      await append(transaction, this.#signer, [recordable(entry, new Date())])
    } catch (error) {
      throw unavailable(error)
    }
    this.#checkpointSoon()
  }

  /**
   * Before something is done that leaves an entry: where the log failed the last time, it is tried first. Throws a
   * ProblemError AUDIT_UNAVAILABLE.
   */
  async ensureWorks(): Promise<void> {
    if (this.#failedSince === undefined) return
    await this.record({
      event: 'audit.resumed',
      outcome: 'done',
      actor: thisProcess,
      details: { unavailableSince: this.#failedSince.toISOString() },
    })
  }

  /** Entries that pass the filter, newest first. */
  async list(
    view: AuditView,
    filter: AuditFilter & { before?: number | undefined; limit: number },
  ): Promise<{ entries: AuditEntry[]; more: boolean }> {
    if (!this.#signer) return { entries: [], more: false }
    return newestEntries(await this.#storage.queries(), view, filter)
  }

  /** All entries that pass the filter and were there when it was asked, oldest first. */
  async entries(view: AuditView, filter: AuditFilter): Promise<AsyncIterable<AuditEntry>> {
    if (!this.#signer) return none()
    const queries = await this.#storage.queries()
    return oldestEntries(queries, view, filter, await lastSequence(queries))
  }

  /** Checks the whole log. Throws a ProblemError AUDIT_CHECKPOINT_UNREADABLE. */
  async verify(): Promise<AuditVerification> {
    if (!this.#signer) return { ok: true, entries: 0 }
    const known = [this.#latest, this.#checked, await this.#file?.read()]
    const checkpoints = known.filter((checkpoint) => checkpoint !== undefined)
    return verifyChain(await this.#storage.queries(), this.#signer, checkpoints)
  }

  /** Writes what is still open. To be called before the storage is closed. */
  async close(): Promise<void> {
    this.#refusals.flush()
    await this.#writing
    if (!this.#checkpointing) return
    clearTimeout(this.#checkpointing)
    await this.#checkpoint()
  }

  #add(entry: RecordableEntry): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#waiting.push({ entry, resolve, reject })
    this.#writing ??= this.#write()
    return promise
  }

  /** Writes what waits, all that came meanwhile in one transaction. Never throws. */
  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, atOnce)
      try {
        await this.#append(batch.map(({ entry }) => entry))
        this.#failedSince = undefined
        for (const { resolve } of batch) resolve()
      } catch (error) {
        this.#failedSince ??= new Date()
        this.#log('error', 'audit entries not written', { entries: batch.length, err: error })
        for (const { reject } of batch) reject(unavailable(error))
      }
    }
    this.#writing = undefined
  }

  async #append(entries: readonly RecordableEntry[]): Promise<void> {
    const signer = this.#signer
    if (!signer) return
    const queries = await this.#storage.queries()
    const now = await queries.transaction().execute((transaction) => append(transaction, signer, entries))
    if (!this.#latest || now.sequence > this.#latest.sequence) this.#latest = now
    this.#checkpointSoon()
  }

  /** Entries that nobody waits for. */
  async #recordLater(entry: NewAuditEntry): Promise<void> {
    try {
      await this.#add(recordable(entry, new Date()))
    } catch (error) {
      // Told by the log of the server already.
      if (!(error instanceof ProblemError)) throw error
    }
  }

  #checkpointSoon(): void {
    this.#checkpointing ??= setTimeout(() => void this.#checkpoint(), checkpointEvery).unref()
  }

  /** Notes how far the log has come, unless it no longer holds what was noted before: then that is the evidence. */
  async #checkpoint(): Promise<void> {
    this.#checkpointing = undefined
    if (!this.#signer) return
    try {
      const head = await readHead(await this.#storage.queries(), this.#signer)
      for (const noted of [this.#checked, await this.#file?.read()]) {
        if (noted && !(await this.#has(noted))) {
          this.#log('error', 'the audit log is not what it was', { noted, head })
          return
        }
      }
      if (!head?.signed) return
      const before = this.#checked?.sequence ?? 0
      this.#checked = { sequence: head.sequence, hash: head.hash }
      if (Math.floor(head.sequence / loggedEvery) > Math.floor(before / loggedEvery)) {
        this.#log('info', 'audit checkpoint', this.#checked)
      }
      await this.#file?.write(this.#checked)
    } catch (error) {
      this.#log('error', 'audit checkpoint not written', { err: error })
    }
  }

  async #has({ sequence, hash }: ChainEnd): Promise<boolean> {
    const queries = await this.#storage.queries()
    const row = await queries
      .selectFrom('audit_entries')
      .select('hash')
      .where('sequence', '=', String(sequence))
      .executeTakeFirst()
    return row?.hash === hash
  }
}

async function* none(): AsyncGenerator<AuditEntry> {}

function unavailable(cause: unknown): ProblemError {
  return new ProblemError({
    status: 503,
    code: 'AUDIT_UNAVAILABLE',
    detail: "The audit log can't be written, and nothing is told as done that isn't in it.",
    nextStep: 'Check the database and its disk. Then look whether what you asked for was done before you repeat it.',
    cause,
  })
}
