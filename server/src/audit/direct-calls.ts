import { randomUUID } from 'node:crypto'
import type { ReadOptions } from '@flightiq/core'
import type { z } from 'zod'
import type { Caller } from '../authorization/caller.ts'
import { auditRoutes } from '../contract/audit.ts'
import { keyRoutes } from '../contract/keys.ts'
import { planRoutes } from '../contract/plans.ts'
import type { RouteDeclaration } from '../contract/route.ts'
import { runRoutes } from '../contract/runs.ts'
import { tenantRoutes } from '../contract/tenants.ts'
import type { Download, Handler, HandlerRequest } from '../http/handlers.ts'
import { planHandlers } from '../plans/routes.ts'
import { runHandlers } from '../runs/routes.ts'
import { keyHandlers } from '../secrets/routes.ts'
import type { Services } from '../services.ts'
import { tenantHandlers } from '../tenants/routes.ts'
import { correlated, correlationOf } from './correlation.ts'
import type { AuditFacts } from './entry.ts'
import { recordDone, recordRefusal } from './route-entries.ts'
import { auditHandlers } from './routes.ts'

const { createTenant, deleteTenant, testTenant } = tenantRoutes
const { createPlan, importPlan } = planRoutes
const { startRun, resumeRun, cancelRun } = runRoutes
const { rotateMasterKey } = keyRoutes
const routes = {
  ...{ createTenant, deleteTenant, testTenant, createPlan, importPlan, startRun, resumeRun, cancelRun },
  ...{ rotateMasterKey, ...auditRoutes },
}
type Routes = typeof routes

type Parts<Route extends RouteDeclaration> = Pick<
  HandlerRequest<Route>,
  {
    [Part in 'params' | 'query' | 'body']: HandlerRequest<Route>[Part] extends undefined ? never : Part
  }['params' | 'query' | 'body']
>

/** What a handler gives has gone through the schema of the answer already where that fills anything in. */
type Answer<Route extends RouteDeclaration> = Route extends { download: true }
  ? Download
  : z.output<Route['schema']['response'][keyof Route['schema']['response']] & z.ZodType>

/** Calls of routes within this process, by name. Each takes the parts of a request that the route declares. */
export type DirectCalls = {
  [Name in keyof Routes]: (parts: Parts<Routes[Name]>, options?: ReadOptions) => Promise<Answer<Routes[Name]>>
}

/**
 * What leaves an entry in the audit log, for a caller at this machine: done by the same handlers as over HTTP, so that the
 * same entries come of it. The calls throw what the handlers throw, and a ProblemError AUDIT_UNAVAILABLE.
 */
export function directCalls(services: Services, caller: Caller): DirectCalls {
  const handlers = {
    ...{ ...tenantHandlers(services), ...planHandlers(services), ...runHandlers(services) },
    ...{ ...keyHandlers(services), ...auditHandlers(services) },
  }
  const calls = Object.entries(routes).map(([name, route]) => {
    // Types can't follow a loop over names: that each handler fits its route was checked where they were written.
    const handle = handlers[name as keyof Routes] as unknown as Handler<RouteDeclaration>
    return [name, (parts: object, options?: ReadOptions) => call(services, caller, route, handle, parts, options)]
  })
  return Object.fromEntries(calls) as DirectCalls
}

async function call(
  { audit }: Services,
  caller: Caller,
  route: RouteDeclaration,
  handle: Handler<RouteDeclaration>,
  parts: { params?: Record<string, string> },
  { signal = new AbortController().signal, onProgress }: ReadOptions = {},
): Promise<unknown> {
  const facts: AuditFacts = {}
  const requestId = randomUUID()
  const told = { caller, from: caller.from, requestId, params: parts.params ?? {} }
  const request = {
    ...{ params: undefined, query: undefined, body: undefined, ...parts },
    ...{ caller, requestId, signal, onProgress, browser: '', origin: '', cookies: noCookies },
    audit: (more: AuditFacts) => void Object.assign(facts, more),
  }
  if (route.audit !== undefined) await audit.ensureWorks()
  try {
    const answer = await correlated(correlationOf(requestId, caller), () => handle(request as never))
    await recordDone(audit, told, route, facts)
    return answer
  } catch (error) {
    await recordRefusal(audit, told, route, error, facts)
    throw error
  }
}

const noCookies = { session: undefined, signIn: undefined, set: () => {} }
