import { createHash, randomUUID } from 'node:crypto'
import {
  type Choice,
  canonical,
  type Json,
  kindOf,
  makePlan,
  type PlaceDescription,
  type Plan,
  type PlanOptions,
  planSchema,
  type ReadOptions,
} from '@flightiq/core'
import { z } from 'zod'
import { type Caller, humanBehind } from '../authorization/caller.ts'
import { may, requirePermission } from '../authorization/permissions.ts'
import type { ComparisonService } from '../comparison/service.ts'
import type { PlanRecord, PlanRequest } from '../contract/plans.ts'
import type { PlaceService } from '../places/service.ts'
import { notFound, ProblemError } from '../problems/problem-error.ts'
import type { Storage } from '../storage/database.ts'
import type { TenantService } from '../tenants/service.ts'
import { insertPlan, type PlanEnvironments, type PlanSummary, readPlan, readPlanSummaries } from './store.ts'

/** A request with the options that the server fills in left open. */
export type NewPlanRequest = Omit<PlanRequest, 'options'> & { options?: Loose<Partial<PlanOptions>> | undefined }

type Loose<T> = { [Key in keyof T]: T[Key] | undefined }

/**
 * Makes plans and keeps them. A plan that was saved never changes. It holds what is in its source and its destination,
 * so only who may read both sees it.
 */
export class PlanService {
  readonly #storage: Storage
  readonly #tenants: TenantService
  readonly #places: PlaceService
  readonly #comparison: ComparisonService

  constructor(storage: Storage, tenants: TenantService, places: PlaceService, comparison: ComparisonService) {
    this.#storage = storage
    this.#tenants = tenants
    this.#places = places
    this.#comparison = comparison
  }

