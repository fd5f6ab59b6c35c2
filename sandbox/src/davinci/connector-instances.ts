import { isObject, type JsonObject, stringAt } from '@flightiq/core'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { namePattern, objectBody, optionalObjectBody, text } from '../body.ts'
import { type Context, environmentOf, pathParameter } from '../context.ts'
import { licenceExceeded, notFound } from '../errors.ts'
import { linksFrom, selfLink } from '../links.ts'
import { needs } from '../roles/access.ts'
import { connectorMetadata, secureProperties } from '../state/connectors/catalogue.ts'
import type { EnvironmentState } from '../state/environment-state.ts'
import type { Resource } from '../state/records.ts'
import { copyName } from './copy-name.ts'
import { masked, unmasked } from './masking.ts'

const base = '/v1/environments/:environmentId/connectorInstances'
const cloneType = 'application/vnd.pingidentity.connectorInstance.clone+json'

const createBody = z.looseObject({
  name: text(256, namePattern),
  // Connectors grow monthly, so one that the catalogue doesn't know is taken too.
  connector: z.looseObject({ id: text(256, namePattern) }),
  properties: z.looseObject({}).optional(),
})

/** The connector can't change, and Terraform sends its id empty: whatever stands there is ignored. */
const replaceBody = createBody.extend({ connector: z.looseObject({ id: z.string() }) })

/** Adds /connectorInstances. */
export function registerConnectorInstances(app: FastifyInstance, context: Context): void {
  app.get(base, needs('davinci:read:connections'), (request) => {
    const environment = environmentOf(request)
    const instances = [...environment.connectorInstances.values()]
    return {
      _links: { environment: linksFrom(request, environment.id)(), self: selfLink(request) },
      _embedded: { connectorInstances: instances.map((instance) => instanceAnswer(request, instance)) },
      count: instances.length,
      size: instances.length,
    }
  })

  app.post(base, needs('davinci:create:connections'), (request, reply) => {
    const environment = environmentOf(request)
    const content = objectBody(request, createBody)
    refuseMore(environment, context)
    const { id: _id, createdAt: _createdAt, updatedAt: _updatedAt, metadata: _metadata, ...chosen } = content
    reply.code(201)
    return instanceAnswer(request, environment.insertConnectorInstance(withoutMasks(chosen, {})))
  })

  app.get(`${base}/:instanceId`, needs('davinci:read:connections'), (request) =>
    instanceAnswer(request, instanceOf(request)),
  )

  app.put(`${base}/:instanceId`, needs('davinci:update:connections'), (request) => {
    const instance = instanceOf(request)
    const { metadata: _metadata, ...content } = objectBody(request, replaceBody)
    const kept = isObject(instance.content.properties) ? instance.content.properties : {}
    const connector = instance.content.connector ?? null
    environmentOf(request).replace(instance, { ...withoutMasks(content, kept), connector })
    return instanceAnswer(request, instance)
  })

  app.delete(`${base}/:instanceId`, needs('davinci:delete:connections'), (request, reply) => {
    const environment = environmentOf(request)
    environment.connectorInstances.delete(instanceOf(request).id)
    environment.changed()
    return reply.code(204).send()
  })

  app.post(`${base}/:instanceId`, needs('davinci:create:connections'), (request, reply) => {
    const instance = instanceOf(request)
    optionalObjectBody(request, z.looseObject({}), [cloneType])
    const environment = environmentOf(request)
    refuseMore(environment, context)
    const names = [...environment.connectorInstances.values()].map(({ content }) => stringAt(content, 'name'))
    const name = copyName(stringAt(instance.content, 'name') ?? '', names)
    reply.code(201)
    return instanceAnswer(request, environment.insertConnectorInstance({ ...instance.content, name }))
  })
}

function refuseMore(environment: EnvironmentState, { settings }: Context): void {
  const most = settings.limits.connectorInstances
  if (environment.connectorInstances.size >= most) throw licenceExceeded('connector instances', most)
}

function instanceOf(request: FastifyRequest): Resource {
  const instance = environmentOf(request).connectorInstances.get(pathParameter(request, 'instanceId'))
  if (!instance) throw notFound()
  return instance
}

function withoutMasks(content: JsonObject, kept: JsonObject): JsonObject {
  return isObject(content.properties) ? { ...content, properties: unmasked(content.properties, kept) } : content
}

function instanceAnswer(request: FastifyRequest, instance: Resource): JsonObject {
  const environment = environmentOf(request)
  const link = linksFrom(request, environment.id)
  const { properties, ...content } = instance.content
  const connectorId = stringAt(content.connector, 'id') ?? ''
  const self = link('connectorInstances', instance.id)
  const metadata = connectorMetadata(connectorId)
  return {
    _links: { environment: { ...link() }, self: { ...self }, 'connectorInstance.clone': { ...self } },
    environment: { id: environment.id },
    id: instance.id,
    ...content,
    ...(metadata ? { metadata } : {}),
    ...(isObject(properties) && Object.keys(properties).length > 0
      ? { properties: masked(properties, secureProperties(connectorId)) }
      : {}),
    createdAt: instance.createdAt,
    updatedAt: instance.updatedAt,
  }
}
