import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { comparisonHandlers } from '../comparison/routes.ts'
import { comparisonRoutes } from '../contract/comparison.ts'
import { fastifySchema } from '../contract/openapi.ts'
import { placeRoutes } from '../contract/places.ts'
import { planRoutes } from '../contract/plans.ts'
import type { RouteDeclaration } from '../contract/route.ts'
import { runRoutes } from '../contract/runs.ts'
import { statusRoutes } from '../contract/status.ts'
import { tenantRoutes } from '../contract/tenants.ts'
import { placeHandlers } from '../places/routes.ts'
import { planHandlers } from '../plans/routes.ts'
import { runHandlers } from '../runs/routes.ts'
import type { Services } from '../services.ts'
import { statusHandlers } from '../status/routes.ts'
import { tenantHandlers } from '../tenants/routes.ts'
import { sendEvents } from './events.ts'
import type { HandlerRequest, Handlers } from './handlers.ts'

/** Bodies are small, except plans that come with their content. */
const bodyLimits: Record<string, number> = { importPlan: 64 * 1024 * 1024 }

/** Registers a handler for every route of the contract. */
export function registerRoutes(app: FastifyInstance, services: Services, demo: boolean): void {
  register(app, statusRoutes, statusHandlers(services, demo))
  register(app, tenantRoutes, tenantHandlers(services))
  register(app, placeRoutes, placeHandlers(services))
  register(app, comparisonRoutes, comparisonHandlers(services))
  register(app, planRoutes, planHandlers(services))
  register(app, runRoutes, runHandlers(services))
}

function register<Routes extends Record<string, RouteDeclaration>>(
  app: FastifyInstance,
  routes: Routes,
  handlers: Handlers<Routes>,
): void {
  for (const name of Object.keys(routes)) {
    const route = routes[name]
    // Types can't follow a loop over names: that each handler fits its route was checked where they were written.
    const handle = handlers[name] as unknown as (request: HandlerRequest<RouteDeclaration>) => unknown
    if (route) registerRoute(app, route, handle)
  }
}

function registerRoute(
  app: FastifyInstance,
  route: RouteDeclaration,
  handle: (request: HandlerRequest<RouteDeclaration>) => unknown,
): void {
  const bodyLimit = bodyLimits[route.operationId]
  const [status] = Object.keys(route.schema.response)
  app.route({
    method: route.method,
    url: route.url,
    schema: fastifySchema(route) ?? {},
    config: { declaration: route },
    ...(bodyLimit === undefined ? {} : { bodyLimit }),
    handler: async (request, reply) => {
      const input = {
        params: request.params as undefined,
        query: request.query as undefined,
        body: request.body as undefined,
        signal: hangUpSignal(reply),
      }
      if (route.events) return sendEvents(reply, handle(input) as AsyncIterable<unknown>)
      const answer = await handle(input)
      audit(request, route)
      return reply.status(Number(status)).send(answer)
    },
  })
}

function hangUpSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort()
  })
  return controller.signal
}

function audit(request: FastifyRequest, route: RouteDeclaration): void {
  if (route.audit === undefined) return
  request.log.info({ audit: route.audit, params: request.params, from: request.ip }, route.audit)
}
