import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Context, pathParameter, queryParameter, workerOf } from '../context.ts'
import { forbidden, notFound } from '../errors.ts'
import { fits, parseFilter } from '../filter.ts'
import { originOf, selfLink } from '../links.ts'
import { needs } from '../roles/access.ts'
import type { Organization } from '../state/records.ts'

/** Adds /organizations and their licences. A worker sees its own organization alone; another's is forbidden, not missing. */
export function registerOrganizations(app: FastifyInstance, { state }: Context): void {
  const own = (request: FastifyRequest): Organization => {
    const organization = state.organizations.find(({ id }) => id === workerOf(request).organizationId)
    if (!organization) throw forbidden()
    const asked = pathParameter(request, 'organizationId')
    if (asked !== '' && asked !== organization.id) throw forbidden()
    return organization
  }

  app.get('/v1/organizations', needs('orgmgt:read:organization'), (request) => {
    const terms = parseFilter(queryParameter(request, 'filter'), { name: ['sw', 'eq'], id: ['eq'] })
    const found = [own(request)].filter((organization) =>
      terms.every((term) => fits(term, term.attribute === 'id' ? organization.id : organization.name)),
    )
    return {
      _links: { self: selfLink(request) },
      _embedded: { organizations: found.map((organization) => organizationAnswer(request, organization)) },
      count: found.length,
      size: found.length,
    }
  })

  app.get('/v1/organizations/:organizationId', needs('orgmgt:read:organization'), (request) =>
    organizationAnswer(request, own(request)),
  )

  app.get('/v1/organizations/:organizationId/licenses', needs('licensing:read:license'), (request) => {
    const organization = own(request)
    const terms = parseFilter(queryParameter(request, 'filter'), { status: ['eq'] })
    const found = terms.every(({ value }) => value.toUpperCase() === 'ACTIVE')
      ? [licenceAnswer(request, organization, assigned(organization))]
      : []
    return {
      _links: { self: selfLink(request) },
      _embedded: { licenses: found },
      count: found.length,
      size: found.length,
    }
  })

  app.get('/v1/organizations/:organizationId/licenses/:licenceId', needs('licensing:read:license'), (request) => {
    const organization = own(request)
    if (pathParameter(request, 'licenceId') !== organization.licenceId) throw notFound()
    return licenceAnswer(request, organization, assigned(organization))
  })

  function assigned(organization: Organization): number {
    return [...state.environments.values()].filter(({ head }) => head.licenceId === organization.licenceId).length
  }
}

function organizationAnswer(request: FastifyRequest, organization: Organization): Record<string, unknown> {
  const { id, name, description, type, createdAt, updatedAt } = organization
  const base = `${originOf(request)}/v1/organizations/${id}`
  return {
    _links: {
      self: { href: base },
      environments: { href: `${originOf(request)}/v1/environments` },
      licenses: { href: `${base}/licenses` },
    },
    id,
    name,
    description,
    type,
    createdAt,
    updatedAt,
  }
}

function licenceAnswer(request: FastifyRequest, organization: Organization, environments: number) {
  const base = `${originOf(request)}/v1/organizations/${organization.id}`
  return {
    _links: { self: { href: `${base}/licenses/${organization.licenceId}` }, organization: { href: base } },
    id: organization.licenceId,
    name: `${organization.name} licence`,
    package: 'INTERNAL',
    status: 'ACTIVE',
    beginsAt: organization.createdAt,
    organization: { id: organization.id },
    assignedEnvironmentsCount: environments,
    environments: { allowProduction: true, allowCustomDomain: true },
    orchestrate: { allowOrchestration: true },
  }
}
