import { type QueryClient, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { ApiError, answerOf, api, type Shapes } from '../api/client.ts'
import { eventStream } from '../api/event-stream.ts'
import { hasEnded } from './RunState.tsx'

type Run = Shapes['Run']

const runQuery = (tenantId: string, runId: string) =>
  queryOptions({
    queryKey: ['run', tenantId, runId],
    queryFn: ({ signal }) =>
      answerOf(api.GET('/api/tenants/{tenantId}/runs/{runId}', { params: { path: { tenantId, runId } }, signal })),
  })

/** A run as it goes on. When it ends, all that was read of places is forgotten, since it may have changed. */
export function useLiveRun(tenantId: string, runId: string) {
  const client = useQueryClient()
  const run = useQuery(runQuery(tenantId, runId))
  const going = run.data !== undefined && !hasEnded(run.data.state)
  const ended = run.data !== undefined && !going
  useEffect(() => {
    if (ended) forgetPlaces(client, tenantId)
  }, [ended, client, tenantId])
  useEffect(() => {
    if (!going) return
    const listening = new AbortController()
    void follow(client, tenantId, runId, listening.signal)
    return () => listening.abort()
  }, [going, client, tenantId, runId])
  return run
}

/** Keeps the run up to date until it ends or nobody looks any more, over streams that break too. */
async function follow(client: QueryClient, tenantId: string, runId: string, signal: AbortSignal): Promise<void> {
  const { queryKey } = runQuery(tenantId, runId)
  while (!signal.aborted) {
    await listen(client, tenantId, runId, signal)
    if (signal.aborted) return
    await client.refetchQueries({ queryKey })
    const { data, error } = client.getQueryState<Run, Error>(queryKey) ?? {}
    // A console that's gone may come back; any other answer stays as it is.
    const gone = error instanceof ApiError && error.problem.status === 0
    if (!data || hasEnded(data.state) || (error && !gone)) return
    await pause(2000, signal)
  }
}

/** Takes what is told of the run until the stream ends. */
async function listen(client: QueryClient, tenantId: string, runId: string, signal: AbortSignal): Promise<void> {
  const { queryKey } = runQuery(tenantId, runId)
  try {
    const url = `/api/tenants/${tenantId}/runs/${runId}/events`
    for await (const event of eventStream<Shapes['RunEvent']>(url, signal)) {
      // Before the end is shown: whoever goes on from there must not meet what was read before.
      if (event.type === 'run' && hasEnded(event.run.state)) forgetPlaces(client, tenantId)
      client.setQueryData(queryKey, (known: Run | undefined) =>
        event.type === 'run' ? event.run : known && withOperation(known, event.operation),
      )
    }
  } catch {
    // A stream that breaks is no failure of the run: how it stands is asked afterwards, which shows a console that's gone.
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        resolve()
      },
      { once: true },
    )
  })
}

/** Drops what was read of the tenant's places, and lets lists of plans and runs be read again. */
export function forgetPlaces(client: QueryClient, tenantId: string): void {
  for (const read of ['comparison', 'pair', 'artifacts']) client.removeQueries({ queryKey: [read, tenantId] })
  for (const kept of ['runs', 'plans', 'plan']) void client.invalidateQueries({ queryKey: [kept, tenantId] })
}

function withOperation(run: Run, changed: Shapes['RunOperation']): Run {
  return {
    ...run,
    operations: run.operations.map((operation) =>
      operation.operationId === changed.operationId ? changed : operation,
    ),
  }
}
