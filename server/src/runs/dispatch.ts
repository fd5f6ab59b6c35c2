import { sql } from 'kysely'
import { PgBoss } from 'pg-boss'
import type { Storage } from '../storage/database.ts'
import type { RunExecutor, RunLog } from './executor.ts'

const queue = 'runs'

/** The longest that the job queue lets a job be; a run's own lease tells whether it is still alive. */
const longestJob = 23 * 60 * 60

/** How many runs one process carries out at a time; each writes to another environment. */
const atOnce = 4

export interface DispatchOptions {
  storage: Storage
  executor: RunExecutor
  leaseSeconds: number
  log: RunLog
}

/**
 * Brings runs to a process that carries them out. A process that works takes jobs of the shared queue, its own and
 * those of others, and takes up runs that lost their process. One that doesn't work (a command) carries out just what
 * it starts itself.
 */
export class RunDispatch {
  readonly #options: DispatchOptions
  #jobs: { boss: PgBoss; workerId: string } | undefined
  #sweeping: NodeJS.Timeout | undefined

  constructor(options: DispatchOptions) {
    this.#options = options
  }

  /** Whether this process takes jobs. */
  get works(): boolean {
    return this.#jobs !== undefined
  }

  /** Begins to take jobs, and to look for runs that lost their process. */
  async work(): Promise<void> {
    if (this.#jobs) return
    const { storage, executor, leaseSeconds, log } = this.#options
    const { jobs } = await storage.database()
    const boss = new PgBoss({ ...jobs, schema: 'jobs', schedule: false, registerInstance: false })
    boss.on('error', (error) => log('error', 'job queue', { err: error }))
    boss.on('warning', ({ message }) => log('warn', 'job queue', { warning: message }))
    await boss.start()
    // short: a run waits in the queue once, however often it is sent.
    await boss.createQueue(queue, { policy: 'short', retryLimit: 0, expireInSeconds: longestJob, notify: true })
    const workerId = await boss.work<{ runId: string }>(
      queue,
      { pollingIntervalSeconds: 2, localConcurrency: atOnce },
      async (received) => {
        for (const { data } of received) await executor.execute(data.runId)
      },
    )
    this.#jobs = { boss, workerId }
    await this.#sweep()
    this.#sweeping = setInterval(() => {
      this.#sweep().catch((error: unknown) => log('error', 'looking for lost runs failed', { err: error }))
    }, leaseSeconds * 500)
  }

  /** Sends a run to whoever is to carry it out. */
  async send(runId: string): Promise<void> {
    if (!this.#jobs) {
      void this.#options.executor.execute(runId)
      return
    }
    const { boss, workerId } = this.#jobs
    await boss.send(queue, { runId }, { singletonKey: runId })
    boss.notifyWorker(workerId)
  }

  /** Takes no more jobs. Runs under way are let go of by the executor, before this is called. */
  async stop(): Promise<void> {
    clearInterval(this.#sweeping)
    const jobs = this.#jobs
    this.#jobs = undefined
    await jobs?.boss.stop({ graceful: true, timeout: 5_000 })
  }

  /** Marks runs whose process fell silent, and sends what nobody carries out. */
  async #sweep(): Promise<void> {
    const { storage, leaseSeconds, log } = this.#options
    const queries = await storage.queries()
    const lost = await queries
      .updateTable('runs')
      .set({
        state: 'interrupted',
        lease_owner: null,
        lease_until: null,
        lease_token: sql<number>`lease_token + 1`,
        revision: sql<number>`revision + 1`,
      })
      .where('state', '=', 'running')
      .where('lease_until', '<', sql<Date>`now()`)
      .returning('id')
      .execute()
    for (const { id } of lost) log('warn', 'run lost its process', { runId: id })
    const waiting = await queries
      .selectFrom('runs')
      .select('id')
      .where((where) =>
        where.or([
          where('state', '=', 'interrupted'),
          where.and([
            where('state', '=', 'queued'),
            where('created_at', '<', sql<Date>`now() - make_interval(secs => ${leaseSeconds})`),
          ]),
        ]),
      )
      .execute()
    for (const { id } of waiting) await this.send(id)
  }
}

/**
 * Lets go of every run that is taken for running. Only where no other process can have the database open: after a
 * crash its runs needn't wait for their leases to end.
 */
export async function releaseLostRuns(storage: Storage): Promise<void> {
  const queries = await storage.queries()
  await queries
    .updateTable('runs')
    .set({
      state: 'interrupted',
      lease_owner: null,
      lease_until: null,
      lease_token: sql<number>`lease_token + 1`,
      revision: sql<number>`revision + 1`,
    })
    .where('state', '=', 'running')
    .execute()
}
