import type { guardRoutes } from '../contract/guards.ts'
import type { Handlers } from '../http/handlers.ts'
import { unfinished } from '../problems/unfinished.ts'
import type { Services } from '../services.ts'

/** The protection of environments, approvals, and the stop of all writes over HTTP. */
export function guardHandlers(_services: Services): Handlers<typeof guardRoutes> {
  return {
    listGuards: unfinished,
    setGuard: unfinished,
    resetGuard: unfinished,
    getWriteStop: unfinished,
    setWriteStop: unfinished,
    listApprovals: unfinished,
    getRunPermission: unfinished,
    requestApproval: unfinished,
    decideApproval: unfinished,
  }
}
