import type { FastifyRequest } from 'fastify'
import type { AuditFacts, AuditLog } from '../audit/entry.ts'
import { type RouteCall, recordDone, recordRefusal } from '../audit/route-entries.ts'
import type { RouteDeclaration } from '../contract/route.ts'

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

function callOf({ caller, ip, id, params }: FastifyRequest): RouteCall {
  return { caller, from: ip, requestId: id, params: (params ?? {}) as Record<string, string> }
}
