import type { FastifyRequest } from 'fastify'
import type { AuditFacts, AuditLog, NewAuditEntry } from '../audit/entry.ts'
import type { RouteDeclaration } from '../contract/route.ts'
import { toProblemError } from '../problems/from-error.ts'

/** Refusals that tell of somebody trying what they may not: they are kept, whatever the route. */
const telling = new Set(['SIGN_IN_NEEDED', 'PERMISSION_MISSING', 'TOKEN_INVALID', 'SESSION_ENDED'])

/** Writes down that a call was carried out, for routes that leave an entry. */
export async function auditSuccess(
  log: AuditLog,
  request: FastifyRequest,
  route: RouteDeclaration,
  facts: AuditFacts,
): Promise<void> {
  if (route.audit === undefined) return
  await log.record({ ...entryOf(request, route), outcome: 'done', ...facts })
}

/**
 * Writes down that a call was refused or failed, where that is worth an entry. What was refused stays refused when it
 * can't be written; the log of the server tells.
 */
export async function auditRefusal(
  log: AuditLog,
  request: FastifyRequest,
  route: RouteDeclaration,
  error: unknown,
  facts: AuditFacts = {},
): Promise<void> {
  const { code, status } = toProblemError(error)
  if (route.audit === undefined && !telling.has(code)) return
  const outcome = status >= 500 ? 'failed' : 'refused'
  const details = { ...facts.details, code }
  try {
    await log.record({ ...entryOf(request, route), outcome, ...facts, details })
  } catch (notWritten) {
    request.log.error({ err: notWritten, code }, 'refusal not audited')
  }
}

function entryOf(request: FastifyRequest, route: RouteDeclaration): Omit<NewAuditEntry, 'outcome'> {
  const { tenantId, environmentId, ...others } = (request.params ?? {}) as Record<string, string>
  const [named] = Object.entries(others).toReversed()
  const caller = request.caller
  return {
    event: route.audit ?? `route.${route.operationId}`,
    actor: caller
      ? { kind: caller.kind, id: caller.id, name: caller.name, from: request.ip }
      : { kind: 'person', id: 'anonymous', name: 'Nobody signed in', from: request.ip },
    requestId: request.id,
    ...(tenantId === undefined ? {} : { tenantId }),
    ...(environmentId === undefined ? {} : { environmentId }),
    ...(named === undefined ? {} : { subject: { kind: named[0].replace(/Id$/, ''), id: named[1] } }),
  }
}
