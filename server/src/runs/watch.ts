import { setTimeout as delay } from 'node:timers/promises'
import type { Run, RunEvent } from '../contract/runs.ts'

/** How long a change that another process made may go unseen, in milliseconds. */
const longestSilence = 1000

const ended: ReadonlySet<Run['state']> = new Set(['done', 'failed', 'cancelled'])

/** Tells those who watch a run in this process that it changed. */
export class ChangeSignal {
  readonly #waiting = new Map<string, Set<() => void>>()

  /** The run changed. */
  tell(runId: string): void {
    const waiting = this.#waiting.get(runId)
    this.#waiting.delete(runId)
    for (const wake of waiting ?? []) wake()
  }

  /** Resolves with the next change of the run, or when the signal is aborted. */
  next(runId: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(runId) ?? new Set()
      this.#waiting.set(runId, waiting.add(resolve))
      signal.addEventListener(
        'abort',
        () => {
          waiting.delete(resolve)
          resolve()
        },
        { once: true },
      )
    })
  }
}

/** Where a watch gets what it tells from. */
export interface WatchOptions {
  runId: string
  read(): Promise<Run>
  changes: ChangeSignal
  signal?: AbortSignal | undefined
  /** Whether an interrupted run is taken up by itself; otherwise it ends the watch. */
  takenUp(): boolean
}

/**
 * The run, then each operation as it changes, and the run again when its state changes. Runs that other processes
 * carry out are followed too: by looking every second.
 */
export async function* watchRun(options: WatchOptions): AsyncGenerator<RunEvent> {
  const { read, changes, runId, signal, takenUp } = options
  let shown: Run | undefined
  for (;;) {
    const woken = new AbortController()
    // Asked for before reading, so that a change while reading isn't missed.
    const change = changes.next(runId, woken.signal)
    try {
      const run = await read()
      yield* changesOf(shown, run)
      shown = run
      if (signal?.aborted || ended.has(run.state) || (run.state === 'interrupted' && !takenUp())) return
      const stop = signal ? AbortSignal.any([signal, woken.signal]) : woken.signal
      await Promise.race([change, delay(longestSilence, undefined, { signal: stop, ref: false })])
    } catch (error) {
      if (signal?.aborted) return
      throw error
    } finally {
      woken.abort()
    }
  }
}

function* changesOf(before: Run | undefined, now: Run): Generator<RunEvent> {
  if (!before) {
    yield { type: 'run', run: now }
    return
  }
  const known = new Map(before.operations.map((operation) => [operation.operationId, JSON.stringify(operation)]))
  for (const operation of now.operations) {
    if (known.get(operation.operationId) !== JSON.stringify(operation)) yield { type: 'operation', operation }
  }
  if (now.state !== before.state) yield { type: 'run', run: now }
}
