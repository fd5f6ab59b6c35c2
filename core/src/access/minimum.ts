import { areaOf } from './areas.ts'
import {
  type AccessEnvironment,
  type RoleAssignment,
  type RoleDefinition,
  reachOf,
  roleOf,
  scopeName,
} from './assignments.ts'
import { judgeExcess } from './excess.ts'
import { type AccessCell, type AccessMatrix, accessMatrix } from './matrix.ts'
import { type EnvironmentNeeds, holds, inWords, type JobChoice, type NeededCell, needsOf } from './needs.ts'
import { smallestSet } from './smallest-set.ts'

export interface AdviceFacts {
  wanted: readonly JobChoice[]
  organizationId?: string | undefined
  /** The environment that the worker app lives in. */
  homeEnvironmentId?: string | undefined
  environments: readonly AccessEnvironment[]
  assignments: readonly RoleAssignment[] | 'unknown'
  roles: readonly RoleDefinition[]
  /** What is known of the present access, trials included; without it the roles alone tell. */
  matrix?: AccessMatrix | undefined
}

/** A role on an environment, with what it is for. */
export interface AdvisedRole {
  roleId: string
  role: string
  /** The environment's name. */
  scope: string
  environmentId: string
  /** Labels of the jobs that need it. */
  for: string[]
}

/** A role that is to be added. */
export interface MissingRole {
  roleId: string
  role: string
  scope: string
  environmentId: string
  why: string
  /** The needed permissions that it would add. */
  permissions: string[]
}

/** An assignment that is more than what is needed. */
export interface ExcessRole {
  assignment: RoleAssignment
  role: string
  scope: string
  why: string
  /** What is enough instead; absent where nothing is needed. */
  instead?: string
}

export interface AccessAdvice {
  /** The smallest set of roles for the jobs, environment by environment. */
  minimum: AdvisedRole[]
  /** Which of them are to be added to what the worker app has. */
  missing: MissingRole[]
  /** What it has and the jobs don't need. */
  excess: ExcessRole[]
  notes: string[]
}

/**
 * Names the smallest set of roles for some jobs, what of it is missing, and what the worker app has beyond need.
 * Roles whose permissions aren't known, or that can't be given for an environment, are never advised.
 */
export function advise(facts: AdviceFacts): AccessAdvice {
  const { assignments, environments, roles } = facts
  const needs = needsOf(facts)
  const matrix = facts.matrix ?? accessMatrix({ ...facts, probes: [] })
  return {
    minimum: needs.flatMap((here) => here.minimum.map((role) => advised(role, here))),
    missing: needs.flatMap((here) => missingIn(here, facts, matrix)),
    excess: assignments === 'unknown' ? [] : excessOf(assignments, roles, needs, environments),
    notes: [...new Set([...needs.flatMap((here) => notesOn(here, matrix)), ...notesOnRoles(facts)])],
  }
}

function advised(role: RoleDefinition, { environment, cells, minimum }: EnvironmentNeeds): AdvisedRole {
  return {
    roleId: role.id,
    role: role.name,
    scope: environment.name,
    environmentId: environment.id,
    for: jobsOf(role, cells, minimum),
  }
}

/** The jobs that need a role: those that only it can serve, and those that any of several can, at the first of these. */
function jobsOf(role: RoleDefinition, cells: readonly NeededCell[], minimum: readonly RoleDefinition[]): string[] {
  const needing = (one: RoleDefinition) => {
    const own = ({ permissions }: NeededCell) =>
      permissions.some(
        (permission) => holds(one, permission) && !minimum.some((other) => other !== one && holds(other, permission)),
      )
    return new Set(cells.filter(own).flatMap(({ jobs }) => jobs))
  }
  const served = new Set(minimum.flatMap((one) => [...needing(one)]))
  const shared = cells.filter((cell) => {
    const first = minimum.find((one) => cell.permissions.some((permission) => holds(one, permission)))
    return first === role
  })
  const left = shared.flatMap(({ jobs }) => jobs).filter((job) => !served.has(job))
  return [...new Set([...needing(role), ...left])]
}

