import type { Run } from '../contract/runs.ts'
import { ProblemError } from '../problems/problem-error.ts'

/** Something in the plan is still to be decided. Takes its blockers; none: its destination is no environment. */
export function blockedPlan(blockers: readonly string[]): ProblemError {
  const more = blockers.length > 1 ? ` And ${blockers.length - 1} more.` : ''
  return new ProblemError({
    status: 409,
    code: 'PLAN_HAS_BLOCKERS',
    detail: `The plan can't run yet: ${blockers[0] ?? 'its destination is no environment.'}${more}`,
    nextStep: 'Decide what is open in the plan, then run the new plan that comes of it.',
  })
}

/** A plan runs once: what it says of the destination is no longer so afterwards. */
export function planAlreadyRun({ id, state }: { id: string; state: string }): ProblemError {
  const over = state === 'done'
  return new ProblemError({
    status: 409,
    code: 'PLAN_ALREADY_RUN',
    detail: `Run ${id} has carried out this plan${over ? '' : ' in part'} already (${state}).`,
    nextStep: over ? 'Make a new plan: it starts from what is there now.' : `Resume run ${id}, or make a new plan.`,
  })
}

/** The run has nothing left to go on with. */
export function notResumable({ state }: Run): ProblemError {
  return new ProblemError({
    status: 409,
    code: 'RUN_NOT_RESUMABLE',
    detail: state === 'done' ? 'The run is done.' : `The run is ${state}: there is nothing to resume.`,
    nextStep: state === 'done' ? 'Make a new plan.' : 'Watch it.',
  })
}
