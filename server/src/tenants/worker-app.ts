import { createHash } from 'node:crypto'
import { type Hosts, hostsOfRegion } from '@flightiq/pingone'
import type { Tenant } from '../contract/tenants.ts'

/** Where a tenant's PingOne is; undefined while neither a region nor hosts are known. */
export function hostsOf(tenant: Pick<Tenant, 'region' | 'hosts'>): Hosts | undefined {
  return tenant.hosts ?? (tenant.region && hostsOfRegion(tenant.region))
}

/** An id for a tenant that isn't stored: the same for the same worker app, so that its plans and runs are found again. */
export function transientTenantId(environmentId: string, clientId: string): string {
  const digest = createHash('sha256').update(`flightiq tenant ${environmentId} ${clientId}`.toLowerCase()).digest()
  // The form of a UUID of version 8, whose bits are the maker's own (RFC 9562).
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x80
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80
  const hex = digest.toString('hex').slice(0, 32)
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
