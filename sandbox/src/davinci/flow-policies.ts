import { arrayAt, isObject, type JsonObject, stringAt } from '@flightiq/core'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { namePattern, objectBody, text } from '../body.ts'
import { environmentOf, pathParameter } from '../context.ts'
import { type ErrorDetail, invalidData, notFound } from '../errors.ts'
import { linksFrom, selfLink } from '../links.ts'
import { needs } from '../roles/access.ts'
import type { EnvironmentState } from '../state/environment-state.ts'
import type { Flow, FlowPolicy } from '../state/records.ts'
import { applicationOf } from './applications.ts'

const base = '/v1/environments/:environmentId/davinciApplications/:applicationId/flowPolicies'
const pingOneBase = '/v1/environments/:environmentId/flowPolicies'

const distribution = z.strictObject({
  id: text(256, /^[a-zA-Z0-9-_]+$/),
  // -1 stands for the version that is deployed.
  version: z.number(),
  ip: z.array(z.string()).optional(),
  successNodes: z
    .array(z.strictObject({ id: text(256, /^[a-zA-Z0-9]+$/) }))
    .min(1)
    .optional(),
  weight: z.number().optional(),
})
const reauthentication = z.looseObject({
  enabled: z.boolean().optional(),
  time: z.number().min(0).max(100_000).optional(),
  timeFormat: text(50, /^/, 0).optional(),
})
const optional = {
  status: z.enum(['enabled', 'disabled']).optional(),
  trigger: z
    .looseObject({
      type: z.literal('AUTHENTICATION').optional(),
      configuration: z.looseObject({ mfa: reauthentication.optional(), pwd: reauthentication.optional() }).optional(),
    })
    .optional(),
}
const distributions = z.array(distribution).min(1).max(100)
const createBody = z.looseObject({
  ...optional,
  name: text(256, namePattern, 0).optional(),
  flowDistributions: distributions,
})
const replaceBody = z.looseObject({
  ...optional,
  name: text(256, namePattern),
  flowDistributions: distributions.optional(),
})

/** Adds the flow policies of DaVinci applications, and PingOne's own view of those that it can use. */
export function registerFlowPolicies(app: FastifyInstance): void {
  app.get(base, needs('davinci:read:flowPolicies'), (request) => {
    const environment = environmentOf(request)
    const application = applicationOf(request)
    const policies = [...environment.flowPolicies.values()].filter((one) => one.applicationId === application.id)
    const link = linksFrom(request, environment.id)
    return {
      _links: {
        self: selfLink(request),
        environment: link(),
        davinciApplication: link('davinciApplications', application.id),
      },
      _embedded: { flowPolicies: policies.map((policy) => policyAnswer(request, policy)) },
      count: policies.length,
      size: policies.length,
    }
  })

  app.post(base, needs('davinci:create:flowPolicies'), (request, reply) => {
    const environment = environmentOf(request)
    const application = applicationOf(request)
    const { id: _id, createdAt: _createdAt, updatedAt: _updatedAt, ...content } = objectBody(request, createBody)
    checkDistributions(content, environment)
    reply.code(201)
    return policyAnswer(request, environment.insertFlowPolicy(application.id, completed(content, environment)))
  })

  app.get(`${base}/:policyId`, needs('davinci:read:flowPolicies'), (request) =>
    policyAnswer(request, policyOf(request)),
  )

  app.put(`${base}/:policyId`, needs('davinci:update:flowPolicies'), (request) => {
    const environment = environmentOf(request)
    const policy = policyOf(request)
    const content = objectBody(request, replaceBody)
    checkDistributions(content, environment)
    // The distributions are required in each answer, so a replace without any leaves them as they were.
    const flowDistributions = content.flowDistributions ?? policy.content.flowDistributions ?? []
    environment.replace(policy, completed({ ...content, flowDistributions }, environment))
    return policyAnswer(request, policy)
  })

  app.delete(`${base}/:policyId`, needs('davinci:delete:flowPolicies'), (request, reply) => {
    environmentOf(request).removeFlowPolicy(policyOf(request))
    return reply.code(204).send()
  })

  // No flow ever runs here, so nothing was counted.
  app.get(`${base}/:policyId/events`, needs('davinci:read:flowPolicies'), (request) => {
    policyOf(request)
    const link = linksFrom(request, environmentOf(request).id)
    return { _links: { self: selfLink(request), environment: link() }, _embedded: { events: [] } }
  })

  app.get(pingOneBase, needs('flowPolicies:read:flowPolicy'), (request) => {
    const environment = environmentOf(request)
    const policies = [...environment.flowPolicies.values()].filter((policy) => servesPingOne(policy, environment))
    return {
      _links: { self: selfLink(request) },
      _embedded: { flowPolicies: policies.map((policy) => pingOneAnswer(request, policy)) },
      count: policies.length,
      size: policies.length,
    }
  })

  app.get(`${pingOneBase}/:policyId`, needs('flowPolicies:read:flowPolicy'), (request) => {
    const environment = environmentOf(request)
    const policy = environment.flowPolicies.get(pathParameter(request, 'policyId'))
    if (!policy || !servesPingOne(policy, environment)) throw notFound()
    return pingOneAnswer(request, policy)
  })
}

