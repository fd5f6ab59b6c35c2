import type { FastifyRequest } from 'fastify'
import type { Authenticator } from '../authorization/authenticator.ts'
import { type Caller, nobodyFrom } from '../authorization/caller.ts'
import { may, maySomewhere, permissionMissing } from '../authorization/permissions.ts'
import { type RouteDeclaration, scopeOf } from '../contract/route.ts'
import { ProblemError } from '../problems/problem-error.ts'
import { cookieNames } from './cookies.ts'

/**
 * Who sends a request, once it is clear that they may call this route. Throws a ProblemError: SIGN_IN_NEEDED (401),
 * PERMISSION_MISSING (403), and what the authenticator throws.
 */
export async function admit(
  request: FastifyRequest,
  route: RouteDeclaration,
  authenticator: Authenticator,
): Promise<Caller> {
  const caller = await callerFor(request, route, authenticator)
  // What may be refused later is still to be told with a name.
  request.caller = caller
  if (route.permission === 'public') return caller ?? nobodyFrom(request.ip)
  if (!caller) throw signInNeeded()
  if (!isAdmitted(caller, route, tenantIn(request))) throw permissionMissing(caller, route.permission)
  return caller
}

/** Whether a caller may call a route at all: what it is about is asked for by its handler. */
function isAdmitted(caller: Caller, route: RouteDeclaration, tenantId: string | undefined): boolean {
  switch (scopeOf(route)) {
    case 'installation':
      return may(caller, route.permission, {})
    case 'tenant':
      return may(caller, route.permission, { tenantId })
    case 'environment':
      return maySomewhere(caller, route.permission, { tenantId })
    case 'anywhere':
      return maySomewhere(caller, route.permission)
  }
}

/** A public route works without a session, and so with one that has ended. */
async function callerFor(
  request: FastifyRequest,
  route: RouteDeclaration,
  authenticator: Authenticator,
): Promise<Caller | undefined> {
  try {
    return await callerOf(request, authenticator)
  } catch (error) {
    const ended = error instanceof ProblemError && error.code === 'SESSION_ENDED'
    if (ended && route.permission === 'public') return undefined
    throw error
  }
}

/** Who sends a request; undefined when nobody is signed in and somebody must be. Throws as the authenticator does. */
export function callerOf(request: FastifyRequest, authenticator: Authenticator): Promise<Caller | undefined> {
  return authenticator.authenticate({
    session: request.cookies[cookieNames.session],
    bearer: bearerOf(request),
    address: request.ip,
  })
}

/** The API token of a request. */
export function bearerOf(request: FastifyRequest): string | undefined {
  return /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
}

function tenantIn(request: FastifyRequest): string | undefined {
  const { tenantId } = (request.params ?? {}) as { tenantId?: unknown }
  return typeof tenantId === 'string' ? tenantId.toLowerCase() : undefined
}

/** The refusal for a caller who isn't known. */
export function signInNeeded(): ProblemError {
  return new ProblemError({
    status: 401,
    code: 'SIGN_IN_NEEDED',
    detail: 'Nobody is signed in.',
    nextStep: 'Sign in, or send an API token: Authorization: Bearer <token>.',
  })
}
