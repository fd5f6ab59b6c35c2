import type { Selectable } from 'kysely'
import { z } from 'zod'
import { freezeSchema, type GuardChange, guardChangeSchema, type WriteStop } from '../contract/guards.ts'
import type { Database } from '../storage/database.ts'
import type { GuardsTable } from '../storage/tables.ts'
import { storable } from '../storage/text.ts'

/** What was set for an environment, by those who reach it through one tenant. */
export interface StoredGuard {
  tenantId: string
  environmentId: string
  /** Undefined: put back to the default. */
  change: GuardChange | undefined
  setAt: string
  setBy: string
}

/** How the default is kept: that it was put back, and when, voids approvals like any other change. */
const byDefault = 'default'

/** What was set for environments, through whichever tenant. */
export async function readGuards(database: Database, environmentIds: readonly string[]): Promise<StoredGuard[]> {
  if (environmentIds.length === 0) return []
  const rows = await database.selectFrom('guards').selectAll().where('environment_id', 'in', environmentIds).execute()
  return rows.map(toGuard)
}

/** Sets an environment's guard; without a change, puts it back to the default. */
export async function writeGuard(
  database: Database,
  { tenantId, environmentId, change, setAt, setBy }: StoredGuard,
): Promise<void> {
  const values = {
    protection: change?.protection ?? byDefault,
    approvals: change?.approvals ?? 1,
    reason: change?.reason === undefined ? null : storable(change.reason),
    freezes: JSON.stringify(change?.freezes ?? []),
    set_at: setAt,
    set_by: storable(setBy),
  }
  await database
    .insertInto('guards')
    .values({ tenant_id: tenantId, environment_id: environmentId, ...values })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'environment_id']).doUpdateSet(values))
    .execute()
}

/** Whether all writes are stopped. */
export async function readWriteStop(database: Database): Promise<WriteStop> {
  const row = await database.selectFrom('write_stop').selectAll().executeTakeFirst()
  if (!row) return { stopped: false }
  return {
    stopped: true,
    ...(row.reason === null ? {} : { reason: row.reason }),
    at: row.set_at.toISOString(),
    by: row.set_by,
  }
}

/** Stops all writes, or lets them go on. */
export async function writeWriteStop(
  database: Database,
  stop: { reason?: string | undefined; at: string; by: string } | undefined,
): Promise<void> {
  if (!stop) {
    await database.deleteFrom('write_stop').execute()
    return
  }
  const reason = stop.reason === undefined ? null : storable(stop.reason)
  const values = { reason, set_at: stop.at, set_by: storable(stop.by) }
  await database
    .insertInto('write_stop')
    .values({ id: 1, ...values })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
    .execute()
}

function toGuard(row: Selectable<GuardsTable>): StoredGuard {
  return {
    tenantId: row.tenant_id,
    environmentId: row.environment_id,
    change:
      row.protection === byDefault
        ? undefined
        : {
            protection: guardChangeSchema.shape.protection.parse(row.protection),
            approvals: row.approvals,
            ...(row.reason === null ? {} : { reason: row.reason }),
            freezes: z.array(freezeSchema).parse(JSON.parse(row.freezes)),
          },
    setAt: row.set_at.toISOString(),
    setBy: row.set_by,
  }
}
