import type { Caller } from '../authorization/caller.ts'
import type { RouteDeclaration } from '../contract/route.ts'
import { toProblemError } from '../problems/from-error.ts'
import type { AuditFacts, AuditLog, NewAuditEntry } from './entry.ts'

/** Refusals that tell of somebody trying what they may not: they are kept, whatever the route. */
const telling = new Set(['SIGN_IN_NEEDED', 'PERMISSION_MISSING', 'TOKEN_INVALID', 'SESSION_ENDED'])

/** A call of a route, over HTTP or within this process. */
export interface RouteCall {
  /** Absent: nobody known. */
  caller: Caller | undefined
  /** The address that it came from. */
  from: string
  requestId: string
  params: Record<string, string>
}

/** Writes down that a call was carried out, for routes that leave an entry. Throws as `AuditLog.record` does. */
export async function recordDone(
  log: AuditLog,
  call: RouteCall,
  route: RouteDeclaration,
  facts: AuditFacts,
): Promise<void> {
  if (route.audit === undefined) return
  await log.record({ ...entryOf(call, route), outcome: 'done', ...facts })
}

/** Writes down that a call was refused or failed, where that is worth an entry. Throws as `AuditLog.record` does. */
export async function recordRefusal(
  log: AuditLog,
  call: RouteCall,
  route: RouteDeclaration,
  error: unknown,
  facts: AuditFacts,
): Promise<void> {
  const { code, status } = toProblemError(error)
  if (route.audit === undefined && !telling.has(code)) return
  const outcome = status >= 500 ? 'failed' : 'refused'
  const details = { ...facts.details, code }
  await log.record({ ...entryOf(call, route), outcome, ...facts, details })
}

function entryOf(
  { caller, from, requestId, params }: RouteCall,
  route: RouteDeclaration,
): Omit<NewAuditEntry, 'outcome'> {
  const { tenantId, environmentId, ...others } = params
  const [named] = Object.entries(others).toReversed()
  return {
    event: route.audit ?? `route.${route.operationId}`,
    actor: caller
      ? { kind: caller.kind, id: caller.id, name: caller.name, from }
      : { kind: 'person', id: 'anonymous', name: 'Nobody signed in', from },
    requestId,
    ...(tenantId === undefined ? {} : { tenantId: tenantId.toLowerCase() }),
    ...(environmentId === undefined ? {} : { environmentId: environmentId.toLowerCase() }),
    ...(named === undefined ? {} : { subject: { kind: named[0].replace(/Id$/, ''), id: named[1] } }),
  }
}
