import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'

/** How often a comment is sent, so that proxies keep a silent stream open, in milliseconds. */
const heartbeat = 15_000

/**
 * Answers with Server-Sent Events: one `data:` line of JSON for each. What fails before the first event is thrown, and
 * so answered like any other error.
 */
export async function sendEvents(reply: FastifyReply, events: AsyncIterable<unknown>): Promise<FastifyReply> {
  const iterator = events[Symbol.asyncIterator]()
  const first = await iterator.next()
  return reply
    .type('text/event-stream; charset=utf-8')
    .header('Cache-Control', 'no-store')
    .header('X-Accel-Buffering', 'no')
    .send(Readable.from(lines(iterator, first)))
}

async function* lines(iterator: AsyncIterator<unknown>, first: IteratorResult<unknown>): AsyncGenerator<string> {
  // A browser tries again after a second when the stream breaks.
  yield 'retry: 1000\n\n'
  let next = Promise.resolve(first)
  let silence = silent()
  try {
    for (;;) {
      const result = await Promise.race([next, silence.passed])
      if (result === undefined) {
        silence = silent()
        yield ': still here\n\n'
        continue
      }
      if (result.done) return
      yield `data: ${JSON.stringify(result.value)}\n\n`
      next = iterator.next()
    }
  } finally {
    clearTimeout(silence.timer)
    await iterator.return?.()
  }
}

function silent(): { passed: Promise<undefined>; timer: NodeJS.Timeout } {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  return { passed: promise, timer: setTimeout(() => resolve(undefined), heartbeat) }
}
