import { ExportError, PlanError } from '@flightiq/core'
import {
  ConfigurationError,
  ConnectionError,
  PingOneClientError,
  PingOneError,
  TokenError,
  UnexpectedAnswerError,
} from '@flightiq/pingone'
import { CreatedIncompleteError, NotFoundError, PlaceError } from '@flightiq/places'
import type { Problem } from '../contract/problem.ts'
import { ProblemError, type ProblemOptions } from './problem-error.ts'

/**
 * Any error as problem details. What PingOne said is kept; what nobody expected becomes INTERNAL_ERROR without a word
 * of its own (the log has it).
 */
export function problemOf(error: unknown): Problem {
  return toProblemError(error).toProblem()
}

/** Whether an error is one that is explained to people; others are faults of FlightIQ and belong into the log. */
export function isExpected(error: unknown): boolean {
  return toProblemError(error).code !== 'INTERNAL_ERROR'
}

/** Any error as a ProblemError. */
export function toProblemError(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error
  if (error instanceof PlanError) return withCause(error, { status: 422, code: error.code, nextStep: error.nextStep })
  if (error instanceof ExportError) {
    return withCause(error, {
      status: 422,
      code: error.code,
      nextStep: error.nextStep,
      ...(error.pointer === undefined ? {} : { errors: [{ pointer: error.pointer, message: error.message }] }),
    })
  }
  if (error instanceof CreatedIncompleteError) {
    const { status, pingone } = toProblemError(error.cause).toProblem()
    const nextStep = 'Resume the run: it completes what was created.'
    return withCause(error, { status, code: error.code, nextStep, pingone })
  }
  if (error instanceof NotFoundError) {
    return withCause(error, { status: 404, code: 'NOT_FOUND', nextStep: error.nextStep })
  }
  if (error instanceof PlaceError) return withCause(error, { status: 422, code: error.code, nextStep: error.nextStep })
  if (error instanceof PingOneClientError) return ofClient(error)
  if (error instanceof Error && error.name === 'AbortError') {
    return withCause(new Error('The work was cancelled.', { cause: error }), { status: 499, code: 'CANCELLED' })
  }
  return new ProblemError({
    status: 500,
    code: 'INTERNAL_ERROR',
    detail: 'Something went wrong within FlightIQ.',
    nextStep: 'Try again; if it stays, report it with what the log of the server says.',
    cause: error,
  })
}

function ofClient(error: PingOneClientError): ProblemError {
  const { nextStep } = error
  if (error instanceof PingOneError) {
    const { status, id, code, message, said, details } = error
    return new ProblemError({
      // A refused request is the caller's to mend; everything else is a fault of the way to PingOne.
      status: status === 429 ? 503 : status >= 400 && status < 500 ? 422 : 502,
      code: status === 429 ? 'PINGONE_THROTTLED' : 'PINGONE_REFUSED',
      detail: message,
      nextStep,
      pingone: { status, code, message: said, ...(id === undefined ? {} : { id }), details },
      cause: error,
    })
  }
  if (error instanceof TokenError) {
    const { status, error: code, description } = error
    return new ProblemError({
      status: 502,
      code: error.code,
      detail: error.message,
      nextStep,
      pingone: {
        status,
        ...(code === undefined ? {} : { code }),
        ...(description === undefined ? {} : { message: description }),
      },
      cause: error,
    })
  }
  if (error instanceof ConnectionError) {
    return withCause(error, {
      status: 504,
      code: error.code === 'OUTCOME_UNKNOWN' ? 'OUTCOME_UNKNOWN' : `PINGONE_${error.code}`,
      nextStep: nextStep ?? 'Check that the address of PingOne can be reached from here, then try again.',
    })
  }
  if (error instanceof ConfigurationError) return withCause(error, { status: 422, code: error.code, nextStep })
  if (error instanceof UnexpectedAnswerError) return withCause(error, { status: 502, code: error.code, nextStep })
  return withCause(error, { status: 502, code: error.code, nextStep })
}

function withCause(error: Error, options: Omit<ProblemOptions, 'detail' | 'cause'>): ProblemError {
  return new ProblemError({ ...options, detail: error.message, cause: error })
}
