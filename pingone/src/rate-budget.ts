/** How a call stands in line: someone looks at a screen, or it is background work. */
export type Priority = 'interactive' | 'background'

export interface RateBudgetOptions {
  /** Calls under way at once. */
  concurrency: number
  /** Requests a minute; null: no limit. */
  requestsPerMinute: number | null
  /** Requests a second, which PingOne limits per source address; null: no limit. */
  requestsPerSecond: number | null
  /** Length of the "minute", for tests that can't wait for one. */
  windowMilliseconds?: number
}

/** The state of the budget, for people. */
export interface RateBudgetState {
  /** Requests a minute that this client allows itself; without a limit the largest safe integer. */
  perMinute: number
  /** Requests sent in the last 60 seconds. */
  used: number
  /** Calls that wait for their turn. */
  waiting: number
  /** ISO 8601: PingOne said to wait until then. */
  throttledUntil?: string
  /** The budget was lowered because PingOne answered 429. */
  learned: boolean
}

export interface Turn {
  priority?: Priority | undefined
  signal?: AbortSignal | undefined
  /** Told when the turn is held back by the budget, with the seconds that are left (0 once it goes on). */
  onWait?: ((seconds: number) => void) | undefined
}

interface Waiting {
  turn: Turn
  told: boolean
  grant: () => void
}

const smallestBudget = 30

/**
 * Lets requests go one by one: at most so many at once, at most so many in any 60 seconds, interactive ones first.
 *
 * A request counts from the moment it is sent until 60 seconds after its answer came. PingOne counted it somewhere
 * between, so whichever way it counts (fixed or sliding window, or a bucket that refills), it never sees more than
 * the limit from this client.
 */
export class RateBudget {
  readonly #options: RateBudgetOptions
  readonly #window: number
  readonly #queues: Record<Priority, Waiting[]> = { interactive: [], background: [] }
  /** When requests were answered, oldest first, for the window and for the last second. */
  readonly #answered = new Times()
  readonly #recent = new Times()
  #active = 0
  #learnedLimit: number | undefined
  #recoveredAt = 0
  #pausedUntil = 0
  #timer: NodeJS.Timeout | undefined

  constructor(options: RateBudgetOptions) {
    this.#options = options
    this.#window = options.windowMilliseconds ?? 60_000
  }

