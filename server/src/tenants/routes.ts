import type { tenantRoutes } from '../contract/tenants.ts'
import type { Handlers } from '../http/handlers.ts'
import type { Services } from '../services.ts'

/** Tenants over HTTP. */
export function tenantHandlers({ tenants }: Services): Handlers<typeof tenantRoutes> {
  return {
    listTenants: () => tenants.list(),
    createTenant: ({ body }) => tenants.create(body),
    updateTenant: ({ params, body }) => tenants.update(params.tenantId, body),
    deleteTenant: async ({ params }) => {
      await tenants.delete(params.tenantId)
      return undefined
    },
    testTenant: ({ params }) => tenants.test(params.tenantId),
    listEnvironments: ({ params, signal }) => tenants.listEnvironments(params.tenantId, { signal }),
    getRateBudget: ({ params }) => tenants.getRateBudget(params.tenantId),
  }
}
