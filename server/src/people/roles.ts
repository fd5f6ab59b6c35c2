import type { Selectable } from 'kysely'
import { z } from 'zod'
import { type RoleScope, roleSchema } from '../contract/roles.ts'
import type { Database } from '../storage/database.ts'
import type { GrantsTable, PeopleTable } from '../storage/tables.ts'

export type PersonRow = Selectable<PeopleTable>
export type GrantRow = Selectable<GrantsTable>

/** What a person's tokens say of them: each claim with its values. */
export type Claims = Record<string, string[]>

const claimsSchema = z.record(z.string(), z.array(z.string()))

/** The claims in a person's row. */
export function claimsOf({ claims }: Pick<PersonRow, 'claims'>): Claims {
  return claimsSchema.parse(JSON.parse(claims))
}

/** All grants, in the order in which they were given. */
export async function readGrants(database: Database): Promise<GrantRow[]> {
  return database.selectFrom('grants').selectAll().orderBy('created_at').orderBy('id').execute()
}

/** Those of the grants that are a person's: given to them by name, or to whoever has a claim that they have. */
export function grantsOfPerson(person: Pick<PersonRow, 'id' | 'claims'>, grants: readonly GrantRow[]): GrantRow[] {
  const claims = claimsOf(person)
  return grants.filter(({ person_id, claim, claim_value }) => {
    if (person_id !== null) return person_id === person.id
    if (claim === null || claim_value === null || !Object.hasOwn(claims, claim)) return false
    return (claims[claim] ?? []).some((value) => isSame(claim, value, claim_value))
  })
}

/** The role of a grant, and where it holds. */
export function roleScopeOf({ role, tenant_id, environment_id }: GrantRow): RoleScope {
  return {
    role: roleSchema.parse(role),
    ...(tenant_id === null ? {} : { tenantId: tenant_id }),
    ...(environment_id === null ? {} : { environmentId: environment_id }),
  }
}

/** Whether a role makes an administrator of the whole console. */
export function isAdministrator(roles: readonly RoleScope[]): boolean {
  return roles.some(({ role, tenantId, environmentId }) => {
    return role === 'admin' && tenantId === undefined && environmentId === undefined
  })
}

/** Letters' case matters, but in e-mail addresses nobody means it. */
function isSame(claim: string, value: string, wanted: string): boolean {
  return claim === 'email' ? value.toLowerCase() === wanted.toLowerCase() : value === wanted
}
