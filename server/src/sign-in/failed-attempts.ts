import { isIPv6 } from 'node:net'
import { ProblemError } from '../problems/problem-error.ts'

const firstLock = 30_000
const longestLock = 15 * 60_000

/** How long failures are remembered after the last one, in milliseconds. */
const rememberedFor = 60 * 60_000

/** Addresses that are remembered at once: those that failed longest ago are forgotten first. */
const mostAddresses = 10_000

interface Failures {
  count: number
  /** What was tried last: the same again is a mistake, not a guess. */
  last: string
  lastAt: number
  lockedUntil: number
}

/** Slows down whoever tries tokens: after a few failures an address has to wait, twice as long with each further one. */
export class FailedAttempts {
  readonly #now: () => Date
  readonly #free: number
  readonly #byAddress = new Map<string, Failures>()

  /** `free`: the failure that is the first to cost time. Many people share an address, and some mistype. */
  constructor(now: () => Date, free: number) {
    this.#now = now
    this.#free = free
  }

  /** Throws a ProblemError TOO_MANY_FAILURES while the address has to wait. */
  check(address: string): void {
    const wait = (this.#byAddress.get(networkOf(address))?.lockedUntil ?? 0) - this.#now().getTime()
    if (wait <= 0) return
    const seconds = Math.ceil(wait / 1000)
    throw new ProblemError({
      status: 429,
      code: 'TOO_MANY_FAILURES',
      detail: 'Too many attempts from this address have failed.',
      nextStep: `Wait ${seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`}, then try again.`,
      retryAfter: seconds,
    })
  }

  /** Notes that an attempt failed; `tried` tells one attempt from another, and is a hash. */
  note(address: string, tried: string): void {
    const now = this.#now().getTime()
    const key = networkOf(address)
    const known = this.#byAddress.get(key)
    const fresh = known !== undefined && now - known.lastAt < rememberedFor
    if (fresh && known.last === tried) return
    const count = (fresh ? known.count : 0) + 1
    const lock = count < this.#free ? 0 : Math.min(longestLock, firstLock * 2 ** (count - this.#free))
    // At the end of the map's order: whoever failed last is forgotten last.
    this.#byAddress.delete(key)
    this.#byAddress.set(key, { count, last: tried, lastAt: now, lockedUntil: now + lock })
    if (this.#byAddress.size <= mostAddresses) return
    const [oldest] = this.#byAddress.keys()
    if (oldest !== undefined) this.#byAddress.delete(oldest)
  }
}

/** Whoever has one IPv6 address has its whole /64. */
function networkOf(address: string): string {
  if (!isIPv6(address)) return address
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  const [head = '', tail] = address.toLowerCase().split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length
  const groups = [...before, ...Array<string>(Math.max(0, zeros)).fill('0'), ...after]
  return `${groups.slice(0, 4).join(':')}::/64`
}
