import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Context, environmentOf, queryParameter, workerOf } from '../context.ts'
import { invalidValue } from '../errors.ts'
import { type FilterTerm, fits, parseFilter } from '../filter.ts'
import { environmentUrl } from '../links.ts'
import { pageOf } from '../paging.ts'
import { needs, visibleEnvironments } from '../roles/access.ts'
import type { EnvironmentState } from '../state/environment-state.ts'
import { registerEnvironmentWrites } from './environment-writes.ts'

const filters = { name: ['sw', 'eq'], id: ['eq'], 'organization.id': ['eq'], 'license.id': ['eq'] } as const

/** Adds /environments: the list holds those alone on which the worker has a role. */
export function registerEnvironments(app: FastifyInstance, context: Context): void {
  const { state } = context

  app.get('/v1/environments', needs('orgmgt:read:environment', { filtered: true }), (request) => {
    const terms = parseFilter(queryParameter(request, 'filter'), filters)
    const visible = visibleEnvironments(workerOf(request), state.environments.values()).filter((environment) =>
      terms.every((term) => matches(term, environment)),
    )
    const ordered = inOrder(visible, queryParameter(request, 'order'))
    const listed = ordered.map((environment, sequence) => ({ sequence, environment }))
    const page = pageOf(request, listed, { usual: 1000, most: 5000 })
    const environments = page.items.map(({ environment }) => environmentAnswer(request, environment, context))
    return { _links: page.links, _embedded: { environments }, count: visible.length, size: environments.length }
  })

  app.get('/v1/environments/:environmentId', needs('orgmgt:read:environment'), (request) => {
    return environmentAnswer(request, environmentOf(request), context, true)
  })

  app.get('/v1/environments/:environmentId/billOfMaterials', needs('orgmgt:read:environment'), (request) => {
    return billOfMaterialsAnswer(request, environmentOf(request))
  })

  registerEnvironmentWrites(app, context, {
    answer: (request, environment) => environmentAnswer(request, environment, context, true),
    billOfMaterials: billOfMaterialsAnswer,
  })
}

function matches(term: FilterTerm, { head }: EnvironmentState): boolean {
  const values: Record<string, string> = {
    name: head.name,
    id: head.id,
    'organization.id': head.organizationId,
    'license.id': head.licenceId,
  }
  return fits(term, values[term.attribute])
}

function inOrder(environments: EnvironmentState[], order: string | undefined): EnvironmentState[] {
  if (order === undefined || order === '') return environments
  if (!/^-?name$/.test(order)) throw invalidValue('order', 'must be name or -name')
  const sorted = environments.toSorted((left, right) => left.name.localeCompare(right.name, 'en'))
  return order.startsWith('-') ? sorted.reverse() : sorted
}

function billOfMaterials({ head }: EnvironmentState) {
  return { products: head.products.map((type) => ({ type })), solutionType: 'CUSTOMER' }
}

function billOfMaterialsAnswer(request: FastifyRequest, environment: EnvironmentState): Record<string, unknown> {
  return {
    _links: { self: { href: `${environmentUrl(request, environment.id)}/billOfMaterials` } },
    ...billOfMaterials(environment),
    createdAt: environment.head.createdAt,
    updatedAt: environment.head.updatedAt,
  }
}

function environmentAnswer(
  request: FastifyRequest,
  environment: EnvironmentState,
  { settings }: Context,
  capabilities = false,
): Record<string, unknown> {
  const { head } = environment
  const base = environmentUrl(request, head.id)
  const expanded = (queryParameter(request, 'expand') ?? '').split(',').includes('billOfMaterials')
  return {
    _links: {
      self: { href: base },
      organization: { href: base.replace(/environments\/.*/, `organizations/${head.organizationId}`) },
      billOfMaterials: { href: `${base}/billOfMaterials` },
    },
    id: head.id,
    name: head.name,
    description: head.description,
    organization: { id: head.organizationId },
    license: { id: head.licenceId },
    type: head.type,
    region: head.region,
    status: head.status ?? 'ACTIVE',
    ...(head.subtype ? { subtype: head.subtype } : {}),
    createdAt: head.createdAt,
    updatedAt: head.updatedAt,
    ...(expanded ? { billOfMaterials: billOfMaterials(environment) } : {}),
    ...(capabilities
      ? {
          environmentCapabilities: {
            environmentId: head.id,
            canUseOrchestration: true,
            canUseDaVinciAdminPortal: true,
            ...(settings.rateLimitPerMinute === null
              ? {}
              : { licenseQuantities: { rlgConfigRpm: { limit: settings.rateLimitPerMinute } } }),
          },
        }
      : {}),
  }
}
