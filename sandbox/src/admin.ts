import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { objectBody } from './body.ts'
import { type Context, pathParameter } from './context.ts'
import { denialSchema, denialsFrom } from './denials.ts'
import { invalidValue, notFound } from './errors.ts'
import type { RateLimit } from './rate-limit.ts'
import type { RequestLog } from './request-log.ts'
import type { RouteNeed } from './roles/access.ts'
import { grantSchema, grantsOf } from './roles/grants.ts'
import type { WorkerApplication } from './state/records.ts'
import type { SandboxState } from './state/sandbox-state.ts'

const davinciRoles = ['DaVinci Admin', 'DaVinci Admin Read Only'] as const

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
  clientSecret: z.string().min(1).optional(),
  role: z.enum(davinciRoles).optional(),
  roles: z.array(grantSchema).optional(),
})

const denialsBody = z.strictObject({ denials: z.array(denialSchema) })

/**
 * Adds the sandbox's own routes, which PingOne doesn't have: below /sandbox, without a token, on the loopback address
 * alone. None of them tells a secret.
 */
export function registerAdmin(
  app: FastifyInstance,
  context: Context,
  { log, rateLimit, routeNeeds }: { log: RequestLog; rateLimit: RateLimit; routeNeeds: readonly RouteNeed[] },
): void {
  const { state, settings } = context

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
    applications: state.workers.map((worker) => visible(worker, state)),
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

  app.get('/sandbox/applications', () => ({ applications: state.workers.map((worker) => visible(worker, state)) }))

  app.patch('/sandbox/applications/:clientId', (request) => {
    const worker = state.workers.find(({ clientId }) => clientId === pathParameter(request, 'clientId'))
    if (!worker) throw notFound()
    const body = applicationBody.parse(objectBody(request, applicationBody))
    const { roles } = body
    if (roles) asked('roles', () => state.setRoles(worker.clientId, roles))
    if (body.role) exchangeRole(worker, body.role, state)
    if (body.enabled !== undefined) worker.enabled = body.enabled
    if (body.tokenEndpointAuthMethod) worker.tokenEndpointAuthMethod = body.tokenEndpointAuthMethod
    if (body.grantTypes) worker.grantTypes = body.grantTypes
    if (body.clientSecret) worker.clientSecret = body.clientSecret
    state.onChange()
    return visible(worker, state)
  })

  app.get('/sandbox/routes', () => ({
    routes: routeNeeds.map(({ method, path, need: { permission, byMediaType } }) => ({
      method,
      path,
      permission,
      ...(byMediaType ? { byMediaType } : {}),
    })),
  }))

  app.get('/sandbox/denials', () => ({ denials: context.denials }))

  app.put('/sandbox/denials', (request) => {
    const { denials } = denialsBody.parse(objectBody(request, denialsBody))
    context.denials = asked('denials', () => denialsFrom(denials, state))
    return { denials: context.denials }
  })
}

/** A worker application without its secret, with its roles as they are written. */
function visible(worker: WorkerApplication, state: SandboxState) {
  const { clientSecret: _clientSecret, roleAssignments: _roleAssignments, ...rest } = worker
  return { ...rest, roles: grantsOf(worker, state) }
}

/** Does what a body asks for; what it names and isn't there is answered with 400. */
function asked<T>(target: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof RangeError) throw invalidValue(target, error.message)
    throw error
  }
}

/** Puts one DaVinci role in the place of another wherever the worker has one; its other roles stay. */
function exchangeRole(worker: WorkerApplication, role: (typeof davinciRoles)[number], state: SandboxState): void {
  const others = new Set<string>(davinciRoles)
  const grants = grantsOf(worker, state).map((grant) => (others.has(grant.role) ? { ...grant, role } : grant))
  state.setRoles(worker.clientId, grants)
}
