import { type Json, jsonSchema, type Plan, planSchema } from '@flightiq/core'
import type { Selectable } from 'kysely'
import type { z } from 'zod'
import type { PlanRecord, planRoutes } from '../contract/plans.ts'
import type { Database } from '../storage/database.ts'
import type { PlansTable } from '../storage/tables.ts'
import { storable } from '../storage/text.ts'

export type PlanSummary = z.infer<(typeof planRoutes.listPlans.schema.response)[200]>[number]

/** The environments that a plan holds something of; undefined where it is none, or was not noted. */
export interface PlanEnvironments {
  source: string | undefined
  destination: string | undefined
}

/** Saves a plan. */
export async function insertPlan(
  database: Database,
  record: Omit<PlanRecord, 'runIds'>,
  environments: PlanEnvironments,
): Promise<void> {
  const { plan } = record
  await database
    .insertInto('plans')
    .values({
      id: record.id,
      tenant_id: record.tenantId,
      created_at: record.createdAt,
      created_by: record.createdBy?.id ?? null,
      created_by_name: record.createdBy ? storable(record.createdBy.name) : null,
      source_environment_id: environments.source ?? null,
      destination_environment_id: environments.destination ?? null,
      hash: record.hash,
      source: storable(plan.source.name),
      destination: storable(plan.destination.name),
      operations: plan.operations.length,
      blockers: blockersOf(plan).length,
      plan: JSON.stringify(plan),
    })
    .execute()
}

/**
 * One plan of a tenant with the ids of its runs, or undefined. `stored` is what was saved, word for word: what a later
 * version makes of it may have more fields.
 */
export async function readPlan(
  database: Database,
  tenantId: string,
  id: string,
): Promise<{ record: PlanRecord; stored: Json; environments: PlanEnvironments } | undefined> {
  const row = await database
    .selectFrom('plans')
    .selectAll()
    .where('id', '=', id)
    .where('tenant_id', '=', tenantId)
    .executeTakeFirst()
  if (!row) return undefined
  const stored = jsonSchema.parse(JSON.parse(row.plan))
  const record = {
    id: row.id,
    tenantId: row.tenant_id,
    createdAt: row.created_at.toISOString(),
    ...createdByOf(row),
    hash: row.hash,
    plan: planSchema.parse(stored),
    runIds: (await runIdsOf(database, [row.id])).get(row.id) ?? [],
  }
  return { record, stored, environments: environmentsOf(row) }
}

/** The plans of a tenant, newest first, without their content. */
export async function readPlanSummaries(
  database: Database,
  tenantId: string,
): Promise<{ summary: PlanSummary; environments: PlanEnvironments }[]> {
  const rows = await database
    .selectFrom('plans')
    .select(['id', 'created_at', 'source', 'destination', 'operations', 'blockers'])
    .select(['created_by', 'created_by_name', 'source_environment_id', 'destination_environment_id'])
    .where('tenant_id', '=', tenantId)
    .orderBy('created_at', 'desc')
    .limit(500)
    .execute()
  const runIds = await runIdsOf(
    database,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => ({
    summary: {
      id: row.id,
      createdAt: row.created_at.toISOString(),
      ...createdByOf(row),
      source: row.source,
      destination: row.destination,
      operations: row.operations,
      blockers: row.blockers,
      runIds: runIds.get(row.id) ?? [],
    },
    environments: environmentsOf(row),
  }))
}

function environmentsOf(
  row: Pick<Selectable<PlansTable>, 'source_environment_id' | 'destination_environment_id'>,
): PlanEnvironments {
  return {
    source: row.source_environment_id ?? undefined,
    destination: row.destination_environment_id ?? undefined,
  }
}

function createdByOf(
  row: Pick<Selectable<PlansTable>, 'created_by' | 'created_by_name'>,
): Pick<PlanRecord, 'createdBy'> {
  return row.created_by === null ? {} : { createdBy: { id: row.created_by, name: row.created_by_name ?? '' } }
}

/** What must be settled before a plan can run: its blockers, and references without a resolution. */
export function blockersOf(plan: Plan): string[] {
  const open = plan.references.filter(({ resolution }) => resolution.to === 'unresolved')
  const notes = plan.notes.filter(({ severity }) => severity === 'blocker')
  return notes.length > 0 ? notes.map(({ message }) => message) : open.map(({ name }) => `"${name}" is not decided.`)
}

async function runIdsOf(database: Database, planIds: string[]): Promise<Map<string, string[]>> {
  if (planIds.length === 0) return new Map()
  const rows = await database
    .selectFrom('runs')
    .select(['id', 'plan_id'])
    .where('plan_id', 'in', planIds)
    .orderBy('created_at')
    .execute()
  const grouped = Map.groupBy(rows, (row) => row.plan_id)
  return new Map([...grouped].map(([planId, runs]) => [planId, runs.map(({ id }) => id)]))
}
