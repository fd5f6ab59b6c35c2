import { isObject, type JsonObject, stringAt } from '@flightiq/core'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { mediaType, objectBody, optionalObjectBody } from '../body.ts'
import { type Context, environmentOf, pathParameter, queryParameter } from '../context.ts'
import { constraintViolation, licenceExceeded, notFound, unsupportedMediaType } from '../errors.ts'
import { linksFrom, selfLink } from '../links.ts'
import { needs } from '../roles/access.ts'
import type { EnvironmentState } from '../state/environment-state.ts'
import type { Flow } from '../state/records.ts'
import { copyName } from './copy-name.ts'
import { flowAnswer } from './flow-answer.ts'
import { completeFlowContent } from './flow-content.ts'
import { importFlows, importMediaTypes } from './flow-import.ts'
import { enabledBody, flowBody, refuseDanglingEdges, validateBody } from './flow-schema.ts'
import { findingCounts, findings, graphWithFindings } from './lint.ts'

const base = '/v1/environments/:environmentId/flows'
const anything = z.looseObject({})

const cloneType = 'application/vnd.pingidentity.flow.clone+json'
const deployType = 'application/vnd.pingidentity.flow.deploy+json'
const validateType = 'application/vnd.pingidentity.flow.validate+json'

/** Adds /flows and the actions on them. */
export function registerFlows(app: FastifyInstance, context: Context): void {
  app.get(base, needs('davinci:read:dvFlows'), (request) => {
    const environment = environmentOf(request)
    const attributes = attributesOf(request)
    // Whether PingOne's list carries graphs is not documented, and its own tools read each flow: so must ours.
    const flows = [...environment.flows.values()].map((flow) =>
      flowAnswer(request, flow, { withoutGraph: true, ...attributes }),
    )
    return {
      _links: { environment: linksFrom(request, environment.id)(), self: selfLink(request) },
      _embedded: { flows },
      count: flows.length,
      size: flows.length,
    }
  })

  app.post(base, needs('davinci:create:dvFlows'), (request, reply) => {
    reply.code(201)
    if (importMediaTypes.includes(mediaType(request) ?? '')) return importFlows(request, context)
    const environment = environmentOf(request)
    const content = flowContent(request)
    refuseMoreFlows(environment, context)
    return flowAnswer(request, environment.insertFlow(written(content)))
  })

  app.get(`${base}/:flowId`, needs('davinci:read:dvFlows'), (request) =>
    flowAnswer(request, flowOf(request), attributesOf(request)),
  )

  app.put(`${base}/:flowId`, needs('davinci:update:dvFlows'), (request) => {
    const flow = flowOf(request)
    saveVersion(environmentOf(request), flow, flowContent(request), context)
    return flowAnswer(request, flow)
  })

  app.delete(`${base}/:flowId`, needs('davinci:delete:dvFlows'), (request, reply) => {
    const environment = environmentOf(request)
    const flow = flowOf(request)
    refuseIfInPolicy(flow, environment, context)
    environment.removeFlow(flow)
    return reply.code(204).send()
  })

  app.post(`${base}/:flowId`, needs('davinci:create:dvFlows'), (request, reply) => {
    const flow = flowOf(request)
    switch (mediaType(request)) {
      case cloneType:
        return clone(request, reply, flow, context)
      case deployType:
        return deploy(request, reply, flow)
      case validateType:
        return validate(request, flow)
      default:
        throw unsupportedMediaType(request.headers['content-type'])
    }
  })

  app.get(`${base}/:flowId/enabled`, needs('davinci:read:dvFlows'), (request) =>
    enabledAnswer(request, flowOf(request)),
  )

  app.put(`${base}/:flowId/enabled`, needs('davinci:update:dvFlows'), (request) => {
    const flow = flowOf(request)
    flow.enabled = objectBody(request, enabledBody).enabled === true
    environmentOf(request).changed()
    return enabledAnswer(request, flow)
  })
}

