import { hostname } from 'node:os'
import type { FastifyServerOptions } from 'fastify'
import { toProblemError } from '../problems/from-error.ts'
import { pathOf } from './errors.ts'

export interface LogSettings {
  level?: 'debug' | 'info' | 'warn' | 'error' | 'silent' | undefined
  /** Where lines of JSON go; standard output if absent. */
  stream?: { write(line: string): void } | undefined
}

/**
 * How the server logs: lines of JSON. What a line may hold of a request or an error is named here; headers, queries,
 * bodies and PingOne's answers never get in.
 */
export function loggerOptions({ level = 'info', stream }: LogSettings): NonNullable<FastifyServerOptions['logger']> {
  return {
    level,
    base: { host: hostname(), pid: process.pid },
    ...(stream ? { stream } : {}),
    serializers: {
      req: (request) => ({ method: request.method, path: pathOf(request.url), from: request.ip }),
      res: (reply) => ({ status: reply.statusCode }),
      err: describeError,
    },
  }
}

/** What a log line tells of an error. */
export function describeError(error: unknown): { type: string; message: string; stack: string; code: string } {
  const known = toProblemError(error)
  const shown = error instanceof Error ? error : known
  // A refusal is explained by its code and sentence; only our own faults need the place they happened at.
  const cause = known.cause instanceof Error ? known.cause : shown
  const stack = known.code === 'INTERNAL_ERROR' ? (cause.stack ?? '') : ''
  return { type: shown.name, code: known.code, message: shown.message, stack }
}
