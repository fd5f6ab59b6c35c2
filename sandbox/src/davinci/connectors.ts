import type { FastifyInstance, FastifyRequest } from 'fastify'
import { environmentOf, pathParameter } from '../context.ts'
import { notFound } from '../errors.ts'
import { linksFrom, selfLink } from '../links.ts'
import { needs } from '../roles/access.ts'
import {
  type CatalogueConnector,
  catalogue,
  connectorMetadata,
  connectorProperties,
} from '../state/connectors/catalogue.ts'

const base = '/v1/environments/:environmentId/connectors'

/** Adds /connectors: the catalogue is the same in every environment. */
export function registerConnectors(app: FastifyInstance): void {
  app.get(base, needs('davinci:read:connectors'), (request) => {
    const environment = environmentOf(request)
    return {
      _links: { environment: linksFrom(request, environment.id)(), self: selfLink(request) },
      _embedded: { connectors: [...catalogue.values()].map((connector) => minimal(request, connector)) },
      count: catalogue.size,
      size: catalogue.size,
    }
  })

  app.get(`${base}/:connectorId`, needs('davinci:read:connectors'), (request) => minimal(request, connectorOf(request)))

  app.get(`${base}/:connectorId/details`, needs('davinci:read:connectors'), (request) => {
    const connector = connectorOf(request)
    const environment = environmentOf(request)
    const link = linksFrom(request, environment.id)
    const account = Object.keys(connector.account ?? {})
    return {
      _links: { environment: link(), self: link('connectors', connector.id, 'details') },
      environment: { id: environment.id },
      properties: connectorProperties(connector),
      // The description allows each capability no fields of its own, so their names are all there is to say.
      capabilities: Object.fromEntries(connector.capabilities.map((name) => [name, {}])),
      accountConfigView: { items: account.map((propertyName) => ({ propertyName })) },
      credentialsView: { items: account.map((propertyName) => ({ propertyName })) },
      sections: [{ name: 'General', value: 'general', default: true }],
      flowSections: [{ name: 'General', value: 'general' }],
    }
  })
}

function connectorOf(request: FastifyRequest): CatalogueConnector {
  const connector = catalogue.get(pathParameter(request, 'connectorId'))
  if (!connector) throw notFound()
  return connector
}

function minimal(request: FastifyRequest, connector: CatalogueConnector): Record<string, unknown> {
  const environment = environmentOf(request)
  const link = linksFrom(request, environment.id)
  return {
    _links: {
      environment: link(),
      self: link('connectors', connector.id),
      details: link('connectors', connector.id, 'details'),
    },
    environment: { id: environment.id },
    id: connector.id,
    name: connector.name,
    description: connector.description,
    version: '1.0.0',
    metadata: connectorMetadata(connector.id),
    createdAt: environment.head.createdAt,
    updatedAt: environment.head.createdAt,
  }
}
