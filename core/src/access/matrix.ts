import type { Domain } from '../artifact.ts'
import { type AccessOperation, type Area, type AreaId, areas, operationsOf } from './areas.ts'
import {
  type AccessEnvironment,
  type Reach,
  type RoleAssignment,
  type RoleDefinition,
  reachOf,
  roleOf,
  scopeName,
} from './assignments.ts'

/**
 * What a harmless trial of an operation showed. allowed: PingOne did it. refused: it said 403. notRefused: it failed it
 * for another reason, such as that there is no such thing.
 */
export interface AccessProbe {
  environmentId: string
  area: AreaId
  operation: AccessOperation
  result: 'allowed' | 'refused' | 'notRefused' | 'unknown'
}

/** Whether an operation is allowed in an environment, and how that is known. */
export interface AccessCell {
  state: 'granted' | 'denied' | 'partial' | 'unknown'
  basis: 'roles' | 'probe' | 'both' | 'none'
  /** Names of the roles that grant it. */
  roles: string[]
  /** What PingOne asks for. */
  permissions: string[]
  /** Granted only for these populations or applications. */
  parts?: string[]
  /** The roles and the trial disagree; the trial decides. */
  conflict?: true
  note?: string
}

/** What the worker app may do, environment by environment. */
export interface AccessMatrix {
  /** Whether the role assignments were known. */
  rolesKnown: boolean
  areas: { id: AreaId; label: string; domain: Domain }[]
  environments: {
    id: string
    name: string
    type: string
    /** The roles that reach into it. */
    roles: { name: string; scope: string }[]
    /** By area; an operation that an area doesn't have is absent. */
    cells: Partial<Record<AreaId, Partial<Record<AccessOperation, AccessCell>>>>
  }[]
}

/** What the matrix is made of. */
export interface AccessFacts {
  /** The worker app's organization; undefined where it isn't known. */
  organizationId?: string | undefined
  environments: readonly AccessEnvironment[]
  /** unknown where the worker app may not read its own. */
  assignments: readonly RoleAssignment[] | 'unknown'
  roles: readonly RoleDefinition[]
  probes: readonly AccessProbe[]
}

/**
 * The access matrix: environments × areas × operations. A cell follows from the roles; a trial confirms it, decides it
 * where the roles don't tell, and goes before them where they disagree.
 */
export function accessMatrix({ organizationId, environments, assignments, roles, probes }: AccessFacts): AccessMatrix {
  return {
    rolesKnown: assignments !== 'unknown',
    areas: areas.map(({ id, label, domain }) => ({ id, label, domain })),
    environments: environments.map((environment) => {
      const held = assignments === 'unknown' ? 'unknown' : heldIn(environment, assignments, roles, organizationId)
      const here = probes.filter(({ environmentId }) => environmentId === environment.id)
      const cells = areas.map((area) => [area.id, cellsOf(area, environment, held, here)] as const)
      return {
        id: environment.id,
        name: environment.name,
        type: environment.type,
        roles:
          held === 'unknown'
            ? []
            : held.map(({ role, scope }) => ({ name: role.name, scope: wordsOf(scope, environment) })),
        cells: Object.fromEntries(cells),
      }
    }),
  }
}

/** A role that reaches into an environment. */
interface HeldRole {
  role: RoleDefinition
  scope: RoleAssignment['scope']
  reach: Exclude<Reach, 'none'>
}

function heldIn(
  environment: AccessEnvironment,
  assignments: readonly RoleAssignment[],
  roles: readonly RoleDefinition[],
  organizationId: string | undefined,
): HeldRole[] {
  return assignments.flatMap((assignment) => {
    const reach = reachOf(assignment.scope, environment, organizationId)
    return reach === 'none' ? [] : [{ role: roleOf(assignment, roles), scope: assignment.scope, reach }]
  })
}

function wordsOf(scope: RoleAssignment['scope'], environment: AccessEnvironment): string {
  return scope.type === 'ENVIRONMENT' ? 'this environment' : scopeName(scope, [environment])
}

