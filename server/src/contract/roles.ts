import { z } from 'zod'

export const roleSchema = z
  .enum(['viewer', 'operator', 'approver', 'admin'])
  .describe('viewer reads; operator also plans and runs; approver also approves; admin does all, and configures.')
  .meta({ id: 'Role' })
export type Role = z.infer<typeof roleSchema>

/** A role, and where it holds. */
export const roleScopeSchema = z
  .object({
    role: roleSchema,
    tenantId: z.uuid().optional().describe('Absent: on all tenants.'),
    environmentId: z.uuid().optional().describe('Absent: in all environments of the tenant.'),
  })
  .meta({ id: 'RoleScope' })
export type RoleScope = z.infer<typeof roleScopeSchema>
