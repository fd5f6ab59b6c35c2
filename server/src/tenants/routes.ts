import type { tenantRoutes } from '../contract/tenants.ts'
import type { Handlers } from '../http/handlers.ts'
import type { Services } from '../services.ts'

/** Tenants over HTTP. */
export function tenantHandlers({ tenants }: Services): Handlers<typeof tenantRoutes> {
  return {
    listTenants: ({ caller }) => tenants.list(caller),
    createTenant: async ({ caller, body, audit }) => {
      const tenant = await tenants.create(caller, body)
      audit({ tenantId: tenant.id, subject: { kind: 'tenant', id: tenant.id, name: tenant.name } })
      return tenant
    },
    updateTenant: async ({ caller, params, body, audit }) => {
      const tenant = await tenants.update(caller, params.tenantId, body)
      const details = { secretReplaced: body.clientSecret !== undefined }
      audit({ subject: { kind: 'tenant', id: tenant.id, name: tenant.name }, details })
      return tenant
    },
    deleteTenant: async ({ caller, params }) => {
      await tenants.delete(caller, params.tenantId)
      return undefined
    },
    testTenant: ({ caller, params }) => tenants.test(caller, params.tenantId),
    listEnvironments: ({ caller, params, signal }) => tenants.listEnvironments(caller, params.tenantId, { signal }),
    getRateBudget: ({ caller, params }) => tenants.getRateBudget(caller, params.tenantId),
  }
}
