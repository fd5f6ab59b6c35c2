import { z } from 'zod'
import { defineRoute } from './route.ts'

export const regionSchema = z.enum(['NA', 'EU', 'AP', 'AU', 'CA', 'SG']).meta({ id: 'Region' })
export const authMethodSchema = z.enum(['client_secret_basic', 'client_secret_post']).meta({ id: 'TokenAuthMethod' })

const hosts = z
  .object({ authUrl: z.url(), apiUrl: z.url() })
  .describe('Instead of a region: a custom domain, or the sandbox. Absolute addresses without a path.')
  .meta({ id: 'CustomHosts' })

const tenantFields = {
  name: z.string().trim().min(1).max(256),
  environmentId: z.uuid().describe('The environment in which the worker app lives.'),
  clientId: z.uuid(),
  region: regionSchema.optional().describe('Absent: detected when the credentials are tested.'),
  hosts: hosts.optional(),
  authMethod: authMethodSchema.optional().describe('Absent: detected when the credentials are tested.'),
}

export const newTenantSchema = z
  .object({ ...tenantFields, clientSecret: z.string().min(1).max(1024).describe('Write-only. Never answered.') })
  .meta({ id: 'NewTenant' })
export type NewTenant = z.infer<typeof newTenantSchema>

export const tenantChangeSchema = z
  .object({ ...tenantFields, clientSecret: z.string().min(1).max(1024).optional() })
  .meta({ id: 'TenantChange' })

export const tenantSchema = z
  .object({
    id: z.uuid(),
    ...tenantFields,
    secretSetAt: z.string().describe('ISO 8601. When, and by whom: all that is ever told of the secret.'),
    secretSetBy: z.string().optional(),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .meta({ id: 'Tenant' })
export type Tenant = z.infer<typeof tenantSchema>

export const tenantTestSchema = z
  .object({
    ok: z.boolean(),
    checks: z.array(
      z.object({
        name: z.string().describe('`Environment ID is known in EU`, `Secret sent with Client Secret Basic`, …'),
        outcome: z.enum(['passed', 'failed', 'skipped']),
        detail: z.string(),
      }),
    ),
    cause: z
      .enum([
        'none',
        'disabled',
        'credentials',
        'clientId',
        'secret',
        'authMethod',
        'grant',
        'environmentId',
        'region',
        'unreachable',
        'other',
      ])
      .describe('The likely cause of the failure. credentials: client id or secret, PingOne does not tell which.'),
    explanation: z.string().describe('The result in a sentence, for a person.'),
    nextStep: z.string().optional().describe('Where in PingOne to mend it.'),
    region: regionSchema.optional(),
    authMethod: authMethodSchema.optional(),
    environments: z.number().int().optional().describe('How many environments the worker app can see.'),
  })
  .meta({ id: 'TenantTest' })
export type TenantTest = z.infer<typeof tenantTestSchema>

export const environmentSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    type: z.enum(['PRODUCTION', 'SANDBOX']).or(z.string()),
    region: z.string().optional(),
    description: z.string().optional(),
    davinci: z.boolean().describe('Whether DaVinci is among its services; false also where PingOne does not tell.'),
  })
  .meta({ id: 'Environment' })

export const rateBudgetSchema = z
  .object({
    perMinute: z.number().describe('Requests a minute that FlightIQ allows itself for this tenant.'),
    used: z.number().int().describe('Requests sent in the last 60 seconds.'),
    waiting: z.number().int().describe('Calls that wait for their turn.'),
    throttledUntil: z.string().optional().describe('ISO 8601: PingOne said to wait until then.'),
    learned: z.boolean().describe('The budget was lowered because PingOne answered 429.'),
  })
  .meta({ id: 'RateBudget' })

const tenantParams = z.object({ tenantId: z.uuid() })

export const tenantRoutes = {
  listTenants: defineRoute({
    operationId: 'listTenants',
    method: 'GET',
    url: '/api/tenants',
    summary: 'The configured tenants (Org Roots) that the caller may see.',
    tag: 'tenants',
    permission: 'read',
    scope: 'anywhere',
    schema: { response: { 200: z.array(tenantSchema) } },
  }),
  createTenant: defineRoute({
    operationId: 'createTenant',
    method: 'POST',
    url: '/api/tenants',
    summary: 'Adds a tenant with its worker app.',
    tag: 'tenants',
    permission: 'configure',
    audit: 'tenant.created',
    schema: { body: newTenantSchema, response: { 201: tenantSchema } },
  }),
  updateTenant: defineRoute({
    operationId: 'updateTenant',
    method: 'PUT',
    url: '/api/tenants/:tenantId',
    summary: 'Changes a tenant. The secret stays as it is unless a new one is given.',
    tag: 'tenants',
    permission: 'configure',
    audit: 'tenant.updated',
    schema: { params: tenantParams, body: tenantChangeSchema, response: { 200: tenantSchema } },
  }),
  deleteTenant: defineRoute({
    operationId: 'deleteTenant',
    method: 'DELETE',
    url: '/api/tenants/:tenantId',
    summary: 'Removes a tenant with its secret, plans and runs. Nothing changes in PingOne.',
    tag: 'tenants',
    permission: 'configure',
    audit: 'tenant.removed',
    schema: { params: tenantParams, response: { 204: z.undefined() } },
  }),
  testTenant: defineRoute({
    operationId: 'testTenant',
    method: 'POST',
    url: '/api/tenants/:tenantId/test',
    summary: 'Tests the saved worker app credentials and tells what was tried.',
    tag: 'tenants',
    permission: 'configure',
    audit: 'tenant.tested',
    callsPerMinute: 10,
    schema: { params: tenantParams, response: { 200: tenantTestSchema } },
  }),
  listEnvironments: defineRoute({
    operationId: 'listEnvironments',
    method: 'GET',
    url: '/api/tenants/:tenantId/environments',
    summary: 'The environments that the worker app can see.',
    tag: 'tenants',
    permission: 'read',
    scope: 'environment',
    schema: { params: tenantParams, response: { 200: z.array(environmentSchema) } },
  }),
  getRateBudget: defineRoute({
    operationId: 'getRateBudget',
    method: 'GET',
    url: '/api/tenants/:tenantId/rate-budget',
    summary: "How much of PingOne's shared request limit is being used.",
    tag: 'tenants',
    permission: 'read',
    scope: 'environment',
    schema: { params: tenantParams, response: { 200: rateBudgetSchema } },
  }),
}
