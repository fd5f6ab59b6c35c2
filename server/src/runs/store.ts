import { kindNameSchema, type Operation } from '@flightiq/core'
import { type Selectable, type SelectQueryBuilder, sql } from 'kysely'
import { problemSchema } from '../contract/problem.ts'
import { type Run, type RunOperation, runOperationSchema, runSchema } from '../contract/runs.ts'
import type { Database } from '../storage/database.ts'
import type { RunOperationsTable, RunsTable, Tables } from '../storage/tables.ts'
import { storable } from '../storage/text.ts'

/** States in which a run holds its destination. */
export const activeStates = ['queued', 'running', 'interrupted'] as const

/** A run as it is stored, and whether its process is still there. */
export type RunRow = Selectable<RunsTable> & { lost: boolean }
export type OperationRow = Selectable<RunOperationsTable>

/**
 * Adds a run with all of its operations pending, and does what belongs to its start in the same transaction. Fails on the
 * index runs_one_writer when the destination is taken.
 */
export async function insertRun(
  database: Database,
  run: Pick<
    Selectable<RunsTable>,
    | 'id'
    | 'tenant_id'
    | 'plan_id'
    | 'source'
    | 'destination'
    | 'destination_environment_id'
    | 'started_by'
    | 'started_by_name'
  >,
  operations: readonly Operation[],
  alongside: (transaction: Database) => Promise<void>,
): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    await transaction
      .insertInto('runs')
      .values({
        ...run,
        source: storable(run.source),
        destination: storable(run.destination),
        started_by_name: run.started_by_name === null ? null : storable(run.started_by_name),
        state: 'queued',
        created_at: new Date(),
      })
      .execute()
    await alongside(transaction)
    if (operations.length === 0) return
    await transaction
      .insertInto('run_operations')
      .values(
        operations.map((operation, position) => ({
          run_id: run.id,
          position,
          operation_id: operation.id,
          action: operation.action,
          kind: operation.kind,
          name: storable(operation.name),
          source_id: storable(operation.sourceId),
          state: 'pending',
          destination_id: operation.destinationId ?? null,
        })),
      )
      .execute()
  })
}

/** A run, and the environment that it writes to. */
export interface FoundRun {
  run: Run
  environmentId: string
}

/** One run of a tenant, or undefined. */
export async function readRun(database: Database, tenantId: string, id: string): Promise<FoundRun | undefined> {
  const row = await selectRuns(database).where('id', '=', id).where('tenant_id', '=', tenantId).executeTakeFirst()
  return row && { run: toRun(row, await readOperations(database, id)), environmentId: row.destination_environment_id }
}

/** The runs of a tenant, newest first. */
export async function readRuns(database: Database, tenantId: string): Promise<FoundRun[]> {
  const rows = await selectRuns(database)
    .where('tenant_id', '=', tenantId)
    .orderBy('created_at', 'desc')
    .limit(200)
    .execute()
  if (rows.length === 0) return []
  const operations = await selectOperations(database)
    .where(
      'run_id',
      'in',
      rows.map(({ id }) => id),
    )
    .orderBy('position')
    .execute()
  const ofRun = Map.groupBy(operations, (operation) => operation.run_id)
  return rows.map((row) => ({
    run: toRun(row, ofRun.get(row.id) ?? []),
    environmentId: row.destination_environment_id,
  }))
}

/** Puts a run that stopped back into the queue, as somebody's. One whose process was lost has not left it. */
export async function resumeRun(
  database: Database,
  id: string,
  startedBy: { id: string; name: string },
): Promise<void> {
  const values = {
    started_by: startedBy.id,
    started_by_name: storable(startedBy.name),
    // A wish to stop that came before is over.
    cancel_requested: false,
    revision: sql<number>`revision + 1`,
  }
  await database
    .updateTable('runs')
    .set(values)
    .where('id', '=', id)
    .where((where) =>
      where.or([
        where('state', '=', 'interrupted'),
        where.and([where('state', '=', 'running'), where('lease_until', '<', sql<Date>`now()`)]),
      ]),
    )
    .execute()
  await database
    .updateTable('runs')
    .set({ ...values, state: 'queued', problem: null, ended_at: null })
    .where('id', '=', id)
    .where('state', 'in', ['failed', 'cancelled'])
    .execute()
}

