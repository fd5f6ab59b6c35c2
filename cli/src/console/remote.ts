import { createApiClient } from '@flightiq/api-client'
import {
  type AuditFilter,
  accessAdviceSchema,
  accessEventSchema,
  accessJobSchema,
  artifactSchema,
  auditEntrySchema,
  auditVerificationSchema,
  comparisonEventSchema,
  environmentSchema,
  masterKeyStatusSchema,
  pairComparisonSchema,
  planRecordSchema,
  problemSchema,
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
  const authorization = token ? { Authorization: `Bearer ${token}` } : undefined
  /** The events of a stream as the console sends them. */
  async function* events<Schema extends z.ZodType>(
    schema: Schema,
    path: string,
    signal?: AbortSignal,
  ): AsyncGenerator<z.infer<Schema>> {
    const response = await reach(`${baseUrl}${path}`, {
      headers: { Accept: 'text/event-stream', ...authorization },
      ...(signal ? { signal } : {}),
    })
    if (!response.ok || !response.body) throw failure(await bodyOf(response), response)
    const stream = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream())
    try {
      for await (const { data } of stream) yield checked(schema, JSON.parse(data))
    } catch (error) {
      if (error instanceof CommandError || (error as Error).name === 'AbortError') throw error
      throw cutShort(error)
    }
  }

  const client = createApiClient(baseUrl, { ...(token ? { token } : {}), fetch: reach })
  return {
    // Whoever runs the console was told.
    trialKey: false,
    tenants: async () => answer(z.array(tenantSchema), await client.GET('/api/tenants')),
    addTenant: async (tenant) => answer(tenantSchema, await client.POST('/api/tenants', { body: sent(tenant) })),
    testTenant: async (tenantId) =>
      answer(tenantTestSchema, await client.POST('/api/tenants/{tenantId}/test', { params: { path: { tenantId } } })),
    removeTenant: async (tenantId) => {
      const { error, response } = await client.DELETE('/api/tenants/{tenantId}', { params: { path: { tenantId } } })
      if (!response.ok) throw failure(error, response)
    },
    environments: async (tenantId, { signal } = {}) =>
      answer(
        z.array(environmentSchema),
        await client.GET('/api/tenants/{tenantId}/environments', {
          params: { path: { tenantId } },
          ...(signal ? { signal } : {}),
        }),
      ),
    listArtifacts: async (tenantId, kind, place, { signal } = {}) =>
      answer(
        z.array(artifactSchema),
        await client.GET('/api/tenants/{tenantId}/artifacts/{kind}', {
          params: { path: { tenantId, kind }, query: { in: place } },
          ...(signal ? { signal } : {}),
        }),
      ),
    getArtifact: async (tenantId, kind, id, place, { signal } = {}) =>
      answer(
        artifactSchema,
        await client.GET('/api/tenants/{tenantId}/artifacts/{kind}/{id}', {
          params: { path: { tenantId, kind, id }, query: { in: place } },
          ...(signal ? { signal } : {}),
        }),
      ),
    compare: async (tenantId, { kinds, ...request }, { signal, onProgress } = {}) => {
      // A console has a recent reading at hand; a command says how it is now.
      const query = new URLSearchParams({ ...request, refresh: 'true', ...(kinds ? { kinds: kinds.join(',') } : {}) })
      const path = `/api/tenants/${tenantId}/comparison/events?${query}`
      for await (const event of events(comparisonEventSchema, path, signal)) {
        if (event.type === 'progress') onProgress?.(event.progress)
        else if (event.type === 'failed') throw commandErrorOf(event.problem)
        else return event.report
      }
      throw cutShort()
    },
    comparePair: async (tenantId, kind, query, { signal } = {}) =>
      answer(
        pairComparisonSchema,
        await client.GET('/api/tenants/{tenantId}/comparison/{kind}', {
          params: { path: { tenantId, kind }, query },
          ...(signal ? { signal } : {}),
        }),
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
    access: async (tenantId, { environments, probe }, { signal, onProgress } = {}) => {
      const query = new URLSearchParams({ probe, ...(environments ? { environments: environments.join(',') } : {}) })
      const path = `/api/tenants/${tenantId}/access/events?${query}`
      for await (const event of events(accessEventSchema, path, signal)) {
        if (event.type === 'matrix') return event.matrix
        onProgress?.({ label: event.step, done: event.done, total: event.total, requests: event.done })
      }
      throw cutShort()
    },
    accessJobs: async () => answer(z.array(accessJobSchema), await client.GET('/api/access/jobs')),
    accessAdvice: async (tenantId, { jobs, sources, destinations }) =>
      answer(
        accessAdviceSchema,
        await client.GET('/api/tenants/{tenantId}/access/advice', {
          params: {
            path: { tenantId },
            query: {
              jobs: jobs.join(','),
              ...(sources.length > 0 ? { sources: sources.join(',') } : {}),
              ...(destinations.length > 0 ? { destinations: destinations.join(',') } : {}),
            },
          },
        }),
      ),
    masterKey: async () => answer(masterKeyStatusSchema, await client.GET('/api/master-key')),
    rotateMasterKey: async () => answer(masterKeyStatusSchema, await client.POST('/api/master-key/rotate')),
    auditEntries: async (filter, limit) =>
      answer(auditPageSchema, await client.GET('/api/audit', { params: { query: { ...givenIn(filter), limit } } })),
    exportAudit: async (filter, format) => {
      const query = new URLSearchParams({ ...givenIn(filter), format })
      const response = await reach(`${baseUrl}/api/audit/export?${query}`, { headers: { ...authorization } })
      if (!response.ok || !response.body) throw failure(await bodyOf(response), response)
      return response.body.pipeThrough(new TextDecoderStream())
    },
    verifyAudit: async () => answer(auditVerificationSchema, await client.POST('/api/audit/verify')),
    watchRun: (tenantId, runId) => events(runEventSchema, `/api/tenants/${tenantId}/runs/${runId}/events`),
    close: async () => {},
  }
}

