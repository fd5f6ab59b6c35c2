import type { Clock } from './state/records.ts'

const minute = 60_000

/** Counts requests per licence in a sliding window of one minute. Refused requests are not counted. */
export class RateLimit {
  readonly #now: Clock
  readonly #times = new Map<string, number[]>()

  constructor(now: Clock) {
    this.#now = now
  }

  /** Counts a request, or says after how many seconds the next one would be taken. */
  take(licenceId: string, perMinute: number): number | undefined {
    const now = this.#now()
    const times = this.#times.get(licenceId) ?? []
    this.#times.set(licenceId, times)
    const first = times.findIndex((time) => time > now - minute)
    times.splice(0, first < 0 ? times.length : first)
    if (times.length < perMinute) {
      times.push(now)
      return undefined
    }
    const oldest = times[times.length - perMinute] ?? now
    return Math.max(1, Math.ceil((oldest + minute - now) / 1000))
  }

  /** Forgets what was counted. */
  reset(): void {
    this.#times.clear()
  }
}
