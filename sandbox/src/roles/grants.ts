import { z } from 'zod'
import type { EnvironmentState } from '../state/environment-state.ts'
import { populationOf } from '../state/population.ts'
import type { WorkerApplication } from '../state/records.ts'
import type { SandboxState } from '../state/sandbox-state.ts'
import { assignment, type RoleAssignment } from './assignments.ts'
import { platformRole, platformRoles, type ScopeType } from './platform-roles.ts'

const scopeSchema = z.union([
  z.string().min(1),
  z.strictObject({ population: z.string().min(1), environment: z.string().min(1) }),
  z.strictObject({ application: z.string().min(1), environment: z.string().min(1) }),
])

/** A role for a scope, as people write it. */
export const grantSchema = z.strictObject({ role: z.string().min(1), scope: scopeSchema })

/**
 * A role by name, and its scope: the name or id of an environment, `organization`, or a population (`Default` or its id)
 * or application of an environment.
 */
export type RoleGrant = z.infer<typeof grantSchema>

/** The assignments that grants stand for. Throws a RangeError for a role or scope that isn't there or don't fit. */
export function assignmentsOf(
  grants: readonly RoleGrant[],
  worker: Pick<WorkerApplication, 'clientId' | 'organizationId'>,
  state: SandboxState,
): RoleAssignment[] {
  return grants.map((grant) => {
    const role = platformRole(grant.role)
    if (!role) throw new RangeError(`No role is called ${grant.role}. ${listed(platformRoles.map(({ name }) => name))}`)
    const { scope, environmentId } = scopeOf(grant.scope, worker.organizationId, state)
    if (!role.applicableTo.includes(scope.type)) {
      throw new RangeError(`${role.name} can't have the scope ${scope.type}. ${listed(role.applicableTo)}`)
    }
    return assignment(worker.clientId, role, scope, environmentId)
  })
}

/** The grants that lead to a worker's assignments again. */
export function grantsOf(worker: WorkerApplication, state: SandboxState): RoleGrant[] {
  return worker.roleAssignments.flatMap(({ roleId, scope, environmentId }): RoleGrant[] => {
    const role = platformRole(roleId)?.name
    const environment = state.environments.get(environmentId ?? scope.id)?.name
    if (!role) return []
    if (scope.type === 'ORGANIZATION') return [{ role, scope: 'organization' }]
    if (!environment) return []
    if (scope.type === 'POPULATION') return [{ role, scope: { population: scope.id, environment } }]
    if (scope.type === 'APPLICATION') return [{ role, scope: { application: scope.id, environment } }]
    return [{ role, scope: environment }]
  })
}

/** The scope and the environment it lies in, if it is smaller than one. */
function scopeOf(
  scope: RoleGrant['scope'],
  organizationId: string,
  state: SandboxState,
): { scope: { id: string; type: ScopeType }; environmentId?: string } {
  if (scope === 'organization') return { scope: { id: organizationId, type: 'ORGANIZATION' } }
  if (typeof scope === 'string') {
    return { scope: { id: environmentCalled(scope, organizationId, state).id, type: 'ENVIRONMENT' } }
  }
  const environment = environmentCalled(scope.environment, organizationId, state)
  if ('population' in scope) {
    const population = populationOf(environment)
    if (![population.id, population.name].includes(scope.population)) {
      throw new RangeError(`${environment.name} has no population ${scope.population}. ${listed([population.name])}`)
    }
    return { scope: { id: population.id, type: 'POPULATION' }, environmentId: environment.id }
  }
  const there = state.workers.filter((one) => one.environmentId === environment.id)
  if (!there.some(({ clientId }) => clientId === scope.application)) {
    throw new RangeError(`${environment.name} has no application ${scope.application}.`)
  }
  return { scope: { id: scope.application, type: 'APPLICATION' }, environmentId: environment.id }
}

function environmentCalled(nameOrId: string, organizationId: string, state: SandboxState): EnvironmentState {
  const own = [...state.environments.values()].filter(({ head }) => head.organizationId === organizationId)
  const found = own.find(({ id, name }) => id === nameOrId || name === nameOrId)
  if (found) return found
  throw new RangeError(`No environment is called ${nameOrId}. ${listed(own.map(({ name }) => name))}`)
}

function listed(names: readonly string[]): string {
  return `There are: ${names.join(', ')}.`
}
