import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import {
  type Artifact,
  type IdMapping,
  type JsonObject,
  jsonObjectSchema,
  type KindName,
  type Operation,
  type Plan,
} from '@flightiq/core'
import { PingOneError } from '@flightiq/pingone'
import { z } from 'zod'
import type { AccessService } from '../access/service.ts'
import { correlated, correlationNow, sessionIdOf } from '../audit/correlation.ts'
import type { AuditService } from '../audit/service.ts'
import { serverItself } from '../authorization/caller.ts'
import type { PlanRecord } from '../contract/plans.ts'
import type { Problem } from '../contract/problem.ts'
import type { RunGate } from '../guards/gate.ts'
import type { GuardedEnvironment } from '../guards/service.ts'
import type { MappingService } from '../mappings/service.ts'
import type { Readings } from '../places/readings.ts'
import type { PlaceService } from '../places/service.ts'
import type { PlanService } from '../plans/service.ts'
import { problemOf } from '../problems/from-error.ts'
import type { ProblemError } from '../problems/problem-error.ts'
import type { Storage } from '../storage/database.ts'
import type { TenantService } from '../tenants/service.ts'
import { actions } from './actions/index.ts'
import { operationDone, operationFailed, runEnded } from './audit-entries.ts'
import type { JournalEntry, RunContext } from './context.ts'
import { type EndState, Journal, LeaseLostError, type RunResult } from './journal.ts'
import { type RunRow, readBackup, readOperations, readRunRow } from './store.ts'
import { verify } from './verification.ts'

const knownSchema = z.record(z.string(), z.array(z.string()))

/** What the executor tells the log. */
export type RunLog = (level: 'info' | 'warn' | 'error', message: string, facts: object) => void

export interface ExecutorOptions {
  storage: Storage
  tenants: TenantService
  places: PlaceService
  plans: PlanService
  /** Says whether anything may be written. */
  gate: RunGate
  readings: Readings
  mappings: MappingService
  /** Finds out why PingOne refused something. */
  access: Pick<AccessService, 'explain'>
  audit: AuditService
  /** How long a silent process is taken to be carrying a run out. */
  leaseSeconds: number
  log: RunLog
  /** Called after every entry in a journal of this process. */
  onEntry: (runId: string) => void
}

/** A run that this process carries out. */
interface RunUnderWay extends RunContext {
  run: RunRow
  record: PlanRecord
  environment: GuardedEnvironment
  entries: Map<string, JournalEntry>
}

/** Carries runs out, one operation after the other, each journalled before and after it is sent. */
export class RunExecutor {
  readonly #options: ExecutorOptions
  readonly #owner = `${hostname()} ${process.pid} ${randomUUID()}`
  readonly #stop = new AbortController()
  readonly #underWay = new Set<Promise<void>>()

  constructor(options: ExecutorOptions) {
    this.#options = options
  }

