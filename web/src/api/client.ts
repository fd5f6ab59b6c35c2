import { createApiClient, type Shapes } from '@flightiq/api-client'
import { noteProblem } from '../session/session-ended.ts'

export type { Shapes } from '@flightiq/api-client'
export type Problem = Shapes['Problem']

/** The client of the console that served this page. */
export const api = createApiClient('')

/** An answer of the API that is an error: carries the problem document, which says what to do next. */
export class ApiError extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail)
    this.name = 'ApiError'
    this.problem = problem
  }
}

/** The data of an answer. Throws an ApiError for a problem, and for a console that can't be reached. */
export async function answerOf<Data>(
  call: Promise<{ data?: Data; error?: unknown; response: Response }>,
): Promise<Data> {
  const { data, error, response } = await call.catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new ApiError(unreachable)
  })
  if (!response.ok) throw refusalFrom(error, response.status)
  return data as Data
}

/** The error of an answer. When it says that the session is over, the page is told as well. */
export function refusalFrom(body: unknown, status: number): ApiError {
  const problem = problemFrom(body, status)
  noteProblem(problem)
  return new ApiError(problem)
}

/** What the browser is told when the console itself doesn't answer. */
export const unreachable: Problem = {
  type: 'about:blank',
  title: 'The console does not answer',
  status: 0,
  code: 'CONSOLE_UNREACHABLE',
  detail: 'The FlightIQ console did not answer.',
  nextStep: 'Check that it is running and that this computer can reach it, then try again.',
}

/** Reads a problem document; anything else that stands in an error answer becomes one. */
export function problemFrom(body: unknown, status: number): Problem {
  if (isProblem(body)) return body
  return {
    type: 'about:blank',
    title: 'Unexpected answer',
    status,
    code: 'UNEXPECTED_ANSWER',
    detail: `The console answered with status ${status} and no explanation.`,
    nextStep: 'Try again. If it stays so, look into the log of the console.',
  }
}

/** The problem behind anything that was thrown. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof ApiError) return thrown.problem
  return {
    type: 'about:blank',
    title: 'The page failed',
    status: 0,
    code: 'PAGE_FAILED',
    detail: thrown instanceof Error ? thrown.message : String(thrown),
    nextStep: 'Reload the page. Nothing was changed in PingOne by this.',
  }
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body && 'title' in body
}
