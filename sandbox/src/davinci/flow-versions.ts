import { type JsonObject, stringAt } from '@flightiq/core'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { mediaType, namePattern, objectBody, optionalObjectBody, text } from '../body.ts'
import { type Context, environmentOf, pathParameter } from '../context.ts'
import { constraintViolation, notFound, unsupportedMediaType } from '../errors.ts'
import { linksFrom, selfLink } from '../links.ts'
import { needs } from '../roles/access.ts'
import type { Flow, FlowVersion } from '../state/records.ts'
import { flowAnswer, versionAnswer, versionDetailAnswer } from './flow-answer.ts'
import { exportBody, exportVersion } from './flow-export.ts'
import { flowOf, saveVersion } from './flows.ts'

const base = '/v1/environments/:environmentId/flows/:flowId/versions'

const exportType = 'application/vnd.pingidentity.flowversion.export+json'
const revertType = 'application/vnd.pingidentity.flowversion.revert+json'

const aliasBody = z.looseObject({ alias: text(256, namePattern) })

/** Adds /flows/{flowID}/versions: a version's id is its number. */
export function registerFlowVersions(app: FastifyInstance, context: Context): void {
  app.get(base, needs('davinci:read:flowVersions'), (request) => {
    const flow = flowOf(request)
    const link = linksFrom(request, environmentOf(request).id)
    return {
      _links: { environment: link(), self: selfLink(request), flow: link('flows', flow.id) },
      _embedded: { versions: flow.versions.map((version) => versionAnswer(request, flow, version)) },
      count: flow.versions.length,
      size: flow.versions.length,
    }
  })

  app.get(`${base}/:versionId`, needs('davinci:read:flowVersions'), (request) => {
    const flow = flowOf(request)
    return versionAnswer(request, flow, versionOf(request, flow))
  })

  app.get(`${base}/:versionId/details`, needs('davinci:read:flowVersions'), (request) => {
    const flow = flowOf(request)
    return versionDetailAnswer(request, flow, versionOf(request, flow))
  })

  app.put(`${base}/:versionId/alias`, needs('davinci:update:flowVersions'), (request) => {
    const flow = flowOf(request)
    const version = versionOf(request, flow)
    const alias = stringAt(objectBody(request, aliasBody), 'alias') ?? ''
    version.alias = alias
    environmentOf(request).changed()
    const link = linksFrom(request, environmentOf(request).id)
    const path = ['flows', flow.id, 'versions', version.version]
    return { _links: { environment: link(), self: link(...path, 'alias'), flowVersion: link(...path) }, alias }
  })

  app.delete(`${base}/:versionId`, needs('davinci:delete:flowVersions'), (request, reply) => {
    const flow = flowOf(request)
    const { version } = versionOf(request, flow)
    // That PingOne refuses these two is expected, not documented.
    if (version === flow.currentVersion) throw constraintViolation('The current version of a flow can not be deleted.')
    if (version === flow.publishedVersion)
      throw constraintViolation('The deployed version of a flow can not be deleted.')
    flow.versions = flow.versions.filter((candidate) => candidate.version !== version)
    environmentOf(request).changed()
    return reply.code(204).send()
  })

  app.post(
    `${base}/:versionId`,
    needs('davinci:update:flowVersions', { byMediaType: { [exportType]: 'davinci:export:flowVersions' } }),
    (request) => {
      const flow = flowOf(request)
      const version = versionOf(request, flow)
      switch (mediaType(request)) {
        case exportType:
          return exportVersion(request, flow, version, optionalObjectBody(request, exportBody, [exportType]))
        case revertType:
          return revert(request, flow, version, context)
        default:
          throw unsupportedMediaType(request.headers['content-type'])
      }
    },
  )
}

function versionOf(request: FastifyRequest, flow: Flow): FlowVersion {
  const id = pathParameter(request, 'versionId')
  const version = flow.versions.find((candidate) => String(candidate.version) === id)
  if (!version) throw notFound()
  return version
}

/** Saves an older version's content as a new current one. What runs stays as it is until the flow is deployed. */
function revert(request: FastifyRequest, flow: Flow, version: FlowVersion, context: Context): JsonObject {
  optionalObjectBody(request, z.looseObject({}), [revertType])
  saveVersion(environmentOf(request), flow, version.content, context, { clonedFrom: version.version })
  return flowAnswer(request, flow)
}
