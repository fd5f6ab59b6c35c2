import { randomUUID } from 'node:crypto'
import { type JsonObject, jsonObjectSchema } from '@flightiq/core'
import { sql } from 'kysely'
import { type Caller, humanBehind, serverItself } from '../authorization/caller.ts'
import { may, requirePermission } from '../authorization/permissions.ts'
import type { Run, RunEvent } from '../contract/runs.ts'
import type { RunGate } from '../guards/gate.ts'
import type { PlaceService } from '../places/service.ts'
import type { PlanService } from '../plans/service.ts'
import { blockersOf } from '../plans/store.ts'
import { notFound, ProblemError } from '../problems/problem-error.ts'
import type { Database, Storage } from '../storage/database.ts'
import type { TenantService } from '../tenants/service.ts'
import type { RunDispatch } from './dispatch.ts'
import { blockedPlan, notResumable, planAlreadyRun } from './problems.ts'
import {
  activeStates,
  type FoundRun,
  insertRun,
  readBackup,
  readRun,
  readRunOfDestination,
  readRuns,
  resumeRun,
} from './store.ts'
import { type ChangeSignal, watchRun } from './watch.ts'

/** Starts runs, tells how they stand, and stops them. Who may read the destination sees its runs. */
export class RunService {
  readonly #storage: Storage
  readonly #tenants: TenantService
  readonly #places: PlaceService
  readonly #plans: PlanService
  readonly #gate: RunGate
  readonly #dispatch: RunDispatch
  readonly #changes: ChangeSignal

  constructor(parts: {
    storage: Storage
    tenants: TenantService
    places: PlaceService
    plans: PlanService
    gate: RunGate
    dispatch: RunDispatch
    changes: ChangeSignal
  }) {
    this.#storage = parts.storage
    this.#tenants = parts.tenants
    this.#places = parts.places
    this.#plans = parts.plans
    this.#gate = parts.gate
    this.#dispatch = parts.dispatch
    this.#changes = parts.changes
  }

  /**
   * Starts a run of a plan. Throws a ProblemError: PERMISSION_MISSING, PLAN_HAS_BLOCKERS, PLAN_ALREADY_RUN, what the
   * guards of the destination have against it, or DESTINATION_BUSY while another run writes to the same environment.
   */
  async start(caller: Caller, tenantId: string, planId: string): Promise<Run> {
    const record = await this.#plans.get(caller, tenantId, planId)
    const { plan, runIds } = record
    const environmentId = plan.destination.environmentId
    requirePermission(caller, 'run', { tenantId, environmentId })
    const blockers = blockersOf(plan)
    if (blockers.length > 0 || environmentId === undefined) throw blockedPlan(blockers)
    const queries = await this.#storage.queries()
    await refuseSecondRun(queries, runIds)
    const runner = humanBehind(caller)
    const environment = await this.#places.environment(tenantId, environmentId)
    const approval = await this.#gate.pass({ tenantId, environment, plan: record, runner })
    const id = randomUUID()
    await holdingDestination(queries, environmentId, id, () =>
      insertRun(
        queries,
        {
          id,
          tenant_id: tenantId,
          plan_id: planId,
          source: plan.source.name,
          destination: plan.destination.name,
          destination_environment_id: environmentId,
          started_by: runner,
          started_by_name: caller.name,
        },
        plan.operations,
        (transaction) => this.#gate.use(transaction, approval, id),
      ),
    )
    const run = await this.get(caller, tenantId, id)
    await this.#dispatch.send(id)
    return run
  }

