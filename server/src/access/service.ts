import { randomBytes } from 'node:crypto'
import {
  type AccessEnvironment,
  type AccessProbe,
  type Area,
  accessJob,
  accessJobs,
  accessMatrix,
  advise,
  areas,
  type JobChoice,
  operationsOf,
} from '@flightiq/core'
import { type PingOneClient, PingOneError } from '@flightiq/pingone'
import type { z } from 'zod'
import type { Caller } from '../authorization/caller.ts'
import { may, requirePermission } from '../authorization/permissions.ts'
import type {
  AccessAdvice,
  AccessEvent,
  AccessMatrix,
  accessJobSchema,
  ChecklistEvent,
  ChecklistItem,
} from '../contract/access.ts'
import type { Problem } from '../contract/problem.ts'
import type { PlaceService } from '../places/service.ts'
import { problemOf } from '../problems/from-error.ts'
import { notFound, ProblemError } from '../problems/problem-error.ts'
import type { Environment, TenantService } from '../tenants/service.ts'
import { type ChecklistSubject, runChecklist, tryWrite } from './checklist.ts'
import { diagnose, isDiagnosable } from './diagnosis.ts'
import { type AccessKnowledge, readApplication, readAssignments, readKnowledge } from './knowledge.ts'

/** How long what is known of a worker app's roles is good enough to explain a refusal by, in milliseconds. */
const knowledgeLasts = 3000

export interface MatrixRequest {
  /** Ids; absent: all that the caller may read. */
  environments?: readonly string[] | undefined
  probe: 'none' | 'reads' | 'all'
}

export interface AdviceRequest {
  jobs: readonly string[]
  sources: readonly string[]
  destinations: readonly string[]
}

/** Throws a ProblemError while guards forbid writing to an environment. */
export type RefuseWrite = (tenantId: string, environment: Environment) => Promise<void>

/** What the worker app of a tenant may do in PingOne: the matrix, advice, the checklist, and why a call was refused. */
export class AccessService {
  readonly #tenants: TenantService
  readonly #places: PlaceService
  readonly #refuseWrite: RefuseWrite
  readonly #known = new Map<string, { at: number; knowledge: Promise<AccessKnowledge> }>()

