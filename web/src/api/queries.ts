import { queryOptions } from '@tanstack/react-query'
import { answerOf, api } from './client.ts'

/** What is running, and whether a tenant is configured. */
export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: ({ signal }) => answerOf(api.GET('/api/status', { signal })),
})

/** The kinds of artifact that the console knows. */
export const kindsQuery = queryOptions({
  queryKey: ['kinds'],
  queryFn: ({ signal }) => answerOf(api.GET('/api/kinds', { signal })),
  staleTime: Number.POSITIVE_INFINITY,
})

/** The configured tenants. */
export const tenantsQuery = queryOptions({
  queryKey: ['tenants'],
  queryFn: ({ signal }) => answerOf(api.GET('/api/tenants', { signal })),
})

/** The environments that a tenant's worker app can see. */
export const environmentsQuery = (tenantId: string) =>
  queryOptions({
    queryKey: ['environments', tenantId],
    queryFn: ({ signal }) =>
      answerOf(api.GET('/api/tenants/{tenantId}/environments', { params: { path: { tenantId } }, signal })),
    staleTime: 5 * 60_000,
  })

/** How much of PingOne's shared request limit is being used now. */
export const rateBudgetQuery = (tenantId: string) =>
  queryOptions({
    queryKey: ['rateBudget', tenantId],
    queryFn: ({ signal }) =>
      answerOf(api.GET('/api/tenants/{tenantId}/rate-budget', { params: { path: { tenantId } }, signal })),
    refetchInterval: 3000,
  })

/** The artifacts of a kind in a place, as its list gives them. */
export const artifactsQuery = (tenantId: string, kind: KindName, place: string) =>
  queryOptions({
    queryKey: ['artifacts', tenantId, kind, place],
    queryFn: ({ signal }) =>
      answerOf(
        api.GET('/api/tenants/{tenantId}/artifacts/{kind}', {
          params: { path: { tenantId, kind }, query: { in: place } },
          signal,
        }),
      ),
    staleTime: 5 * 60_000,
  })

/** One artifact, whole. */
export const artifactQuery = (tenantId: string, kind: KindName, place: string, id: string) =>
  queryOptions({
    queryKey: ['artifacts', tenantId, kind, place, id],
    queryFn: ({ signal }) =>
      answerOf(
        api.GET('/api/tenants/{tenantId}/artifacts/{kind}/{id}', {
          params: { path: { tenantId, kind, id }, query: { in: place } },
          signal,
        }),
      ),
    staleTime: 60_000,
  })

/** The two sides of a pair, by their ids. */
export interface PairKey {
  kind: KindName
  sourceId?: string | undefined
  destinationId?: string | undefined
}

/** The differences of one pair, property by property. */
export const pairQuery = (tenantId: string, from: string, to: string, pair: PairKey) =>
  queryOptions({
    queryKey: ['pair', tenantId, from, to, pair.kind, pair.sourceId ?? '', pair.destinationId ?? ''],
    queryFn: ({ signal }) =>
      answerOf(
        api.GET('/api/tenants/{tenantId}/comparison/{kind}', {
          params: {
            path: { tenantId, kind: pair.kind },
            query: {
              from,
              to,
              ...(pair.sourceId ? { source: pair.sourceId } : {}),
              ...(pair.destinationId ? { destination: pair.destinationId } : {}),
            },
          },
          signal,
        }),
      ),
    staleTime: 60_000,
  })

/** One plan, whole. Plans never change, so it is read once. */
export const planQuery = (tenantId: string, planId: string) =>
  queryOptions({
    queryKey: ['plan', tenantId, planId],
    queryFn: ({ signal }) =>
      answerOf(api.GET('/api/tenants/{tenantId}/plans/{planId}', { params: { path: { tenantId, planId } }, signal })),
    staleTime: 30_000,
  })

/** The saved plans, newest first. */
export const plansQuery = (tenantId: string) =>
  queryOptions({
    queryKey: ['plans', tenantId],
    queryFn: ({ signal }) =>
      answerOf(api.GET('/api/tenants/{tenantId}/plans', { params: { path: { tenantId } }, signal })),
  })

/** The runs, newest first. */
export const runsQuery = (tenantId: string) =>
  queryOptions({
    queryKey: ['runs', tenantId],
    queryFn: ({ signal }) =>
      answerOf(api.GET('/api/tenants/{tenantId}/runs', { params: { path: { tenantId } }, signal })),
  })

export type KindName = import('./client.ts').Shapes['KindName']
