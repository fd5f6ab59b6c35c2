import { type Caller, humanBehind, isKnownPerson } from '../authorization/caller.ts'
import { may, permissionMissing } from '../authorization/permissions.ts'
import type { Approval, RunPermission } from '../contract/guards.ts'
import type { PlanRecord } from '../contract/plans.ts'
import type { PlaceService } from '../places/service.ts'
import type { PlanService } from '../plans/service.ts'
import { blockersOf } from '../plans/store.ts'
import { notFound, type ProblemError } from '../problems/problem-error.ts'
import { blockedPlan, planAlreadyRun } from '../runs/problems.ts'
import { readRunsOfPlan } from '../runs/store.ts'
import type { Storage } from '../storage/database.ts'
import { blocks, declinedBy, standingOf } from './approval-state.ts'
import { insertApproval, readApprovals, type StoredApproval, writeDecision } from './approval-store.ts'
import type { Protection, RunGate } from './gate.ts'
import {
  approvalAsked,
  approvalDeclined,
  approvalExpired,
  approvalNotNeeded,
  approvalUsed,
  approvalVoid,
  ownPlan,
  personNeeded,
  planDiffers,
} from './problems.ts'
import type { GuardedEnvironment } from './service.ts'

/** How long an approval is good, from the request, in milliseconds. */
const goodFor = 24 * 60 * 60_000

/** A plan with what its approval is about. */
interface Subject {
  record: PlanRecord
  environment: GuardedEnvironment
  protection: Protection
}

/**
 * Approvals of plans for protected environments: of exactly one plan, by other people than those who made it, asked for
 * it and run it. Who may read a plan sees its approvals.
 */
export class ApprovalService {
  readonly #storage: Storage
  readonly #plans: PlanService
  readonly #places: PlaceService
  readonly #gate: RunGate
  readonly #now: () => Date

  constructor(parts: { storage: Storage; plans: PlanService; places: PlaceService; gate: RunGate; now: () => Date }) {
    this.#storage = parts.storage
    this.#plans = parts.plans
    this.#places = parts.places
    this.#gate = parts.gate
    this.#now = parts.now
  }

  /** The requests of a tenant of which the caller may read the plans, newest first. */
  async list(caller: Caller, tenantId: string): Promise<Approval[]> {
    const plans = new Map((await this.#plans.list(caller, tenantId)).map((plan) => [plan.id, plan]))
    const stored = await readApprovals(await this.#storage.queries(), tenantId)
    const protections = new Map<string, Promise<Protection>>()
    const shown = stored.flatMap((approval) => {
      const plan = plans.get(approval.planId)
      const { environmentId } = approval
      const protection = protections.get(environmentId) ?? this.#protectionOf(tenantId, environmentId)
      protections.set(environmentId, protection)
      return plan ? [protection.then((held) => toApproval(approval, plan, held))] : []
    })
    return Promise.all(shown)
  }

  /** Whether the caller may run a plan now, what stands in the way, and how its approval stands. */
  async permission(caller: Caller, tenantId: string, planId: string): Promise<RunPermission> {
    const { record, environment, protection } = await this.#subject(caller, tenantId, planId)
    const extent = { tenantId, environmentId: environment.id }
    const runs = await readRunsOfPlan(await this.#storage.queries(), planId)
    const over = runs.find(({ state }) => state === 'done')
    if (over) {
      return { mayRun: false, mayAskForApproval: false, mayDecide: false, obstacles: [obstacle(planAlreadyRun(over))] }
    }
    const { obstacles } = await this.#gate.check({
      tenantId,
      environment,
      plan: record,
      runner: humanBehind(caller),
      runId: runs.at(-1)?.id,
    })
    const approvals = await readApprovals(await this.#storage.queries(), tenantId, { planHash: record.hash })
    const latest = approvals.find((approval) => approval.planId === planId)
    const subject = { record, environment, protection }
    const all = may(caller, 'run', extent) ? obstacles : [permissionMissing(caller, 'run'), ...obstacles]
    return {
      mayRun: all.length === 0,
      mayAskForApproval: all.length > 0 && (await this.#refusalToAsk(caller, tenantId, subject)) === undefined,
      mayDecide: latest !== undefined && refusalToDecide(caller, latest, subject) === undefined,
      obstacles: all.map(obstacle),
      ...(latest && protection.isProtected ? { approval: toApproval(latest, summaryOf(record), protection) } : {}),
    }
  }

  /**
   * Asks for the approval of a plan. Throws a ProblemError: PERMISSION_MISSING, PERSON_NEEDED, PLAN_HAS_BLOCKERS,
   * APPROVAL_NOT_NEEDED, APPROVAL_ASKED, APPROVAL_DECLINED, ENVIRONMENT_LOCKED.
   */
  async request(caller: Caller, tenantId: string, planId: string, comment: string | undefined): Promise<Approval> {
    const subject = await this.#subject(caller, tenantId, planId)
    const refusal = await this.#refusalToAsk(caller, tenantId, subject)
    if (refusal) throw refusal
    const { record, environment, protection } = subject
    const requestedAt = this.#now()
    const approval = await insertApproval(await this.#storage.queries(), {
      tenantId,
      planId,
      planHash: record.hash,
      environmentId: environment.id,
      requestedBy: { id: humanBehind(caller), name: caller.name },
      comment,
      rules: protection.rules,
      requestedAt,
      expiresAt: new Date(requestedAt.getTime() + goodFor),
    })
    return toApproval(approval, summaryOf(record), protection)
  }

  /**
   * Approves or declines; who has decided may change it, as long as no run has started. Throws a ProblemError:
   * APPROVAL_NOT_FOUND, PERMISSION_MISSING, PERSON_NEEDED, OWN_PLAN, PLAN_DIFFERS, APPROVAL_EXPIRED, APPROVAL_VOID,
   * APPROVAL_USED.
   */
  async decide(
    caller: Caller,
    tenantId: string,
    approvalId: string,
    {
      decision,
      planHash,
      comment,
    }: { decision: 'approved' | 'declined'; planHash: string; comment?: string | undefined },
  ): Promise<Approval> {
    const queries = await this.#storage.queries()
    const [approval] = await readApprovals(queries, tenantId, { id: approvalId })
    if (!approval) throw noSuchApproval()
    const subject = await this.#subject(caller, tenantId, approval.planId).catch((error: ProblemError) => {
      // Who may not read the plan learns nothing of its approvals.
      throw error.code === 'PLAN_NOT_FOUND' ? noSuchApproval() : error
    })
    const refusal = refusalToDecide(caller, approval, subject)
    if (refusal) throw refusal
    if (planHash !== approval.planHash || planHash !== subject.record.hash) throw planDiffers()
    await writeDecision(queries, approvalId, {
      by: { id: humanBehind(caller), name: caller.name },
      decision,
      ...(comment === undefined ? {} : { comment }),
      at: this.#now().toISOString(),
    })
    const [decided = approval] = await readApprovals(queries, tenantId, { id: approvalId })
    return toApproval(decided, summaryOf(subject.record), subject.protection)
  }

  async #subject(caller: Caller, tenantId: string, planId: string): Promise<Subject> {
    const record = await this.#plans.get(caller, tenantId, planId)
    const { environmentId } = record.plan.destination
    if (environmentId === undefined) throw blockedPlan([])
    const environment = await this.#places.environment(tenantId, environmentId)
    return { record, environment, protection: await this.#gate.protectionOf(tenantId, environment) }
  }

  async #protectionOf(tenantId: string, environmentId: string): Promise<Protection> {
    return this.#gate.protectionOf(tenantId, await this.#places.environment(tenantId, environmentId))
  }