  constructor(tenants: TenantService, places: PlaceService, refuseWrite: RefuseWrite) {
    this.#tenants = tenants
    this.#places = places
    this.#refuseWrite = refuseWrite
    tenants.onChange((tenantId) => this.#known.delete(tenantId))
  }

  /** What a worker app may be wanted for. */
  listJobs(): z.infer<typeof accessJobSchema>[] {
    return accessJobs.map(({ id, label, description, source, destination }) => ({
      id,
      label,
      description,
      needsSource: source.length > 0,
      needsDestination: destination.length > 0,
    }))
  }

  /** The matrix, with its progress. Nothing is changed in PingOne. Throws what the client throws, but for refusals. */
  async *matrixEvents(
    caller: Caller,
    tenantId: string,
    request: MatrixRequest,
    signal?: AbortSignal,
  ): AsyncGenerator<AccessEvent> {
    const client = await this.#tenants.client(tenantId)
    yield { type: 'progress', done: 0, total: 0, step: 'Roles of the worker app' }
    const knowledge = await this.#read(tenantId, client, signal)
    const environments = this.#chosen(caller, tenantId, knowledge.environments, request.environments)
    const probes: AccessProbe[] = []
    const wanted = probesFor(environments, request.probe)
    const names = new Map(environments.map(({ id, name }) => [id, name]))
    for (const batch of batchesOf(wanted)) {
      const step = `Trials in ${names.get(batch[0]?.environmentId ?? '') ?? 'the environment'}`
      yield { type: 'progress', done: probes.length, total: wanted.length, step }
      probes.push(...(await Promise.all(batch.map((one) => probe(client, one, signal)))))
    }
    const { organizationId, assignments, roles, note } = knowledge
    const matrix = accessMatrix({ organizationId, environments, assignments, roles, probes })
    yield { type: 'matrix', matrix: shownMatrix(matrix, note) }
  }

  /** The matrix, when it is there. `onProgress` is told how it goes on. */
  async matrix(
    caller: Caller,
    tenantId: string,
    request: MatrixRequest,
    options: {
      signal?: AbortSignal | undefined
      onProgress?: (done: number, total: number, step: string) => void
    } = {},
  ): Promise<AccessMatrix> {
    for await (const event of this.matrixEvents(caller, tenantId, request, options.signal)) {
      if (event.type === 'matrix') return event.matrix
      options.onProgress?.(event.done, event.total, event.step)
    }
    throw new Error('The matrix ended before it was there.')
  }

  /**
   * The smallest set of roles for some jobs, what is missing, and what is granted beyond need. Throws a ProblemError
   * ACCESS_JOB_UNKNOWN, and what the client throws.
   */
  async advise(caller: Caller, tenantId: string, request: AdviceRequest): Promise<AccessAdvice> {
    const tenant = await this.#tenants.get(tenantId)
    const { sources, destinations } = request
    const wanted = request.jobs.map((id) => {
      const job = accessJob(id)
      if (!job) throw jobUnknown(id)
      return { job, sources, destinations }
    })
    for (const id of [...sources, ...destinations]) {
      requirePermission(caller, 'read', { tenantId, environmentId: id })
    }
    const client = await this.#tenants.client(tenantId)
    const knowledge = await this.#read(tenantId, client)
    const { organizationId, environments, assignments, roles } = knowledge
    // Where the roles can't be read, what is needed is tried, so that what is missing can be told all the same.
    const tried = assignments === 'unknown' ? needsIn(wanted, environments) : []
    const probes = await Promise.all(tried.map((one) => probe(client, one)))
    const { minimum, missing, excess, notes } = advise({
      wanted,
      organizationId,
      homeEnvironmentId: tenant.environmentId,
      environments,
      assignments,
      roles,
      matrix: accessMatrix({ organizationId, environments, assignments, roles, probes }),
    })
    return {
      minimum: minimum.map(({ roleId: _roleId, ...role }) => role),
      missing: missing.map(({ roleId: _roleId, ...role }) => role),
      excess: excess.map(({ assignment: _assignment, ...role }) => role),
      notes: knowledge.note === undefined ? notes : [...notes, knowledge.note],
    }
  }

  /** Goes through the checklist, but for the trial write. */
  async *checklistEvents(caller: Caller, tenantId: string): AsyncGenerator<ChecklistEvent> {
    const tenant = await this.#tenants.get(tenantId)
    const client = () => this.#tenants.client(tenantId)
    const subject: ChecklistSubject = {
      testCredentials: () => this.#tenants.test(caller, tenantId),
      readApplication: async () => {
        const known = await client()
        return readApplication(known, tenant)
      },
      listEnvironments: () => this.#tenants.listEnvironments(caller, tenantId),
      countAssignments: async () => {
        const known = await client()
        return (await readAssignments(known, tenant))?.length
      },
      readFlows: async (environmentId) => (await (await client()).flows.list(environmentId)).length,
      explain: (error) => this.#explainCheck(caller, tenantId, error),
    }
    yield* runChecklist(subject)
  }

  /**
   * Makes a variable in an environment that is not for production, and removes it again. Throws a ProblemError
   * ENVIRONMENT_IS_PRODUCTION, what guards throw, and NotFoundError.
   */
  async tryWrite(caller: Caller, tenantId: string, environmentId: string): Promise<ChecklistItem> {
    requirePermission(caller, 'configure', { tenantId })
    const environments = await this.#tenants.listEnvironments(caller, tenantId)
    const environment = environments.find(({ id }) => id === environmentId)
    if (!environment) throw notFound('ENVIRONMENT_NOT_FOUND', 'The worker app sees no such environment.')
    if (environment.type === 'PRODUCTION') throw isProduction(environment.name)
    await this.#refuseWrite(tenantId, environment)
    const client = await this.#tenants.client(tenantId)
    return tryWrite(client, environment, randomBytes(5).toString('hex'), (error) =>
      this.#explainCheck(caller, tenantId, error),
    )
  }

  /** An error as a problem, with the reason that PingOne refused for where that can be found out. Never throws. */
  async explain(caller: Caller, tenantId: string, error: unknown): Promise<Problem> {
    const problem = problemOf(error)
    if (!isDiagnosable(error)) return problem
    try {
      const client = await this.#tenants.client(tenantId)
      const tenant = await this.#tenants.get(tenantId)
      const diagnosis = await diagnose(error, {
        client,
        tenantName: tenant.name,
        knowledge: () => this.#recent(tenantId, client),
        knowledgeAnew: () => this.#read(tenantId, client),
        ownersOf: (environmentId) => this.#ownersOf(caller, environmentId),
      })
      return diagnosis ? { ...problem, diagnosis } : problem
    } catch (second) {
      // What went wrong first matters; that its reason could not be found out is told beside it.
      const explanation = `Why could not be found out: ${problemOf(second).detail}`
      return { ...problem, diagnosis: { cause: 'unknown', explanation, certain: false } }
    }
  }

  /** The Org Roots of an environment that the caller may know of. */
  async #ownersOf(caller: Caller, environmentId: string): Promise<string[]> {
    const ids = this.#places.tenantsWith(environmentId)
    const visible = await this.#tenants.list(caller)
    return visible.filter(({ id }) => ids.includes(id)).map(({ name }) => name)
  }

