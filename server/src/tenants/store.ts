import type { Selectable } from 'kysely'
import type { Tenant } from '../contract/tenants.ts'
import { authMethodSchema, regionSchema, tenantSchema } from '../contract/tenants.ts'
import type { Database } from '../storage/database.ts'
import type { TenantsTable } from '../storage/tables.ts'
import { storable } from '../storage/text.ts'

/** All tenants, by name. */
export async function readTenants(database: Database): Promise<Tenant[]> {
  const rows = await database.selectFrom('tenants').selectAll().orderBy('name').execute()
  return rows.map(toTenant)
}

/** One tenant, or undefined. */
export async function readTenant(database: Database, id: string): Promise<Tenant | undefined> {
  const row = await database.selectFrom('tenants').selectAll().where('id', '=', id).executeTakeFirst()
  return row && toTenant(row)
}

/** The id of the tenant with a name (letters' case aside), or undefined. */
export async function readTenantIdByName(database: Database, name: string): Promise<string | undefined> {
  const row = await database
    .selectFrom('tenants')
    .select('id')
    .where((where) => where(where.fn('lower', ['name']), '=', storable(name).toLowerCase()))
    .executeTakeFirst()
  return row?.id
}

/** Adds a tenant, or replaces the one of the same id. */
export async function writeTenant(database: Database, tenant: Tenant): Promise<void> {
  const { id, ...values } = {
    id: tenant.id,
    name: storable(tenant.name),
    environment_id: tenant.environmentId,
    client_id: tenant.clientId,
    region: tenant.region ?? null,
    hosts: tenant.hosts ? JSON.stringify(tenant.hosts) : null,
    auth_method: tenant.authMethod ?? null,
    secret_set_at: tenant.secretSetAt,
    secret_set_by: tenant.secretSetBy === undefined ? null : storable(tenant.secretSetBy),
    created_at: tenant.createdAt,
    updated_at: tenant.updatedAt,
  }
  await database
    .insertInto('tenants')
    .values({ id, ...values })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
    .execute()
}

/** Removes a tenant with its plans and runs, and what was set for its environments. */
export async function removeTenant(database: Database, id: string): Promise<void> {
  await database.deleteFrom('mappings').where('tenant_id', '=', id).execute()
  await database.deleteFrom('guards').where('tenant_id', '=', id).execute()
  await database.deleteFrom('plans').where('tenant_id', '=', id).execute()
  await database.deleteFrom('tenants').where('id', '=', id).execute()
}

function toTenant(row: Selectable<TenantsTable>): Tenant {
  return {
    id: row.id,
    name: row.name,
    environmentId: row.environment_id,
    clientId: row.client_id,
    ...(row.region === null ? {} : { region: regionSchema.parse(row.region) }),
    ...(row.hosts === null ? {} : { hosts: tenantSchema.shape.hosts.parse(JSON.parse(row.hosts)) }),
    ...(row.auth_method === null ? {} : { authMethod: authMethodSchema.parse(row.auth_method) }),
    secretSetAt: row.secret_set_at.toISOString(),
    ...(row.secret_set_by === null ? {} : { secretSetBy: row.secret_set_by }),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}
