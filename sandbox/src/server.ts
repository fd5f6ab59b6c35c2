import { setTimeout as sleep } from 'node:timers/promises'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { registerAdmin } from './admin.ts'
import type { Context } from './context.ts'
import { registerDaVinci } from './davinci/routes.ts'
import { refuseDenied } from './denials.ts'
import {
  ApiError,
  bodyTooLarge,
  invalidRequest,
  methodNotAllowed,
  notFound,
  requestLimited,
  unexpected,
  unsupportedMediaType,
} from './errors.ts'
import { AuthorizationServer } from './oauth.ts'
import { registerPlatformApplications } from './platform/applications.ts'
import { registerEnvironments } from './platform/environments.ts'
import { registerForms } from './platform/forms.ts'
import { registerOrganizations } from './platform/organizations.ts'
import { registerPopulations } from './platform/populations.ts'
import { registerRoleAssignments } from './platform/role-assignments.ts'
import { registerRoles } from './platform/roles.ts'
import { RateLimit } from './rate-limit.ts'
import type { RequestLog } from './request-log.ts'
import { authorize, collectNeeds } from './roles/access.ts'
import { registerSignOnAdmin } from './sign-on/admin.ts'
import { SignOn } from './sign-on/sign-on.ts'
import type { EnvironmentState } from './state/environment-state.ts'

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** A body larger than this is not even read to its end to be refused politely. */
const largestDrained = 256 * 1024 * 1024

/** Builds the HTTP server: token endpoint, configuration API below /v1, and the sandbox's own routes below /sandbox. */
export function buildServer(context: Context, log: RequestLog): FastifyInstance {
  const { state, settings } = context
  const app = fastify({
    logger: false,
    trustProxy: true,
    forceCloseConnections: true,
    routerOptions: {
      maxParamLength: 1024,
      onBadUrl: (_path, _request, response) => {
        const error = invalidRequest('The request could not be completed. The URL is malformed.')
        response.statusCode = error.status
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify(error.body()))
      },
    },
  })
  app.decorateRequest('worker', undefined)
  app.decorateRequest('environment', undefined)
  takeAnyBody(app, context)

  const signOn = new SignOn(context)
  const authorization = new AuthorizationServer(context, signOn)
  const rateLimit = new RateLimit(state.now)

  app.addHook('onRequest', async (request) => {
    if (isOwn(request)) return
    log.begin(request, state.now())
    if (!isConfiguration(request)) return
    request.worker = await authorization.authenticate(request)
    countRequest(request, context, rateLimit)
    request.environment = authorize(request, request.worker, context)
    if (!request.environment) return
    refuseDenied(request, request.environment, context.denials)
    if (request.method === 'GET') refuseUnsettled(request, request.environment, context)
  })
  app.addHook('onSend', async (request, reply, payload) => {
    if (isOwn(request)) return payload
    log.end(request, reply.statusCode)
    if (settings.latencyMilliseconds > 0) await sleep(settings.latencyMilliseconds)
    return payload
  })
  // The sign-on answers by itself, past onSend.
  app.addHook('onResponse', async (request, reply) => log.end(request, reply.raw.statusCode))
  app.setErrorHandler((error: unknown, _request, reply) => sendError(toApiError(error), reply))
  app.setNotFoundHandler((_request, reply) => sendError(notFound(), reply))

  const routes = new Map<string, Set<string>>()
  const routeNeeds = collectNeeds(app)
  app.addHook('onRoute', ({ url, method }) => {
    const known = routes.get(url) ?? new Set()
    for (const one of [method].flat()) known.add(one)
    routes.set(url, known)
  })
  authorization.register(app)
  signOn.register(app)
  registerOrganizations(app, context)
  registerEnvironments(app, context)
  registerRoles(app)
  registerPlatformApplications(app, context)
  registerRoleAssignments(app, context)
  registerPopulations(app)
  registerForms(app)
  registerDaVinci(app, context)
  registerAdmin(app, context, { log, rateLimit, routeNeeds })
  registerSignOnAdmin(app, context)
  refuseOtherMethods(app, new Map(routes))
  return app
}

/** Takes a body of any media type as bytes: which type is fit is for each route to say. */
function takeAnyBody(app: FastifyInstance, { settings }: Context): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => {
    const limit = settings.limits.bodyBytes
    let size = 0
    let chunks: Buffer[] = []
    payload.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= limit) chunks.push(chunk)
      // The rest is read and forgotten, so that the client gets the answer instead of a broken connection.
      else chunks = []
      if (size > largestDrained) payload.destroy()
    })
    payload.on('error', () => done(invalidRequest('The request could not be completed. The request body broke off.')))
    payload.on('end', () => {
      if (size > limit) done(bodyTooLarge(limit))
      else done(null, Buffer.concat(chunks))
    })
  })
}

function refuseOtherMethods(app: FastifyInstance, routes: Map<string, Set<string>>): void {
  for (const [url, known] of routes) {
    const others = methods.filter((method) => !known.has(method))
    if (others.length === 0) continue
    app.route({
      url,
      method: others,
      config: { need: null },
      handler: (request) => {
        throw methodNotAllowed(request.method)
      },
    })
  }
}

/** The sandbox's own routes are neither logged, limited nor delayed. */
function isOwn(request: FastifyRequest): boolean {
  return request.url.startsWith('/sandbox/')
}

function isConfiguration(request: FastifyRequest): boolean {
  return request.url.startsWith('/v1/')
}

function countRequest(request: FastifyRequest, { state, settings }: Context, rateLimit: RateLimit): void {
  const limit = settings.rateLimitPerMinute
  if (limit === null) return
  const organization = state.organizations.find(({ id }) => id === request.worker?.organizationId)
  const seconds = rateLimit.take(organization?.licenceId ?? '', limit)
  if (seconds !== undefined) throw requestLimited(limit, seconds)
}

/** What was created a moment ago may not be found yet. */
function refuseUnsettled(request: FastifyRequest, environment: EnvironmentState, { settings }: Context): void {
  if (settings.settleMilliseconds === 0) return
  const { environmentId: _environmentId, ...ids } = request.params as Record<string, string>
  for (const id of Object.values(ids)) {
    const inserted = environment.insertedAt.get(id)
    if (inserted !== undefined && environment.now() - inserted < settings.settleMilliseconds) throw notFound()
  }
}

function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  const { code, statusCode } = error as { code?: string; statusCode?: number }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return unsupportedMediaType(undefined)
  if (statusCode && statusCode < 500) return invalidRequest((error as Error).message)
  console.error('The sandbox failed to answer:', error)
  return unexpected()
}

function sendError(error: ApiError, reply: FastifyReply): FastifyReply {
  return reply.code(error.status).headers(error.headers).type('application/json').send(error.body())
}
