import type { FastifyInstance, FastifyRequest } from 'fastify'
import { mediaType } from '../body.ts'
import { type Context, pathParameter } from '../context.ts'
import { forbidden, invalidValue, notAuthorized, notFound } from '../errors.ts'
import { isUuid } from '../ids.ts'
import type { EnvironmentState } from '../state/environment-state.ts'
import type { WorkerApplication } from '../state/records.ts'
import { may, type PartType, type Target } from './assignments.ts'
import { type Permission, partsOf } from './permission.ts'

/** What a caller must be allowed to use a route. */
export interface Need {
  permission: Permission
  /** Another permission for requests of some media types. */
  byMediaType?: Readonly<Record<string, Permission>>
  /** A role on one of these suffices too: on the one in the path, or for a list on any. */
  part?: PartType
  /** It is a list, which is never refused: it holds what the caller may see. */
  filtered?: true
}

/** A route and what it needs. */
export interface RouteNeed {
  method: string
  path: string
  need: Need
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** null where nobody is let through. */
    need?: Need | null
  }
}

/** The options of a route that needs a permission. Every route below /v1 has them. */
export function needs(permission: Permission, more: Omit<Need, 'permission'> = {}): { config: { need: Need } } {
  return { config: { need: { permission, ...more } } }
}

/**
 * Collects what each route added from now on needs.
 * A route below /v1 that doesn't say is a mistake: adding it throws an Error.
 */
export function collectNeeds(app: FastifyInstance): readonly RouteNeed[] {
  const collected: RouteNeed[] = []
  app.addHook('onRoute', ({ url, method, config }) => {
    if (url.startsWith('/v1/') && config?.need === undefined) {
      throw new Error(`${String(method)} ${url} doesn't say which permission it needs.`)
    }
    // Fastify adds a HEAD of its own to each GET.
    if (config?.need && method !== 'HEAD') collected.push({ method: String(method), path: url, need: config.need })
  })
  return collected
}

/** Services whose refusals are worded in an older way (seen on live answers for roles, languages and keys). */
const olderServices = new Set(['permissions', 'langmgt', 'certmgt'])

const partParameters: Record<PartType, string> = { POPULATION: 'populationId', APPLICATION: 'applicationId' }

/**
 * Lets a request through that its caller has a role for, and returns the environment in its path. Throws 403 otherwise.
 * Everything below an environment that doesn't exist answers 403 and not 404 (PingOne OpenAPI description, P14C-63085);
 * so does another organization's, and DaVinci where an environment doesn't have it.
 */
export function authorize(
  request: FastifyRequest,
  worker: WorkerApplication,
  { state, settings }: Context,
): EnvironmentState | undefined {
  const { need } = request.routeOptions.config
  if (!need) return undefined
  const permission = need.byMediaType?.[mediaType(request) ?? ''] ?? need.permission
  const target: Target = { organizationId: worker.organizationId }
  if (!request.routeOptions.url?.startsWith('/v1/environments/:environmentId')) {
    if (!need.filtered && !may(worker, permission, target)) throw refusal(permission)
    return undefined
  }

  const id = pathParameter(request, 'environmentId')
  if (!isUuid(id)) throw invalidValue('environmentID', 'must be a valid UUID')
  const environment = state.environments.get(id)
  if (environment?.head.organizationId !== worker.organizationId) {
    throw isOfEnvironmentItself(request) ? notFound(`Unable to find environment with ID: '${id}'`) : refusal(permission)
  }
  target.environmentId = id
  if (need.part) target.part = partIn(request, need.part)
  if (!may(worker, permission, target)) throw refusal(permission)
  if (partsOf(permission).service === 'davinci') {
    if (!environment.head.products.includes('PING_ONE_DAVINCI')) throw refusal(permission)
    // DaVinci doesn't know a new environment at once: it was seen to answer 403 for the first half minute and more.
    const inserted = environment.insertedAt.get(id)
    if (inserted !== undefined && state.now() - inserted < settings.settleMilliseconds) throw refusal(permission)
  }
  return environment
}

/** The environments that a worker sees: those it has any role on. */
export function visibleEnvironments(worker: WorkerApplication, environments: Iterable<EnvironmentState>) {
  return [...environments].filter(
    ({ id, head }) =>
      head.organizationId === worker.organizationId &&
      may(worker, 'orgmgt:read:environment', { organizationId: worker.organizationId, environmentId: id }),
  )
}

function partIn(request: FastifyRequest, type: PartType): NonNullable<Target['part']> {
  const id = pathParameter(request, partParameters[type])
  return id === '' ? { type } : { type, id }
}

function isOfEnvironmentItself(request: FastifyRequest): boolean {
  return /:environmentId(\/billOfMaterials)?$/.test(request.routeOptions.url ?? '')
}

function refusal(permission: Permission) {
  return olderServices.has(partsOf(permission).service) ? notAuthorized() : forbidden()
}
