import { derivedUuid } from '../load/derived-ids.ts'
import observed from './observed-roles.json' with { type: 'json' }
import { isReading, isSecret, type Permission, type PermissionTree, partsOf, permissionsIn } from './permission.ts'

/** What the scope of a role assignment can be. */
export type ScopeType = 'ORGANIZATION' | 'ENVIRONMENT' | 'POPULATION' | 'APPLICATION'

/** One of PingOne's own roles, which are the same in every organization. */
export interface Role {
  id: string
  name: string
  description: string
  /** What it can be assigned for. */
  applicableTo: readonly ScopeType[]
  permissions: ReadonlySet<Permission>
  /** The roles that its holder can assign to others. */
  canAssign: readonly string[]
}

/** A role that was seen: ids and permissions as GET /v1/roles answered in January 2024, region NA. */
interface ObservedRole {
  id: string
  applicableTo: ScopeType[]
  permissions: PermissionTree
}

const seen = observed as unknown as Record<ObservedName, ObservedRole>
type ObservedName = 'Client Application Developer' | 'DaVinci Admin' | 'Environment Admin' | 'Identity Data Admin'

/** What every role holds, custom ones too (PingOne documentation, custom roles). */
const essential = permissionsIn({
  licensing: { license: 'read' },
  orgmgt: { deployment: 'read', environment: 'read', organization: 'read' },
})

/** What came to DaVinci since: the permissions that the operations of its OpenAPI description (2026) name. */
const davinciSince = permissionsIn({
  davinci: {
    connectors: 'read',
    applications: 'create read update delete',
    flowPolicies: 'create read update delete',
    flowVersions: 'read update delete export',
  },
})

const environmentAdmin = permissionsIn(seen['Environment Admin'].permissions)
const identityDataAdmin = permissionsIn(seen['Identity Data Admin'].permissions)
const davinciAdmin = [...permissionsIn(seen['DaVinci Admin'].permissions), ...davinciSince]
const developer = permissionsIn(seen['Client Application Developer'].permissions)

const readOnly = (permissions: Permission[]) => permissions.filter(isReading)
const withoutSecrets = (permissions: Permission[]) => permissions.filter((permission) => !isSecret(permission))

/** Who can assign which role is documented (PingOne API reference, built-in admin roles); roles not named here can't. */
const assignable: Record<string, readonly string[]> = {
  'Organization Admin': ['Environment Admin'],
  'Environment Admin': [
    'Environment Admin',
    'Identity Data Admin',
    'Client Application Developer',
    'DaVinci Admin',
    'DaVinci Admin Read Only',
    'Configuration Read Only',
    'Identity Data Read Only',
    'Application Owner',
    'Help Desk Admin',
    'Custom Roles Admin',
  ],
  'Identity Data Admin': ['Identity Data Admin', 'Identity Data Read Only', 'Help Desk Admin'],
  'DaVinci Admin': ['DaVinci Admin', 'DaVinci Admin Read Only'],
}

function role(
  name: string,
  description: string,
  { id, applicableTo, permissions }: { id?: string; applicableTo: ScopeType[]; permissions: Permission[] },
): Role {
  return {
    // The ids of the others are not known: the sandbox gives each one that is always the same.
    id: id ?? derivedUuid('platform role', name),
    name,
    description,
    applicableTo,
    permissions: new Set([...essential, ...permissions].toSorted()),
    canAssign: assignable[name] ?? [],
  }
}

/** PingOne's roles that matter here. Where a set of permissions isn't known, the rule it is derived by stands with it. */
export const platformRoles: readonly Role[] = [
  role('Organization Admin', 'Creates, changes and deletes environments, and reads licences.', {
    applicableTo: ['ORGANIZATION'],
    // Documented in words (PingOne API reference, built-in role permissions), of which these are what the sandbox knows.
    permissions: permissionsIn({
      orgmgt: { environment: 'create delete promote update', deployment: 'create' },
      permissions: { roles: 'create read update delete' },
      certmgt: { key: 'create' },
      globalregistry: { console: 'read' },
      ratelimiting: { rateLimits: 'read' },
    }),
  }),
  role('Environment Admin', 'Configures an environment, and assigns roles.', {
    ...seen['Environment Admin'],
    permissions: environmentAdmin,
  }),
  role('Identity Data Admin', 'Manages users and groups.', {
    ...seen['Identity Data Admin'],
    permissions: identityDataAdmin,
  }),
  role('Client Application Developer', 'Manages applications.', {
    ...seen['Client Application Developer'],
    permissions: developer,
  }),
  role('DaVinci Admin', 'Manages flows and all that belongs to them.', {
    ...seen['DaVinci Admin'],
    permissions: davinciAdmin,
  }),
  role('DaVinci Admin Read Only', 'Reads flows and all that belongs to them.', {
    applicableTo: seen['DaVinci Admin'].applicableTo,
    // Whatever DaVinci Admin can read. That it can't export is documented.
    permissions: readOnly(davinciAdmin),
  }),
  role('Configuration Read Only', 'Reads the configuration of an environment.', {
    applicableTo: ['ORGANIZATION', 'ENVIRONMENT'],
    // Whatever Environment Admin can read, but for secrets.
    permissions: withoutSecrets(readOnly(environmentAdmin)),
  }),
  role('Identity Data Read Only', 'Reads users and groups.', {
    applicableTo: seen['Identity Data Admin'].applicableTo,
    // Whatever Identity Data Admin can read, but for secrets.
    permissions: withoutSecrets(readOnly(identityDataAdmin)),
  }),
  role('Application Owner', 'Manages one application.', {
    applicableTo: ['APPLICATION'],
    // What Client Application Developer can read and update of applications.
    permissions: developer.filter((permission) => {
      const { service, action } = partsOf(permission)
      return service === 'applications' && ['read', 'update'].includes(action)
    }),
  }),
  role('Help Desk Admin', 'Helps users who cannot sign on.', {
    applicableTo: seen['Identity Data Admin'].applicableTo,
    // What Identity Data Admin can read of the directory, and its help with passwords and locks.
    permissions: identityDataAdmin.filter((permission) => {
      const { service, action } = partsOf(permission)
      return service === 'dir' && ['read', 'reset', 'unlock', 'forceChange'].includes(action)
    }),
  }),
  role('Custom Roles Admin', 'Manages custom roles.', {
    applicableTo: ['ORGANIZATION', 'ENVIRONMENT'],
    permissions: permissionsIn({ permissions: { roles: 'create read update delete' } }),
  }),
]

/** A role by its name or id; undefined when there is none. */
export function platformRole(nameOrId: string): Role | undefined {
  return platformRoles.find(({ id, name }) => id === nameOrId || name === nameOrId)
}
