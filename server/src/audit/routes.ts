import type { auditRoutes } from '../contract/audit.ts'
import type { Handlers } from '../http/handlers.ts'
import { unfinished } from '../problems/unfinished.ts'
import type { Services } from '../services.ts'

/** The audit log over HTTP. */
export function auditHandlers(_services: Services): Handlers<typeof auditRoutes> {
  return { listAudit: unfinished, exportAudit: unfinished, verifyAudit: unfinished }
}
