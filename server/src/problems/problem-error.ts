import { STATUS_CODES } from 'node:http'
import type { Problem } from '../contract/problem.ts'

/** What an error of the server says beside its message. */
export interface ProblemOptions {
  status: number
  code: string
  /** What happened, for a person. */
  detail: string
  nextStep?: string | undefined
  errors?: Problem['errors']
  pingone?: Problem['pingone']
  /** Seconds after which it makes sense to try again: sent as the header Retry-After. */
  retryAfter?: number | undefined
  cause?: unknown
}

/** An error that is answered as RFC 9457 problem details. Its message is fit for a person's eyes. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly status: number
  readonly code: string
  readonly nextStep: string | undefined
  readonly retryAfter: number | undefined
  readonly #errors: Problem['errors']
  readonly #pingone: Problem['pingone']

  constructor(options: ProblemOptions) {
    super(options.detail, options.cause === undefined ? undefined : { cause: options.cause })
    this.status = options.status
    this.code = options.code
    this.nextStep = options.nextStep
    this.retryAfter = options.retryAfter
    this.#errors = options.errors
    this.#pingone = options.pingone
  }

  /** The error as it is answered and kept in journals. */
  toProblem(): Problem {
    return {
      type: 'about:blank',
      title: STATUS_CODES[this.status] ?? 'Error',
      status: this.status,
      code: this.code,
      detail: this.message,
      ...(this.nextStep === undefined ? {} : { nextStep: this.nextStep }),
      ...(this.#errors === undefined ? {} : { errors: this.#errors }),
      ...(this.#pingone === undefined ? {} : { pingone: this.#pingone }),
    }
  }
}

/** The problem that something asked for isn't there. Takes what it is (`tenant`) and its code's first part. */
export function notFound(code: string, detail: string, nextStep?: string): ProblemError {
  return new ProblemError({ status: 404, code, detail, nextStep })
}
