import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { ApiError, type Shapes } from '../api/client.ts'
import { eventStream } from '../api/event-stream.ts'
import type { KindName } from '../api/queries.ts'

type Report = Shapes['ComparisonReport']
type Progress = Shapes['ReadProgress']

interface Compared {
  tenantId: string
  from: string | undefined
  to: string | undefined
  kind: KindName
}

const keyOf = ({ tenantId, from, to, kind }: Compared) => ['comparison', tenantId, from, to, kind] as const
const progressKeyOf = (compared: Compared) => ['comparisonProgress', ...keyOf(compared)] as const

/**
 * The comparison of one kind in two places, with its progress while it goes on. Nothing is read again by itself:
 * `refresh` reads again, `cancel` stops a reading.
 */
export function useComparison(compared: Compared) {
  const client = useQueryClient()
  const options = (refresh: boolean) =>
    queryOptions({
      queryKey: keyOf(compared),
      queryFn: ({ signal }) =>
        readComparison(compared, refresh, signal, (progress) => client.setQueryData(progressKeyOf(compared), progress)),
      staleTime: Number.POSITIVE_INFINITY,
      retry: false,
    })
  const query = useQuery({ ...options(false), enabled: compared.from !== undefined && compared.to !== undefined })
  const progress = useQuery<Progress | null>({
    queryKey: progressKeyOf(compared),
    queryFn: () => null,
    enabled: false,
  })
  return {
    report: query.data,
    error: query.error,
    reading: query.isFetching,
    progress: progress.data ?? undefined,
    refresh: () => {
      client.setQueryData(progressKeyOf(compared), null)
      // A failure is shown by the query itself.
      client.fetchQuery({ ...options(true), staleTime: 0 }).catch(() => undefined)
    },
    cancel: () => void client.cancelQueries({ queryKey: keyOf(compared) }),
  }
}

async function readComparison(
  { tenantId, from = '', to = '', kind }: Compared,
  refresh: boolean,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<Report> {
  const query = new URLSearchParams({ from, to, kinds: kind, ...(refresh ? { refresh: 'true' } : {}) })
  const url = `/api/tenants/${tenantId}/comparison/events?${query}`
  for await (const event of eventStream<Shapes['ComparisonEvent']>(url, signal)) {
    if (event.type === 'progress') onProgress(event.progress)
    else if (event.type === 'failed') throw new ApiError(event.problem)
    else return event.report
  }
  signal.throwIfAborted()
  throw new ApiError({
    type: 'about:blank',
    title: 'The comparison broke off',
    status: 0,
    code: 'COMPARISON_BROKE_OFF',
    detail: 'The console stopped sending before the comparison was complete.',
    nextStep: 'Try again.',
  })
}
