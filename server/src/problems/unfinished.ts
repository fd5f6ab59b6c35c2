import { ProblemError } from './problem-error.ts'

/** Stands in for a part that is being built. */
export function unfinished(): never {
  throw new ProblemError({ status: 501, code: 'UNFINISHED', detail: 'This part is not built yet.' })
}