  /** Carries a run out, if nobody else does. Ends when the run ends, or was let go of. Never throws. */
  execute(runId: string): Promise<void> {
    const work = this.#execute(runId).finally(() => {
      this.#underWay.delete(work)
      this.#options.onEntry(runId)
    })
    this.#underWay.add(work)
    return work
  }

  /** Lets go of all runs after the operation that is under way; others, or the next start, take them up. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await Promise.all(this.#underWay)
  }

  async #execute(runId: string): Promise<void> {
    const { storage, tenants, leaseSeconds, log, audit } = this.#options
    if (this.#stop.signal.aborted) return
    try {
      const queries = await storage.queries()
      const found = await readRunRow(queries, runId)
      // A command's own tenant is known to that command alone: it resumes its runs itself.
      if (!found || !(await tenants.knows(found.tenant_id))) return
      const journal = await Journal.claim(queries, audit, runId, this.#owner, leaseSeconds)
      // Read again: whoever held it before may have written meanwhile.
      const run = journal && (await readRunRow(queries, runId))
      if (!run) return
      log('info', 'run taken up', { runId, attempt: journal.token })
      const lost = new AbortController()
      const renewing = setInterval(
        () => {
          journal.renew().catch((error: unknown) => {
            // What is under way is stopped; a lease that just couldn't be renewed shows at the next entry.
            if (error instanceof LeaseLostError) lost.abort(error)
            else log('warn', 'lease not renewed', { runId, err: error })
          })
        },
        (leaseSeconds * 1000) / 3,
      )
      try {
        const sessionId = run.started_by === null ? undefined : sessionIdOf(run.started_by)
        await correlated({ transactionId: runId, sessionId }, () => this.#carryOut(run, journal, lost.signal))
      } finally {
        clearInterval(renewing)
      }
    } catch (error) {
      if (error instanceof LeaseLostError) log('warn', 'run taken over by another process', { runId })
      else log('error', 'run left: the journal could not be written', { runId, err: error })
    }
  }

  async #carryOut(run: RunRow, journal: Journal, signal: AbortSignal): Promise<void> {
    const { runId } = journal
    const { access, log } = this.#options
    let context: RunUnderWay
    try {
      context = await this.#prepare(run, journal, signal)
    } catch (error) {
      if (error instanceof LeaseLostError) throw error
      const result = { problem: await access.explain(serverItself, run.tenant_id, error) }
      await journal.end('failed', result, runEnded(run, 'failed', result, undefined))
      log('warn', 'run failed', { runId, err: error })
      return
    }
    for (const operation of context.plan.operations) {
      if (context.entries.get(operation.id)?.state === 'done') continue
      const { cancelRequested } = await journal.renew()
      if (cancelRequested || this.#stop.signal.aborted) {
        await this.#end(context, cancelRequested ? 'cancelled' : 'interrupted', {})
        log('info', cancelRequested ? 'run cancelled' : 'run let go of', { runId })
        return
      }
      const obstacle = await this.#obstacle(context)
      if (obstacle) {
        await this.#end(context, 'cancelled', { problem: obstacle.toProblem() })
        log('warn', 'run stopped by a guard', { runId, code: obstacle.code })
        return
      }
      const problem = await this.#carryOutOne(operation, context)
      if (problem) {
        await this.#end(context, 'failed', { problem })
        return
      }
    }
    await this.#options.mappings.remember(context.tenantId, context.plan, context.mapping)
    await this.#end(context, 'done', await this.#verified(context))
    log('info', 'run done', { runId, operations: context.plan.operations.length })
  }

  /** What was set against the run since it started: asked before each operation, so that a lock holds at once. */
  async #obstacle({ run, record, environment }: RunUnderWay): Promise<ProblemError | undefined> {
    const { obstacles } = await this.#options.gate.check({
      tenantId: run.tenant_id,
      environment,
      plan: record,
      runner: run.started_by,
      runId: run.id,
      underWay: true,
    })
    return obstacles[0]
  }

  /** Carries one operation out; answers what went wrong. */
  async #carryOutOne(operation: Operation, context: RunUnderWay): Promise<Problem | undefined> {
    const { access, readings, log, onEntry } = this.#options
    const { run, journal, place, mapping, entries } = context
    const { runId } = journal
    try {
      const result = await correlatedWith(operation, runId, () => actions[operation.action](operation, context))
      await journal.done(operation.id, result, await operationDone(run, operation, result, context))
      if (operation.action === 'create') addTo(mapping, operation.kind, operation.sourceId, result.destinationId)
      const entry = entries.get(operation.id)
      if (entry) entries.set(operation.id, { ...entry, state: 'done', written: result.written ?? null })
      log('info', 'operation done', { runId, operation: operation.id, action: operation.action })
      return undefined
    } catch (error) {
      if (error instanceof LeaseLostError) throw error
      const problem = await access.explain(serverItself, context.tenantId, error)
      log('warn', 'operation failed', { runId, operation: operation.id, action: operation.action, err: error })
      const first = entries.get(operation.id)?.attempted !== true
      const audited = await operationFailed(run, operation, problem, context)
      await journal.failed(operation.id, problem, first && isRefusal(error), audited)
      return problem
    } finally {
      if (place.description.environmentId) readings.dropEnvironment(place.description.environmentId)
      onEntry(runId)
    }
  }

  async #end({ run, journal, plan, entries }: RunUnderWay, state: EndState, result: RunResult): Promise<void> {
    const done = [...entries.values()].filter((entry) => entry.state === 'done').length
    await journal.end(state, result, runEnded(run, state, result, { operations: plan.operations.length, done }))
  }

  /** All was written; whether it reads back as written is told beside it. */
  async #verified(context: RunContext): Promise<RunResult> {
    try {
      return { verification: await verify(context) }
    } catch (error) {
      const problem = problemOf(error)
      const detail = `Everything was written, but reading it back failed: ${problem.detail}`
      return { problem: { ...problem, code: 'VERIFICATION_FAILED', detail, nextStep: 'Compare the places again.' } }
    }
  }

  async #prepare(run: RunRow, journal: Journal, signal: AbortSignal): Promise<RunUnderWay> {
    const { storage, places, plans } = this.#options
    const queries = await storage.queries()
    const record = await plans.get(serverItself, run.tenant_id, run.plan_id)
    const { plan } = record
    const environment = await places.environment(run.tenant_id, run.destination_environment_id)
    const place = await places.openForRun(run.tenant_id, run.destination_environment_id)
    const rows = await readOperations(queries, journal.runId)
    const entries = new Map(rows.map((row) => [row.operation_id, row]))
    const listed = listOnce((kind) => place.list(kind, { signal }))
    return {
      run,
      record,
      environment,
      tenantId: run.tenant_id,
      plan,
      place,
      journal,
      calls: { signal },
      mapping: mappingSoFar(plan, entries),
      entries,
      known: run.known === null ? await this.#knowDestination(plan, journal, listed) : parseKnown(run.known),
      resumed: journal.token > 1,
      listed,
      backupOf: async (operationId) => parseBackup(await readBackup(queries, journal.runId, operationId)),
    }
  }

  /** Which ids are there before anything is sent: what is new later can be told from it. */
  async #knowDestination(
    plan: Plan,
    journal: Journal,
    listed: RunContext['listed'],
  ): Promise<Record<string, string[]>> {
    const kinds = new Set(plan.operations.flatMap(({ action, kind }) => (action === 'create' ? [kind] : [])))
    const lists = await Promise.all([...kinds].map(async (kind) => [kind, await listed(kind)] as const))
    const known = Object.fromEntries(lists.map(([kind, artifacts]) => [kind, artifacts.map(({ id }) => id)]))
    await journal.known(known)
    return known
  }
}

