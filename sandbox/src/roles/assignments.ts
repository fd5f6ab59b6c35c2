import { derivedUuid } from '../load/derived-ids.ts'
import type { WorkerApplication } from '../state/records.ts'
import { isReading, type Permission } from './permission.ts'
import { platformRole, type Role, type ScopeType } from './platform-roles.ts'

/** A part of an environment that a role can be scoped to. */
export type PartType = Extract<ScopeType, 'POPULATION' | 'APPLICATION'>

/** A role that a worker application has, and what for. */
export interface RoleAssignment {
  id: string
  roleId: string
  scope: { id: string; type: ScopeType }
  /** Where the scope's population or application lies. */
  environmentId?: string
}

/** What an operation acts on. */
export interface Target {
  organizationId: string
  /** Absent when it belongs to the organization. */
  environmentId?: string
  /** The population or application; without an id any of the environment's. */
  part?: { type: PartType; id?: string }
}

/** An assignment, with an id that is the same whenever this role is given this worker for this scope. */
export function assignment(
  clientId: string,
  { id: roleId }: Role,
  scope: RoleAssignment['scope'],
  environmentId?: string,
): RoleAssignment {
  const id = derivedUuid('role assignment', clientId, roleId, scope.id)
  return { id, roleId, scope, ...(environmentId ? { environmentId } : {}) }
}

/** Whether some role of a worker gives it a permission on a target of its own organization. */
export function may(worker: WorkerApplication, permission: Permission, target: Target): boolean {
  return worker.roleAssignments.some(
    (one) => platformRole(one.roleId)?.permissions.has(permission) && covers(one, permission, target),
  )
}

/** Whether a worker can give, and take back, a role for a scope: one of its own roles must be able to, there or above. */
export function mayAssign(worker: WorkerApplication, role: Role, wanted: Omit<RoleAssignment, 'id'>): boolean {
  return worker.roleAssignments.some(
    (one) => platformRole(one.roleId)?.canAssign.includes(role.name) && isSameOrBroader(one, wanted),
  )
}

/** Whether an assignment's scope is another one's, or holds it. Both are of one organization. */
export function isSameOrBroader(one: RoleAssignment, other: Omit<RoleAssignment, 'id'>): boolean {
  if (one.scope.type === 'ORGANIZATION') return true
  if (one.scope.type === 'ENVIRONMENT') return one.scope.id === (other.environmentId ?? other.scope.id)
  return one.scope.id === other.scope.id
}

/**
 * Organization scope covers every environment. Whoever has a role in an organization reads what belongs to the
 * organization, and a role on a part of an environment shows the environment and that part, nothing else in it.
 */
function covers({ scope, environmentId }: RoleAssignment, permission: Permission, target: Target): boolean {
  if (scope.type === 'ORGANIZATION') return scope.id === target.organizationId
  if (target.environmentId === undefined) return isReading(permission)
  if (scope.type === 'ENVIRONMENT') return scope.id === target.environmentId
  if (environmentId !== target.environmentId) return false
  if (permission === 'orgmgt:read:environment') return true
  return target.part?.type === scope.type && (target.part.id === undefined || target.part.id === scope.id)
}
