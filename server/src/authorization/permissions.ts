import type { Role, RoleScope } from '../contract/roles.ts'
import type { Permission } from '../contract/route.ts'
import { ProblemError } from '../problems/problem-error.ts'
import type { Caller } from './caller.ts'

/** What each role may do. The one place that says so. */
const permissionsOf: Record<Role, readonly Permission[]> = {
  viewer: ['read'],
  operator: ['read', 'plan', 'run'],
  approver: ['read', 'approve'],
  admin: ['read', 'plan', 'run', 'approve', 'configure'],
}

/** What is asked about: an environment, a tenant as a whole (`environmentId` absent), or the installation (both absent). */
export interface Extent {
  tenantId?: string | undefined
  environmentId?: string | undefined
}

/** Whether the caller has a permission on all of an extent. */
export function may(caller: Pick<Caller, 'roles'>, permission: Permission, extent: Extent): boolean {
  if (permission === 'public' || permission === 'signedIn') return true
  return caller.roles.some((scope) => permissionsOf[scope.role].includes(permission) && covers(scope, extent))
}

/** Whether the caller has a permission on at least something of an extent: one environment of a tenant, one tenant of all. */
export function maySomewhere(caller: Caller, permission: Permission, extent: Extent = {}): boolean {
  if (permission === 'public' || permission === 'signedIn') return true
  return caller.roles.some(
    (scope) =>
      permissionsOf[scope.role].includes(permission) &&
      (scope.tenantId === undefined || extent.tenantId === undefined || scope.tenantId === extent.tenantId),
  )
}

/** Whether whoever has `held` could do all that `wanted` allows. */
export function coversRole(held: readonly RoleScope[], wanted: RoleScope): boolean {
  return permissionsOf[wanted.role].every((permission) =>
    held.some((scope) => permissionsOf[scope.role].includes(permission) && covers(scope, wanted)),
  )
}

/** What two lists of roles both allow, as roles: what somebody was given, as far as whoever gave it has it. */
export function commonRoles(left: readonly RoleScope[], right: readonly RoleScope[]): RoleScope[] {
  return left.flatMap((one) =>
    right.flatMap((other): RoleScope[] => {
      const extent = covers(one, other) ? other : covers(other, one) ? one : undefined
      if (extent === undefined) return []
      const { tenantId, environmentId } = extent
      return [
        {
          role: commonRole(one.role, other.role),
          ...(tenantId === undefined ? {} : { tenantId }),
          ...(environmentId === undefined ? {} : { environmentId }),
        },
      ]
    }),
  )
}

/** The role that allows what both of two roles do. */
function commonRole(left: Role, right: Role): Role {
  if (left === right || right === 'admin') return left
  return left === 'admin' ? right : 'viewer'
}

/** Throws a ProblemError PERMISSION_MISSING unless the caller has the permission on the extent. */
export function requirePermission(caller: Caller, permission: Permission, extent: Extent): void {
  if (!may(caller, permission, extent)) throw permissionMissing(caller, permission)
}

/** The refusal for a caller who lacks a permission: what was needed, and what the caller has. */
export function permissionMissing(caller: Caller, permission: Permission): ProblemError {
  const needed = (Object.keys(permissionsOf) as Role[]).filter((role) => permissionsOf[role].includes(permission))
  const has = [...new Set(caller.roles.map(({ role }) => role))]
  const wanted = needed.join(' or ')
  return new ProblemError({
    status: 403,
    code: 'PERMISSION_MISSING',
    detail: `This needs the role ${wanted} here; ${has.length === 0 ? 'you have no role yet' : `you have: ${has.join(', ')}`}.`,
    nextStep: 'Ask an administrator of FlightIQ for the role, under Settings > People & Roles.',
  })
}

function covers(scope: Extent, extent: Extent): boolean {
  if (scope.tenantId !== undefined && scope.tenantId !== extent.tenantId) return false
  return scope.environmentId === undefined || scope.environmentId === extent.environmentId
}
