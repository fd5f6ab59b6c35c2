import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'

/** How often a comment is sent, so that proxies keep a silent stream open, in milliseconds. */
const heartbeat = 15_000

/** Answers with Server-Sent Events: one `data:` line of JSON for each. */
export function sendEvents(reply: FastifyReply, events: AsyncIterable<unknown>): FastifyReply {
  return reply
    .type('text/event-stream; charset=utf-8')
    .header('Cache-Control', 'no-store')
    .header('X-Accel-Buffering', 'no')
    .send(Readable.from(lines(events)))
}

async function* lines(events: AsyncIterable<unknown>): AsyncGenerator<string> {
  // Told at once, so that the browser knows the stream is open; it tries again after a second when it breaks.
  yield 'retry: 1000\n\n'
  const iterator = events[Symbol.asyncIterator]()
  try {
    let next = iterator.next()
    for (;;) {
      const result = await Promise.race([next, silence()])
      if (result === 'silence') {
        yield ': still here\n\n'
        continue
      }
      if (result.done) return
      yield `data: ${JSON.stringify(result.value)}\n\n`
      next = iterator.next()
    }
  } finally {
    await iterator.return?.()
  }
}

function silence(): Promise<'silence'> {
  return new Promise((resolve) => {
    setTimeout(() => resolve('silence'), heartbeat).unref()
  })
}
