import type { Shapes } from '../api/client.ts'

export type Role = Shapes['Role']
export type RoleScope = Shapes['RoleScope']
export type Permission = 'read' | 'plan' | 'run' | 'approve' | 'configure'

/**
 * What each role may do, smallest role first. The server decides; this is only for showing beforehand what it would
 * refuse. A test holds it against the server's own table.
 */
export const permissionsOf: Record<Role, readonly Permission[]> = {
  viewer: ['read'],
  operator: ['read', 'plan', 'run'],
  approver: ['read', 'approve'],
  admin: ['read', 'plan', 'run', 'approve', 'configure'],
}

/** All roles, smallest first. */
export const roles = Object.keys(permissionsOf) as Role[]

/** What is asked about: an environment, a tenant as a whole (`environmentId` absent), or the console (both absent). */
export interface Extent {
  tenantId?: string | undefined
  environmentId?: string | undefined
}

/** Whether these roles allow something on all of an extent. */
export function may(held: readonly RoleScope[], permission: Permission, extent: Extent): boolean {
  return held.some((scope) => permissionsOf[scope.role].includes(permission) && covers(scope, extent))
}

/** Whether they allow it anywhere: on one environment of one tenant is enough. */
export function maySomewhere(held: readonly RoleScope[], permission: Permission): boolean {
  return held.some(({ role }) => permissionsOf[role].includes(permission))
}

/** Whether whoever holds these roles could do all that another role allows. */
export function coversRole(held: readonly RoleScope[], wanted: RoleScope): boolean {
  return permissionsOf[wanted.role].every((permission) => may(held, permission, wanted))
}

/** What tenants and environments are called; undefined where that isn't known. */
export interface PlaceNames {
  tenant(id: string): string | undefined
  environment(id: string): string | undefined
}

/**
 * Why these roles don't allow something: `Needs the role operator in Production. You are viewer.` Undefined when they do.
 */
export function refusalOf(
  held: readonly RoleScope[],
  permission: Permission,
  extent: Extent,
  names: PlaceNames,
): string | undefined {
  if (may(held, permission, extent)) return undefined
  const needed = roles.find((role) => permissionsOf[role].includes(permission)) ?? 'admin'
  return `Needs the role ${needed}${whereOf(extent, names)}. ${standing(held, extent, names)}`
}

function standing(held: readonly RoleScope[], extent: Extent, names: PlaceNames): string {
  const here = held.filter(({ tenantId }) => tenantId === undefined || !extent.tenantId || tenantId === extent.tenantId)
  const words = here.map((scope) => (covers(scope, extent) ? scope.role : `${scope.role}${whereOf(scope, names)}`))
  const distinct = [...new Set(words)]
  if (distinct.length === 0) return held.length === 0 ? 'You have no role yet.' : 'You have no role here.'
  return `You are ${new Intl.ListFormat('en').format(distinct)}.`
}

function whereOf({ tenantId, environmentId }: Extent, names: PlaceNames): string {
  if (environmentId) return ` in ${names.environment(environmentId) ?? 'another environment'}`
  if (tenantId) return ` in ${names.tenant(tenantId) ?? 'another tenant'}`
  return ' on all tenants'
}

function covers(scope: Extent, extent: Extent): boolean {
  if (scope.tenantId !== undefined && scope.tenantId !== extent.tenantId) return false
  return scope.environmentId === undefined || scope.environmentId === extent.environmentId
}