/** What an operation sends tells PingOne's log which one it belongs to. */
function correlatedWith<T>({ id }: Operation, runId: string, work: () => T): T {
  return correlated({ ...correlationNow(), transactionId: `${runId}/${id}` }, work)
}

/** PingOne said no: what was sent did not happen. */
function isRefusal(error: unknown): boolean {
  return error instanceof PingOneError && error.status >= 400 && error.status < 500
}

/** The plan's mapping and what the run has created already. */
function mappingSoFar(plan: Plan, entries: ReadonlyMap<string, JournalEntry>): IdMapping {
  const mapping: IdMapping = structuredClone(plan.mapping)
  for (const { id, action, kind, sourceId } of plan.operations) {
    const entry = entries.get(id)
    if (action !== 'create' || entry?.state !== 'done' || entry.destination_id === null) continue
    addTo(mapping, kind, sourceId, entry.destination_id)
  }
  return mapping
}

function addTo(mapping: IdMapping, kind: KindName, sourceId: string, destinationId: string): void {
  mapping[kind] = { ...mapping[kind], [sourceId]: destinationId }
}

function listOnce(list: (kind: KindName) => Promise<Artifact[]>): RunContext['listed'] {
  const lists = new Map<KindName, Promise<Artifact[]>>()
  return (kind, again = false) => {
    const kept = again ? undefined : lists.get(kind)
    if (kept) return kept
    const asked = list(kind)
    lists.set(kind, asked)
    return asked
  }
}

function parseKnown(text: string): Record<string, string[]> {
  return knownSchema.parse(JSON.parse(text))
}

function parseBackup(text: string | undefined): JsonObject | undefined {
  return text === undefined ? undefined : jsonObjectSchema.parse(JSON.parse(text))
}
