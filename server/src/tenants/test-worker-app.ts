import { testCredentials } from '@flightiq/pingone'
import type { Tenant, TenantTest } from '../contract/tenants.ts'

/** Tests the worker app of a tenant and tells what was tried. Takes the secret as the client does. */
export function testWorkerApp(tenant: Tenant, clientSecret: () => Promise<string>): Promise<TenantTest> {
  const { environmentId, clientId, region, hosts, authMethod } = tenant
  return testCredentials({ environmentId, clientId, clientSecret, region, hosts, authMethod })
}
