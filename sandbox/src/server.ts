import { setTimeout as sleep } from 'node:timers/promises'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { registerAdmin } from './admin.ts'
import { type Context, pathParameter } from './context.ts'
import { registerDaVinci } from './davinci/routes.ts'
import {
  ApiError,
  bodyTooLarge,
  forbidden,
  invalidRequest,
  invalidValue,
  methodNotAllowed,
  notFound,
  requestLimited,
  unexpected,
  unsupportedMediaType,
} from './errors.ts'
import { isUuid } from './ids.ts'
import { AuthorizationServer } from './oauth.ts'
import { registerEnvironments } from './platform/environments.ts'
import { registerForms } from './platform/forms.ts'
import { registerOrganizations } from './platform/organizations.ts'
import { RateLimit } from './rate-limit.ts'
import type { RequestLog } from './request-log.ts'
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

  const authorization = new AuthorizationServer(context)
  const rateLimit = new RateLimit(state.now)

  app.addHook('onRequest', async (request) => {
    if (isOwn(request)) return
    log.begin(request, state.now())
    if (!isConfiguration(request)) return
    request.worker = await authorization.authenticate(request)
    countRequest(request, context, rateLimit)
    if (!isBelowEnvironment(request)) return
    request.environment = permitted(request, context)
    // Whatever is no reading needs the full role: validation and export too, though they change nothing.
    if (request.method !== 'GET' && request.worker.role !== 'DaVinci Admin') throw forbidden()
    if (request.method === 'GET') refuseUnsettled(request, request.environment, context)
  })
  app.addHook('onSend', async (request, reply, payload) => {
    if (isOwn(request)) return payload
    log.end(request, reply.statusCode)
    if (settings.latencyMilliseconds > 0) await sleep(settings.latencyMilliseconds)
    return payload
  })
  app.setErrorHandler((error: unknown, _request, reply) => sendError(toApiError(error), reply))
  app.setNotFoundHandler((_request, reply) => sendError(notFound(), reply))

  const routes = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ url, method }) => {
    const known = routes.get(url) ?? new Set()
    for (const one of [method].flat()) known.add(one)
    routes.set(url, known)
  })
  authorization.register(app)
  registerOrganizations(app, context)
  registerEnvironments(app, context)
  registerForms(app)
  registerDaVinci(app, context)
  registerAdmin(app, context, { log, rateLimit })
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

/** Whether a request is for something that lies in an environment; the bill of materials belongs to the environment itself. */
function isBelowEnvironment(request: FastifyRequest): boolean {
  const url = request.routeOptions.url ?? ''
  return url.startsWith('/v1/environments/:environmentId/') && !url.endsWith('/billOfMaterials')
}

function countRequest(request: FastifyRequest, { state, settings }: Context, rateLimit: RateLimit): void {
  const limit = settings.rateLimitPerMinute
  if (limit === null) return
  const organization = state.organizations.find(({ id }) => id === request.worker?.organizationId)
  const seconds = rateLimit.take(organization?.licenceId ?? '', limit)
  if (seconds !== undefined) throw requestLimited(limit, seconds)
}

/**
 * The environment of a path, when the worker has a role on it. Everything below an environment that doesn't exist
 * answers 403 and not 404 (PingOne OpenAPI description, P14C-63085); so does another's, and one without DaVinci.
 */
function permitted(request: FastifyRequest, { state, settings }: Context): EnvironmentState {
  const id = pathParameter(request, 'environmentId')
  if (!isUuid(id)) throw invalidValue('environmentID', 'must be a valid UUID')
  const environment = state.environments.get(id)
  if (!environment || !request.worker?.environmentIds.includes(id)) throw forbidden()
  if (!environment.head.products.includes('PING_ONE_DAVINCI')) throw forbidden()
  // DaVinci doesn't know a new environment at once: it was seen to answer 403 for the first half minute and more.
  const inserted = environment.insertedAt.get(id)
  if (inserted !== undefined && state.now() - inserted < settings.settleMilliseconds) throw forbidden()
  return environment
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
