import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import { z } from 'zod'
import type { Approval } from '../contract/guards.ts'
import type { Database } from '../storage/database.ts'
import type { ApprovalDecisionsTable, ApprovalsTable } from '../storage/tables.ts'
import { storable } from '../storage/text.ts'
import { whoStillMay } from './persons.ts'

const rulesSchema = z.object({ guards: z.string(), workerApp: z.string() })

/** What an approval was asked under, as hashes. */
export type ApprovalRules = z.infer<typeof rulesSchema>

/** What somebody decided; lapsed: an approval of somebody who may not approve any more. */
export type Decision = Approval['decisions'][number] & { lapsed?: boolean }

/** A request for approval with its decisions, as it is kept. */
export interface StoredApproval {
  id: string
  tenantId: string
  planId: string
  planHash: string
  environmentId: string
  requestedBy: Approval['requestedBy']
  comment: string | undefined
  rules: ApprovalRules
  requestedAt: Date
  expiresAt: Date
  /** The run that started on it. */
  runId: string | undefined
  decisions: Decision[]
}

/** Keeps a request. */
export async function insertApproval(
  database: Database,
  approval: Omit<StoredApproval, 'id' | 'runId' | 'decisions'>,
): Promise<StoredApproval> {
  const id = randomUUID()
  await database
    .insertInto('approvals')
    .values({
      id,
      tenant_id: approval.tenantId,
      plan_id: approval.planId,
      plan_hash: approval.planHash,
      environment_id: approval.environmentId,
      requested_by: approval.requestedBy.id,
      requested_by_name: storable(approval.requestedBy.name),
      comment: approval.comment === undefined ? null : storable(approval.comment),
      rules: JSON.stringify(approval.rules),
      requested_at: approval.requestedAt,
      expires_at: approval.expiresAt,
      used_at: null,
    })
    .execute()
  return { ...approval, id, runId: undefined, decisions: [] }
}

/** Requests of a tenant, newest first: all, those of a plan's hash, or one; with what is left of their decisions. */
export async function readApprovals(
  database: Database,
  tenantId: string,
  which: { planHash?: string; id?: string } = {},
): Promise<StoredApproval[]> {
  const approvals = await readStored(database, tenantId, which)
  const approvers = Map.groupBy(
    approvals.flatMap(({ environmentId, decisions }) => decisions.map(({ by }) => ({ environmentId, human: by.id }))),
    ({ environmentId }) => environmentId,
  )
  const able = new Map<string, Set<string>>()
  for (const [environmentId, found] of approvers) {
    const humans = found.map(({ human }) => human)
    able.set(environmentId, await whoStillMay(database, humans, 'approve', { tenantId, environmentId }))
  }
  return approvals.map((approval) => ({
    ...approval,
    decisions: approval.decisions.map((decision) => {
      const lapsed = decision.decision === 'approved' && !able.get(approval.environmentId)?.has(decision.by.id)
      return lapsed ? { ...decision, lapsed } : decision
    }),
  }))
}

async function readStored(
  database: Database,
  tenantId: string,
  which: { planHash?: string; id?: string },
): Promise<StoredApproval[]> {
  const { planHash, id } = which
  const rows = await database
    .selectFrom('approvals')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .$if(planHash !== undefined, (query) => query.where('plan_hash', '=', planHash ?? ''))
    .$if(id !== undefined, (query) => query.where('id', '=', id ?? ''))
    .orderBy('requested_at', 'desc')
    .limit(200)
    .execute()
  if (rows.length === 0) return []
  const decisions = await database
    .selectFrom('approval_decisions')
    .selectAll()
    .where(
      'approval_id',
      'in',
      rows.map((row) => row.id),
    )
    .orderBy('decided_at')
    .execute()
  const ofApproval = Map.groupBy(decisions, (row) => row.approval_id)
  return rows.map((row) => toApproval(row, ofApproval.get(row.id) ?? []))
}

/** Keeps a decision; a later one of the same person takes its place. */
export async function writeDecision(database: Database, approvalId: string, decision: Decision): Promise<void> {
  const values = {
    decided_by_name: storable(decision.by.name),
    decision: decision.decision,
    comment: decision.comment === undefined ? null : storable(decision.comment),
    decided_at: decision.at,
  }
  await database
    .insertInto('approval_decisions')
    .values({ approval_id: approvalId, decided_by: decision.by.id, ...values })
    .onConflict((conflict) => conflict.columns(['approval_id', 'decided_by']).doUpdateSet(values))
    .execute()
}

/** Takes an approval for a run. False when another run was quicker. */
export async function useApproval(database: Database, approvalId: string, runId: string, at: Date): Promise<boolean> {
  const used = await database
    .updateTable('approvals')
    .set({ used_at: at, run_id: runId })
    .where('id', '=', approvalId)
    .where((where) => where.or([where('run_id', 'is', null), where('run_id', '=', runId)]))
    .returning('id')
    .executeTakeFirst()
  return used !== undefined
}

function toApproval(row: Selectable<ApprovalsTable>, decisions: Selectable<ApprovalDecisionsTable>[]): StoredApproval {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    planId: row.plan_id,
    planHash: row.plan_hash,
    environmentId: row.environment_id,
    requestedBy: { id: row.requested_by, name: row.requested_by_name },
    comment: row.comment ?? undefined,
    rules: rulesSchema.parse(JSON.parse(row.rules)),
    requestedAt: row.requested_at,
    expiresAt: row.expires_at,
    runId: row.run_id ?? undefined,
    decisions: decisions.map((decision) => ({
      by: { id: decision.decided_by, name: decision.decided_by_name },
      decision: decision.decision === 'approved' ? 'approved' : 'declined',
      ...(decision.comment === null ? {} : { comment: decision.comment }),
      at: decision.decided_at.toISOString(),
    })),
  }
}
