import { queryOptions } from '@tanstack/react-query'
import { answerOf, api } from '../api/client.ts'

/** What a worker app may be wanted for. */
export const accessJobsQuery = queryOptions({
  queryKey: ['accessJobs'],
  queryFn: ({ signal }) => answerOf(api.GET('/api/access/jobs', { signal })),
  staleTime: Number.POSITIVE_INFINITY,
})

/** What is asked about: jobs, and the environments that they read from and write to. */
export interface AdviceRequest {
  jobs: string[]
  sources: string[]
  destinations: string[]
}

/** The smallest set of roles for some jobs, what is missing, and what is granted beyond need. */
export const accessAdviceQuery = (tenantId: string, { jobs, sources, destinations }: AdviceRequest) =>
  queryOptions({
    queryKey: ['accessAdvice', tenantId, jobs, sources, destinations],
    queryFn: ({ signal }) =>
      answerOf(
        api.GET('/api/tenants/{tenantId}/access/advice', {
          params: {
            path: { tenantId },
            query: {
              jobs: jobs.join(','),
              ...(sources.length > 0 ? { sources: sources.join(',') } : {}),
              ...(destinations.length > 0 ? { destinations: destinations.join(',') } : {}),
            },
          },
          signal,
        }),
      ),
  })
