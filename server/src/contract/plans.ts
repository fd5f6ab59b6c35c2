import { choiceSchema, planOptionsSchema, planSchema, planSelectionSchema } from '@flightiq/core'
import { z } from 'zod'
import { defineRoute } from './route.ts'

export const planRequestSchema = z
  .object({
    from: z.string().min(1),
    to: z.string().min(1),
    selection: planSelectionSchema,
    options: planOptionsSchema.partial().default({}),
  })
  .meta({ id: 'PlanRequest' })
export type PlanRequest = z.infer<typeof planRequestSchema>

export const planRecordSchema = z
  .object({
    id: z.uuid(),
    tenantId: z.uuid(),
    createdAt: z.string(),
    createdBy: z.object({ id: z.string(), name: z.string() }).optional(),
    hash: z.string().describe('SHA-256 of the plan: what is approved and run is exactly this.'),
    plan: planSchema,
    runIds: z.array(z.uuid()),
  })
  .meta({ id: 'PlanRecord' })
export type PlanRecord = z.infer<typeof planRecordSchema>

const tenantParams = z.object({ tenantId: z.uuid() })
const planParams = z.object({ tenantId: z.uuid(), planId: z.uuid() })

export const planRoutes = {
  createPlan: defineRoute({
    operationId: 'createPlan',
    method: 'POST',
    url: '/api/tenants/:tenantId/plans',
    summary: 'Makes and saves a plan. Nothing is written to PingOne.',
    tag: 'plans',
    permission: 'plan',
    scope: 'environment',
    audit: 'plan.created',
    schema: { params: tenantParams, body: planRequestSchema, response: { 201: planRecordSchema } },
  }),
  importPlan: defineRoute({
    operationId: 'importPlan',
    method: 'POST',
    url: '/api/tenants/:tenantId/plans/import',
    summary: 'Saves a plan made elsewhere, so that it can be run.',
    tag: 'plans',
    permission: 'plan',
    scope: 'environment',
    audit: 'plan.imported',
    schema: { params: tenantParams, body: planSchema, response: { 201: planRecordSchema } },
  }),
  chooseInPlan: defineRoute({
    operationId: 'chooseInPlan',
    method: 'POST',
    url: '/api/tenants/:tenantId/plans/:planId/choices',
    summary: 'Makes a new plan from this one with choices added. The old plan stays.',
    tag: 'plans',
    permission: 'plan',
    scope: 'environment',
    audit: 'plan.created',
    schema: {
      params: planParams,
      body: z.object({ choices: z.array(choiceSchema), options: planOptionsSchema.partial().optional() }),
      response: { 201: planRecordSchema },
    },
  }),
  listPlans: defineRoute({
    operationId: 'listPlans',
    method: 'GET',
    url: '/api/tenants/:tenantId/plans',
    summary: 'The saved plans, newest first, without their content.',
    tag: 'plans',
    permission: 'read',
    scope: 'environment',
    schema: {
      params: tenantParams,
      response: {
        200: z.array(
          z
            .object({
              id: z.uuid(),
              createdAt: z.string(),
              createdBy: z.object({ id: z.string(), name: z.string() }).optional(),
              source: z.string(),
              destination: z.string(),
              operations: z.number().int(),
              blockers: z.number().int(),
              runIds: z.array(z.uuid()),
            })
            .meta({ id: 'PlanSummary' }),
        ),
      },
    },
  }),
  getPlan: defineRoute({
    operationId: 'getPlan',
    method: 'GET',
    url: '/api/tenants/:tenantId/plans/:planId',
    summary: 'One plan, whole.',
    tag: 'plans',
    permission: 'read',
    scope: 'environment',
    schema: { params: planParams, response: { 200: planRecordSchema } },
  }),
}
