import { randomUUID } from 'node:crypto'
import fastifyRateLimit from '@fastify/rate-limit'
import Fastify, { type FastifyInstance, type onRequestAsyncHookHandler } from 'fastify'
import { registerOpenApi } from '../contract/openapi.ts'
import { problemOf } from '../problems/from-error.ts'
import type { Services } from '../services.ts'
import { callerOf, signInNeeded } from './admission.ts'
import { auditEarlyRefusal } from './audit.ts'
import { ordinaryBody, registerBodies } from './bodies.ts'
import { registerCookies } from './cookies.ts'
import { refuseUndeclaredRoutes } from './declared.ts'
import { type Explain, registerErrors } from './errors.ts'
import { registerGuards } from './guards.ts'
import { type LogSettings, loggerOptions } from './logging.ts'
import { registerProtection } from './protection.ts'
import { registerRoutes } from './routes.ts'
import { registerWebApp } from './web-app.ts'

/** Requests a minute from one address, where nothing else is said. */
const usualRequests = 1200

export interface AppSettings {
  services: Services
  /** Answers only under the names of this machine. */
  loopbackOnly: boolean
  /** The address under which browsers reach it. */
  publicUrl?: URL | undefined
  trustedProxies?: readonly string[] | undefined
  /** Folder of the built web app. */
  webFolder?: string | undefined
  demo?: boolean | undefined
  log?: LogSettings | undefined
  /** Requests a minute from one address; routes that take fewer take as many more or less. */
  requestsPerMinute?: number | undefined
}

/** Builds the HTTP server of the API and the web app. */
export async function buildApp(settings: AppSettings): Promise<FastifyInstance> {
  const {
    services,
    loopbackOnly,
    publicUrl,
    trustedProxies = [],
    webFolder,
    demo = false,
    log = {},
    requestsPerMinute = usualRequests,
  } = settings
  const app = Fastify({
    logger: loggerOptions(log),
    // One id in the log, the audit log, PingOne's own log and the answer; nobody else may choose it.
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    bodyLimit: ordinaryBody,
    ...(trustedProxies.length === 0 ? {} : { trustProxy: [...trustedProxies] }),
    requestTimeout: 120_000,
    http: { headersTimeout: 20_000, maxHeaderSize: 16 * 1024 },
    // Streams stay open as long as their reader wants: on closing they are cut.
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 700 },
  })
  app.addHook('onRequest', async (request, reply) => void reply.header('X-Request-Id', request.id))
  registerErrors(app, {
    explain: explainWith(services),
    noted: (request, error) => auditEarlyRefusal(services.audit, request, error),
  })
  await registerProtection(app, { loopbackOnly, publicUrl })
  registerGuards(app, { loopbackOnly, publicUrl })
  registerBodies(app)
  refuseUndeclaredRoutes(app)
  app.decorateRequest('caller', undefined)
  app.decorate('publicUrl', publicUrl)
  await registerCookies(app)
  await app.register(fastifyRateLimit, {
    max: requestsPerMinute,
    timeWindow: '1 minute',
    // Pages and their assets are as many as they are; whatever a handler of ours answers is counted.
    allowList: (request) => !request.url.startsWith('/api/') && !request.routeOptions.config.declaration,
  })
  await registerOpenApi(app)
  await app.register(async (scope) =>
    registerRoutes(scope, services, { demo, share: requestsPerMinute / usualRequests }),
  )
  app.get(
    '/api/openapi.json',
    { schema: { hide: true }, onRequest: knownCallersOnly(services) },
    async (_request, reply) =>
      reply
        .type('application/json')
        .serializer((text: unknown) => text as string)
        .send(JSON.stringify(app.swagger())),
  )
  await registerWebApp(app, webFolder)
  await app.ready()
  return app
}

/** How the API looks is told to those who may call it. */
function knownCallersOnly({ signIn }: Services): onRequestAsyncHookHandler {
  return async (request) => {
    request.caller = await callerOf(request, signIn)
    if (!request.caller) throw signInNeeded()
  }
}

/** Whose call it was and on which tenant decides what an explanation may look into. */
function explainWith({ access }: Services): Explain {
  return async ({ caller, params }, error) => {
    const { tenantId } = (params ?? {}) as { tenantId?: unknown }
    if (caller === undefined || typeof tenantId !== 'string') return problemOf(error)
    return access.explain(caller, tenantId, error)
  }
}