  /** Why the caller can't ask for the approval of a plan, or undefined. */
  async #refusalToAsk(
    caller: Caller,
    tenantId: string,
    { record, environment, protection }: Subject,
  ): Promise<ProblemError | undefined> {
    if (!may(caller, 'plan', { tenantId, environmentId: environment.id })) return permissionMissing(caller, 'plan')
    const locked = await this.#gate.lockOf(tenantId, environment)
    if (locked) return locked
    if (!protection.isProtected) return approvalNotNeeded(environment.name)
    const requester = humanBehind(caller)
    if (!isKnownPerson(requester)) return personNeeded('requester', requester)
    if (!isKnownPerson(record.createdBy?.id)) return personNeeded('maker', record.createdBy?.id)
    const blockers = blockersOf(record.plan)
    if (blockers.length > 0) return blockedPlan(blockers)
    const ofHash = await readApprovals(await this.#storage.queries(), tenantId, { planHash: record.hash })
    const refused = ofHash.find((approval) => blocks(approval, protection))
    const declined = refused && declinedBy(refused)
    if (declined) return approvalDeclined(declined.by.name, declined.comment)
    const pending = ofHash.find((approval) => {
      // One that a run started on is good for resuming that run; as if unused, it tells whether it still is.
      const { state } = standingOf({ ...approval, runId: undefined }, protection)
      return approval.planId === record.id && (state === 'open' || state === 'approved')
    })
    return pending && approvalAsked(pending.requestedBy.name)
  }
}

/** Why the caller can't decide on a request, or undefined. */
function refusalToDecide(
  caller: Caller,
  approval: StoredApproval,
  { record, environment, protection }: Subject,
): ProblemError | undefined {
  if (!may(caller, 'approve', { tenantId: approval.tenantId, environmentId: environment.id })) {
    return permissionMissing(caller, 'approve')
  }
  const human = humanBehind(caller)
  if (!isKnownPerson(human)) return personNeeded('approver', human)
  if (human === record.createdBy?.id || human === approval.requestedBy.id) return ownPlan(true)
  const { state, why } = standingOf(approval, protection)
  if (state === 'used') return approvalUsed()
  if (state === 'void') return approvalVoid(why ?? '')
  if (state === 'expired' || approval.expiresAt <= protection.now) return approvalExpired()
  return undefined
}

type PlanFacts = Pick<Approval, 'source' | 'destination' | 'operations'>

function summaryOf({ plan }: PlanRecord): PlanFacts {
  return { source: plan.source.name, destination: plan.destination.name, operations: plan.operations.length }
}

function toApproval(
  approval: StoredApproval,
  { source, destination, operations }: PlanFacts,
  protection: Protection,
): Approval {
  const { id, tenantId, planId, planHash, environmentId, requestedBy, comment, decisions } = approval
  return {
    id,
    tenantId,
    planId,
    planHash,
    environmentId,
    source,
    destination,
    operations,
    requestedBy,
    requestedAt: approval.requestedAt.toISOString(),
    expiresAt: approval.expiresAt.toISOString(),
    ...(comment === undefined ? {} : { comment }),
    ...standingOf(approval, protection),
    needed: protection.needed,
    decisions: decisions.map(({ lapsed: _lapsed, ...decision }) => decision),
  }
}

function obstacle({ code, message, nextStep }: ProblemError): RunPermission['obstacles'][number] {
  return { code, detail: message, ...(nextStep === undefined ? {} : { nextStep }) }
}

function noSuchApproval(): ProblemError {
  return notFound(
    'APPROVAL_NOT_FOUND',
    'There is no request for approval with this id.',
    'Look at the list of approvals.',
  )
}
