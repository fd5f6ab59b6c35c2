import { ApiError, refusalFrom, unreachable } from './client.ts'

/**
 * Reads Server-Sent Events whose data are JSON. Ends when the server ends the stream; closing it (by the signal or by
 * leaving the loop) tells the server that nobody listens any more.
 * Throws an ApiError when the stream can't be opened or breaks off.
 */
export async function* eventStream<Event>(url: string, signal: AbortSignal): AsyncGenerator<Event> {
  const response = await open(url, signal)
  if (!response.body) return
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let pending = ''
  try {
    while (true) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        if (signal.aborted) throw cause
        throw new ApiError(unreachable)
      })
      if (done) return
      pending += value
      const blocks = pending.split(/\r?\n\r?\n/)
      pending = blocks.pop() ?? ''
      for (const block of blocks) {
        const data = dataOf(block)
        if (data !== '') yield JSON.parse(data) as Event
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

async function open(url: string, signal: AbortSignal): Promise<Response> {
  const response = await fetch(url, { signal, headers: { Accept: 'text/event-stream', 'X-FlightIQ': '1' } }).catch(
    (cause: unknown) => {
      if (signal.aborted) throw cause
      throw new ApiError(unreachable)
    },
  )
  if (!response.ok) throw refusalFrom(await response.json().catch(() => undefined), response.status)
  return response
}

function dataOf(block: string): string {
  return block
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).replace(/^ /, ''))
    .join('\n')
}
