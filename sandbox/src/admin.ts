import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { objectBody } from './body.ts'
import { type Context, pathParameter } from './context.ts'
import { notFound } from './errors.ts'
import type { RateLimit } from './rate-limit.ts'
import type { RequestLog } from './request-log.ts'

const settingsBody = z.looseObject({
  latencyMilliseconds: z.int().min(0).max(60_000).optional(),
  rateLimitPerMinute: z.int().min(0).nullable().optional(),
  tokenLifetimeSeconds: z.int().min(1).optional(),
  settleMilliseconds: z.int().min(0).optional(),
})

const applicationBody = z.looseObject({
  enabled: z.boolean().optional(),
  tokenEndpointAuthMethod: z.enum(['CLIENT_SECRET_BASIC', 'CLIENT_SECRET_POST']).optional(),
  grantTypes: z.array(z.string()).optional(),
  role: z.enum(['DaVinci Admin', 'DaVinci Admin Read Only']).optional(),
})

/**
 * Adds the sandbox's own routes, which PingOne doesn't have: below /sandbox, without a token, on the loopback address
 * alone. None of them tells a secret.
 */
export function registerAdmin(
  app: FastifyInstance,
  { state, settings }: Context,
  { log, rateLimit }: { log: RequestLog; rateLimit: RateLimit },
): void {
  app.get('/sandbox/status', () => ({
    organizations: state.organizations.map(({ id, name }) => ({ id, name })),
    environments: [...state.environments.values()].map((environment) => ({
      id: environment.id,
      name: environment.name,
      organizationId: environment.head.organizationId,
      flows: environment.flows.size,
      variables: environment.variables.size,
      connectorInstances: environment.connectorInstances.size,
      applications: environment.applications.size,
      flowPolicies: environment.flowPolicies.size,
      forms: environment.forms.size,
    })),
    applications: state.workers.map(({ clientSecret: _clientSecret, ...worker }) => worker),
    settings,
    requests: log.entries.length,
  }))

  app.get('/sandbox/requests', () => ({ requests: log.entries }))

  app.delete('/sandbox/requests', (_request, reply) => {
    log.reset()
    return reply.code(204).send()
  })

  app.post('/sandbox/revoke-tokens', (_request, reply) => {
    state.revokeTokens()
    return reply.code(204).send()
  })

  app.patch('/sandbox/settings', (request) => {
    const body = settingsBody.parse(objectBody(request, settingsBody))
    const { latencyMilliseconds, rateLimitPerMinute, tokenLifetimeSeconds, settleMilliseconds } = body
    if (latencyMilliseconds !== undefined) settings.latencyMilliseconds = latencyMilliseconds
    if (tokenLifetimeSeconds !== undefined) settings.tokenLifetimeSeconds = tokenLifetimeSeconds
    if (settleMilliseconds !== undefined) settings.settleMilliseconds = settleMilliseconds
    if (rateLimitPerMinute !== undefined) {
      settings.rateLimitPerMinute = rateLimitPerMinute
      rateLimit.reset()
    }
    return settings
  })

  app.patch('/sandbox/applications/:clientId', (request) => {
    const worker = state.workers.find(({ clientId }) => clientId === pathParameter(request, 'clientId'))
    if (!worker) throw notFound()
    const { enabled, tokenEndpointAuthMethod, grantTypes, role } = applicationBody.parse(
      objectBody(request, applicationBody),
    )
    if (enabled !== undefined) worker.enabled = enabled
    if (tokenEndpointAuthMethod) worker.tokenEndpointAuthMethod = tokenEndpointAuthMethod
    if (grantTypes) worker.grantTypes = grantTypes
    if (role) worker.role = role
    state.onChange()
    const { clientSecret: _clientSecret, ...visible } = worker
    return visible
  })
}
