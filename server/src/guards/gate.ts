import { isKnownPerson } from '../authorization/caller.ts'
import type { PlanRecord } from '../contract/plans.ts'
import type { ProblemError } from '../problems/problem-error.ts'
import type { Database, Storage } from '../storage/database.ts'
import type { TenantService } from '../tenants/service.ts'
import { approversOf, blocks, declinedBy, isExpired, type Present, standingOf, whatChanged } from './approval-state.ts'
import { type ApprovalRules, readApprovals, type StoredApproval, useApproval } from './approval-store.ts'
import { frozenAt } from './freezes.ts'
import { whoStillMay } from './persons.ts'
import {
  approvalDeclined,
  approvalExpired,
  approvalNeeded,
  approvalUsed,
  approvalVoid,
  environmentFrozen,
  environmentLocked,
  ownPlan,
  personNeeded,
  planNeeded,
  runnerMayNot,
  writesStopped,
} from './problems.ts'
import { type GuardedEnvironment, type GuardService, type HoldingGuard, hashOf } from './service.ts'

/** A plan that is to be written to its destination. */
export interface Writing {
  tenantId: string
  environment: GuardedEnvironment
  plan: Pick<PlanRecord, 'id' | 'hash' | 'createdBy'>
  /** Who runs it: see `humanBehind`. Null: nobody is known of a run of earlier times. */
  runner: string | null
  /** The run, once there is one: an approval that it started on stays its own. */
  runId?: string | undefined
  /** It is under way: an approval that expires meanwhile doesn't stop it. */
  underWay?: boolean
}

/** What holds for a writing. */
export interface Passage {
  /** Why nothing may be written, weightiest first. */
  obstacles: ProblemError[]
  /** The approval that it runs on, where it needs one. */
  approval?: StoredApproval
}

/** What approvals of an environment are held against, and whether it needs any. */
export interface Protection extends Present {
  isProtected: boolean
}

/**
 * The one place that says whether anything may be written to an environment. Nothing is sent to PingOne without having
 * passed here: before a run starts or goes on, and again before each of its operations.
 */
export class RunGate {
  readonly #storage: Storage
  readonly #tenants: TenantService
  readonly #guards: GuardService
  readonly #now: () => Date

  constructor(parts: { storage: Storage; tenants: TenantService; guards: GuardService; now: () => Date }) {
    this.#storage = parts.storage
    this.#tenants = parts.tenants
    this.#guards = parts.guards
    this.#now = parts.now
  }

  /** Throws the weightiest obstacle; otherwise answers the approval that the plan runs on, where it needs one. */
  async pass(writing: Writing): Promise<StoredApproval | undefined> {
    const { obstacles, approval } = await this.check(writing)
    const [first] = obstacles
    if (first) throw first
    return approval
  }

