import { queryOptions, useQuery } from '@tanstack/react-query'
import { answerOf, api } from '../api/client.ts'
import { useAway } from '../session/use-away.ts'

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

/** Whether all writes are stopped, kept up to date while somebody is there. */
export function useWriteStop() {
  const away = useAway()
  return useQuery({ ...writeStopQuery, refetchInterval: away ? false : 15_000 })
}

/** The guard of an environment, kept up to date while somebody is there: others set it, freezes begin and end. */
export function useGuard(tenantId: string, environmentId: string | undefined) {
  const away = useAway()
  const { data: guards } = useQuery({
    ...guardsQuery(tenantId),
    enabled: tenantId !== '' && environmentId !== undefined,
    refetchInterval: away ? false : 30_000,
  })
  return guards?.find((guard) => guard.environmentId === environmentId)
}
