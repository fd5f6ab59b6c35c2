import {
  type AccessEnvironment,
  type AccessProbe,
  type AreaId,
  areas,
  knownRoleDefinitions,
  operationsOf,
  type RoleAssignment,
  type RoleDefinition,
  type ScopeType,
} from '@flightiq/core'
import fc from 'fast-check'

export const organizationId = 'organization'
export const roles = knownRoleDefinitions()

export const environments: AccessEnvironment[] = [
  { id: 'admin', name: 'Administrators', type: 'PRODUCTION', davinci: false, parts: ['worker'] },
  { id: 'dev', name: 'Development', type: 'SANDBOX', davinci: true, parts: ['dev-population'] },
  { id: 'test', name: 'Test', type: 'SANDBOX', davinci: true, parts: ['test-population'] },
  { id: 'prod', name: 'Production', type: 'PRODUCTION', davinci: true, parts: ['prod-population'] },
]

export function role(name: string): RoleDefinition {
  const found = roles.find((one) => one.name === name)
  if (!found) throw new Error(`There is no role ${name}.`)
  return found
}

/** A role by name, for an environment; with a type for something else. */
export function assign(name: string, id: string, type: ScopeType = 'ENVIRONMENT'): RoleAssignment {
  return { roleId: role(name).id, scope: { type, id } }
}

export function probe(
  environmentId: string,
  area: AreaId,
  operation: AccessProbe['operation'],
  result: AccessProbe['result'],
): AccessProbe {
  return { environmentId, area, operation, result }
}

const permissions = [...new Set(areas.flatMap((area) => Object.values(area.permissions).flat()))]
const scopes: RoleAssignment['scope'][] = [
  { type: 'ORGANIZATION', id: organizationId },
  { type: 'ORGANIZATION', id: 'another organization' },
  ...environments.map(({ id }) => ({ type: 'ENVIRONMENT' as const, id })),
  ...environments.flatMap(({ parts = [] }) => parts.map((id) => ({ type: 'POPULATION' as const, id }))),
  { type: 'APPLICATION', id: 'worker' },
]

/** Roles of any permissions that matter, some with others, a few with unknown ones. */
export const anyRoles: fc.Arbitrary<RoleDefinition[]> = fc
  .array(
    fc.oneof(
      { weight: 8, arbitrary: fc.subarray([...permissions, 'authn:read:sessions', 'authn:delete:sessions']) },
      { weight: 1, arbitrary: fc.constant('unknown' as const) },
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((sets) =>
    sets.map((set, index) => ({
      id: `role-${index}`,
      name: `Role ${index}`,
      permissions: set,
      applicableTo: ['ORGANIZATION', 'ENVIRONMENT'],
    })),
  )

/** Assignments of those roles, and of one that nobody knows. */
export function anyAssignments(of: readonly RoleDefinition[]): fc.Arbitrary<RoleAssignment[]> {
  const roleId = fc.constantFrom(...of.map(({ id }) => id), 'unknown-role')
  return fc.array(fc.record({ roleId, scope: fc.constantFrom(...scopes) }), { maxLength: 8 })
}

export const anyProbes: fc.Arbitrary<AccessProbe[]> = fc.array(
  fc
    .tuple(
      fc.constantFrom(...environments.map(({ id }) => id)),
      fc.constantFrom(...areas.flatMap((area) => operationsOf(area).map((operation) => [area.id, operation] as const))),
      fc.constantFrom('allowed' as const, 'refused' as const, 'notRefused' as const, 'unknown' as const),
    )
    .map(([environmentId, [area, operation], result]) => probe(environmentId, area, operation, result)),
  { maxLength: 40 },
)
