import { queryOptions } from '@tanstack/react-query'
import { answerOf, api } from '../api/client.ts'

/** How each environment of a tenant is protected. */
export const guardsQuery = (tenantId: string) =>
  queryOptions({
    queryKey: ['guards', tenantId],
    queryFn: ({ signal }) =>
      answerOf(api.GET('/api/tenants/{tenantId}/guards', { params: { path: { tenantId } }, signal })),
  })

/** Whether all writes of the installation are stopped. */
export const writeStopQuery = queryOptions({
  queryKey: ['writeStop'],
  queryFn: ({ signal }) => answerOf(api.GET('/api/write-stop', { signal })),
})