function cellsOf(
  area: Area,
  environment: AccessEnvironment,
  held: HeldRole[] | 'unknown',
  probes: readonly AccessProbe[],
): Partial<Record<AccessOperation, AccessCell>> {
  const cells: Partial<Record<AccessOperation, AccessCell>> = {}
  for (const operation of operationsOf(area)) {
    const permissions = [...(area.permissions[operation] ?? [])]
    const probe = probes.find((one) => one.area === area.id && one.operation === operation && one.result !== 'unknown')
    if (area.domain === 'orchestration' && environment.davinci === false) {
      const basis = probe?.result === 'refused' ? 'probe' : 'none'
      cells[operation] = { state: 'denied', basis, roles: [], permissions, note: 'This environment has no DaVinci.' }
      continue
    }
    const byRoles = held === 'unknown' ? notKnown : judge(area, permissions, held)
    // Where things can't even be read, "there is no such thing" says nothing on whether it could be changed.
    const tells = operation === 'read' || probe?.result !== 'notRefused' || isReadable(cells.read)
    cells[operation] = { ...withProbe(byRoles, tells ? probe : undefined), permissions }
  }
  return cells
}

/** Whether reading is allowed, be it in part. */
export function isReadable(read: AccessCell | undefined): boolean {
  return read?.state === 'granted' || read?.state === 'partial'
}

/** What the roles say. `open`: a role whose permissions aren't known may allow more than that. */
type Judgement = Omit<AccessCell, 'permissions'> & { open: boolean }

const notKnown: Judgement = { state: 'unknown', basis: 'none', roles: [], open: true }

/** What the roles alone say. Several roles can share in one operation's permissions. */
function judge(area: Area, permissions: readonly string[], held: readonly HeldRole[]): Judgement {
  const whole = held.filter(({ reach }) => reach === 'whole')
  const grants = ({ role }: HeldRole, permission: string) =>
    role.permissions !== 'unknown' && role.permissions.includes(permission)
  const granting = (among: readonly HeldRole[]) => among.filter((one) => permissions.some((each) => grants(one, each)))
  const names = (among: readonly HeldRole[]) => [...new Set(among.map(({ role }) => role.name))]
  if (permissions.every((permission) => whole.some((one) => grants(one, permission)))) {
    return { state: 'granted', basis: 'roles', roles: names(granting(whole)), open: false }
  }
  const unknown = whole.find(({ role }) => role.permissions === 'unknown')
  const open = unknown !== undefined
  // A role for a population or an application allows nothing of the environment but that.
  const parts = held.filter(({ scope, reach }) => scope.type === area.part && reach !== 'whole')
  const partly = parts.filter((one) => permissions.every((permission) => grants(one, permission)))
  const certain = partly.filter(({ reach }) => reach === 'part')
  if (certain.length > 0) {
    const ids = [...new Set(certain.map(({ scope }) => scope.id))]
    const note = `Only in ${ids.length} ${partWord(area, ids.length)}.`
    return { state: 'partial', basis: 'roles', roles: names(certain), parts: ids, note, open }
  }
  if (unknown) return { ...notKnown, note: `What "${unknown.role.name}" allows is not known.` }
  if (partly.length > 0 || parts.some(({ role }) => role.permissions === 'unknown')) {
    const note = `A role is assigned for a single ${partWord(area, 1)}; what it allows here is not known.`
    return { state: 'unknown', basis: 'none', roles: [], note, open }
  }
  return { state: 'denied', basis: 'roles', roles: [], open }
}

function partWord({ part }: Area, count: number): string {
  const word = part === 'APPLICATION' ? 'application' : 'population'
  return count === 1 ? word : `${word}s`
}

/**
 * A refusal decides, but for parts, of which a trial says nothing. So does what was done. What failed for another reason
 * decides only where roles aren't known.
 */
function withProbe({ open, ...byRoles }: Judgement, probe: AccessProbe | undefined): Omit<AccessCell, 'permissions'> {
  const { state } = byRoles
  if (!probe) return byRoles
  if (probe.result === 'refused') {
    if (state === 'granted') return { state: 'denied', basis: 'probe', roles: [], conflict: true, note: refusedNote }
    if (state === 'unknown') return open ? { state: 'denied', basis: 'probe', roles: [] } : byRoles
    return { ...byRoles, basis: 'both' }
  }
  if (state === 'granted') return { ...byRoles, basis: 'both' }
  if (open) return { state: 'granted', basis: 'probe', roles: [] }
  if (probe.result === 'notRefused') return byRoles
  return { state: 'granted', basis: 'probe', roles: [], conflict: true, note: allowedNote }
}

const refusedNote =
  'The roles allow it, but PingOne refused a trial: the roles are new, or a policy of PingOne forbids it.'
const allowedNote = 'No role that is known allows it, but PingOne did it in a trial.'
