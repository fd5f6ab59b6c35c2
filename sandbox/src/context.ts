import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { denialSchema } from './denials.ts'
import { forbidden } from './errors.ts'
import type { Limits } from './limits.ts'
import type { EnvironmentState } from './state/environment-state.ts'
import type { WorkerApplication } from './state/records.ts'
import type { SandboxState } from './state/sandbox-state.ts'

/** What can be changed while the sandbox runs. */
export interface Settings {
  limits: Limits
  /** Each answer is held back so long. */
  latencyMilliseconds: number
  /** Configuration requests a minute and licence; null switches the limit off. */
  rateLimitPerMinute: number | null
  tokenLifetimeSeconds: number
  /**
   * How long a change takes until all of PingOne knows of it: until then what was created answers 404, and a flow whose
   * policy is gone can't be deleted. Both were seen live; how long it takes there is not documented.
   */
  settleMilliseconds: number
}

/** What every route works with. */
export interface Context {
  state: SandboxState
  settings: Settings
  /** Refusals that were asked for, whatever the caller's roles allow. */
  denials: z.output<typeof denialSchema>[]
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks: set once the token was found good. */
    worker: WorkerApplication | undefined
    /** The environment in the path: set once the worker was found to have a role on it. */
    environment: EnvironmentState | undefined
  }
}

/** The caller of an authenticated route. */
export function workerOf(request: FastifyRequest): WorkerApplication {
  if (!request.worker) throw forbidden()
  return request.worker
}

/** The environment of a route below /environments/{environmentID}. */
export function environmentOf(request: FastifyRequest): EnvironmentState {
  if (!request.environment) throw forbidden()
  return request.environment
}

/** A parameter of the path. */
export function pathParameter(request: FastifyRequest, name: string): string {
  return (request.params as Record<string, string>)[name] ?? ''
}

/** A parameter of the query; the last one when it is given several times. */
export function queryParameter(request: FastifyRequest, name: string): string | undefined {
  const value = (request.query as Record<string, string | string[] | undefined>)[name]
  return Array.isArray(value) ? value.at(-1) : value
}
