import { z } from 'zod'
import { defineRoute } from './route.ts'

export const accessOperationSchema = z
  .enum(['read', 'create', 'update', 'delete', 'deploy', 'export'])
  .meta({ id: 'AccessOperation' })

export const accessCellSchema = z
  .object({
    state: z.enum(['granted', 'denied', 'partial', 'unknown']),
    basis: z.enum(['roles', 'probe', 'both', 'none']).describe('How it is known.'),
    roles: z.array(z.string()).describe('The roles that grant it.'),
    permissions: z.array(z.string()).describe('What PingOne asks for.'),
    note: z
      .string()
      .optional()
      .describe('`Only in 2 populations`, `The roles allow it, but PingOne refused a trial.` …'),
  })
  .meta({ id: 'AccessCell' })

export const accessMatrixSchema = z
  .object({
    rolesKnown: z.boolean().describe('The worker app may read its own role assignments.'),
    rolesNote: z.string().optional().describe('Why they are not known, and which role would tell.'),
    areas: z.array(z.object({ id: z.string(), label: z.string(), domain: z.enum(['orchestration', 'identity']) })),
    environments: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        type: z.string(),
        roles: z.array(
          z.object({ name: z.string(), scope: z.string().describe('`this environment`, `the organization` …') }),
        ),
        cells: z.record(z.string(), z.partialRecord(accessOperationSchema, accessCellSchema)).describe('By area.'),
      }),
    ),
    readAt: z.string(),
  })
  .meta({ id: 'AccessMatrix' })
export type AccessMatrix = z.infer<typeof accessMatrixSchema>

export const accessEventSchema = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('progress'), done: z.number().int(), total: z.number().int(), step: z.string() }),
    z.object({ type: z.literal('matrix'), matrix: accessMatrixSchema }),
  ])
  .meta({ id: 'AccessEvent' })
export type AccessEvent = z.infer<typeof accessEventSchema>

export const accessJobSchema = z
  .object({
    id: z.string(),
    label: z.string(),
    description: z.string(),
    needsSource: z.boolean(),
    needsDestination: z.boolean(),
  })
  .meta({ id: 'AccessJob' })

export const accessAdviceSchema = z
  .object({
    minimum: z.array(
      z.object({ role: z.string(), scope: z.string(), environmentId: z.string().optional(), for: z.array(z.string()) }),
    ),
    missing: z.array(
      z.object({
        role: z.string(),
        scope: z.string(),
        environmentId: z.string().optional(),
        why: z.string(),
        permissions: z.array(z.string()),
      }),
    ),
    excess: z.array(z.object({ role: z.string(), scope: z.string(), why: z.string(), instead: z.string().optional() })),
    notes: z.array(z.string()),
  })
  .meta({ id: 'AccessAdvice' })
export type AccessAdvice = z.infer<typeof accessAdviceSchema>

export const checklistItemSchema = z
  .object({
    id: z.enum(['enabled', 'grant', 'credentials', 'roles', 'token', 'read', 'write']),
    title: z.string(),
    outcome: z
      .enum(['passed', 'failed', 'skipped', 'byHand'])
      .describe('byHand: FlightIQ cannot see it; look in PingOne.'),
    detail: z.string(),
    causes: z
      .array(
        z.object({
          cause: z.string(),
          where: z.string().describe('Where in PingOne to look and mend it.'),
          certain: z.boolean(),
        }),
      )
      .describe('When it failed: the likely causes, likeliest first.'),
  })
  .meta({ id: 'ChecklistItem' })
export type ChecklistItem = z.infer<typeof checklistItemSchema>

export const checklistEventSchema = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('running'), id: checklistItemSchema.shape.id }),
    z.object({ type: z.literal('item'), item: checklistItemSchema }),
    z.object({ type: z.literal('end'), ok: z.boolean() }),
  ])
  .meta({ id: 'ChecklistEvent' })
export type ChecklistEvent = z.infer<typeof checklistEventSchema>

const tenantParams = z.object({ tenantId: z.uuid() })

export const accessRoutes = {
  accessEvents: defineRoute({
    operationId: 'accessEvents',
    method: 'GET',
    url: '/api/tenants/:tenantId/access/events',
    summary: 'The access matrix of the worker app, with progress. Nothing is changed in PingOne.',
    tag: 'access',
    permission: 'read',
    scope: 'environment',
    schema: {
      params: tenantParams,
      querystring: z.object({
        environments: z.string().optional().describe('Ids, separated by commas. Absent: all.'),
        probe: z
          .enum(['none', 'reads', 'all'])
          .default('reads')
          .describe('reads: confirmed by reading; all: also by writes that cannot succeed.'),
      }),
      response: { 200: z.string() },
    },
    events: accessEventSchema,
  }),
  listAccessJobs: defineRoute({
    operationId: 'listAccessJobs',
    method: 'GET',
    url: '/api/access/jobs',
    summary: 'What a worker app may be wanted for.',
    tag: 'access',
    permission: 'read',
    scope: 'anywhere',
    schema: { response: { 200: z.array(accessJobSchema) } },
  }),
  adviseAccess: defineRoute({
    operationId: 'adviseAccess',
    method: 'GET',
    url: '/api/tenants/:tenantId/access/advice',
    summary: 'The smallest set of roles for some jobs, what is missing, and what is granted beyond need.',
    tag: 'access',
    permission: 'read',
    scope: 'environment',
    schema: {
      params: tenantParams,
      querystring: z.object({
        jobs: z.string().min(1).describe('Ids of jobs, separated by commas.'),
        sources: z.string().optional().describe('Environment ids, separated by commas.'),
        destinations: z.string().optional(),
      }),
      response: { 200: accessAdviceSchema },
    },
  }),
  checklistEvents: defineRoute({
    operationId: 'checklistEvents',
    method: 'GET',
    url: '/api/tenants/:tenantId/checklist/events',
    summary: 'Goes through the validation checklist of the worker app, but for the trial write.',
    tag: 'access',
    permission: 'configure',
    audit: 'checklist.run',
    callsPerMinute: 10,
    schema: { params: tenantParams, response: { 200: z.string() } },
    events: checklistEventSchema,
  }),
  tryWrite: defineRoute({
    operationId: 'tryWrite',
    method: 'POST',
    url: '/api/tenants/:tenantId/checklist/write',
    summary: 'Makes a variable in an environment that is not for production, and removes it again.',
    tag: 'access',
    permission: 'configure',
    audit: 'checklist.write',
    callsPerMinute: 10,
    schema: {
      params: tenantParams,
      body: z.object({ environmentId: z.uuid() }),
      response: { 200: checklistItemSchema },
    },
  }),
}
