import { queryOptions, useQuery } from '@tanstack/react-query'
import { answerOf, api, type Shapes } from '../api/client.ts'
import { may } from '../session/permissions.ts'
import { type Caller, useSession } from '../session/session.ts'
import { useAway } from '../session/use-away.ts'

/** The requests for approval of a tenant, newest first. */
export const approvalsQuery = (tenantId: string) =>
  queryOptions({
    queryKey: ['approvals', tenantId],
    queryFn: ({ signal }) =>
      answerOf(api.GET('/api/tenants/{tenantId}/approvals', { params: { path: { tenantId } }, signal })),
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
  })

/** The requests for approval, kept up to date while somebody is there: others ask and decide elsewhere. */
export function useApprovals(tenantId: string) {
  const away = useAway()
  return useQuery({ ...approvalsQuery(tenantId), enabled: tenantId !== '', refetchInterval: away ? false : 15_000 })
}

/** Whether a plan may be run, kept up to date: others approve elsewhere, a freeze begins or ends by itself. */
export function useRunPermission({ tenantId, id }: Pick<Shapes['PlanRecord'], 'tenantId' | 'id'>) {
  const away = useAway()
  return useQuery({ ...runPermissionQuery(tenantId, id), refetchInterval: away ? false : 10_000 })
}

/** How approvals name whoever is signed in. */
export const personOf = ({ id }: Pick<Caller, 'id'>): string => `person:${id}`

/** How many plans wait for whoever is signed in: those of others, that they may approve and have not decided on. */
export function useWaitingForMe(tenantId: string): number {
  const { caller } = useSession()
  const { data: approvals = [] } = useApprovals(tenantId)
  if (caller?.kind !== 'person') return 0
  const me = personOf(caller)
  return approvals.filter(
    ({ state, environmentId, requestedBy, decisions }) =>
      state === 'open' &&
      requestedBy.id !== me &&
      decisions.every(({ by }) => by.id !== me) &&
      may(caller.roles, 'approve', { tenantId, environmentId }),
  ).length
}
