import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { ApiError, invalidData } from './errors.ts'
import type { EnvironmentState } from './state/environment-state.ts'
import type { SandboxState } from './state/sandbox-state.ts'

const accessFailed = 'The request could not be completed. You do not have access to this resource.'

/** A refusal that was asked for, whatever the caller's roles allow: as a policy or a dependency in PingOne would. */
export const denialSchema = z.strictObject({
  /** Name or id; every environment without it. */
  environment: z.string().min(1).optional(),
  /** Every method without it. */
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).optional(),
  /** Below the environment: `/flows/*`. `*` stands for one step, `**` for any number. */
  path: z.string().startsWith('/'),
  status: z.union([z.literal(400), z.literal(403)]).default(403),
  message: z.string().optional(),
  details: z
    .array(
      z.object({
        code: z.string(),
        message: z.string(),
        target: z.string().optional(),
        innerError: z.record(z.string(), z.unknown()).optional(),
      }),
    )
    .optional(),
})

/** A refusal as it is written; all but its path can be left out. */
export type Denial = z.input<typeof denialSchema>

/** Refusals as they are kept. Throws a ZodError for one that can't be understood, a RangeError for no such environment. */
export function denialsFrom(written: readonly Denial[], state: SandboxState): z.output<typeof denialSchema>[] {
  const denials = z.array(denialSchema).parse(written)
  for (const { environment } of denials) if (environment !== undefined) state.environment(environment)
  return denials
}

/** Throws the first refusal that was asked for a request like this. */
export function refuseDenied(
  request: FastifyRequest,
  environment: EnvironmentState,
  denials: readonly z.output<typeof denialSchema>[],
): void {
  const path = decodeURIComponent(request.url.split('?')[0] ?? '').replace(/^\/v1\/environments\/[^/]+/, '') || '/'
  const found = denials.find(
    (denial) =>
      (denial.environment === undefined || [environment.id, environment.name].includes(denial.environment)) &&
      (denial.method === undefined || denial.method === request.method) &&
      patternOf(denial.path).test(path),
  )
  if (!found) return
  const details = found.details?.map(({ code, message, target, innerError }) => ({
    code,
    message,
    ...(target === undefined ? {} : { target }),
    ...(innerError === undefined ? {} : { innerError }),
  }))
  if (found.status === 403) throw new ApiError(403, 'ACCESS_FAILED', found.message ?? accessFailed, details)
  throw new ApiError(400, 'INVALID_DATA', found.message ?? invalidData([]).message, details)
}

function patternOf(path: string): RegExp {
  const steps = path.split('/').map((step) => {
    if (step === '**') return '.*'
    return step
      .split('*')
      .map((text) => text.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('[^/]*')
  })
  return new RegExp(`^${steps.join('/')}$`)
}