/** The runs of a plan, oldest first. */
export async function readRunsOfPlan(database: Database, planId: string): Promise<Pick<RunRow, 'id' | 'state'>[]> {
  return database
    .selectFrom('runs')
    .select(['id', 'state'])
    .where('plan_id', '=', planId)
    .orderBy('created_at')
    .execute()
}

/** The run that holds a destination environment, or undefined. */
export async function readRunOfDestination(
  database: Database,
  environmentId: string,
): Promise<Pick<RunRow, 'id' | 'state' | 'source' | 'created_at'> | undefined> {
  return database
    .selectFrom('runs')
    .select(['id', 'state', 'source', 'created_at'])
    .where('destination_environment_id', '=', environmentId)
    .where('state', 'in', activeStates)
    .executeTakeFirst()
}

/** The row of a run. */
export async function readRunRow(database: Database, id: string): Promise<RunRow | undefined> {
  return selectRuns(database).where('id', '=', id).executeTakeFirst()
}

/** The journal of a run, in order; backups stay where they are. */
export async function readOperations(database: Database, runId: string): Promise<Omit<OperationRow, 'backup'>[]> {
  return selectOperations(database).where('run_id', '=', runId).orderBy('position').execute()
}

/** What an operation replaced, as JSON text, or undefined. */
export async function readBackup(database: Database, runId: string, operationId: string): Promise<string | undefined> {
  const row = await database
    .selectFrom('run_operations')
    .select('backup')
    .where('run_id', '=', runId)
    .where('operation_id', '=', storable(operationId))
    .executeTakeFirst()
  return row?.backup ?? undefined
}

function selectRuns(database: Database): SelectQueryBuilder<Tables, 'runs', RunRow> {
  const lost = sql<boolean>`(state = 'running' AND lease_until < now())`
  return database.selectFrom('runs').selectAll().select(lost.as('lost'))
}

function selectOperations(database: Database) {
  return database
    .selectFrom('run_operations')
    .select([
      'run_id',
      'position',
      'operation_id',
      'action',
      'kind',
      'name',
      'source_id',
      'state',
      'destination_id',
      'started_at',
      'ended_at',
      'problem',
      'note',
      'attempted',
      'written',
    ])
}

/** A run as the API tells it. */
export function toRun(row: RunRow, operations: readonly Omit<OperationRow, 'backup'>[]): Run {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    planId: row.plan_id,
    state: runSchema.shape.state.parse(row.lost ? 'interrupted' : row.state),
    source: row.source,
    destination: row.destination,
    createdAt: row.created_at.toISOString(),
    ...(row.started_by === null ? {} : { startedBy: { id: row.started_by, name: row.started_by_name ?? '' } }),
    ...(row.started_at ? { startedAt: row.started_at.toISOString() } : {}),
    ...(row.ended_at ? { endedAt: row.ended_at.toISOString() } : {}),
    operations: operations.map(toOperation),
    ...(row.problem === null ? {} : { problem: problemSchema.parse(JSON.parse(row.problem)) }),
    ...(row.verification === null
      ? {}
      : { verification: runSchema.shape.verification.parse(JSON.parse(row.verification)) }),
  }
}

function toOperation(row: Omit<OperationRow, 'backup'>): RunOperation {
  return {
    operationId: row.operation_id,
    action: row.action,
    kind: kindNameSchema.parse(row.kind),
    name: row.name,
    state: runOperationSchema.shape.state.parse(row.state),
    ...(row.destination_id === null ? {} : { destinationId: row.destination_id }),
    ...(row.started_at ? { startedAt: row.started_at.toISOString() } : {}),
    ...(row.ended_at ? { endedAt: row.ended_at.toISOString() } : {}),
    ...(row.problem === null ? {} : { problem: problemSchema.parse(JSON.parse(row.problem)) }),
    ...(row.note === null ? {} : { note: row.note }),
  }
}
