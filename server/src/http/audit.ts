import type { FastifyRequest } from 'fastify'
import type { AuditFacts, AuditLog } from '../audit/entry.ts'
import { type RouteCall, recordDone, recordRefusal } from '../audit/route-entries.ts'
import { nobodyFrom } from '../authorization/caller.ts'
import type { RouteDeclaration } from '../contract/route.ts'
import { toProblemError } from '../problems/from-error.ts'

/** Writes down that a request was carried out, for routes that leave an entry. Throws as `AuditLog.record` does. */
export function auditSuccess(
  log: AuditLog,
  request: FastifyRequest,
  route: RouteDeclaration,
  facts: AuditFacts,
): Promise<void> {
  return recordDone(log, callOf(request), route, facts)
}

/**
 * Writes down that a request was refused or failed, where that is worth an entry. What was refused stays refused when it
 * can't be written; the log of the server tells.
 */
export async function auditRefusal(
  log: AuditLog,
  request: FastifyRequest,
  route: RouteDeclaration,
  error: unknown,
  facts: AuditFacts = {},
): Promise<void> {
  try {
    await recordRefusal(log, callOf(request), route, error, facts)
  } catch (notWritten) {
    request.log.error({ err: notWritten }, 'refusal not audited')
  }
}

/** Refusals that come before a route is reached, and tell of somebody trying what they may not. */
const early = new Set(['ORIGIN_FOREIGN', 'HEADER_MISSING', 'HOST_NOT_SERVED', 'RATE_LIMITED'])

/** Writes down a refusal that no route has told of. */
export async function auditEarlyRefusal(log: AuditLog, request: FastifyRequest, error: unknown): Promise<void> {
  const { code } = toProblemError(error)
  if (!early.has(code)) return
  const { caller, ip, id } = request
  const operation = request.routeOptions.config.declaration?.operationId ?? 'unknown'
  try {
    await log.record({
      event: `route.${operation}`,
      outcome: 'refused',
      actor: caller ? { ...caller, from: ip } : nobodyFrom(ip),
      requestId: id,
      details: { code, method: request.method },
    })
  } catch (notWritten) {
    request.log.error({ err: notWritten }, 'refusal not audited')
  }
}

function callOf({ caller, ip, id, params }: FastifyRequest): RouteCall {
  return { caller, from: ip, requestId: id, params: (params ?? {}) as Record<string, string> }
}
