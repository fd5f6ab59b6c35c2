import {
  type AccessEnvironment,
  arrayAt,
  knownRoleDefinitions,
  objectAt,
  platformRolesKnown,
  type RoleAssignment,
  type RoleDefinition,
  stringAt,
} from '@flightiq/core'
import { type CallOptions, type PingOneClient, PingOneError, permissionsOf } from '@flightiq/pingone'
import { z } from 'zod'
import type { Tenant } from '../contract/tenants.ts'
import { toEnvironment } from '../tenants/environments.ts'

/** What is known of a worker app without any trial: where it reaches, and by which roles. */
export interface AccessKnowledge {
  organizationId: string | undefined
  environments: AccessEnvironment[]
  /** unknown where it may not read its own. */
  assignments: RoleAssignment[] | 'unknown'
  roles: RoleDefinition[]
  /** What could not be read, in a sentence, with the role that would let it. */
  note: string | undefined
}

/** Reads what PingOne tells of a worker app's access. Throws what the client throws, but for refusals. */
export async function readKnowledge(
  client: PingOneClient,
  tenant: Pick<Tenant, 'environmentId' | 'clientId'>,
  options: CallOptions = {},
): Promise<AccessKnowledge> {
  const [listed, assignments, roles] = await Promise.all([
    client.environments.list(options),
    readAssignments(client, tenant, options),
    readRoles(client, tenant.environmentId, options),
  ])
  const [first] = listed
  // A role for a population or an application doesn't say in which environment that lies.
  const partial = assignments?.some(({ scope }) => scope.type === 'POPULATION' || scope.type === 'APPLICATION')
  const environments = await Promise.all(
    listed.map(async (content): Promise<AccessEnvironment> => {
      const { id, name, type, davinci } = toEnvironment(content)
      const populations = partial ? await unlessRefused(() => client.populations.list(id, options)) : undefined
      const own = id === tenant.environmentId ? [tenant.clientId] : []
      const parts = populations && [...populations.map((population) => population.id), ...own]
      return { id, name, type, davinci, ...(parts === undefined ? {} : { parts }) }
    }),
  )
  return {
    organizationId: first && stringAt(objectAt(first, 'organization'), 'id'),
    environments,
    assignments: assignments ?? 'unknown',
    roles: roles ?? knownRoleDefinitions(),
    note: noteOn(assignments !== undefined, roles !== undefined),
  }
}

/** The worker app's own role assignments, or undefined where it may not read them. */
export async function readAssignments(
  client: PingOneClient,
  { environmentId, clientId }: Pick<Tenant, 'environmentId' | 'clientId'>,
  options: CallOptions = {},
): Promise<RoleAssignment[] | undefined> {
  const found = await unlessRefused(() => client.applicationRoleAssignments.list(environmentId, clientId, options))
  return found?.flatMap(({ role, scope }) => {
    const type = scopeTypes.find((known) => known === scope.type)
    // A sort of scope that PingOne has added since reaches nowhere that is known of.
    return type ? [{ roleId: role.id, scope: { type, id: scope.id } }] : []
  })
}

const scopeTypes = ['ORGANIZATION', 'ENVIRONMENT', 'POPULATION', 'APPLICATION'] as const

/** PingOne's roles, and the custom ones where they may be read; undefined where neither may. */
async function readRoles(
  client: PingOneClient,
  environmentId: string,
  options: CallOptions,
): Promise<RoleDefinition[] | undefined> {
  const [platform, custom] = await Promise.all([
    unlessRefused(() => client.roles.list(options)),
    unlessRefused(() => client.roles.ofEnvironment(environmentId, options)),
  ])
  if (!platform && !custom) return undefined
  const all = new Map([...(platform ?? []), ...(custom ?? [])].map((role) => [role.id, role]))
  return [...all.values()].map((role) => ({
    id: role.id,
    name: role.name,
    permissions: permissionsOf(role) ?? 'unknown',
    applicableTo: scopeTypes.filter((type) => arrayAt(role, 'applicableTo').includes(type)),
  }))
}

function noteOn(assignments: boolean, roles: boolean): string | undefined {
  if (!assignments) {
    return 'The worker app may not read its own role assignments, so only trials tell what it may do. With the role Client Application Developer on the environment that it lives in, it may.'
  }
  if (roles) return undefined
  const { seenAt, davinciAsOf } = platformRolesKnown
  return `What each role allows could not be read from PingOne. FlightIQ goes by what it knows (as of ${seenAt}, DaVinci as of ${davinciAsOf}).`
}

/** The worker app's own record, or undefined where it may not read it. */
export async function readApplication(
  client: PingOneClient,
  { environmentId, clientId }: Pick<Tenant, 'environmentId' | 'clientId'>,
): Promise<ApplicationRecord | undefined> {
  const record = await unlessRefused(() => client.workerApplication.get(environmentId, clientId))
  return record && applicationRecordSchema.parse(record)
}

const applicationRecordSchema = z.object({
  enabled: z.boolean().optional(),
  grantTypes: z.array(z.string()).optional(),
})
export type ApplicationRecord = z.infer<typeof applicationRecordSchema>

/** The answer of a call; undefined where PingOne refuses it, which it also says by 404. */
export async function unlessRefused<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof PingOneError && (error.status === 403 || error.status === 404)) return undefined
    throw error
  }
}
