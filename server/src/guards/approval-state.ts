import type { Approval } from '../contract/guards.ts'
import type { ApprovalRules, Decision, StoredApproval } from './approval-store.ts'

/** What an approval is held against. */
export interface Present {
  rules: ApprovalRules
  /** How many persons must approve. */
  needed: number
  now: Date
}

/** How an approval stands, and what that comes from. */
export function standingOf(approval: StoredApproval, present: Present): Pick<Approval, 'state' | 'why'> {
  if (approval.runId !== undefined) return { state: 'used', why: `Run ${approval.runId} has started on it.` }
  const declined = declinedBy(approval)
  if (declined) return { state: 'declined', why: `${declined.by.name} declined it.` }
  const changed = whatChanged(approval, present)
  if (changed !== undefined) return { state: 'void', why: changed }
  if (isExpired(approval, present)) return { state: 'expired', why: 'It was good for a day from the request.' }
  const given = approversOf(approval).length
  if (given >= present.needed) return { state: 'approved' }
  return { state: 'open', why: `${given} of ${present.needed} approvals given.` }
}

/** Who declined it, if somebody did. */
export function declinedBy({ decisions }: StoredApproval): Decision | undefined {
  return decisions.find(({ decision }) => decision === 'declined')
}

/** The persons whose approval counts. */
export function approversOf({ decisions }: StoredApproval): string[] {
  return decisions.flatMap(({ decision, by, lapsed }) => (decision === 'approved' && !lapsed ? [by.id] : []))
}

/** What makes it void, in a sentence: the rules of the environment or the worker app are not those it was asked under. */
export function whatChanged({ rules }: StoredApproval, present: Present): string | undefined {
  if (rules.guards !== present.rules.guards) return 'The guard of the environment was changed since it was asked for.'
  if (rules.workerApp !== present.rules.workerApp) {
    return "The tenant's worker app, or where it leads, was changed since it was asked for."
  }
  return undefined
}

/** Whether its day is over. */
export function isExpired({ expiresAt }: StoredApproval, { now }: Pick<Present, 'now'>): boolean {
  return expiresAt <= now
}

/**
 * Whether it still keeps the plan from running, and from being asked for again: a decision of somebody, until its day
 * is over or the rules change.
 */
export function blocks(approval: StoredApproval, present: Present): boolean {
  return (
    declinedBy(approval) !== undefined && !isExpired(approval, present) && whatChanged(approval, present) === undefined
  )
}
