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
import type { ComparisonService } from '../comparison/service.ts'
import type { PlanRecord, PlanRequest } from '../contract/plans.ts'
import { notFound, ProblemError } from '../problems/problem-error.ts'
import type { Storage } from '../storage/database.ts'
import type { TenantService } from '../tenants/service.ts'
import { insertPlan, type PlanSummary, readPlan, readPlanSummaries } from './store.ts'

/** A request with the options that the server fills in left open. */
export type NewPlanRequest = Omit<PlanRequest, 'options'> & { options?: Loose<Partial<PlanOptions>> | undefined }

type Loose<T> = { [Key in keyof T]: T[Key] | undefined }

/** Makes plans and keeps them. A plan that was saved never changes. */
export class PlanService {
  readonly #storage: Storage
  readonly #tenants: TenantService
  readonly #comparison: ComparisonService

  constructor(storage: Storage, tenants: TenantService, comparison: ComparisonService) {
    this.#storage = storage
    this.#tenants = tenants
    this.#comparison = comparison
  }

  /**
   * Reads both places anew, makes the plan and saves it. Nothing is written to PingOne.
   * Throws a PlanError, a ProblemError DESTINATION_NOT_WRITABLE, and what reading throws.
   */
  async create(tenantId: string, request: NewPlanRequest, options: ReadOptions = {}): Promise<PlanRecord> {
    const { from, to, selection } = request
    const read = await this.#comparison.read(tenantId, { from, to, refresh: true }, options)
    if (!read.destination.writable) throw notWritable(read.destination)
    const plan = makePlan({
      source: { description: read.source, inventory: read.sides.source },
      destination: { description: read.destination, inventory: read.sides.destination },
      selection,
      options: withoutUndefined(request.options ?? {}),
      saved: read.saved,
    })
    return this.#save(tenantId, plan)
  }

  /** Saves a plan made elsewhere. Throws a ProblemError VALIDATION_FAILED or DESTINATION_NOT_WRITABLE. */
  async import(tenantId: string, input: unknown): Promise<PlanRecord> {
    await this.#tenants.get(tenantId)
    const plan = parsePlan(input)
    if (!plan.destination.writable || plan.destination.environmentId === undefined) throw notWritable(plan.destination)
    const operations = plan.operations.map((operation) =>
      operation.content ? { ...operation, content: kindOf(operation.kind).redact(operation.content) } : operation,
    )
    return this.#save(tenantId, { ...plan, operations })
  }

  /** Makes a new plan of the same selection with choices added or changed. The old plan stays as it is. */
  async choose(
    tenantId: string,
    planId: string,
    input: { choices: Choice[]; options?: Loose<Partial<PlanOptions>> | undefined },
    options: ReadOptions = {},
  ): Promise<PlanRecord> {
    const { plan } = await this.get(tenantId, planId)
    const added = new Set(input.choices.map(choiceKey))
    const kept = plan.options.choices.filter((choice) => !added.has(choiceKey(choice)))
    return this.create(
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

  /** The saved plans of a tenant, newest first. */
  async list(tenantId: string): Promise<PlanSummary[]> {
    await this.#tenants.get(tenantId)
    return readPlanSummaries(await this.#storage.queries(), tenantId)
  }

  /** One plan. Throws a ProblemError PLAN_NOT_FOUND, or PLAN_DAMAGED when it is no longer what was saved. */
  async get(tenantId: string, planId: string): Promise<PlanRecord> {
    await this.#tenants.get(tenantId)
    const found = await readPlan(await this.#storage.queries(), tenantId, planId)
    if (!found) throw notFound('PLAN_NOT_FOUND', 'There is no plan with this id.', 'Look at the list of plans.')
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

  async #save(tenantId: string, plan: Plan): Promise<PlanRecord> {
    // What is hashed and run is the plan as it comes back from storage.
    const stored = planSchema.parse(JSON.parse(JSON.stringify(plan)))
    const record = {
      id: randomUUID(),
      tenantId,
      createdAt: new Date().toISOString(),
      hash: hashOf(stored as unknown as Json),
      plan: stored,
    }
    await insertPlan(await this.#storage.queries(), record)
    return { ...record, runIds: [] }
  }
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
