import { testCredentials } from '@flightiq/pingone'
import type { Tenant, TenantTest } from '../contract/tenants.ts'
import type { Secret } from '../secrets/secret.ts'

/** Tests the worker app of a tenant and tells what was tried. */
export function testWorkerApp(tenant: Tenant, secret: Secret): Promise<TenantTest> {
  const { environmentId, clientId, region, hosts, authMethod } = tenant
  return testCredentials({ environmentId, clientId, clientSecret: secret.reveal(), region, hosts, authMethod })
}