function policyOf(request: FastifyRequest): FlowPolicy {
  const application = applicationOf(request)
  const policy = environmentOf(request).flowPolicies.get(pathParameter(request, 'policyId'))
  if (policy?.applicationId !== application.id) throw notFound()
  return policy
}

/** Every flow must be there, and so must its version; several weights make 100. Which of these PingOne checks is our reading. */
function checkDistributions(content: JsonObject, environment: EnvironmentState): void {
  const all = arrayAt(content, 'flowDistributions')
  const details = all.flatMap((one, index): ErrorDetail[] => {
    if (!isObject(one)) return []
    const target = `flowDistributions[${index}]`
    const flow = environment.flows.get(stringAt(one, 'id') ?? '')
    if (!flow)
      return [{ code: 'INVALID_VALUE', target: `${target}.id`, message: `Unable to find flow with ID: '${one.id}'` }]
    if (hasVersion(flow, one.version)) return []
    return [{ code: 'INVALID_VALUE', target: `${target}.version`, message: `The flow has no version ${one.version}` }]
  })
  const weights = all.flatMap((one) => (isObject(one) && typeof one.weight === 'number' ? [one.weight] : []))
  if (weights.length > 1 && weights.reduce((sum, weight) => sum + weight, 0) !== 100) {
    details.push({ code: 'INVALID_VALUE', target: 'flowDistributions', message: 'The weights must add up to 100' })
  }
  if (details.length > 0) throw invalidData(details)
}

/** 0 is taken for every flow: samples of the documentation and Terraform write it whatever the versions are. */
function hasVersion(flow: Flow, version: unknown): boolean {
  return version === -1 || version === 0 || flow.versions.some((one) => one.version === version)
}

function isPingOneFlow(id: string | undefined, environment: EnvironmentState): boolean {
  const flow = environment.flows.get(id ?? '')
  return flow !== undefined && stringAt(environment.currentVersion(flow).content.trigger, 'type') === 'AUTHENTICATION'
}

function servesPingOne({ content }: FlowPolicy, environment: EnvironmentState): boolean {
  return arrayAt(content, 'flowDistributions').some((one) => isPingOneFlow(stringAt(one, 'id'), environment))
}

/** Defaults filled in; the trigger is the API's to fill for policies of flows that PingOne starts. */
function completed(content: JsonObject, environment: EnvironmentState): JsonObject {
  const ofPingOne = arrayAt(content, 'flowDistributions').some((one) => isPingOneFlow(stringAt(one, 'id'), environment))
  const trigger = isObject(content.trigger) || ofPingOne ? { trigger: completedTrigger(content.trigger) } : {}
  return { status: 'enabled', ...content, name: content.name || 'New Policy', ...trigger }
}

function completedTrigger(trigger: unknown): JsonObject {
  const { configuration, ...rest } = isObject(trigger) ? trigger : {}
  const unset = { enabled: false, time: 0, timeFormat: 'min' }
  const given = isObject(configuration) ? configuration : {}
  const part = (name: string): JsonObject => ({
    ...unset,
    ...(isObject(given[name]) ? (given[name] as JsonObject) : {}),
  })
  return {
    type: 'AUTHENTICATION',
    ...rest,
    configuration: { ...given, mfa: part('mfa'), pwd: part('pwd') },
  }
}

function policyAnswer(request: FastifyRequest, policy: FlowPolicy): JsonObject {
  const environment = environmentOf(request)
  const link = linksFrom(request, environment.id)
  const links: JsonObject = {
    self: { ...link('davinciApplications', policy.applicationId, 'flowPolicies', policy.id) },
    environment: { ...link() },
    davinciApplication: { ...link('davinciApplications', policy.applicationId) },
  }
  arrayAt(policy.content, 'flowDistributions').forEach((one, index) => {
    const flow = environment.flows.get(stringAt(one, 'id') ?? '')
    if (!flow || !isObject(one)) return
    links[`flow.${index}`] = { ...link('flows', flow.id) }
    const version = one.version === -1 ? flow.publishedVersion : one.version
    if (typeof version === 'number') {
      links[`version.${flow.id}.${index}`] = { ...link('flows', flow.id, 'versions', version) }
    }
  })
  return {
    _links: links,
    environment: { id: environment.id },
    id: policy.id,
    ...policy.content,
    application: { id: policy.applicationId },
    createdAt: policy.createdAt,
    updatedAt: policy.updatedAt,
  }
}

function pingOneAnswer(request: FastifyRequest, policy: FlowPolicy): JsonObject {
  const environment = environmentOf(request)
  const application = environment.applications.get(policy.applicationId)
  return {
    _links: { self: { ...linksFrom(request, environment.id)('flowPolicies', policy.id) } },
    environment: { id: environment.id },
    id: policy.id,
    name: stringAt(policy.content, 'name') ?? '',
    enabled: policy.content.status === 'enabled',
    application: { id: policy.applicationId, name: stringAt(application?.content ?? null, 'name') ?? '' },
    trigger: { type: 'AUTHENTICATION' },
  }
}
