import fastifyHelmet from '@fastify/helmet'
import fastifyRateLimit from '@fastify/rate-limit'
import Fastify, { type FastifyInstance } from 'fastify'
import { registerOpenApi } from '../contract/openapi.ts'
import type { Services } from '../services.ts'
import { registerCookies } from './cookies.ts'
import { registerErrors } from './errors.ts'
import { registerGuards } from './guards.ts'
import { type LogSettings, loggerOptions } from './logging.ts'
import { registerRoutes } from './routes.ts'
import { registerWebApp } from './web-app.ts'

export interface AppSettings {
  services: Services
  /** Answers only under the names of this machine. */
  loopbackOnly: boolean
  /** Folder of the built web app. */
  webFolder?: string | undefined
  demo?: boolean | undefined
  log?: LogSettings | undefined
  /** Requests a minute from one address. */
  requestsPerMinute?: number | undefined
}

/** Builds the HTTP server of the API and the web app. */
export async function buildApp(settings: AppSettings): Promise<FastifyInstance> {
  const { services, loopbackOnly, webFolder, demo = false, log = {}, requestsPerMinute = 1200 } = settings
  const app = Fastify({
    logger: loggerOptions(log),
    bodyLimit: 1024 * 1024,
    requestTimeout: 120_000,
    // Streams stay open as long as their reader wants: on closing they are cut.
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 700 },
  })
  registerErrors(app)
  registerGuards(app, { loopbackOnly })
  takeEmptyBodies(app)
  app.decorateRequest('caller', undefined)
  await registerCookies(app)
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: { useDefaults: false, directives: contentSecurityPolicy },
    strictTransportSecurity: loopbackOnly ? false : { maxAge: 31_536_000 },
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: { action: 'deny' },
  })
  await app.register(fastifyRateLimit, {
    max: requestsPerMinute,
    timeWindow: '1 minute',
    allowList: (request) => !request.url.startsWith('/api/'),
  })
  app.addHook('onSend', async (request, reply) => {
    if (request.url.startsWith('/api/') && !reply.hasHeader('Cache-Control')) reply.header('Cache-Control', 'no-store')
  })
  await registerOpenApi(app)
  await app.register(async (scope) => registerRoutes(scope, services, demo))
  app.get('/api/openapi.json', { schema: { hide: true } }, async (_request, reply) =>
    reply
      .type('application/json')
      .serializer((text: unknown) => text as string)
      .send(JSON.stringify(app.swagger())),
  )
  await registerWebApp(app, webFolder)
  await app.ready()
  return app
}

/** Scripts come from this server only. Components and the code editor set styles at run time. */
const contentSecurityPolicy = {
  defaultSrc: ["'self'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:', 'blob:'],
  fontSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
  workerSrc: ["'self'", 'blob:'],
  objectSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
}

/** JSON is the only body that is taken. Calls without one may still say that they would be JSON. */
function takeEmptyBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined)
    else parse(request, body as string, done)
  })
}
