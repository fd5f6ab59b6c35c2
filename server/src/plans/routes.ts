import type { planRoutes } from '../contract/plans.ts'
import type { Handlers } from '../http/handlers.ts'
import type { Services } from '../services.ts'

/** Plans over HTTP. */
export function planHandlers({ plans }: Services): Handlers<typeof planRoutes> {
  return {
    createPlan: ({ params, body, signal }) => plans.create(params.tenantId, body, { signal }),
    importPlan: ({ params, body }) => plans.import(params.tenantId, body),
    chooseInPlan: ({ params, body, signal }) => plans.choose(params.tenantId, params.planId, body, { signal }),
    listPlans: ({ params }) => plans.list(params.tenantId),
    getPlan: ({ params }) => plans.get(params.tenantId, params.planId),
  }
}
