import type { FastifyInstance, FastifyRequest } from 'fastify'
import { environmentOf, pathParameter, queryParameter } from '../context.ts'
import { notFound } from '../errors.ts'
import { fits, parseFilter } from '../filter.ts'
import { linksFrom, selfLink } from '../links.ts'
import { needs } from '../roles/access.ts'
import { populationOf } from '../state/population.ts'

const base = '/v1/environments/:environmentId/populations'
const need = needs('dir:read:population', { part: 'POPULATION' })

/** Adds /populations, to read. */
export function registerPopulations(app: FastifyInstance): void {
  app.get(base, need, (request) => {
    const environment = environmentOf(request)
    const terms = parseFilter(queryParameter(request, 'filter'), { name: ['sw', 'eq'], id: ['eq'] })
    const population = populationOf(environment)
    const fit = terms.every((term) => fits(term, term.attribute === 'id' ? population.id : population.name))
    const found = fit ? [populationAnswer(request)] : []
    return {
      _links: { self: selfLink(request) },
      _embedded: { populations: found },
      count: found.length,
      size: found.length,
    }
  })

  app.get(`${base}/:populationId`, need, (request) => {
    const { id } = populationOf(environmentOf(request))
    if (pathParameter(request, 'populationId') !== id) throw notFound()
    return populationAnswer(request)
  })
}

function populationAnswer(request: FastifyRequest) {
  const environment = environmentOf(request)
  const population = populationOf(environment)
  const link = linksFrom(request, environment.id)
  return {
    _links: { self: link('populations', population.id), environment: link() },
    id: population.id,
    environment: { id: environment.id },
    name: population.name,
    description: 'The population of all users.',
    default: true,
    userCount: 0,
    createdAt: environment.head.createdAt,
    updatedAt: environment.head.createdAt,
  }
}
