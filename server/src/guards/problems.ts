import { ProblemError } from '../problems/problem-error.ts'

/** A point in time for a person: UTC, to the minute. */
function minuteOf(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function because(reason: string | undefined): string {
  return reason === undefined ? '.' : `: ${reason.replace(/\.$/, '')}.`
}

/** All writes of the installation are stopped. */
export function writesStopped(by: string | undefined, reason: string | undefined): ProblemError {
  return new ProblemError({
    status: 409,
    code: 'WRITES_STOPPED',
    detail: `All writes are stopped${by === undefined ? '' : ` by ${by}`}${because(reason)}`,
    nextStep: 'Wait until an administrator lets writes go on (Settings > Environment Guards), then start or resume.',
  })
}

/** Nothing is written to the environment. */
export function environmentLocked(name: string, by: string, reason: string | undefined): ProblemError {
  return new ProblemError({
    status: 409,
    code: 'ENVIRONMENT_LOCKED',
    detail: `${name} is locked by ${by}${because(reason)}`,
    nextStep: 'Ask an administrator to unlock it (Settings > Environment Guards), then start or resume.',
  })
}

/** Nothing is written to the environment for a time. */
export function environmentFrozen(name: string, until: Date, reason: string): ProblemError {
  return new ProblemError({
    status: 409,
    code: 'ENVIRONMENT_FROZEN',
    detail: `${name} is frozen until ${minuteOf(until)}${because(reason)}`,
    nextStep: 'Start or resume after that, or ask an administrator to end the freeze (Settings > Environment Guards).',
  })
}

/** A protected environment takes two persons, and this one isn't known to be one. */
export function personNeeded(
  who: 'runner' | 'maker' | 'requester' | 'approver',
  human: string | undefined,
): ProblemError {
  const [kind = ''] = (human ?? '').split(':')
  return new ProblemError({
    status: 403,
    code: 'PERSON_NEEDED',
    detail: `The environment is protected: a plan for it needs two persons who are known by name. ${subjects[who]} ${unknowns[kind] ?? unknowns.unknown}`,
    nextStep: who === 'maker' ? 'Sign in, and make the plan again.' : (ways[kind] ?? 'Sign in with PingOne.'),
  })
}

const subjects = {
  runner: 'Whoever runs it',
  maker: 'Whoever made it',
  requester: 'Whoever asks for its approval',
  approver: 'Whoever decides on it',
}

const unknowns: Record<string, string> = {
  openConsole: 'did not sign in.',
  commandLine: 'uses a command that works alone, where nobody signs in.',
  localAdministrator: 'uses the one-time token of the local administrator, which has no name.',
  unknown: 'is not known.',
}

const ways: Record<string, string> = {
  openConsole:
    'Set up sign-in (Settings > Access & Authentication), or have the environment opened (Settings > Environment Guards).',
  commandLine:
    'Use a console where people sign in (--server with FLIGHTIQ_TOKEN), or have the environment opened (Settings > Environment Guards).',
}

/** A write that no plan stands for is refused where plans need approval. */
export function planNeeded(name: string): ProblemError {
  return new ProblemError({
    status: 409,
    code: 'PLAN_NEEDED',
    detail: `"${name}" is protected: only approved plans are written to it.`,
    nextStep: 'Choose an environment that is not protected.',
  })
}

/** The plan needs approvals that nobody has been asked for, or not enough have given. */
export function approvalNeeded(
  name: string,
  { given, needed, asked }: { given: number; needed: number; asked: boolean },
): ProblemError {
  const persons = needed === 1 ? 'another person' : `${needed} other persons`
  return new ProblemError({
    status: 409,
    code: 'APPROVAL_NEEDED',
    detail: `${name} is protected: this plan needs the approval of ${persons}${asked ? `; ${given} of ${needed} given` : ''}.`,
    nextStep: asked
      ? 'Somebody else who may approve for this environment has to look at the plan and approve it.'
      : 'Ask for the approval of this plan.',
  })
}

/** Somebody said no. */
export function approvalDeclined(by: string, comment: string | undefined): ProblemError {
  return new ProblemError({
    status: 409,
    code: 'APPROVAL_DECLINED',
    detail: `${by} declined this plan${because(comment)}`,
    nextStep: `Talk to ${by}, who can change the decision within a day of the request, or make another plan.`,
  })
}

/** The approval was given too long ago. */
export function approvalExpired(): ProblemError {
  return new ProblemError({
    status: 409,
    code: 'APPROVAL_EXPIRED',
    detail: 'The approval of this plan has expired: it is good for a day from the request.',
    nextStep: 'Ask for the approval again.',
  })
}

/** What the approval was given under is no longer so. */
export function approvalVoid(why: string): ProblemError {
  return new ProblemError({
    status: 409,
    code: 'APPROVAL_VOID',
    detail: `The approval of this plan is void. ${why}`,
    nextStep: 'Ask for the approval again.',
  })
}

/** A run has started on the approval. */
export function approvalUsed(): ProblemError {
  return new ProblemError({
    status: 409,
    code: 'APPROVAL_USED',
    detail: 'A run has started on this approval: it is good for one.',
    nextStep: 'Resume that run, cancel it, or ask for another approval.',
  })
}

/** The environment takes writes without one. */
export function approvalNotNeeded(name: string): ProblemError {
  return new ProblemError({
    status: 409,
    code: 'APPROVAL_NOT_NEEDED',
    detail: `${name} is not protected: its plans need no approval.`,
    nextStep: 'Run the plan.',
  })
}

/** It was asked for before, and may still be given or used. */
export function approvalAsked(by: string): ProblemError {
  return new ProblemError({
    status: 409,
    code: 'APPROVAL_ASKED',
    detail: `${by} has asked for the approval of this plan already.`,
    nextStep: 'Wait for the decision.',
  })
}

/** Four eyes are two persons. */
export function ownPlan(deciding: boolean): ProblemError {
  return new ProblemError({
    status: 403,
    code: 'OWN_PLAN',
    detail: deciding
      ? 'You made this plan, asked for its approval, or run it: the approval has to come from somebody else. Your API tokens count as you.'
      : 'You approved this plan: whoever approves it can not run it too. Your API tokens count as you.',
    nextStep: deciding ? 'Ask somebody else who may approve.' : 'Somebody else has to run it.',
  })
}

/** What was looked at is not what would run. */
export function planDiffers(): ProblemError {
  return new ProblemError({
    status: 409,
    code: 'PLAN_DIFFERS',
    detail: 'The hash is not that of the plan which the approval was asked for.',
    nextStep: 'Look at the plan of this request, and decide on that.',
  })
}

/** Whoever started the run has lost the role, or was shut out. */
export function runnerMayNot(name: string): ProblemError {
  return new ProblemError({
    status: 403,
    code: 'PERMISSION_MISSING',
    detail: `Whoever started this run may not run plans in ${name} any more.`,
    nextStep: 'Somebody who may has to resume it.',
  })
}
