import { z } from 'zod'
import { defineRoute } from './route.ts'

export const auditEntrySchema = z
  .object({
    sequence: z.number().int(),
    at: z.string().describe('ISO 8601, UTC.'),
    event: z.string().describe('`run.started`, `session.signedIn`, `tenant.updated` …'),
    outcome: z.enum(['done', 'refused', 'failed']),
    actor: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
    from: z.string().describe('The address that the call came from, or the process that did it.'),
    tenantId: z.string().optional(),
    environmentId: z.string().optional(),
    subject: z.object({ kind: z.string(), id: z.string(), name: z.string().optional() }).optional(),
    requestId: z.string().optional(),
    planHash: z.string().optional(),
    beforeHash: z.string().optional().describe('SHA-256 of what was there before.'),
    afterHash: z.string().optional(),
    details: z.record(z.string(), z.unknown()).optional().describe('Never a secret.'),
    previous: z.string().describe('Hash of the entry before: the chain.'),
    hash: z.string(),
  })
  .meta({ id: 'AuditEntry' })
export type AuditEntry = z.infer<typeof auditEntrySchema>

export const auditFilterSchema = z.object({
  tenantId: z.uuid().optional(),
  event: z.string().max(100).optional().describe('Exact, or all that begin with it when it ends in a dot: `run.`'),
  outcome: z.enum(['done', 'refused', 'failed']).optional(),
  actor: z.string().max(200).optional().describe('Id or part of the name.'),
  text: z.string().max(200).optional().describe('Anywhere in the entry.'),
  from: z.iso.datetime().optional(),
  until: z.iso.datetime().optional(),
})
export type AuditFilter = z.infer<typeof auditFilterSchema>

export const auditVerificationSchema = z
  .object({
    ok: z.boolean(),
    entries: z.number().int().describe('How many were checked.'),
    head: z.object({ sequence: z.number().int(), hash: z.string() }).optional(),
    fault: z
      .object({
        sequence: z.number().int().optional(),
        kind: z.enum(['changed', 'missing', 'reordered', 'truncated', 'headForged', 'checkpointDiffers']),
        explanation: z.string(),
      })
      .optional()
      .describe('The first thing that is wrong.'),
  })
  .meta({ id: 'AuditVerification' })
export type AuditVerification = z.infer<typeof auditVerificationSchema>

export const auditRoutes = {
  listAudit: defineRoute({
    operationId: 'listAudit',
    method: 'GET',
    url: '/api/audit',
    summary: 'The audit log, newest first. Administrators of one tenant see what belongs to it.',
    tag: 'audit',
    permission: 'configure',
    scope: 'anywhere',
    schema: {
      querystring: auditFilterSchema.extend({
        before: z.coerce.number().int().optional().describe('Only entries with a lower sequence: the next page.'),
        limit: z.coerce.number().int().min(1).max(500).default(100),
      }),
      response: {
        200: z.object({ entries: z.array(auditEntrySchema), more: z.boolean() }).meta({ id: 'AuditPage' }),
      },
    },
  }),
  exportAudit: defineRoute({
    operationId: 'exportAudit',
    method: 'GET',
    url: '/api/audit/export',
    summary: 'The audit log as a file, oldest first.',
    tag: 'audit',
    permission: 'configure',
    scope: 'anywhere',
    audit: 'audit.exported',
    download: true,
    schema: {
      querystring: auditFilterSchema.extend({ format: z.enum(['jsonl', 'csv']).default('jsonl') }),
      response: { 200: z.string() },
    },
  }),
  verifyAudit: defineRoute({
    operationId: 'verifyAudit',
    method: 'POST',
    url: '/api/audit/verify',
    summary: 'Checks the hash chain of the whole audit log.',
    tag: 'audit',
    permission: 'configure',
    audit: 'audit.verified',
    callsPerMinute: 10,
    schema: { response: { 200: auditVerificationSchema } },
  }),
}
