/** What a role can be assigned for. */
export type ScopeType = 'ORGANIZATION' | 'ENVIRONMENT' | 'POPULATION' | 'APPLICATION'

/** The thing that a role is assigned for. */
export interface RoleScope {
  type: ScopeType
  id: string
}

/** A role of PingOne, or a custom one. */
export interface RoleDefinition {
  id: string
  name: string
  /** PingOne's permission ids; unknown where the roles can't be read. */
  permissions: readonly string[] | 'unknown'
  applicableTo: readonly ScopeType[]
}

/** A role that the worker app has, and what for. */
export interface RoleAssignment {
  roleId: string
  scope: RoleScope
}

/** An environment as far as access is concerned. */
export interface AccessEnvironment {
  id: string
  name: string
  /** PRODUCTION or SANDBOX. */
  type: string
  /** False when DaVinci is not among its services; absent when that isn't known. */
  davinci?: boolean
  /** Ids of its populations and applications, as far as known: a role for one of them doesn't say where it lies. */
  parts?: readonly string[]
}

/** How far an assignment reaches into an environment: over all of it, a part, perhaps a part, or not at all. */
export type Reach = 'whole' | 'part' | 'perhaps' | 'none'

/** How far an assignment's scope reaches into an environment. Without the organization's id any of that type counts. */
export function reachOf(
  { type, id }: RoleScope,
  environment: Pick<AccessEnvironment, 'id' | 'parts'>,
  organizationId: string | undefined,
): Reach {
  if (type === 'ORGANIZATION') return organizationId === undefined || organizationId === id ? 'whole' : 'none'
  if (type === 'ENVIRONMENT') return environment.id === id ? 'whole' : 'none'
  if (environment.parts === undefined) return 'perhaps'
  return environment.parts.includes(id) ? 'part' : 'none'
}

/** The role of an assignment; one whose permissions are unknown where it isn't among those given. */
export function roleOf({ roleId, scope }: RoleAssignment, roles: readonly RoleDefinition[]): RoleDefinition {
  const found = roles.find(({ id }) => id === roleId)
  return found ?? { id: roleId, name: `Role ${roleId}`, permissions: 'unknown', applicableTo: [scope.type] }
}

/** Whether a permission only lets its holder look. An export is more than that. */
export function isReading(permission: string): boolean {
  const action = permission.split(':')[1]
  return action === 'read' || action === 'get'
}

/** A scope in words: `Test`, `the organization`, `a population`. */
export function scopeName({ type, id }: RoleScope, environments: readonly Pick<AccessEnvironment, 'id' | 'name'>[]) {
  if (type === 'ORGANIZATION') return 'the organization'
  if (type === 'POPULATION') return `population ${id}`
  if (type === 'APPLICATION') return `application ${id}`
  return environments.find((environment) => environment.id === id)?.name ?? `environment ${id}`
}
