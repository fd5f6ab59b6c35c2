import { type AccessOperation, type AreaId, areas, operationsOf, permissionsFor } from './areas.ts'
import type { AccessEnvironment, RoleDefinition } from './assignments.ts'
import type { AccessJob, AccessNeed } from './jobs.ts'
import { smallestSet } from './smallest-set.ts'

/** A job, and the environments it is wanted in. */
export interface JobChoice {
  job: AccessJob
  sources: readonly string[]
  destinations: readonly string[]
}

/** An operation that jobs need in an environment. */
export interface NeededCell {
  area: AreaId
  operation: AccessOperation
  permissions: readonly string[]
  /** Labels of the jobs. */
  jobs: string[]
}

/** What is needed in one environment, and the smallest set of roles for it. */
export interface EnvironmentNeeds {
  environment: AccessEnvironment
  cells: NeededCell[]
  permissions: ReadonlySet<string>
  minimum: RoleDefinition[]
  /** What no role holds that can be given for an environment. */
  unmet: string[]
}

/** What the chosen jobs need, environment by environment. */
export function needsOf(facts: {
  wanted: readonly JobChoice[]
  homeEnvironmentId?: string | undefined
  environments: readonly AccessEnvironment[]
  roles: readonly RoleDefinition[]
}): EnvironmentNeeds[] {
  const { wanted, homeEnvironmentId, environments, roles } = facts
  const byEnvironment = new Map<string, Map<string, NeededCell>>()
  const add = (environmentId: string, job: AccessJob, needs: readonly AccessNeed[]) => {
    const cells = byEnvironment.get(environmentId) ?? new Map<string, NeededCell>()
    if (needs.length > 0) byEnvironment.set(environmentId, cells)
    for (const { area, operations } of needs) {
      for (const operation of operations) {
        const key = `${area} ${operation}`
        const jobs = new Set([...(cells.get(key)?.jobs ?? []), job.label])
        cells.set(key, { area, operation, permissions: permissionsFor(area, operation), jobs: [...jobs] })
      }
    }
  }
  for (const { job, sources, destinations } of wanted) {
    for (const id of sources) add(id, job, job.source)
    for (const id of destinations) add(id, job, job.destination)
    if (job.home && homeEnvironmentId !== undefined) add(homeEnvironmentId, job, job.home)
  }
  const assignable = roles.filter(({ applicableTo }) => applicableTo.includes('ENVIRONMENT'))
  return [...byEnvironment].map(([id, cells]) => {
    const permissions = new Set([...cells.values()].flatMap((cell) => cell.permissions))
    const minimum = smallestSet(permissions, assignable)
    const unmet = [...permissions].filter((permission) => !minimum.some((role) => holds(role, permission)))
    const environment = environments.find((one) => one.id === id) ?? { id, name: `environment ${id}`, type: '' }
    return { environment, cells: [...cells.values()], permissions, minimum, unmet }
  })
}

/** Whether a role is known to hold a permission. */
export function holds({ permissions }: RoleDefinition, permission: string): boolean {
  return permissions !== 'unknown' && permissions.includes(permission)
}

/** Operations by area: `flows (create, deploy), variables (create)`. */
export function inWords(cells: readonly Pick<NeededCell, 'area' | 'operation'>[]): string {
  return areas
    .map((area) => ({
      area,
      operations: operationsOf(area).filter((operation) =>
        cells.some((cell) => cell.area === area.id && cell.operation === operation),
      ),
    }))
    .filter(({ operations }) => operations.length > 0)
    .map(({ area, operations }) => `${lowered(area.label)} (${operations.join(', ')})`)
    .join(', ')
}

/** A label within a sentence; a name such as PingOne keeps its capitals. */
export function lowered(label: string): string {
  return label.startsWith('PingOne') ? label : label.charAt(0).toLowerCase() + label.slice(1)
}

/** `Development, Test and Production`. */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
