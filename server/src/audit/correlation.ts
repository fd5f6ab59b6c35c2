import { AsyncLocalStorage } from 'node:async_hooks'
import { createHash } from 'node:crypto'
import type { Correlation } from '@flightiq/pingone'
import { type Caller, humanBehind } from '../authorization/caller.ts'

/**
 * What PingOne is told of the call that its own calls belong to. It goes along with the flow of control, not through
 * parameters: between a route and the client of PingOne stand places and comparisons that know neither of them.
 */
const present = new AsyncLocalStorage<Correlation>()

/** Does work whose calls of PingOne belong together. */
export function correlated<T>(correlation: Correlation, work: () => T): T {
  return present.run(correlation, work)
}

/** Takes each piece of a stream as part of the same work, whoever asks for the next one. */
export async function* correlatedEach<T>(correlation: Correlation, pieces: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = pieces[Symbol.asyncIterator]()
  try {
    for (;;) {
      const { done, value } = await correlated(correlation, () => iterator.next())
      if (done) return
      yield value
    }
  } finally {
    await iterator.return?.()
  }
}

/** What the call under way belongs to, if to anything. */
export function correlationNow(): Correlation | undefined {
  return present.getStore()
}

/** What a request over HTTP is told as. */
export function correlationOf(requestId: string, caller: Caller | undefined): Correlation {
  const known = caller !== undefined && caller.id !== 'anonymous'
  return { transactionId: requestId, ...(known ? { sessionId: sessionIdOf(humanBehind(caller)) } : {}) }
}

/** What stands for somebody (see `humanBehind`) in PingOne's log: always the same for the same one, and no name. */
export function sessionIdOf(human: string): string {
  return createHash('sha256').update('flightiq session ').update(human).digest('hex').slice(0, 32)
}
