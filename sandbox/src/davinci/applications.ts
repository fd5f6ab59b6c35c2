import { isObject, type JsonObject, stringAt } from '@flightiq/core'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { jsonBody, namePattern, objectBody, text } from '../body.ts'
import { environmentOf, pathParameter } from '../context.ts'
import { invalidData, notFound } from '../errors.ts'
import { newHexId, newSecret } from '../ids.ts'
import { linksFrom, selfLink } from '../links.ts'
import { needs } from '../roles/access.ts'
import type { Resource } from '../state/records.ts'

const base = '/v1/environments/:environmentId/davinciApplications'
const rotateKeyType = 'application/vnd.pingidentity.davinciApplication.rotateKey+json'
const rotateSecretType = 'application/vnd.pingidentity.davinciApplication.rotateSecret+json'

const createBody = z.looseObject({ name: text(256, namePattern) })
const replaceBody = z.looseObject({
  name: text(256, namePattern),
  apiKey: z.looseObject({ enabled: z.boolean().optional() }).optional(),
  oauth: z
    .looseObject({
      enforceSignedRequestOpenid: z.boolean().optional(),
      grantTypes: z.array(z.enum(['authorizationCode', 'clientCredentials', 'implicit'])).optional(),
      logoutUris: z.array(z.string()).optional(),
      redirectUris: z.array(z.string()).optional(),
      scopes: z.array(z.enum(['flow_analytics', 'offline_access', 'openid', 'profile'])).optional(),
      spJwksOpenid: z.string().optional(),
      spjwksUrl: z.string().optional(),
    })
    .optional(),
})

/** Adds /davinciApplications. */
export function registerApplications(app: FastifyInstance): void {
  app.get(base, needs('davinci:read:applications'), (request) => {
    const environment = environmentOf(request)
    const applications = [...environment.applications.values()]
    return {
      _links: { environment: linksFrom(request, environment.id)(), self: selfLink(request) },
      _embedded: { davinciApplications: applications.map((one) => applicationAnswer(request, one)) },
      count: applications.length,
      size: applications.length,
    }
  })

  // Everything but the name is ignored, so that clients follow a create with a replace.
  app.post(base, needs('davinci:create:applications'), (request, reply) => {
    const { name } = objectBody(request, createBody)
    reply.code(201)
    return applicationAnswer(request, environmentOf(request).insertApplication({ name: name ?? '' }))
  })

  app.get(`${base}/:applicationId`, needs('davinci:read:applications'), (request) =>
    applicationAnswer(request, applicationOf(request)),
  )

  app.put(`${base}/:applicationId`, needs('davinci:update:applications'), (request) => {
    const application = applicationOf(request)
    const content = objectBody(request, replaceBody)
    const { apiKey, oauth } = application.content
    environmentOf(request).replace(application, {
      ...content,
      apiKey: { enabled: true, ...objectOf(content.apiKey), value: stringAt(apiKey, 'value') ?? newSecret(48) },
      oauth: {
        grantTypes: ['authorizationCode'],
        scopes: ['openid', 'profile'],
        redirectUris: [],
        logoutUris: [],
        ...objectOf(content.oauth),
        clientSecret: stringAt(oauth, 'clientSecret') ?? newHexId(),
      },
    })
    return applicationAnswer(request, application)
  })

  app.delete(`${base}/:applicationId`, needs('davinci:delete:applications'), (request, reply) => {
    const environment = environmentOf(request)
    const application = applicationOf(request)
    for (const policy of environment.flowPolicies.values()) {
      if (policy.applicationId === application.id) environment.removeFlowPolicy(policy)
    }
    environment.applications.delete(application.id)
    environment.changed()
    return reply.code(204).send()
  })

  app.post(`${base}/:applicationId/key`, needs('davinci:update:applications'), (request) => {
    const application = applicationOf(request)
    refuseFields(request, rotateKeyType)
    const apiKey = { ...objectOf(application.content.apiKey), value: newSecret(48) }
    environmentOf(request).replace(application, { ...application.content, apiKey })
    return applicationAnswer(request, application)
  })

  app.post(`${base}/:applicationId/secret`, needs('davinci:update:applications'), (request) => {
    const application = applicationOf(request)
    refuseFields(request, rotateSecretType)
    const oauth = { ...objectOf(application.content.oauth), clientSecret: newHexId() }
    environmentOf(request).replace(application, { ...application.content, oauth })
    return applicationAnswer(request, application)
  })
}

/** The application of the path. Throws 404. */
export function applicationOf(request: FastifyRequest): Resource {
  const application = environmentOf(request).applications.get(pathParameter(request, 'applicationId'))
  if (!application) throw notFound()
  return application
}

/** The two rotations are the only bodies that may hold nothing at all. */
function refuseFields(request: FastifyRequest, type: string): void {
  const body = jsonBody(request, [type])
  const fields = isObject(body) ? Object.keys(body) : []
  if (fields.length === 0) return
  throw invalidData(fields.map((target) => ({ code: 'INVALID_PARAMETER', target, message: 'is not expected here' })))
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {}
}

/** Key and secret are answered in clear, as PingOne does. */
function applicationAnswer(request: FastifyRequest, application: Resource): JsonObject {
  const environment = environmentOf(request)
  const link = linksFrom(request, environment.id)
  const oauth = objectOf(application.content.oauth)
  const { enforceSignedRequestOpenid, ...rest } = oauth
  return {
    _links: {
      self: { ...link('davinciApplications', application.id) },
      environment: { ...link() },
      flowPolicies: { ...link('davinciApplications', application.id, 'flowPolicies') },
      'davinciApplication.rotateKey': { ...link('davinciApplications', application.id, 'key') },
      'davinciApplication.rotateSecret': { ...link('davinciApplications', application.id, 'secret') },
    },
    environment: { id: environment.id },
    id: application.id,
    ...application.content,
    // Left out when false, as observed on live answers.
    oauth: enforceSignedRequestOpenid === true ? oauth : rest,
    createdAt: application.createdAt,
    updatedAt: application.updatedAt,
  }
}
