/** What one operation needs, in PingOne's grammar: `<service>:<action>:<resource>`. */
export type Permission = `${string}:${string}:${string}`

/** Permissions written as a tree: service, resource, and its actions with blanks between them. */
export type PermissionTree = Record<string, Record<string, string>>

/** The permissions of a tree, one by one. */
export function permissionsIn(tree: PermissionTree): Permission[] {
  return Object.entries(tree).flatMap(([service, resources]) =>
    Object.entries(resources).flatMap(([resource, actions]) =>
      actions.split(' ').map((action): Permission => `${service}:${action}:${resource}`),
    ),
  )
}

/** The three parts of a permission. */
export function partsOf(permission: Permission): { service: string; action: string; resource: string } {
  const [service = '', action = '', resource = ''] = permission.split(':')
  return { service, action, resource }
}

/** Whether a permission only lets its holder look. An export is more than that. */
export function isReading(permission: Permission): boolean {
  return ['read', 'get'].includes(partsOf(permission).action)
}

/** Whether what it lets its holder read is a secret. */
export function isSecret(permission: Permission): boolean {
  return /secret|token|sensitive/i.test(partsOf(permission).resource)
}
