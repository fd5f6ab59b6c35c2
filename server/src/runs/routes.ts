import type { AuditFacts } from '../audit/entry.ts'
import type { Run, runRoutes } from '../contract/runs.ts'
import type { Handlers } from '../http/handlers.ts'
import type { Services } from '../services.ts'

/** Runs over HTTP. */
export function runHandlers({ runs }: Services): Handlers<typeof runRoutes> {
  return {
    startRun: async ({ caller, params, audit }) => {
      const run = await runs.start(caller, params.tenantId, params.planId)
      audit(factsOf(run))
      return run
    },
    listRuns: ({ caller, params }) => runs.list(caller, params.tenantId),
    getRun: ({ caller, params }) => runs.get(caller, params.tenantId, params.runId),
    runEvents: ({ caller, params, signal }) => runs.watch(caller, params.tenantId, params.runId, { signal }),
    resumeRun: async ({ caller, params, audit }) => {
      const run = await runs.resume(caller, params.tenantId, params.runId)
      audit(factsOf(run))
      return run
    },
    cancelRun: async ({ caller, params, audit }) => {
      const run = await runs.cancel(caller, params.tenantId, params.runId)
      audit(factsOf(run))
      return run
    },
    getBackup: ({ caller, params }) => runs.getBackup(caller, params.tenantId, params.runId, params.operationId),
  }
}

function factsOf({ id, planId, source, destination }: Run): AuditFacts {
  return { subject: { kind: 'run', id }, details: { planId, source, destination } }
}
