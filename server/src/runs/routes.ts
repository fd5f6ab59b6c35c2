import type { runRoutes } from '../contract/runs.ts'
import type { Handlers } from '../http/handlers.ts'
import type { Services } from '../services.ts'

/** Runs over HTTP. */
export function runHandlers({ runs }: Services): Handlers<typeof runRoutes> {
  return {
    startRun: ({ params }) => runs.start(params.tenantId, params.planId),
    listRuns: ({ params }) => runs.list(params.tenantId),
    getRun: ({ params }) => runs.get(params.tenantId, params.runId),
    runEvents: ({ params, signal }) => runs.watch(params.tenantId, params.runId, { signal }),
    resumeRun: ({ params }) => runs.resume(params.tenantId, params.runId),
    cancelRun: ({ params }) => runs.cancel(params.tenantId, params.runId),
    getBackup: ({ params }) => runs.getBackup(params.tenantId, params.runId, params.operationId),
  }
}
