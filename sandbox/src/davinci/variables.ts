import { type JsonObject, stringAt } from '@flightiq/core'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { namePattern, objectBody, text } from '../body.ts'
import { type Context, environmentOf, pathParameter, queryParameter } from '../context.ts'
import { invalidData, invalidValue, licenceExceeded, notFound, notUnique } from '../errors.ts'
import { fits, parseFilter } from '../filter.ts'
import { isUuid } from '../ids.ts'
import { linksFrom } from '../links.ts'
import { pageOf } from '../paging.ts'
import { needs } from '../roles/access.ts'
import type { EnvironmentState } from '../state/environment-state.ts'
import type { Resource } from '../state/records.ts'
import { isMask, mask } from './masking.ts'
import { sameVariable } from './variable-key.ts'

const base = '/v1/environments/:environmentId/variables'

const fields = {
  name: text(256, namePattern),
  context: z.enum(['company', 'flow', 'flowInstance', 'user']),
  dataType: z.enum(['boolean', 'number', 'object', 'secret', 'string']),
  mutable: z.boolean(),
  flow: z.looseObject({ id: text(256, namePattern) }).optional(),
  min: z.int().min(0).optional(),
  max: z.int().min(0).optional(),
  value: z.union([z.boolean(), z.number(), z.string(), z.looseObject({})]).optional(),
}
const createBody = z.looseObject({ ...fields, displayName: text(256, namePattern, 0).optional() })
const replaceBody = createBody

/** Adds /variables, the one DaVinci list that comes in pages. */
export function registerVariables(app: FastifyInstance, context: Context): void {
  app.get(base, needs('davinci:read:constructs'), (request) => {
    const environment = environmentOf(request)
    // The description has a filter and doesn't say by what; these are the fields that tell variables apart.
    const terms = parseFilter(queryParameter(request, 'filter'), {
      name: ['eq', 'sw'],
      context: ['eq'],
      dataType: ['eq'],
      'flow.id': ['eq'],
    })
    const found = [...environment.variables.values()].filter(({ content }) =>
      terms.every((term) =>
        fits(term, term.attribute === 'flow.id' ? stringAt(content.flow, 'id') : stringAt(content, term.attribute)),
      ),
    )
    const page = pageOf(request, found, { usual: 10, most: 500 })
    return {
      _links: { environment: linksFrom(request, environment.id)(), ...page.links },
      _embedded: { variables: page.items.map((variable) => variableAnswer(request, variable)) },
      count: found.length,
      size: page.items.length,
    }
  })

  app.post(base, needs('davinci:create:constructs'), (request, reply) => {
    const environment = environmentOf(request)
    const content = objectBody(request, createBody)
    const most = context.settings.limits.variables
    if (environment.variables.size >= most) throw licenceExceeded('variables', most)
    const taken = sameVariable(content, environment)
    checkVariable(content, environment, context)
    if (taken) throw notUnique('name', taken.id)
    const { id: _id, createdAt: _createdAt, updatedAt: _updatedAt, ...chosen } = content
    reply.code(201)
    return variableAnswer(request, environment.insertVariable(completed(chosen)))
  })

  app.get(`${base}/:variableId`, needs('davinci:read:constructs'), (request) =>
    variableAnswer(request, variableOf(request)),
  )

  app.put(`${base}/:variableId`, needs('davinci:update:constructs'), (request) => {
    const environment = environmentOf(request)
    const variable = variableOf(request)
    const before = variable.content
    const content = objectBody(request, replaceBody)
    refuseChange(content, before, 'name')
    refuseChange(content, before, 'context')
    if (stringAt(content.flow, 'id') !== stringAt(before.flow, 'id'))
      throw invalidValue('flow.id', 'can not be changed')
    // A mask that was read and is sent back means "unchanged".
    const echoed = before.dataType === 'secret' && isMask(content.value)
    if (echoed && content.dataType === 'secret' && before.value !== undefined) content.value = before.value
    else if (echoed) delete content.value
    checkVariable(content, environment, context)
    environment.replace(variable, completed(content))
    return variableAnswer(request, variable)
  })

  app.delete(`${base}/:variableId`, needs('davinci:delete:constructs'), (request, reply) => {
    const environment = environmentOf(request)
    environment.variables.delete(variableOf(request).id)
    environment.changed()
    return reply.code(204).send()
  })
}

function variableOf(request: FastifyRequest): Resource {
  const id = pathParameter(request, 'variableId')
  if (!isUuid(id)) throw invalidValue('variableID', 'must be a valid UUID')
  const variable = environmentOf(request).variables.get(id)
  if (!variable) throw notFound()
  return variable
}

function refuseChange(content: JsonObject, before: JsonObject, field: string): void {
  if (content[field] !== before[field]) throw invalidValue(field, 'can not be changed')
}

/** What the schema can't say. Throws 400. */
function checkVariable(content: JsonObject, environment: EnvironmentState, { settings }: Context): void {
  const flowId = stringAt(content.flow, 'id')
  if (content.context === 'flow' && flowId === undefined) {
    throw invalidData([{ code: 'REQUIRED_VALUE', target: 'flow', message: 'must not be null' }])
  }
  if (content.context !== 'flow' && flowId !== undefined) {
    throw invalidValue('flow', 'is only allowed with the context flow')
  }
  if (flowId !== undefined && !environment.flows.has(flowId)) {
    throw invalidValue('flow.id', `Unable to find flow with ID: '${flowId}'`)
  }
  if (content.name === 'challenge') throw invalidValue('name', 'challenge is a reserved name')
  if (content.dataType === 'secret' && content.context !== 'company') {
    throw invalidValue('dataType', 'secret is only allowed with the context company')
  }
  if (content.mutable === false && presentValue(content) === undefined) {
    throw invalidData([{ code: 'REQUIRED_VALUE', target: 'value', message: 'must not be null when mutable is false' }])
  }
  const bytes = Buffer.byteLength(JSON.stringify(content.value ?? ''))
  const most = settings.limits.variableBytes
  if (bytes > most) {
    throw invalidData([
      {
        code: 'SIZE_LIMIT_EXCEEDED',
        target: 'value',
        message: `must not be larger than ${most} bytes`,
        innerError: { maximumValue: most },
      },
    ])
  }
}

/** A JSON `false` or `0` counts as no value; the texts "false" and "0" are values. */
function presentValue(content: JsonObject) {
  return content.value === false || content.value === 0 ? undefined : content.value
}

/** The content as it is kept: defaults of min and max filled in, a falsy value lost. */
function completed(content: JsonObject): JsonObject {
  const { value: _value, ...rest } = content
  const value = presentValue(content)
  return { min: 0, max: 2000, ...rest, ...(value === undefined ? {} : { value }) }
}

function variableAnswer(request: FastifyRequest, variable: Resource): JsonObject {
  const environment = environmentOf(request)
  const link = linksFrom(request, environment.id)
  const { content } = variable
  return {
    _links: { environment: { ...link() }, self: { ...link('variables', variable.id) } },
    environment: { id: environment.id },
    id: variable.id,
    ...content,
    ...(content.dataType === 'secret' && content.value !== undefined ? { value: mask } : {}),
    createdAt: variable.createdAt,
    updatedAt: variable.updatedAt,
  }
}
