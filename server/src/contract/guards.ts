import { z } from 'zod'
import { defineRoute } from './route.ts'

const clockTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
  .describe('`17:00`')
const weekday = z.number().int().min(1).max(7).describe('1 is Monday, 7 is Sunday.')

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

export const freezeSchema = z
  .discriminatedUnion('type', [
    z
      .object({
        type: z.literal('once'),
        reason: z.string().trim().min(1).max(200),
        from: z.iso.datetime(),
        until: z.iso.datetime(),
      })
      .refine(({ from, until }) => Date.parse(from) < Date.parse(until), {
        path: ['until'],
        message: 'Has to be after the beginning.',
      }),
    z
      .object({
        type: z.literal('weekly'),
        reason: z.string().trim().min(1).max(200),
        fromDay: weekday,
        fromTime: clockTime,
        untilDay: weekday,
        untilTime: clockTime,
        timeZone: z
          .string()
          .min(1)
          .max(60)
          .refine(isTimeZone, 'Not a time zone such as Europe/Oslo.')
          .describe('`Europe/Oslo`'),
      })
      .refine(({ fromDay, fromTime, untilDay, untilTime }) => fromDay !== untilDay || fromTime !== untilTime, {
        path: ['untilTime'],
        message: 'Has to differ from the beginning: to stop all writes, lock the environment.',
      }),
  ])
  .describe('A window in which nothing is written.')
  .meta({ id: 'Freeze' })
export type Freeze = z.infer<typeof freezeSchema>

export const guardChangeSchema = z
  .object({
    protection: z
      .enum(['open', 'protected', 'locked'])
      .describe('protected: a run needs the approval of another person; locked: nothing is written.'),
    approvals: z.number().int().min(1).max(5).default(1).describe('How many persons must approve.'),
    reason: z.string().trim().max(500).optional(),
    freezes: z.array(freezeSchema).max(50).default([]),
  })
  .meta({ id: 'GuardChange' })
export type GuardChange = z.infer<typeof guardChangeSchema>

export const guardSchema = guardChangeSchema
  .extend({
    environmentId: z.uuid(),
    environmentName: z.string(),
    environmentType: z.string(),
    byDefault: z.boolean().describe('Nobody has set it: PRODUCTION environments are protected where people sign in.'),
    frozen: z
      .object({ reason: z.string(), until: z.string() })
      .optional()
      .describe('The freeze that is on right now, and when it ends.'),
    setAt: z.string().optional(),
    setBy: z.string().optional(),
  })
  .meta({ id: 'Guard' })
export type Guard = z.infer<typeof guardSchema>

export const writeStopSchema = z
  .object({
    stopped: z.boolean().describe('Nothing is written to any environment; runs under way stop after their operation.'),
    reason: z.string().optional(),
    at: z.string().optional(),
    by: z.string().optional(),
  })
  .meta({ id: 'WriteStop' })
export type WriteStop = z.infer<typeof writeStopSchema>

const person = z.object({ id: z.string(), name: z.string() })

export const approvalSchema = z
  .object({
    id: z.uuid(),
    tenantId: z.uuid(),
    planId: z.uuid(),
    planHash: z.string(),
    environmentId: z.uuid(),
    source: z.string(),
    destination: z.string(),
    operations: z.number().int(),
    requestedBy: person,
    requestedAt: z.string(),
    expiresAt: z.string(),
    comment: z.string().optional(),
    state: z
      .enum(['open', 'approved', 'declined', 'expired', 'void', 'used'])
      .describe('void: the plan or the rules of the environment changed since; used: a run has started on it.'),
    why: z.string().optional().describe('What the state comes from, in a sentence.'),
    needed: z.number().int(),
    decisions: z.array(
      z.object({
        by: person,
        decision: z.enum(['approved', 'declined']),
        comment: z.string().optional(),
        at: z.string(),
      }),
    ),
  })
  .meta({ id: 'Approval' })
export type Approval = z.infer<typeof approvalSchema>

export const runPermissionSchema = z
  .object({
    mayRun: z.boolean(),
    mayAskForApproval: z.boolean(),
    mayDecide: z.boolean().describe('Or change a decision of before.'),
    obstacles: z
      .array(z.object({ code: z.string(), detail: z.string(), nextStep: z.string().optional() }))
      .describe('Why this caller cannot run the plan now: no role, locked, frozen, writes stopped, approval missing.'),
    approval: approvalSchema.optional(),
  })
  .meta({ id: 'RunPermission' })
