import { type Domain, type KindName, kindNames } from '../artifact.ts'
import type { Permissions } from '../kind.ts'
import { kinds } from '../kinds/registry.ts'

/** What a worker app may be allowed to do with the things of an area. */
export const accessOperations = ['read', 'create', 'update', 'delete', 'deploy', 'export'] as const
export type AccessOperation = (typeof accessOperations)[number]

/**
 * What of PingOne's identity configuration is looked at beside the kinds. Permissions: PingOne's list of role
 * permissions as of January 2024, and its API reference (2026) for which of them an operation needs.
 */
const identityAreas = {
  form: {
    label: 'Forms',
    permissions: {
      read: ['formBuilder:read:form'],
      create: ['formBuilder:create:form'],
      update: ['formBuilder:update:form'],
      delete: ['formBuilder:delete:form'],
    },
  },
  // The templates are PingOne's own: what is created, changed and removed are their contents.
  notificationTemplate: {
    label: 'Notification templates',
    permissions: {
      read: ['notifications:read:template', 'notifications:read:templateContent'],
      create: ['notifications:create:templateContent'],
      update: ['notifications:update:templateContent'],
      delete: ['notifications:delete:templateContent'],
    },
  },
  // There is no permission to create an attribute: it is taken for an update of the schema.
  attribute: {
    label: 'User attributes',
    permissions: {
      read: ['dir:read:schema'],
      create: ['dir:update:schema'],
      update: ['dir:update:schema'],
      delete: ['dir:delete:schema'],
    },
  },
  // A certificate can't be changed.
  certificate: {
    label: 'Certificates',
    permissions: {
      read: ['certmgt:read:certificate'],
      create: ['certmgt:create:certificate'],
      delete: ['certmgt:delete:certificate'],
    },
  },
  key: {
    label: 'Keys',
    permissions: {
      read: ['certmgt:read:key'],
      create: ['certmgt:create:key'],
      update: ['certmgt:update:key'],
      delete: ['certmgt:delete:key'],
    },
  },
  language: {
    label: 'Languages',
    permissions: {
      read: ['langmgt:read:language'],
      create: ['langmgt:create:language'],
      update: ['langmgt:update:language'],
      delete: ['langmgt:delete:language'],
    },
  },
  population: {
    label: 'Populations',
    part: 'POPULATION',
    permissions: {
      read: ['dir:read:population'],
      create: ['dir:create:population'],
      update: ['dir:update:population'],
      delete: ['dir:delete:population'],
    },
  },
  pingOneApplication: {
    label: 'PingOne applications',
    part: 'APPLICATION',
    permissions: {
      read: ['applications:read:application'],
      create: ['applications:create:application'],
      update: ['applications:update:application'],
      delete: ['applications:delete:application'],
    },
  },
  // Of worker apps. Whoever may change them can give itself more roles.
  roleAssignment: {
    label: 'Role assignments',
    part: 'APPLICATION',
    permissions: {
      read: ['permissions:read:applicationRoleAssignments'],
      create: ['permissions:update:applicationRoleAssignments'],
      delete: ['permissions:update:applicationRoleAssignments'],
    },
  },
} as const satisfies Record<string, { label: string; part?: Area['part']; permissions: ReadonlyPermissions }>

type ReadonlyPermissions = { readonly [Operation in keyof Permissions]: readonly string[] }

export type AreaId = KindName | keyof typeof identityAreas

/** One column of the access matrix: a kind, or a part of the identity configuration. */
export interface Area {
  id: AreaId
  label: string
  domain: Domain
  /** What each operation needs, all of its array. Operations that don't exist are absent. */
  permissions: Partial<Record<AccessOperation, readonly string[]>>
  /** A role can be given for a single one of its things, so that it covers only a part of the area. */
  part?: 'POPULATION' | 'APPLICATION'
}

/** Every area, in the order of the matrix. */
export const areas: readonly Area[] = [
  ...kindNames.map((id): Area => {
    const { label, domain, permissions } = kinds[id]
    return { id, label: label.many, domain, permissions: { ...permissions } }
  }),
  ...Object.entries(identityAreas)
    .filter(([id]) => !kindNames.some((name) => name === id))
    .map(([id, area]): Area => ({ id: id as AreaId, domain: 'identity', ...area })),
]

/** The area of that id. Throws a RangeError for an id that none has. */
export function areaOf(id: AreaId): Area {
  const found = areas.find((area) => area.id === id)
  if (!found) throw new RangeError(`There is no area ${id}.`)
  return found
}

/** The operations that an area has, in the usual order. */
export function operationsOf(area: Area): AccessOperation[] {
  return accessOperations.filter((operation) => area.permissions[operation] !== undefined)
}

/** The permissions that an operation on an area needs; none where there is no such operation. */
export function permissionsFor(id: AreaId, operation: AccessOperation): readonly string[] {
  return areaOf(id).permissions[operation] ?? []
}
