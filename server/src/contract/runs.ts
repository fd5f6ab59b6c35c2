import { kindNameSchema } from '@flightiq/core'
import { z } from 'zod'
import { problemSchema } from './problem.ts'
import { defineRoute } from './route.ts'

export const runStateSchema = z
  .enum(['queued', 'running', 'done', 'failed', 'cancelled', 'interrupted'])
  .describe('interrupted: its process was lost; it is taken up again by a running one.')
  .meta({ id: 'RunState' })

export const runOperationSchema = z
  .object({
    operationId: z.string(),
    action: z.string(),
    kind: kindNameSchema,
    name: z.string(),
    state: z.enum(['pending', 'sending', 'done', 'failed', 'skipped']),
    destinationId: z.string().optional().describe('The artifact that was written.'),
    startedAt: z.string().optional(),
    endedAt: z.string().optional(),
    problem: problemSchema.optional(),
    note: z.string().optional().describe('`Was already created before the interruption: found by looking.`'),
  })
  .meta({ id: 'RunOperation' })
export type RunOperation = z.infer<typeof runOperationSchema>

export const runSchema = z
  .object({
    id: z.uuid(),
    tenantId: z.uuid(),
    planId: z.uuid(),
    state: runStateSchema,
    source: z.string(),
    destination: z.string(),
    createdAt: z.string(),
    startedBy: z.object({ id: z.string(), name: z.string() }).optional(),
    startedAt: z.string().optional(),
    endedAt: z.string().optional(),
    operations: z.array(runOperationSchema),
    problem: problemSchema.optional(),
    verification: z
      .object({ identical: z.number().int(), different: z.array(z.object({ name: z.string(), gist: z.string() })) })
      .optional()
      .describe('After success: what was written, read back and compared.'),
  })
  .meta({ id: 'Run' })
export type Run = z.infer<typeof runSchema>

export const runEventSchema = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('run'), run: runSchema }),
    z.object({ type: z.literal('operation'), operation: runOperationSchema }),
  ])
  .describe('First the whole run, then each operation as it changes, and the whole run again when its state changes.')
  .meta({ id: 'RunEvent' })
export type RunEvent = z.infer<typeof runEventSchema>

const tenantParams = z.object({ tenantId: z.uuid() })
const runParams = z.object({ tenantId: z.uuid(), runId: z.uuid() })

export const runRoutes = {
  startRun: defineRoute({
    operationId: 'startRun',
    method: 'POST',
    url: '/api/tenants/:tenantId/plans/:planId/runs',
    summary: 'Runs a plan. Refused while it has blockers, or when another run writes to the same destination.',
    tag: 'runs',
    permission: 'run',
    scope: 'environment',
    audit: 'run.started',
    schema: { params: z.object({ tenantId: z.uuid(), planId: z.uuid() }), response: { 202: runSchema } },
  }),
  listRuns: defineRoute({
    operationId: 'listRuns',
    method: 'GET',
    url: '/api/tenants/:tenantId/runs',
    summary: 'The runs, newest first.',
    tag: 'runs',
    permission: 'read',
    scope: 'environment',
    schema: { params: tenantParams, response: { 200: z.array(runSchema) } },
  }),
  getRun: defineRoute({
    operationId: 'getRun',
    method: 'GET',
    url: '/api/tenants/:tenantId/runs/:runId',
    summary: 'One run with its operations.',
    tag: 'runs',
    permission: 'read',
    scope: 'environment',
    schema: { params: runParams, response: { 200: runSchema } },
  }),
  runEvents: defineRoute({
    operationId: 'runEvents',
    method: 'GET',
    url: '/api/tenants/:tenantId/runs/:runId/events',
    summary: 'The run as it goes on. Ends when the run does.',
    tag: 'runs',
    permission: 'read',
    scope: 'environment',
    schema: { params: runParams, response: { 200: z.string() } },
    events: runEventSchema,
  }),
  resumeRun: defineRoute({
    operationId: 'resumeRun',
    method: 'POST',
    url: '/api/tenants/:tenantId/runs/:runId/resume',
    summary: 'Goes on where a failed, cancelled or interrupted run stopped.',
    tag: 'runs',
    permission: 'run',
    scope: 'environment',
    audit: 'run.resumed',
    schema: { params: runParams, response: { 202: runSchema } },
  }),
  cancelRun: defineRoute({
    operationId: 'cancelRun',
    method: 'POST',
    url: '/api/tenants/:tenantId/runs/:runId/cancel',
    summary: 'Stops after the operation that is under way.',
    tag: 'runs',
    permission: 'run',
    scope: 'environment',
    audit: 'run.cancelled',
    schema: { params: runParams, response: { 202: runSchema } },
  }),
  getBackup: defineRoute({
    operationId: 'getBackup',
    method: 'GET',
    url: '/api/tenants/:tenantId/runs/:runId/backups/:operationId',
    summary: 'What an operation replaced, as it was before.',
    tag: 'runs',
    permission: 'read',
    scope: 'environment',
    audit: 'backup.read',
    schema: {
      params: z.object({ tenantId: z.uuid(), runId: z.uuid(), operationId: z.string() }),
      response: { 200: z.record(z.string(), z.unknown()) },
    },
  }),
}