  /** Waits for a turn. Resolves to a function to be called once when the answer is there. Throws the signal's reason. */
  take(turn: Turn = {}): Promise<() => void> {
    const { signal, priority = 'interactive' } = turn
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason)
        return
      }
      const queue = this.#queues[priority]
      const leave = () => {
        queue.splice(queue.indexOf(waiting), 1)
        reject(signal?.reason)
        this.#grantTurns()
      }
      const waiting: Waiting = {
        turn,
        told: false,
        grant: () => {
          signal?.removeEventListener('abort', leave)
          if (waiting.told) turn.onWait?.(0)
          resolve(this.#begin())
        },
      }
      signal?.addEventListener('abort', leave, { once: true })
      queue.push(waiting)
      this.#grantTurns()
    })
  }

  /** PingOne answered 429: everybody waits, and the budget shrinks, since others use the limit too. */
  refused(retryAfterSeconds: number): void {
    const now = performance.now()
    const alreadyPaused = now < this.#pausedUntil
    this.#pausedUntil = Math.max(this.#pausedUntil, now + retryAfterSeconds * 1000)
    // Answers to requests that were under way together tell the same story: learn from the first of them.
    if (!alreadyPaused) {
      const limit = this.#limit()
      const used = this.#used(now)
      const half = Number.isFinite(limit) ? limit / 2 : used
      const lowered = Math.floor(Math.max(used, half) * 0.8)
      this.#learnedLimit = Math.min(limit, Math.max(lowered, smallestBudget))
      this.#recoveredAt = this.#pausedUntil
    }
    this.#grantTurns()
  }

  /** How the budget stands now. */
  state(): RateBudgetState {
    const now = performance.now()
    const limit = this.#limit()
    const paused = this.#pausedUntil - now
    return {
      perMinute: Number.isFinite(limit) ? limit : Number.MAX_SAFE_INTEGER,
      used: this.#used(now),
      waiting: this.#queues.interactive.length + this.#queues.background.length,
      ...(paused > 0 ? { throttledUntil: new Date(Date.now() + paused).toISOString() } : {}),
      learned: this.#learnedLimit !== undefined,
    }
  }

  #begin(): () => void {
    this.#active += 1
    let ended = false
    return () => {
      if (ended) return
      ended = true
      this.#active -= 1
      const now = performance.now()
      this.#answered.add(now)
      this.#recent.add(now)
      this.#grantTurns()
    }
  }

  #used(now: number): number {
    return this.#active + this.#answered.since(now - this.#window)
  }

  /** Requests a minute allowed now: a learned limit grows back by a twentieth of the configured one each minute. */
  #limit(): number {
    const configured = this.#options.requestsPerMinute ?? Number.POSITIVE_INFINITY
    if (this.#learnedLimit === undefined) return configured
    const now = performance.now()
    const step = Math.max(1, Math.round((Number.isFinite(configured) ? configured : 600) / 20))
    while (now - this.#recoveredAt >= this.#window) {
      this.#learnedLimit += step
      this.#recoveredAt += this.#window
      const healed = Number.isFinite(configured) ? configured : 6000
      if (this.#learnedLimit >= healed) {
        this.#learnedLimit = undefined
        return configured
      }
    }
    return this.#learnedLimit
  }

  /** Lets as many go as may, then sleeps until the next may. */
  #grantTurns(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    for (;;) {
      const priority: Priority = this.#queues.interactive.length > 0 ? 'interactive' : 'background'
      const queue = this.#queues[priority]
      const next = queue[0]
      if (next === undefined || this.#active >= this.#options.concurrency) return
      const wait = this.#waitFor(priority)
      if (wait > 0) {
        this.#sleep(wait)
        return
      }
      queue.shift()
      next.grant()
    }
  }

  /** Milliseconds until a call of this priority may go; 0 when it may now. */
  #waitFor(priority: Priority): number {
    const now = performance.now()
    const pause = this.#pausedUntil - now
    if (pause > 0) return pause
    const limit = this.#limit()
    const { requestsPerSecond } = this.#options
    // A small part is kept free, so that someone at a screen needn't wait for background work.
    const reserve = priority === 'background' && Number.isFinite(limit) ? Math.min(10, Math.floor(limit / 20)) : 0
    const waits = [this.#windowWait(this.#answered, this.#window, limit - reserve, now)]
    if (requestsPerSecond !== null && Number.isFinite(limit)) {
      waits.push(this.#windowWait(this.#recent, 1000, requestsPerSecond, now))
    }
    return Math.max(...waits)
  }

  #windowWait(times: Times, length: number, limit: number, now: number): number {
    const answered = times.since(now - length)
    const over = this.#active + answered + 1 - limit
    if (over <= 0) return 0
    // The wanted places are taken by calls under way: each of them calls back here when it is answered.
    const leaving = times.at(Math.min(over, answered) - 1)
    return leaving === undefined ? length : Math.max(leaving + length - now, 1)
  }

  #sleep(milliseconds: number): void {
    const seconds = Math.ceil(milliseconds / 1000)
    for (const waiting of [...this.#queues.interactive, ...this.#queues.background]) {
      if (milliseconds < 200 && !waiting.told) continue
      waiting.told = true
      waiting.turn.onWait?.(seconds)
    }
    // In slices of a second, so that whoever watches sees the time go by.
    this.#timer = setTimeout(() => this.#grantTurns(), Math.min(milliseconds, 1000))
  }
}

/** Points in time, oldest first, of which the old ones are dropped. */
class Times {
  #times: number[] = []
  #first = 0

  add(time: number): void {
    this.#times.push(time)
  }

  /** Drops what is not after a point in time, and counts the rest. */
  since(time: number): number {
    while (this.#first < this.#times.length && (this.#times[this.#first] ?? 0) <= time) this.#first += 1
    if (this.#first > 1000 && this.#first * 2 > this.#times.length) {
      this.#times = this.#times.slice(this.#first)
      this.#first = 0
    }
    return this.#times.length - this.#first
  }

  /** The nth of those left, from the oldest. */
  at(index: number): number | undefined {
    return index < 0 ? undefined : this.#times[this.#first + index]
  }
}