/** The flow of the path. Throws 404. */
export function flowOf(request: FastifyRequest): Flow {
  const flow = environmentOf(request).flows.get(pathParameter(request, 'flowId'))
  if (!flow) throw notFound()
  return flow
}

/** Saves a new version, and drops the oldest ones beyond the limit. */
export function saveVersion(
  environment: EnvironmentState,
  flow: Flow,
  content: JsonObject,
  { settings }: Context,
  more: { clonedFrom?: number } = {},
): void {
  environment.saveFlow(flow, content, more)
  environment.trimVersions(flow, settings.limits.versions)
}

/** Refuses a flow beyond the environment's limit. */
export function refuseMoreFlows(environment: EnvironmentState, { settings }: Context, more = 1): void {
  const most = settings.limits.flows
  if (environment.flows.size + more > most) throw licenceExceeded('flows', most)
}

function flowContent(request: FastifyRequest): JsonObject {
  const content = objectBody(request, flowBody)
  refuseDanglingEdges(content)
  return content
}

/** What a client can't choose when it creates a flow: its id, and whether and when it was deployed. */
function written(content: JsonObject): JsonObject {
  const chosen = new Set([
    'id',
    'enabled',
    'currentVersion',
    'publishedVersion',
    'createdAt',
    'updatedAt',
    'deployedAt',
  ])
  return Object.fromEntries(Object.entries(content).filter(([key]) => !chosen.has(key)))
}

function attributesOf(request: FastifyRequest): { attributes?: string[] } {
  const asked = queryParameter(request, 'attributes')
  if (!asked) return {}
  return { attributes: asked.split(',').map((attribute) => attribute.trim()) }
}

function refuseIfInPolicy(flow: Flow, environment: EnvironmentState, { settings }: Context): void {
  const released = environment.releasedAt.get(flow.id)
  if (released !== undefined && environment.now() - released < settings.settleMilliseconds) throw inPolicy()
  for (const policy of environment.flowPolicies.values()) {
    const distributions = policy.content.flowDistributions
    if (Array.isArray(distributions) && distributions.some((one) => stringAt(one, 'id') === flow.id)) {
      throw inPolicy()
    }
  }
}

/** PingOne's own sentence. */
function inPolicy() {
  return constraintViolation('This Flow is in a Application Flow Policy')
}

function clone(request: FastifyRequest, reply: FastifyReply, flow: Flow, context: Context): JsonObject {
  optionalObjectBody(request, anything, [cloneType])
  const environment = environmentOf(request)
  refuseMoreFlows(environment, context)
  const { content } = environment.currentVersion(flow)
  const names = [...environment.flows.values()].map((one) => stringAt(environment.currentVersion(one).content, 'name'))
  const copy = environment.insertFlow({ ...content, name: copyName(stringAt(content, 'name') ?? '', names) })
  reply.code(201)
  return flowAnswer(request, copy)
}

function deploy(request: FastifyRequest, reply: FastifyReply, flow: Flow): JsonObject {
  optionalObjectBody(request, anything, [deployType])
  environmentOf(request).deployFlow(flow)
  reply.code(201)
  return flowAnswer(request, flow)
}

/** Answers with the linter's results for the graph sent, or for the flow's own; nothing is saved. */
function validate(request: FastifyRequest, flow: Flow): JsonObject {
  const environment = environmentOf(request)
  const body = optionalObjectBody(request, validateBody, [validateType])
  refuseDanglingEdges(body)
  if (!isObject(body.graphData)) return flowAnswer(request, flow)
  const content = completeFlowContent({ graphData: body.graphData }, environment)
  const all = findings(content, flow.id, environment)
  return {
    ...flowAnswer(request, flow, { withoutGraph: true }),
    ...findingCounts(all),
    graphData: graphWithFindings(isObject(content.graphData) ? content.graphData : {}, all),
  }
}

function enabledAnswer(request: FastifyRequest, flow: Flow): unknown {
  const link = linksFrom(request, environmentOf(request).id)
  return { _links: { self: link('flows', flow.id, 'enabled') }, enabled: flow.enabled }
}