  /** One run with its operations. Throws a ProblemError RUN_NOT_FOUND, also for one that the caller may not read. */
  async get(caller: Caller, tenantId: string, runId: string): Promise<Run> {
    return (await this.#find(caller, tenantId, runId)).run
  }

  async #find(caller: Caller, tenantId: string, runId: string): Promise<FoundRun> {
    await this.#tenants.get(tenantId)
    const found = await readRun(await this.#storage.queries(), tenantId, runId)
    if (found && may(caller, 'read', { tenantId, environmentId: found.environmentId })) return found
    throw notFound('RUN_NOT_FOUND', 'There is no run with this id.', 'Look at the list of runs.')
  }

  /** The runs of a tenant that the caller may read, newest first. */
  async list(caller: Caller, tenantId: string): Promise<Run[]> {
    await this.#tenants.get(tenantId)
    const found = await readRuns(await this.#storage.queries(), tenantId)
    return found.flatMap(({ run, environmentId }) => (may(caller, 'read', { tenantId, environmentId }) ? [run] : []))
  }

  /**
   * Goes on with a run that failed, was cancelled or interrupted; from now on it is the caller's. Throws a ProblemError
   * PERMISSION_MISSING, RUN_NOT_RESUMABLE, DESTINATION_BUSY, or what the guards of the destination have against it.
   */
  async resume(caller: Caller, tenantId: string, runId: string): Promise<Run> {
    const { run: present, environmentId } = await this.#find(caller, tenantId, runId)
    requirePermission(caller, 'run', { tenantId, environmentId })
    const resumable = ['interrupted', 'failed', 'cancelled'] as const
    if (!resumable.some((state) => state === present.state)) throw notResumable(present)
    const plan = await this.#plans.get(serverItself, tenantId, present.planId)
    const runner = humanBehind(caller)
    const environment = await this.#places.environment(tenantId, environmentId)
    const approval = await this.#gate.pass({ tenantId, environment, plan, runner, runId })
    const queries = await this.#storage.queries()
    await holdingDestination(queries, environmentId, runId, () =>
      queries.transaction().execute(async (transaction) => {
        await this.#gate.use(transaction, approval, runId)
        await resumeRun(transaction, runId, { id: runner, name: caller.name })
      }),
    )
    await this.#dispatch.send(runId)
    return this.get(caller, tenantId, runId)
  }

  /** Stops a run after the operation that is under way. One that nobody carries out is cancelled at once. */
  async cancel(caller: Caller, tenantId: string, runId: string): Promise<Run> {
    const { run: present, environmentId } = await this.#find(caller, tenantId, runId)
    requirePermission(caller, 'run', { tenantId, environmentId })
    if (!activeStates.some((state) => state === present.state)) {
      throw new ProblemError({
        status: 409,
        code: 'RUN_ENDED',
        detail: `The run has ended already: ${present.state}.`,
      })
    }
    const queries = await this.#storage.queries()
    const idle = await queries
      .updateTable('runs')
      .set({
        state: 'cancelled',
        ended_at: sql<Date>`now()`,
        lease_owner: null,
        lease_until: null,
        // Whoever held it can't write to the journal any more.
        lease_token: sql<number>`lease_token + 1`,
        revision: sql<number>`revision + 1`,
      })
      .where('id', '=', runId)
      .where('state', 'in', activeStates)
      .where((where) => where.or([where('lease_until', 'is', null), where('lease_until', '<', sql<Date>`now()`)]))
      .returning('id')
      .executeTakeFirst()
    if (!idle) {
      await queries
        .updateTable('runs')
        .set({ cancel_requested: true, revision: sql<number>`revision + 1` })
        .where('id', '=', runId)
        .where('state', '=', 'running')
        .execute()
    }
    this.#changes.tell(runId)
    return this.get(caller, tenantId, runId)
  }

  /** The run as it goes on. Ends when the run does, or the signal is aborted. */
  async *watch(
    caller: Caller,
    tenantId: string,
    runId: string,
    { signal }: { signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<RunEvent> {
    yield* watchRun({
      read: () => this.get(caller, tenantId, runId),
      changes: this.#changes,
      runId,
      signal,
      takenUp: () => this.#dispatch.works,
    })
  }

  /** What an operation replaced, as it was before, secrets taken out. Throws a ProblemError BACKUP_NOT_FOUND. */
  async getBackup(caller: Caller, tenantId: string, runId: string, operationId: string): Promise<JsonObject> {
    await this.get(caller, tenantId, runId)
    const backup = await readBackup(await this.#storage.queries(), runId, operationId)
    if (backup !== undefined) return jsonObjectSchema.parse(JSON.parse(backup))
    throw notFound('BACKUP_NOT_FOUND', 'This operation replaced nothing, or was not sent.')
  }
}

/** Does what makes a run hold its destination; the database refuses a second one. */
async function holdingDestination(
  database: Database,
  environmentId: string,
  runId: string,
  hold: () => Promise<unknown>,
): Promise<void> {
  try {
    await hold()
  } catch (error) {
    if ((error as { code?: unknown }).code !== '23505') throw error
    const holder = await readRunOfDestination(database, environmentId)
    if (!holder || holder.id === runId) throw error
    throw new ProblemError({
      status: 409,
      code: 'DESTINATION_BUSY',
      detail: `Run ${holder.id} (${holder.state}, from ${holder.source}, since ${holder.created_at.toISOString()}) writes to this environment. Only one may at a time.`,
      nextStep:
        holder.state === 'interrupted' ? 'Resume or cancel that run first.' : 'Wait until it has ended, or cancel it.',
      cause: error,
    })
  }
}

/** A plan runs once: what it says of the destination is no longer so afterwards. */
async function refuseSecondRun(database: Database, runIds: readonly string[]): Promise<void> {
  if (runIds.length === 0) return
  const sent = await database
    .selectFrom('runs')
    .innerJoin('run_operations', 'run_operations.run_id', 'runs.id')
    .select(['runs.id', 'runs.state'])
    .where('runs.id', 'in', runIds)
    .where('run_operations.state', '!=', 'pending')
    .executeTakeFirst()
  if (sent) throw planAlreadyRun(sent)
}