function missingIn(here: EnvironmentNeeds, facts: AdviceFacts, matrix: AccessMatrix): MissingRole[] {
  const { environment, minimum } = here
  const lacking = cellsIn(
    here,
    matrix,
    ({ state, conflict }) => state === 'partial' || (state === 'denied' && !conflict),
  )
  const held = heldWhole(environment, facts)
  const permissions = new Set(lacking.flatMap((cell) => cell.permissions.filter((permission) => !held.has(permission))))
  return smallestSet(permissions, minimum).map((role) => {
    const added = [...permissions].filter((permission) => holds(role, permission))
    const served = lacking.filter((cell) => cell.permissions.some((permission) => added.includes(permission)))
    const jobs = [...new Set(served.flatMap((cell) => cell.jobs))]
    return {
      roleId: role.id,
      role: role.name,
      scope: environment.name,
      environmentId: environment.id,
      why: `Needed for ${jobs.map((job) => `"${job}"`).join(', ')}: ${inWords(served)}.`,
      permissions: added,
    }
  })
}

function excessOf(
  assignments: readonly RoleAssignment[],
  roles: readonly RoleDefinition[],
  needs: readonly EnvironmentNeeds[],
  environments: readonly AccessEnvironment[],
): ExcessRole[] {
  return assignments.flatMap((assignment) => {
    const role = roleOf(assignment, roles)
    if (role.permissions === 'unknown') return []
    const judged = judgeExcess(assignment, { ...role, permissions: role.permissions }, needs, environments)
    return judged ? [{ assignment, role: role.name, scope: scopeName(assignment.scope, environments), ...judged }] : []
  })
}

/** What roles can't mend in an environment, and what isn't known of it. */
function notesOn(here: EnvironmentNeeds, matrix: AccessMatrix): string[] {
  const { environment, cells, unmet } = here
  const unknown = cellsIn(here, matrix, ({ state }) => state === 'unknown')
  const refused = cellsIn(here, matrix, ({ state, conflict }) => state === 'denied' && conflict === true)
  const notes: string[] = []
  if (unmet.length > 0) {
    notes.push(`No role that is known holds ${unmet.join(', ')}. In PingOne, make a custom role that does.`)
  }
  if (cells.some((cell) => lacksDaVinci(environment, cell))) {
    notes.push(
      `${environment.name} has no DaVinci, and no role helps: add it to the environment's services in PingOne.`,
    )
  }
  if (unknown.length > 0) {
    notes.push(`Whether these are allowed in ${environment.name} is not known: ${inWords(unknown)}.`)
  }
  if (refused.length > 0) {
    notes.push(
      `In ${environment.name} the roles allow these, but PingOne refused a trial: ${inWords(refused)}. New roles take a moment; a policy of PingOne can forbid it too.`,
    )
  }
  return notes
}

function notesOnRoles({ wanted, homeEnvironmentId, assignments, roles }: AdviceFacts): string[] {
  const notes: string[] = []
  const homeless = homeEnvironmentId === undefined ? wanted.filter(({ job }) => job.home) : []
  for (const { job } of homeless) {
    notes.push(`"${job.label}" needs roles on the environment that the worker app lives in, which is not known.`)
  }
  if (assignments === 'unknown') {
    notes.push('The worker app may not read its own roles, so what is granted beyond need cannot be told.')
    return notes
  }
  for (const assignment of assignments) {
    const { name, permissions } = roleOf(assignment, roles)
    if (permissions === 'unknown') notes.push(`What "${name}" allows is not known, so it is not judged.`)
  }
  return notes
}

/** The needed cells that stand in such a way. One that the matrix doesn't have isn't known. */
function cellsIn(
  { environment, cells }: EnvironmentNeeds,
  matrix: AccessMatrix,
  is: (cell: Pick<AccessCell, 'state' | 'conflict'>) => boolean,
): NeededCell[] {
  const known = matrix.environments.find(({ id }) => id === environment.id)
  return cells.filter(
    (needed) =>
      !lacksDaVinci(environment, needed) && is(known?.cells[needed.area]?.[needed.operation] ?? { state: 'unknown' }),
  )
}

function lacksDaVinci(environment: AccessEnvironment, { area }: NeededCell): boolean {
  return environment.davinci === false && areaOf(area).domain === 'orchestration'
}

/** The permissions that known roles give for all of an environment. */
function heldWhole(
  environment: AccessEnvironment,
  { assignments, roles, organizationId }: Pick<AdviceFacts, 'assignments' | 'roles' | 'organizationId'>,
): Set<string> {
  if (assignments === 'unknown') return new Set()
  const whole = assignments.filter(({ scope }) => reachOf(scope, environment, organizationId) === 'whole')
  const permissions = whole.map((assignment) => roleOf(assignment, roles).permissions)
  return new Set(permissions.flatMap((held) => (held === 'unknown' ? [] : [...held])))
}