  /**
   * Reads both places anew, makes the plan and saves it. Nothing is written to PingOne.
   * Throws a PlanError, a ProblemError PERMISSION_MISSING, DESTINATION_NOT_WRITABLE, and what reading throws.
   */
  async create(
    caller: Caller,
    tenantId: string,
    request: NewPlanRequest,
    options: ReadOptions = {},
  ): Promise<PlanRecord> {
    const { from, to, selection } = request
    const { environmentId } = (await this.#places.open(caller, tenantId, to, options)).description
    requirePermission(caller, 'plan', { tenantId, environmentId })
    const read = await this.#comparison.read(caller, tenantId, { from, to, refresh: true }, options)
    if (!read.destination.writable) throw notWritable(read.destination)
    const plan = makePlan({
      source: { description: read.source, inventory: read.sides.source },
      destination: { description: read.destination, inventory: read.sides.destination },
      selection,
      options: withoutUndefined(request.options ?? {}),
      saved: read.saved,
    })
    return this.#save(caller, tenantId, plan)
  }

  /** Saves a plan made elsewhere. Throws a ProblemError PERMISSION_MISSING, VALIDATION_FAILED, DESTINATION_NOT_WRITABLE. */
  async import(caller: Caller, tenantId: string, input: unknown): Promise<PlanRecord> {
    await this.#tenants.get(tenantId)
    const plan = parsePlan(input)
    if (!plan.destination.writable || plan.destination.environmentId === undefined) throw notWritable(plan.destination)
    requirePermission(caller, 'plan', { tenantId, environmentId: plan.destination.environmentId })
    const operations = plan.operations.map((operation) =>
      operation.content ? { ...operation, content: kindOf(operation.kind).redact(operation.content) } : operation,
    )
    return this.#save(caller, tenantId, { ...plan, operations })
  }

  /** Makes a new plan of the same selection with choices added or changed. The old plan stays as it is. */
  async choose(
    caller: Caller,
    tenantId: string,
    planId: string,
    input: { choices: Choice[]; options?: Loose<Partial<PlanOptions>> | undefined },
    options: ReadOptions = {},
  ): Promise<PlanRecord> {
    const { plan } = await this.get(caller, tenantId, planId)
    const added = new Set(input.choices.map(choiceKey))
    const kept = plan.options.choices.filter((choice) => !added.has(choiceKey(choice)))
    return this.create(
      caller,
      tenantId,
      {
        from: specOf(plan.source),
        to: specOf(plan.destination),
        selection: plan.selection,
        options: { ...plan.options, ...withoutUndefined(input.options ?? {}), choices: [...kept, ...input.choices] },
      },
      options,
    )
  }

  /** The saved plans of a tenant that the caller may read, newest first. */
  async list(caller: Caller, tenantId: string): Promise<PlanSummary[]> {
    await this.#tenants.get(tenantId)
    const found = await readPlanSummaries(await this.#storage.queries(), tenantId)
    return found.flatMap(({ summary, environments }) => (mayRead(caller, tenantId, environments) ? [summary] : []))
  }

  /**
   * One plan. Throws a ProblemError PLAN_NOT_FOUND, also for one that the caller may not read, or PLAN_DAMAGED when it
   * is no longer what was saved.
   */
  async get(caller: Caller, tenantId: string, planId: string): Promise<PlanRecord> {
    await this.#tenants.get(tenantId)
    const found = await readPlan(await this.#storage.queries(), tenantId, planId)
    if (!found || !mayRead(caller, tenantId, found.environments))
      throw notFound('PLAN_NOT_FOUND', 'There is no plan with this id.', 'Look at the list of plans.')
    if (hashOf(found.stored) !== found.record.hash) {
      throw new ProblemError({
        status: 500,
        code: 'PLAN_DAMAGED',
        detail: 'The plan is no longer what was saved: its hash differs.',
        nextStep: 'Make a new plan.',
      })
    }
    return found.record
  }

  async #save(caller: Caller, tenantId: string, plan: Plan): Promise<PlanRecord> {
    // What is hashed and run is the plan as it comes back from storage.
    const stored = planSchema.parse(JSON.parse(JSON.stringify(plan)))
    const record = {
      id: randomUUID(),
      tenantId,
      createdAt: new Date().toISOString(),
      createdBy: { id: humanBehind(caller), name: caller.name },
      hash: hashOf(stored as unknown as Json),
      plan: stored,
    }
    await insertPlan(await this.#storage.queries(), record, environmentsOf(caller, tenantId, stored))
    return { ...record, runIds: [] }
  }
}

/**
 * The environments that a plan holds something of. The source of an imported plan counts only where the caller may read
 * it: otherwise all that is known of it is what they brought along.
 */
function environmentsOf(caller: Caller, tenantId: string, { source, destination }: Plan): PlanEnvironments {
  const sourceId = source.type === 'environment' ? z.uuid().safeParse(source.environmentId).data : undefined
  return {
    source: sourceId && may(caller, 'read', { tenantId, environmentId: sourceId }) ? sourceId : undefined,
    destination: destination.environmentId,
  }
}

/** A plan without a destination is of a time when none was noted: only who may read the whole tenant sees it. */
function mayRead(caller: Caller, tenantId: string, { source, destination }: PlanEnvironments): boolean {
  const readable = (environmentId: string | undefined) => may(caller, 'read', { tenantId, environmentId })
  return readable(destination) && (source === undefined || readable(source))
}

/** SHA-256 of a plan's canonical JSON. */
export function hashOf(plan: Json): string {
  return createHash('sha256').update(canonical(plan)).digest('hex')
}

/** What is taken for granted of a plan that was made here, and must be checked of one that comes from outside. */
const importedPlanSchema = planSchema.superRefine(({ destination, operations }, context) => {
  const { environmentId } = destination
  if (environmentId !== undefined && !z.uuid().safeParse(environmentId).success) {
    context.addIssue({ code: 'custom', path: ['destination', 'environmentId'], message: 'Not an environment id.' })
  }
  const seen = new Set<string>()
  for (const [index, { id }] of operations.entries()) {
    if (!/^[\w-]{1,100}$/.test(id)) {
      context.addIssue({ code: 'custom', path: ['operations', index, 'id'], message: 'Not an id such as op-1.' })
    }
    if (seen.has(id)) {
      context.addIssue({ code: 'custom', path: ['operations', index, 'id'], message: 'Another operation has this id.' })
    }
    seen.add(id)
  }
})

function parsePlan(input: unknown): Plan {
  const parsed = importedPlanSchema.safeParse(input)
  if (parsed.success) return parsed.data
  const errors = parsed.error.issues.map(({ path, message }) => ({ pointer: `/${path.join('/')}`, message }))
  throw new ProblemError({
    status: 400,
    code: 'VALIDATION_FAILED',
    detail: `This is no plan: ${errors[0]?.pointer ?? ''}: ${errors[0]?.message ?? 'not valid'}`,
    nextStep: 'Import a file that was written by a plan command of this version.',
    errors,
  })
}

/** How to open a place again: environments are renamed, and an export is not the environment it came from. */
function specOf({ spec, type, environmentId }: PlaceDescription): string {
  return type === 'environment' && environmentId !== undefined ? `env:${environmentId}` : spec
}

function choiceKey({ kind, sourceId }: Choice): string {
  return `${kind} ${sourceId}`
}

function withoutUndefined(options: Loose<Partial<PlanOptions>>): Partial<PlanOptions> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

function notWritable({ name }: PlaceDescription): ProblemError {
  return new ProblemError({
    status: 422,
    code: 'DESTINATION_NOT_WRITABLE',
    detail: `"${name}" can't be written to.`,
    nextStep: 'Choose an environment as destination.',
  })
}