const auditPageSchema = z.object({ entries: z.array(auditEntrySchema), more: z.boolean() })

/** A filter as a query: without what is not asked for. */
function givenIn(filter: AuditFilter): Record<string, string> {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as Record<string, string>
}

/** A body as it goes over the wire: what is undefined is not there. */
function sent<Body>(body: unknown): Body {
  return JSON.parse(JSON.stringify(body)) as Body
}

/** The body of a refusal: JSON when the console itself answered, nothing readable when something in between did. */
async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text()
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

interface Answer {
  data?: unknown
  error?: unknown
  response: Response
}

function answer<Schema extends z.ZodType>(schema: Schema, { data, error, response }: Answer): z.infer<Schema> {
  if (data === undefined) throw failure(error, response)
  return checked(schema, data)
}

function checked<Schema extends z.ZodType>(schema: Schema, data: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(data)
  if (parsed.success) return parsed.data
  const where = parsed.error.issues[0]?.path.join('.') ?? ''
  throw new CommandError(`The console answered something unexpected (at "${where}").`, {
    nextStep: 'The console and this command may be of different versions.',
  })
}

function cutShort(cause?: unknown): CommandError {
  return new CommandError('The connection to the console was lost.', {
    nextStep: 'A run goes on without it: look at "flightiq runs". Anything else can be repeated.',
    cause,
  })
}

function failure(error: unknown, response: Response): CommandError {
  const problem = problemSchema.safeParse(error)
  if (problem.success && problem.data.code === 'SIGN_IN_NEEDED') {
    const nextStep = 'Make an API token in the console under Settings > API Tokens, and set FLIGHTIQ_TOKEN to it.'
    return commandErrorOf({ ...problem.data, nextStep })
  }
  if (problem.success) return commandErrorOf(problem.data)
  return new CommandError(`The console answered ${response.status} without saying why.`, {
    nextStep: 'Check that --server leads to a FlightIQ console.',
  })
}
