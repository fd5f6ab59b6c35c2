import { queryOptions } from '@tanstack/react-query'
import { answerOf, api } from '../api/client.ts'

/** The requests for approval of a tenant, newest first. */
export const approvalsQuery = (tenantId: string) =>
  queryOptions({
    queryKey: ['approvals', tenantId],
    queryFn: ({ signal }) =>
      answerOf(api.GET('/api/tenants/{tenantId}/approvals', { params: { path: { tenantId } }, signal })),
    refetchInterval: 15_000,
  })

/** Whether this person may run a plan now, and how its approval stands. */
export const runPermissionQuery = (tenantId: string, planId: string) =>
  queryOptions({
    queryKey: ['runPermission', tenantId, planId],
    queryFn: ({ signal }) =>
      answerOf(
        api.GET('/api/tenants/{tenantId}/plans/{planId}/run-permission', {
          params: { path: { tenantId, planId } },
          signal,
        }),
      ),
    // Another person approves elsewhere; a freeze begins or ends by itself.
    refetchInterval: 10_000,
  })
