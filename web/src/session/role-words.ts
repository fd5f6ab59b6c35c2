import type { PlaceNames, Role, RoleScope } from './permissions.ts'

/** What each role may do, in a sentence. */
export const roleMeaning: Record<Role, string> = {
  viewer: 'Sees everything, changes nothing.',
  operator: 'Also makes plans and runs them.',
  approver: 'Sees everything, and approves plans of others.',
  admin: 'May do everything, and gives roles to others.',
}

/** A role's name as a label. */
export const roleLabel: Record<Role, string> = {
  viewer: 'Viewer',
  operator: 'Operator',
  approver: 'Approver',
  admin: 'Admin',
}

/** Where a role holds: `everywhere`, `in all of Lumenfjord`, `in Production of Lumenfjord`. */
export function whereInWords({ tenantId, environmentId }: Omit<RoleScope, 'role'>, names: PlaceNames): string {
  if (!tenantId) return 'everywhere'
  const tenant = names.tenant(tenantId) ?? 'a tenant that is not there any more'
  if (!environmentId) return `in all of ${tenant}`
  return `in ${names.environment(environmentId) ?? `environment ${environmentId.slice(0, 8)}…`} of ${tenant}`
}
