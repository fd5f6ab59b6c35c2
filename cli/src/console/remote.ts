import { createApiClient } from '@flightiq/api-client'
import {
  artifactSchema,
  comparisonReportSchema,
  environmentSchema,
  pairComparisonSchema,
  planRecordSchema,
  problemSchema,
  type RunEvent,
  runEventSchema,
  runSchema,
  tenantSchema,
  tenantTestSchema,
} from '@flightiq/server'
import { EventSourceParserStream } from 'eventsource-parser/stream'
import { z } from 'zod'
import { CommandError, commandErrorOf } from '../command-error.ts'
import type { Console } from './console.ts'

/**
 * FlightIQ as a console somewhere else, over its HTTP API.
 * @throws CommandError as every method does: the console's problem, or that it can't be reached.
 */
export function openRemote(server: string, token: string | undefined): Console {
  const baseUrl = server.replace(/\/+$/, '')
  const reach: typeof fetch = async (input, init) => {
    try {
      return await fetch(input, init)
    } catch (error) {
      if ((error as Error).name === 'AbortError') throw error
      throw new CommandError(`The console at ${baseUrl} does not answer.`, {
        nextStep: 'Check --server, and that the console runs.',
        cause: error,
      })
    }
  }
  const client = createApiClient(baseUrl, { ...(token ? { token } : {}), fetch: reach })
  return {
    tenants: async () => answer(z.array(tenantSchema), await client.GET('/api/tenants')),
    addTenant: async (tenant) => answer(tenantSchema, await client.POST('/api/tenants', { body: sent(tenant) })),
    testTenant: async (tenantId) =>
      answer(tenantTestSchema, await client.POST('/api/tenants/{tenantId}/test', { params: { path: { tenantId } } })),
    removeTenant: async (tenantId) => {
      const { error, response } = await client.DELETE('/api/tenants/{tenantId}', { params: { path: { tenantId } } })
      if (!response.ok) throw failure(error, response)
    },
    environments: async (tenantId) =>
      answer(
        z.array(environmentSchema),
        await client.GET('/api/tenants/{tenantId}/environments', { params: { path: { tenantId } } }),
      ),
    listArtifacts: async (tenantId, kind, place) =>
      answer(
        z.array(artifactSchema),
        await client.GET('/api/tenants/{tenantId}/artifacts/{kind}', {
          params: { path: { tenantId, kind }, query: { in: place } },
        }),
      ),
    getArtifact: async (tenantId, kind, id, place) =>
      answer(
        artifactSchema,
        await client.GET('/api/tenants/{tenantId}/artifacts/{kind}/{id}', {
          params: { path: { tenantId, kind, id }, query: { in: place } },
        }),
      ),
    compare: async (tenantId, { kinds, ...query }, { signal } = {}) =>
      answer(
        comparisonReportSchema,
        await client.GET('/api/tenants/{tenantId}/comparison', {
          params: { path: { tenantId }, query: { ...query, ...(kinds ? { kinds: kinds.join(',') } : {}) } },
          ...(signal ? { signal } : {}),
        }),
      ),
    comparePair: async (tenantId, kind, query) =>
      answer(
        pairComparisonSchema,
        await client.GET('/api/tenants/{tenantId}/comparison/{kind}', { params: { path: { tenantId, kind }, query } }),
      ),
    createPlan: async (tenantId, request, { signal } = {}) =>
      answer(
        planRecordSchema,
        await client.POST('/api/tenants/{tenantId}/plans', {
          params: { path: { tenantId } },
          body: sent(request),
          ...(signal ? { signal } : {}),
        }),
      ),
    importPlan: async (tenantId, plan) =>
      answer(
        planRecordSchema,
        await client.POST('/api/tenants/{tenantId}/plans/import', { params: { path: { tenantId } }, body: sent(plan) }),
      ),
    startRun: async (tenantId, planId) =>
      answer(
        runSchema,
        await client.POST('/api/tenants/{tenantId}/plans/{planId}/runs', { params: { path: { tenantId, planId } } }),
      ),
    resumeRun: async (tenantId, runId) =>
      answer(
        runSchema,
        await client.POST('/api/tenants/{tenantId}/runs/{runId}/resume', { params: { path: { tenantId, runId } } }),
      ),
    cancelRun: async (tenantId, runId) =>
      answer(
        runSchema,
        await client.POST('/api/tenants/{tenantId}/runs/{runId}/cancel', { params: { path: { tenantId, runId } } }),
      ),
    listRuns: async (tenantId) =>
      answer(z.array(runSchema), await client.GET('/api/tenants/{tenantId}/runs', { params: { path: { tenantId } } })),
    getRun: async (tenantId, runId) =>
      answer(
        runSchema,
        await client.GET('/api/tenants/{tenantId}/runs/{runId}', { params: { path: { tenantId, runId } } }),
      ),
    watchRun: (tenantId, runId) => events(reach, `${baseUrl}/api/tenants/${tenantId}/runs/${runId}/events`, token),
    close: async () => {},
  }
}

/** A body as it goes over the wire: what is undefined is not there. */
function sent<Body>(body: unknown): Body {
  return JSON.parse(JSON.stringify(body)) as Body
}

/** The events of a run as the console sends them; begins again with the whole run when the connection breaks. */
async function* events(reach: typeof fetch, url: string, token: string | undefined): AsyncIterable<RunEvent> {
  const response = await reach(url, {
    headers: { Accept: 'text/event-stream', ...(token ? { Authorization: `Bearer ${token}` } : {}) },
  })
  if (!response.ok || !response.body) throw failure(await response.json(), response)
  const stream = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream())
  for await (const { data } of stream) yield runEventSchema.parse(JSON.parse(data))
}

interface Answer {
  data?: unknown
  error?: unknown
  response: Response
}

function answer<Schema extends z.ZodType>(schema: Schema, { data, error, response }: Answer): z.infer<Schema> {
  if (data === undefined) throw failure(error, response)
  const parsed = schema.safeParse(data)
  if (parsed.success) return parsed.data
  const where = parsed.error.issues[0]?.path.join('.') ?? ''
  throw new CommandError(`The console answered something unexpected (at "${where}").`, {
    nextStep: 'The console and this command may be of different versions.',
  })
}

function failure(error: unknown, response: Response): CommandError {
  const problem = problemSchema.safeParse(error)
  if (problem.success) return commandErrorOf(problem.data)
  return new CommandError(`The console answered ${response.status} without saying why.`, {
    nextStep: 'Check that --server leads to a FlightIQ console.',
  })
}