  async #explainCheck(caller: Caller, tenantId: string, error: unknown): ReturnType<ChecklistSubject['explain']> {
    const { detail, nextStep, diagnosis, code } = await this.explain(caller, tenantId, error)
    const where = diagnosis?.nextStep ?? nextStep ?? 'Look at the access matrix.'
    const cause = diagnosis?.explanation ?? detail
    const refused = error instanceof PingOneError || code === 'NOT_FOUND'
    return { detail: refused ? cause : detail, cause, where, certain: diagnosis?.certain ?? false }
  }

  #chosen(
    caller: Caller,
    tenantId: string,
    environments: readonly AccessEnvironment[],
    wanted: readonly string[] | undefined,
  ): AccessEnvironment[] {
    return environments.filter(
      ({ id }) => (wanted === undefined || wanted.includes(id)) && may(caller, 'read', { tenantId, environmentId: id }),
    )
  }

  async #read(tenantId: string, client: PingOneClient, signal?: AbortSignal): Promise<AccessKnowledge> {
    const tenant = await this.#tenants.get(tenantId)
    const knowledge = await readKnowledge(client, tenant, { signal })
    this.#known.set(tenantId, { at: Date.now(), knowledge: Promise.resolve(knowledge) })
    return knowledge
  }

  /** Many calls can be refused at once for one reason: what is known is read once for all of them. */
  #recent(tenantId: string, client: PingOneClient): Promise<AccessKnowledge> {
    const known = this.#known.get(tenantId)
    if (known && Date.now() - known.at < knowledgeLasts) return known.knowledge
    const knowledge = this.#tenants.get(tenantId).then((tenant) => readKnowledge(client, tenant))
    this.#known.set(tenantId, { at: Date.now(), knowledge })
    knowledge.catch(() => this.#known.delete(tenantId))
    return knowledge
  }
}

async function probe(
  client: PingOneClient,
  one: Omit<AccessProbe, 'result'>,
  signal?: AbortSignal,
): Promise<AccessProbe> {
  return { ...one, result: await client.probes.try(one.environmentId, one.area, one.operation, { signal }) }
}

function probesFor(environments: readonly AccessEnvironment[], probing: MatrixRequest['probe']) {
  if (probing === 'none') return []
  return environments.flatMap(({ id, davinci }) =>
    areas
      .filter((area) => davinci !== false || area.domain !== 'orchestration')
      .flatMap((area: Area) =>
        operationsOf(area)
          .filter((operation) => probing === 'all' || operation === 'read')
          .map((operation) => ({ environmentId: id, area: area.id, operation })),
      ),
  )
}

/** What jobs need in the environments that the worker app sees, each once. */
function needsIn(
  wanted: readonly JobChoice[],
  environments: readonly AccessEnvironment[],
): Omit<AccessProbe, 'result'>[] {
  const cells = wanted.flatMap(({ job, sources, destinations }) => [
    ...sources.flatMap((environmentId) => job.source.map((need) => ({ environmentId, ...need }))),
    ...destinations.flatMap((environmentId) => job.destination.map((need) => ({ environmentId, ...need }))),
  ])
  const seen = new Set(environments.map(({ id }) => id))
  const each = cells
    .filter(({ environmentId }) => seen.has(environmentId))
    .flatMap(({ environmentId, area, operations }) =>
      operations.map((operation) => ({ environmentId, area, operation })),
    )
  return [...new Map(each.map((one) => [JSON.stringify(one), one])).values()]
}

/** Few enough at once for the progress to move, and to stop soon when nobody waits any more. */
function batchesOf<T>(all: readonly T[], size = 8): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size))
}

function shownMatrix(matrix: ReturnType<typeof accessMatrix>, note: string | undefined): AccessMatrix {
  return {
    rolesKnown: matrix.rolesKnown,
    ...(note === undefined ? {} : { rolesNote: note }),
    areas: matrix.areas,
    environments: matrix.environments.map((environment) => ({
      ...environment,
      cells: Object.fromEntries(
        Object.entries(environment.cells).map(([area, cells]) => [
          area,
          Object.fromEntries(
            Object.entries(cells).map(([operation, { conflict: _conflict, parts: _parts, ...cell }]) => [
              operation,
              cell,
            ]),
          ),
        ]),
      ),
    })),
    readAt: new Date().toISOString(),
  }
}

function jobUnknown(id: string): ProblemError {
  return new ProblemError({
    status: 400,
    code: 'ACCESS_JOB_UNKNOWN',
    detail: `There is no job "${id}".`,
    nextStep: `There are: ${accessJobs.map((job) => job.id).join(', ')}.`,
  })
}

function isProduction(name: string): ProblemError {
  return new ProblemError({
    status: 422,
    code: 'ENVIRONMENT_IS_PRODUCTION',
    detail: `"${name}" is a production environment: no trial is written there.`,
    nextStep: 'Choose an environment that is not for production.',
  })
}
