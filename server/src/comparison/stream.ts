/**
 * Turns work that tells events into a stream of them. Ends when the work ends or the signal is aborted. An event that
 * nobody has fetched yet is kept, unless the next one replaces it: who reads slowly needn't know each step.
 */
export async function* streamOf<Event>(
  work: (tell: (event: Event) => void) => Promise<void>,
  signal: AbortSignal,
  replaces: (next: Event, waiting: Event) => boolean = () => false,
): AsyncGenerator<Event> {
  const events: Event[] = []
  let wake = () => {}
  let ended = false
  let failure: unknown
  work((event) => {
    const waiting = events.at(-1)
    if (waiting !== undefined && replaces(event, waiting)) events.pop()
    events.push(event)
    wake()
  })
    .catch((error: unknown) => {
      failure = error
    })
    .finally(() => {
      ended = true
      wake()
    })
  const stop = () => wake()
  signal.addEventListener('abort', stop, { once: true })
  try {
    while (!signal.aborted) {
      const event = events.shift()
      if (event !== undefined) yield event
      else if (ended) break
      else {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    }
  } finally {
    signal.removeEventListener('abort', stop)
  }
  if (failure !== undefined && !signal.aborted) throw failure
}
