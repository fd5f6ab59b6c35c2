import type { RoleDefinition } from './assignments.ts'

/** A platform role as FlightIQ knows it without asking. Only the permissions that matter to the areas are listed. */
export interface KnownRole {
  name: string
  /** The same in every organization; absent where it isn't known. */
  id?: string
  applicableTo: RoleDefinition['applicableTo']
  /** seen: in PingOne's own answer; derived: by the rule that the role's name says. */
  basis: 'seen' | 'derived'
  permissions: readonly string[]
}

/**
 * When the roles were seen (GET /v1/roles, region NA), and the PingOne OpenAPI description from which DaVinci's newer
 * permissions are. PingOne changes them without notice: what it answers itself always goes before this.
 */
export const platformRolesKnown = { seenAt: '2024-01-30', davinciAsOf: '2026-01-07' } as const

/** Permissions written by service and resource, actions with blanks between them. */
function permissionsOf(tree: Record<string, Record<string, string>>): string[] {
  return Object.entries(tree).flatMap(([service, resources]) =>
    Object.entries(resources).flatMap(([resource, actions]) =>
      actions.split(' ').map((action) => `${service}:${action}:${resource}`),
    ),
  )
}

const crud = 'create read update delete'

/** PingOne's roles, for when they can't be read. Custom roles are never among them. */
export const platformRoles: readonly KnownRole[] = [
  {
    name: 'DaVinci Admin',
    id: '168d545c-8337-4a34-8426-9c173d60e331',
    applicableTo: ['ORGANIZATION', 'ENVIRONMENT'],
    basis: 'seen',
    permissions: permissionsOf({
      davinci: {
        dvFlows: `${crud} deploy`,
        flowVersions: 'read update delete export',
        connections: crud,
        connectors: 'read',
        constructs: crud,
        applications: crud,
        flowPolicies: crud,
      },
      formBuilder: { form: crud },
      dir: { schema: 'read' },
      langmgt: { language: 'read update' },
    }),
  },
  {
    name: 'DaVinci Admin Read Only',
    applicableTo: ['ORGANIZATION', 'ENVIRONMENT'],
    basis: 'derived',
    permissions: permissionsOf({
      davinci: {
        dvFlows: 'read',
        flowVersions: 'read',
        connections: 'read',
        connectors: 'read',
        constructs: 'read',
        applications: 'read',
        flowPolicies: 'read',
      },
      formBuilder: { form: 'read' },
      dir: { schema: 'read' },
      langmgt: { language: 'read' },
    }),
  },
  {
    name: 'Environment Admin',
    id: '29ddce68-cd7f-4b2a-b6fc-f7a19553b496',
    applicableTo: ['ORGANIZATION', 'ENVIRONMENT'],
    basis: 'seen',
    permissions: permissionsOf({
      formBuilder: { form: crud },
      notifications: { template: 'read', templateContent: crud },
      dir: { schema: 'read update delete', population: crud },
      certmgt: { certificate: crud, key: crud },
      langmgt: { language: crud },
      applications: { application: crud },
      permissions: { applicationRoleAssignments: 'read update', roles: crud },
    }),
  },
  {
    name: 'Configuration Read Only',
    applicableTo: ['ORGANIZATION', 'ENVIRONMENT'],
    basis: 'derived',
    permissions: permissionsOf({
      formBuilder: { form: 'read' },
      notifications: { template: 'read', templateContent: 'read' },
      dir: { schema: 'read', population: 'read' },
      certmgt: { certificate: 'read', key: 'read' },
      langmgt: { language: 'read' },
      applications: { application: 'read' },
      // Whether it may read role assignments too isn't known.
      permissions: { roles: 'read' },
    }),
  },
  {
    name: 'Client Application Developer',
    id: 'b5057d0d-7281-47f6-9398-8a7e4cb71397',
    applicableTo: ['ENVIRONMENT'],
    basis: 'seen',
    permissions: permissionsOf({
      formBuilder: { form: 'read' },
      dir: { schema: 'read', population: 'read' },
      certmgt: { certificate: 'read', key: 'read' },
      applications: { application: crud },
      permissions: { applicationRoleAssignments: 'read update' },
    }),
  },
  {
    name: 'Identity Data Admin',
    id: '0bd9c966-7664-4ac1-b059-0ff9293908e2',
    applicableTo: ['ENVIRONMENT', 'POPULATION'],
    basis: 'seen',
    permissions: permissionsOf({
      dir: { schema: 'read', population: 'read', user: crud, group: crud },
      certmgt: { certificate: 'read' },
      permissions: { roles: crud },
    }),
  },
  {
    name: 'Identity Data Read Only',
    applicableTo: ['ENVIRONMENT', 'POPULATION'],
    basis: 'derived',
    permissions: permissionsOf({
      dir: { schema: 'read', population: 'read', user: 'read', group: 'read' },
      certmgt: { certificate: 'read' },
      permissions: { roles: 'read' },
    }),
  },
]

/** The platform roles as definitions, for when PingOne's own can't be read. A role whose id isn't known has its name. */
export function knownRoleDefinitions(): RoleDefinition[] {
  return platformRoles.map(({ id, name, permissions, applicableTo }) => ({
    id: id ?? name,
    name,
    permissions,
    applicableTo,
  }))
}