export type RunPermission = z.infer<typeof runPermissionSchema>

const tenantParams = z.object({ tenantId: z.uuid() })
const guardParams = z.object({ tenantId: z.uuid(), environmentId: z.uuid() })
const planParams = z.object({ tenantId: z.uuid(), planId: z.uuid() })
const comment = z.string().trim().max(1000).optional()

export const guardRoutes = {
  listGuards: defineRoute({
    operationId: 'listGuards',
    method: 'GET',
    url: '/api/tenants/:tenantId/guards',
    summary: 'How each environment is protected against writes.',
    tag: 'guards',
    permission: 'read',
    scope: 'environment',
    schema: { params: tenantParams, response: { 200: z.array(guardSchema) } },
  }),
  setGuard: defineRoute({
    operationId: 'setGuard',
    method: 'PUT',
    url: '/api/tenants/:tenantId/guards/:environmentId',
    summary: 'Locks, protects or opens an environment, and sets its freezes. Approvals given before are void.',
    tag: 'guards',
    permission: 'configure',
    scope: 'environment',
    audit: 'guard.set',
    schema: { params: guardParams, body: guardChangeSchema, response: { 200: guardSchema } },
  }),
  resetGuard: defineRoute({
    operationId: 'resetGuard',
    method: 'DELETE',
    url: '/api/tenants/:tenantId/guards/:environmentId',
    summary: 'Puts an environment back to its default protection.',
    tag: 'guards',
    permission: 'configure',
    scope: 'environment',
    audit: 'guard.reset',
    schema: { params: guardParams, response: { 200: guardSchema } },
  }),
  getWriteStop: defineRoute({
    operationId: 'getWriteStop',
    method: 'GET',
    url: '/api/write-stop',
    summary: 'Whether all writes are stopped.',
    tag: 'guards',
    permission: 'read',
    scope: 'anywhere',
    schema: { response: { 200: writeStopSchema } },
  }),
  setWriteStop: defineRoute({
    operationId: 'setWriteStop',
    method: 'PUT',
    url: '/api/write-stop',
    summary: 'Stops all writes of this installation at once, or lets them go on.',
    tag: 'guards',
    permission: 'configure',
    audit: 'writes.stopped',
    schema: {
      body: z.object({ stopped: z.boolean(), reason: z.string().trim().max(500).optional() }),
      response: { 200: writeStopSchema },
    },
  }),
  listApprovals: defineRoute({
    operationId: 'listApprovals',
    method: 'GET',
    url: '/api/tenants/:tenantId/approvals',
    summary: 'Requests for approval, newest first.',
    tag: 'guards',
    permission: 'read',
    scope: 'environment',
    schema: { params: tenantParams, response: { 200: z.array(approvalSchema) } },
  }),
  getRunPermission: defineRoute({
    operationId: 'getRunPermission',
    method: 'GET',
    url: '/api/tenants/:tenantId/plans/:planId/run-permission',
    summary: 'Whether the caller may run the plan now, what stands in the way, and how its approval stands.',
    tag: 'guards',
    permission: 'read',
    scope: 'environment',
    schema: { params: planParams, response: { 200: runPermissionSchema } },
  }),
  requestApproval: defineRoute({
    operationId: 'requestApproval',
    method: 'POST',
    url: '/api/tenants/:tenantId/plans/:planId/approval',
    summary: 'Asks for the approval of exactly this plan. It is good for a day and for one run.',
    tag: 'guards',
    permission: 'plan',
    scope: 'environment',
    audit: 'approval.requested',
    schema: { params: planParams, body: z.object({ comment }), response: { 201: approvalSchema } },
  }),
  decideApproval: defineRoute({
    operationId: 'decideApproval',
    method: 'POST',
    url: '/api/tenants/:tenantId/approvals/:approvalId/decisions',
    summary: 'Approves or declines a plan of another person. One who declines blocks it.',
    tag: 'guards',
    permission: 'approve',
    scope: 'environment',
    audit: 'approval.decided',
    schema: {
      params: z.object({ tenantId: z.uuid(), approvalId: z.uuid() }),
      body: z.object({
        decision: z.enum(['approved', 'declined']),
        planHash: z.string().describe('Of the plan that was looked at: another one is refused.'),
        comment,
      }),
      response: { 200: approvalSchema },
    },
  }),
}
