import { useQueries, useQuery } from '@tanstack/react-query'
import { environmentsQuery, tenantsQuery } from '../api/queries.ts'
import type { Extent, PlaceNames } from './permissions.ts'

/** What the tenants and environments of these extents are called, as far as they can be seen. */
export function usePlaceNames(extents: readonly Extent[]): PlaceNames {
  const { data: tenants = [] } = useQuery(tenantsQuery)
  const asked = [...new Set(extents.flatMap(({ tenantId, environmentId }) => (environmentId && tenantId) || []))]
  const known = asked.filter((id) => tenants.some((tenant) => tenant.id === id))
  const environments = useQueries({
    queries: known.map((tenantId) => environmentsQuery(tenantId)),
    combine: (results) => results.flatMap(({ data }) => data ?? []),
  })
  return {
    tenant: (id) => tenants.find((tenant) => tenant.id === id)?.name,
    environment: (id) => environments.find((environment) => environment.id === id)?.name,
  }
}