  /**
   * For a write that no plan stands for, such as a trial: throws the weightiest obstacle. Where approvals are needed it is
   * refused, since there is no plan to approve.
   */
  async passWithoutPlan(tenantId: string, environment: GuardedEnvironment): Promise<void> {
    const { guards, hash } = await this.#guards.of(tenantId, environment)
    const [first] = await this.#closures(guards, environment)
    if (first) throw first
    if ((await this.#protectionBy(tenantId, guards, hash)).isProtected) throw planNeeded(environment.name)
  }

  /** Everything that stands in the way. */
  async check(writing: Writing): Promise<Passage> {
    const { tenantId, environment } = writing
    const { guards, hash } = await this.#guards.of(tenantId, environment)
    const obstacles = [...(await this.#closures(guards, environment)), ...(await this.#lapseOf(writing))]
    const protection = await this.#protectionBy(tenantId, guards, hash)
    if (!protection.isProtected) return { obstacles }
    const passage = passageBy(await this.#approvalsFor(writing), writing, protection)
    return { ...passage, obstacles: [...obstacles, ...passage.obstacles] }
  }

  /** What keeps everybody from writing, whatever it is. */
  async #closures(guards: readonly HoldingGuard[], environment: GuardedEnvironment): Promise<ProblemError[]> {
    const stop = await this.#guards.getWriteStop()
    return [
      ...(stop.stopped ? [writesStopped(stop.by, stop.reason)] : []),
      ...lockIn(guards, environment),
      ...freezeIn(guards, environment, this.#now()),
    ]
  }

  /** Who started a run and may not any more: what was taken from somebody holds for what they have under way, too. */
  async #lapseOf({ tenantId, environment, runner, underWay = false }: Writing): Promise<ProblemError[]> {
    if (!underWay || !isKnownPerson(runner)) return []
    const extent = { tenantId, environmentId: environment.id }
    const able = await whoStillMay(await this.#storage.queries(), [runner], 'run', extent)
    return able.has(runner) ? [] : [runnerMayNot(environment.name)]
  }

  /** Whether plans for an environment need approvals, and what these are held against. */
  async protectionOf(tenantId: string, environment: GuardedEnvironment): Promise<Protection> {
    const { guards, hash } = await this.#guards.of(tenantId, environment)
    return this.#protectionBy(tenantId, guards, hash)
  }

  /** What a lock has to say, where there is one: then an approval would be of no use. */
  async lockOf(tenantId: string, environment: GuardedEnvironment): Promise<ProblemError | undefined> {
    const { guards } = await this.#guards.of(tenantId, environment)
    return lockIn(guards, environment).at(0)
  }

  /** Takes an approval for a run, in the transaction that starts it. Throws a ProblemError APPROVAL_USED. */
  async use(transaction: Database, approval: StoredApproval | undefined, runId: string): Promise<void> {
    if (!approval) return
    if (!(await useApproval(transaction, approval.id, runId, this.#now()))) throw approvalUsed()
  }

  async #approvalsFor({ tenantId, plan }: Writing): Promise<StoredApproval[]> {
    return readApprovals(await this.#storage.queries(), tenantId, { planHash: plan.hash })
  }

  async #protectionBy(tenantId: string, guards: readonly HoldingGuard[], hash: string): Promise<Protection> {
    const protecting = guards.filter(({ protection }) => protection === 'protected')
    return {
      isProtected: protecting.length > 0,
      needed: Math.max(1, ...protecting.map(({ approvals }) => approvals)),
      rules: { guards: hash, workerApp: await this.#workerAppOf(tenantId) } satisfies ApprovalRules,
      now: this.#now(),
    }
  }

  /** Where an approved plan would be sent to, and as whom. */
  async #workerAppOf(tenantId: string): Promise<string> {
    const { environmentId, clientId, region, hosts } = await this.#tenants.get(tenantId)
    return hashOf({ environmentId, clientId, ...(hosts ? { hosts } : { region }) })
  }
}

function lockIn(guards: readonly HoldingGuard[], { name }: GuardedEnvironment): ProblemError[] {
  const lock = guards.find(({ protection }) => protection === 'locked')
  return lock ? [environmentLocked(name, lock.setBy ?? 'FlightIQ', lock.reason)] : []
}

function freezeIn(guards: readonly HoldingGuard[], { name }: GuardedEnvironment, now: Date): ProblemError[] {
  const frozen = frozenAt(
    guards.flatMap(({ freezes }) => freezes),
    now,
  )
  return frozen ? [environmentFrozen(name, frozen.until, frozen.reason)] : []
}

/** Whether a plan for a protected environment may go on, by the approvals of its hash. */
function passageBy(ofHash: readonly StoredApproval[], writing: Writing, protection: Protection): Passage {
  const { plan, runner, runId, underWay = false, environment } = writing
  if (!isKnownPerson(runner)) return { obstacles: [personNeeded('runner', runner ?? undefined)] }
  if (!isKnownPerson(plan.createdBy?.id)) return { obstacles: [personNeeded('maker', plan.createdBy?.id)] }
  // A plan that was declined is declined under every id that it is imported as.
  const refusal = ofHash.find((approval) => blocks(approval, protection))
  const declined = refusal && declinedBy(refusal)
  if (declined) return { obstacles: [approvalDeclined(declined.by.name, declined.comment)] }
  const approvals = ofHash.filter(({ planId }) => planId === plan.id)
  const good = approvals.find(
    (approval) =>
      (approval.runId === undefined || approval.runId === runId) &&
      declinedBy(approval) === undefined &&
      whatChanged(approval, protection) === undefined &&
      (underWay ? approval.runId === runId : !isExpired(approval, protection)) &&
      approversOf(approval).length >= protection.needed,
  )
  if (!good) return { obstacles: [missing(approvals, environment.name, runId, protection)] }
  return { approval: good, obstacles: approversOf(good).includes(runner) ? [ownPlan(false)] : [] }
}

/** Why none of the approvals of a plan will do: what the latest lacks. */
function missing(
  [latest]: readonly StoredApproval[],
  name: string,
  runId: string | undefined,
  protection: Protection,
): ProblemError {
  const { needed } = protection
  if (!latest) return approvalNeeded(name, { given: 0, needed, asked: false })
  const { state, why } = standingOf(latest.runId === runId ? { ...latest, runId: undefined } : latest, protection)
  if (state === 'used') return approvalUsed()
  if (state === 'void') return approvalVoid(why ?? '')
  if (state === 'expired') return approvalExpired()
  const asked = state === 'open'
  return approvalNeeded(name, { given: asked ? approversOf(latest).length : 0, needed, asked })
}
