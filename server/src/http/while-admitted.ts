import { ProblemError } from '../problems/problem-error.ts'

/** How often it is asked again, in milliseconds. */
const askedEvery = 1000

/**
 * The events of a stream for as long as whoever opened it would be let in: a session that ends takes its streams along.
 * `admit` throws a ProblemError once that is over.
 */
export async function* whileAdmitted<Event>(
  events: AsyncIterable<Event>,
  admit: () => Promise<unknown>,
  now: () => number = Date.now,
): AsyncGenerator<Event> {
  let asked = now()
  for await (const event of events) {
    if (now() - asked >= askedEvery) {
      try {
        await admit()
      } catch (error) {
        if (error instanceof ProblemError) return
        throw error
      }
      asked = now()
    }
    yield event
  }
}
