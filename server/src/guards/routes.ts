import type { AuditFacts } from '../audit/entry.ts'
import type { Approval, Guard, guardRoutes } from '../contract/guards.ts'
import type { Handlers } from '../http/handlers.ts'
import type { Services } from '../services.ts'
import { hashOf } from './service.ts'

/** The protection of environments, approvals, and the stop of all writes over HTTP. */
export function guardHandlers({ guards, approvals }: Services): Handlers<typeof guardRoutes> {
  return {
    listGuards: ({ caller, params, signal }) => guards.list(caller, params.tenantId, { signal }),
    setGuard: async ({ caller, params, body, audit }) => {
      const { guard, before } = await guards.set(caller, params.tenantId, params.environmentId, body)
      audit(factsOfGuard(guard, before))
      return guard
    },
    resetGuard: async ({ caller, params, audit }) => {
      const { guard, before } = await guards.set(caller, params.tenantId, params.environmentId, undefined)
      audit(factsOfGuard(guard, before))
      return guard
    },
    getWriteStop: () => guards.getWriteStop(),
    setWriteStop: async ({ caller, body, audit }) => {
      audit({ details: body })
      return guards.setWriteStop(caller, body)
    },
    listApprovals: ({ caller, params }) => approvals.list(caller, params.tenantId),
    getRunPermission: ({ caller, params }) => approvals.permission(caller, params.tenantId, params.planId),
    requestApproval: async ({ caller, params, body, audit }) => {
      const approval = await approvals.request(caller, params.tenantId, params.planId, body.comment)
      audit(factsOfApproval(approval))
      return approval
    },
    decideApproval: async ({ caller, params, body, audit }) => {
      audit({ details: { decision: body.decision } })
      const approval = await approvals.decide(caller, params.tenantId, params.approvalId, body)
      audit({ ...factsOfApproval(approval), details: { decision: body.decision, state: approval.state } })
      return approval
    },
  }
}

function factsOfGuard(guard: Guard, before: Guard): AuditFacts {
  const { protection, approvals, freezes, reason } = guard
  return {
    subject: { kind: 'environment', id: guard.environmentId, name: guard.environmentName },
    beforeHash: hashOf(settingsOf(before)),
    afterHash: hashOf(settingsOf(guard)),
    details: {
      before: before.protection,
      protection,
      approvals,
      freezes: freezes.length,
      ...(reason === undefined ? {} : { reason }),
    },
  }
}

function settingsOf({ protection, approvals, reason, freezes }: Guard): object {
  return { protection, approvals, reason, freezes }
}

function factsOfApproval({ id, planId, planHash, environmentId }: Approval): AuditFacts {
  return { subject: { kind: 'approval', id }, planHash, environmentId, details: { planId } }
}
