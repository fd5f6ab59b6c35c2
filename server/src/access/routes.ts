import type { accessRoutes } from '../contract/access.ts'
import type { Handlers } from '../http/handlers.ts'
import { unfinished } from '../problems/unfinished.ts'
import type { Services } from '../services.ts'

/** What the worker app may do in PingOne, over HTTP. */
export function accessHandlers(_services: Services): Handlers<typeof accessRoutes> {
  return {
    accessEvents: unfinished,
    listAccessJobs: unfinished,
    adviseAccess: unfinished,
    checklistEvents: unfinished,
    tryWrite: unfinished,
  }
}
