import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { accessHandlers } from '../access/routes.ts'
import { correlated, correlatedEach, correlationOf } from '../audit/correlation.ts'
import type { AuditFacts } from '../audit/entry.ts'
import { auditHandlers } from '../audit/routes.ts'
import type { Caller } from '../authorization/caller.ts'
import { comparisonHandlers } from '../comparison/routes.ts'
import { accessRoutes } from '../contract/access.ts'
import { auditRoutes } from '../contract/audit.ts'
import { comparisonRoutes } from '../contract/comparison.ts'
import { guardRoutes } from '../contract/guards.ts'
import { keyRoutes } from '../contract/keys.ts'
import { loginAppRoutes } from '../contract/login-app.ts'
import { fastifySchema } from '../contract/openapi.ts'
import { peopleRoutes } from '../contract/people.ts'
import { placeRoutes } from '../contract/places.ts'
import { planRoutes } from '../contract/plans.ts'
import type { RouteDeclaration } from '../contract/route.ts'
import { runRoutes } from '../contract/runs.ts'
import { sessionRoutes } from '../contract/session.ts'
import { statusRoutes } from '../contract/status.ts'
import { tenantRoutes } from '../contract/tenants.ts'
import { guardHandlers } from '../guards/routes.ts'
import { peopleHandlers } from '../people/routes.ts'
import { placeHandlers } from '../places/routes.ts'
import { planHandlers } from '../plans/routes.ts'
import { runHandlers } from '../runs/routes.ts'
import { keyHandlers } from '../secrets/routes.ts'
import type { Services } from '../services.ts'
import { loginAppHandlers, sessionHandlers } from '../sign-in/routes.ts'
import { statusHandlers } from '../status/routes.ts'
import { tenantHandlers } from '../tenants/routes.ts'
import { admit } from './admission.ts'
import { auditRefusal, auditSuccess } from './audit.ts'
import { cookiesOf } from './cookies.ts'
import { sendDownload } from './downloads.ts'
import { sendEvents } from './events.ts'
import { originOf } from './guards.ts'
import type { Download, HandlerRequest, Handlers } from './handlers.ts'
import { whileAdmitted } from './while-admitted.ts'

/** Bodies are small, except plans that come with their content. */
const bodyLimits: Record<string, number> = { importPlan: 64 * 1024 * 1024 }

/** Registers a handler for every route of the contract. `share`: how much of what routes take in a minute they take. */
export function registerRoutes(
  app: FastifyInstance,
  services: Services,
  { demo, share }: { demo: boolean; share: number },
): void {
  const register: Register = (routes, handlers) => registerAll(app, services, share, routes, handlers)
  register(statusRoutes, statusHandlers(services, demo))
  register(sessionRoutes, sessionHandlers(services))
  register(loginAppRoutes, loginAppHandlers(services))
  register(peopleRoutes, peopleHandlers(services))
  register(tenantRoutes, tenantHandlers(services))
  register(placeRoutes, placeHandlers(services))
  register(comparisonRoutes, comparisonHandlers(services))
  register(planRoutes, planHandlers(services))
  register(runRoutes, runHandlers(services))
  register(guardRoutes, guardHandlers(services))
  register(accessRoutes, accessHandlers(services))
  register(auditRoutes, auditHandlers(services))
  register(keyRoutes, keyHandlers(services))
}

type Register = <Routes extends Record<string, RouteDeclaration>>(routes: Routes, handlers: Handlers<Routes>) => void

function registerAll<Routes extends Record<string, RouteDeclaration>>(
  app: FastifyInstance,
  services: Services,
  share: number,
  routes: Routes,
  handlers: Handlers<Routes>,
): void {
  for (const name of Object.keys(routes)) {
    const route = routes[name]
    // Types can't follow a loop over names: that each handler fits its route was checked where they were written.
    const handle = handlers[name] as unknown as (request: HandlerRequest<RouteDeclaration>) => unknown
    if (route) registerRoute(app, services, share, route, handle)
  }
}

function registerRoute(
  app: FastifyInstance,
  services: Services,
  share: number,
  route: RouteDeclaration,
  handle: (request: HandlerRequest<RouteDeclaration>) => unknown,
): void {
  const bodyLimit = bodyLimits[route.operationId]
  const [status] = Object.keys(route.schema.response)
  const { callsPerMinute } = route
  app.route({
    method: route.method,
    url: route.url,
    schema: fastifySchema(route) ?? {},
    config: {
      declaration: route,
      ...(callsPerMinute ? { rateLimit: { max: Math.ceil(callsPerMinute * share) } } : {}),
    },
    ...(bodyLimit === undefined ? {} : { bodyLimit }),
    // Before the body is read: whoever may not call learns nothing of what a call would need. After calls were counted:
    // those that are refused count, too.
    preParsing: async (request) => {
      try {
        request.caller = await admit(request, route, services.signIn)
      } catch (error) {
        await auditRefusal(services.audit, request, route, error)
        throw error
      }
      if (route.audit !== undefined) await services.audit.ensureWorks()
    },
    handler: async (request, reply) => {
      const facts: AuditFacts = {}
      const correlation = correlationOf(request.id, request.caller)
      try {
        const answer = await correlated(correlation, () => handle(inputOf(request, reply, facts)))
        // A stream or a download says what it is about when it begins; its entry is written before the first piece.
        await auditSuccess(services.audit, request, route, facts)
        if (route.events) {
          const events = correlatedEach(correlation, answer as AsyncIterable<unknown>)
          return await sendEvents(
            reply,
            whileAdmitted(events, () => admit(request, route, services.signIn)),
          )
        }
        if (route.redirects) return reply.redirect((answer as { location: string }).location, 302)
        if (route.download) return sendDownload(reply, answer as Download)
        return reply.status(Number(status)).send(answer)
      } catch (error) {
        await auditRefusal(services.audit, request, route, error, facts)
        throw error
      }
    },
  })
}

function inputOf(request: FastifyRequest, reply: FastifyReply, facts: AuditFacts): HandlerRequest<RouteDeclaration> {
  return {
    params: request.params as undefined,
    query: request.query as undefined,
    body: request.body as undefined,
    caller: request.caller as Caller,
    signal: hangUpSignal(reply),
    requestId: request.id,
    cookies: cookiesOf(request, reply),
    browser: (request.headers['user-agent'] ?? '').slice(0, 200),
    origin: originOf(request),
    audit: (more) => void Object.assign(facts, more),
  }
}

function hangUpSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort()
  })
  return controller.signal
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sent it: set once the route admitted it. */
    caller: Caller | undefined
  }

  interface FastifyContextConfig {
    /** What the contract says of the route; absent for pages and their assets. */
    declaration?: RouteDeclaration
  }
}
