import type { AuditFacts } from '../audit/entry.ts'
import type { PlanRecord, planRoutes } from '../contract/plans.ts'
import type { Handlers } from '../http/handlers.ts'
import type { Services } from '../services.ts'

/** Plans over HTTP. */
export function planHandlers({ plans }: Services): Handlers<typeof planRoutes> {
  return {
    createPlan: async ({ caller, params, body, signal, onProgress, audit }) => {
      const record = await plans.create(caller, params.tenantId, body, {
        signal,
        ...(onProgress ? { onProgress } : {}),
      })
      audit(factsOf(record))
      return record
    },
    importPlan: async ({ caller, params, body, audit }) => {
      const record = await plans.import(caller, params.tenantId, body)
      audit(factsOf(record))
      return record
    },
    chooseInPlan: async ({ caller, params, body, signal, audit }) => {
      const record = await plans.choose(caller, params.tenantId, params.planId, body, { signal })
      audit(factsOf(record))
      return record
    },
    listPlans: ({ caller, params }) => plans.list(caller, params.tenantId),
    getPlan: ({ caller, params }) => plans.get(caller, params.tenantId, params.planId),
  }
}

function factsOf({ id, hash, plan: { source, destination, operations } }: PlanRecord): AuditFacts {
  return {
    subject: { kind: 'plan', id },
    planHash: hash,
    ...(destination.environmentId === undefined ? {} : { environmentId: destination.environmentId }),
    details: { source: source.name, destination: destination.name, operations: operations.length },
  }
}
