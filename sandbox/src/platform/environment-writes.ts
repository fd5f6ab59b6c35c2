import { isObject, type JsonObject, stringAt } from '@flightiq/core'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { objectBody } from '../body.ts'
import { type Context, environmentOf, workerOf } from '../context.ts'
import { constraintViolation, invalidValue, notUnique } from '../errors.ts'
import { newUuid } from '../ids.ts'
import { needs } from '../roles/access.ts'
import { assignment, isSameOrBroader, type RoleAssignment } from '../roles/assignments.ts'
import { platformRoles } from '../roles/platform-roles.ts'
import type { EnvironmentHead, EnvironmentState } from '../state/environment-state.ts'
import { timestamp } from '../state/records.ts'

const creatorRoles = platformRoles.filter(({ name }) =>
  ['Environment Admin', 'Identity Data Admin', 'Client Application Developer'].includes(name),
)

const products = z.looseObject({ products: z.array(z.looseObject({ type: z.string().min(1) })).max(100) })
const subtype = z.enum(['DEV', 'QA', 'STAGING', 'TESTING', 'UAT'])
const fields = {
  name: z.string().min(1),
  region: z.enum(['AP', 'AU', 'CA', 'EU', 'NA', 'SG']),
  type: z.enum(['PRODUCTION', 'SANDBOX']),
  description: z.string().optional(),
  icon: z.string().optional(),
  subtype: subtype.optional(),
  billOfMaterials: products.optional(),
}
const licence = z.looseObject({ id: z.uuid() })
const createBody = z.looseObject({ ...fields, license: licence })
const replaceBody = z.looseObject({
  ...fields,
  license: licence.optional(),
  status: z.enum(['ACTIVE', 'DELETE_PENDING']).optional(),
})

/** What the routes that read environments lend to those that write them. */
interface Reading {
  answer(request: FastifyRequest, environment: EnvironmentState): Record<string, unknown>
  billOfMaterials(request: FastifyRequest, environment: EnvironmentState): Record<string, unknown>
}

/** Adds creation, replacement and deletion of environments (PingOne API reference, environments). */
export function registerEnvironmentWrites(app: FastifyInstance, { state }: Context, reading: Reading): void {
  app.post('/v1/environments', needs('orgmgt:create:environment'), (request, reply) => {
    const worker = workerOf(request)
    const body = objectBody(request, createBody)
    const organization = state.organizations.find(({ id }) => id === worker.organizationId)
    if (!organization || stringAt(body.license, 'id') !== organization.licenceId) {
      throw invalidValue('license.id', 'is not a licence of this organization')
    }
    refuseTakenName(body, worker.organizationId)
    const at = timestamp(state.now)
    const head: EnvironmentHead = {
      id: newUuid(),
      organizationId: worker.organizationId,
      licenceId: organization.licenceId,
      createdAt: at,
      updatedAt: at,
      position: Math.max(...[...state.environments.values()].map((one) => one.head.position)) + 1,
      ...written(body),
      // Without a bill of materials there would be no DaVinci, and nothing for the sandbox to show.
      products: productsOf(body.billOfMaterials) ?? ['PING_ONE_BASE', 'PING_ONE_DAVINCI'],
    }
    const environment = state.addEnvironment(head)
    // PingOne gives the creator these roles on what it created, and no more: DaVinci Admin isn't among them.
    const scope = { id: environment.id, type: 'ENVIRONMENT' as const }
    const given = creatorRoles.map((role) => assignment(worker.clientId, role, scope))
    const had = (one: RoleAssignment) =>
      worker.roleAssignments.some((other) => other.roleId === one.roleId && isSameOrBroader(other, one))
    worker.roleAssignments.push(...given.filter((one) => !had(one)))
    state.onChange()
    reply.code(201)
    return reading.answer(request, environment)
  })

  app.put('/v1/environments/:environmentId', needs('orgmgt:update:environment'), (request) => {
    const environment = environmentOf(request)
    const { head } = environment
    const body = objectBody(request, replaceBody)
    if (body.region !== head.region) throw invalidValue('region', 'can not be changed')
    if (head.type === 'PRODUCTION' && body.type === 'SANDBOX') throw invalidValue('type', 'can not go back to SANDBOX')
    refuseTakenName(body, head.organizationId, head.id)
    const { subtype: _subtype, status: _status, ...rest } = head
    environment.head = {
      ...rest,
      ...written(body),
      ...(body.status === 'DELETE_PENDING' ? { status: 'DELETE_PENDING' as const } : {}),
      products: productsOf(body.billOfMaterials) ?? head.products,
      updatedAt: timestamp(state.now),
    }
    environment.changed()
    return reading.answer(request, environment)
  })

  app.delete('/v1/environments/:environmentId', needs('orgmgt:delete:environment'), (request, reply) => {
    const environment = environmentOf(request)
    if (environment.head.type === 'PRODUCTION' && environment.head.status !== 'DELETE_PENDING') {
      throw constraintViolation('A production environment must be DELETE_PENDING before it can be deleted.', 'type')
    }
    state.removeEnvironment(environment)
    return reply.code(204).send()
  })

  app.put('/v1/environments/:environmentId/billOfMaterials', needs('orgmgt:update:environment'), (request) => {
    const environment = environmentOf(request)
    environment.head.products = productsOf(objectBody(request, products)) ?? []
    environment.head.updatedAt = timestamp(state.now)
    environment.changed()
    return reading.billOfMaterials(request, environment)
  })

  function refuseTakenName(body: JsonObject, organizationId: string, exceptId?: string): void {
    const taken = [...state.environments.values()].find(
      ({ head }) => head.organizationId === organizationId && head.name === body.name && head.id !== exceptId,
    )
    if (taken) throw notUnique('name', taken.id)
  }
}

function written(body: JsonObject): Pick<EnvironmentHead, 'name' | 'description' | 'region' | 'type' | 'subtype'> {
  const checked = z.object({ ...fields, description: z.string().default('') }).parse(body)
  return {
    name: checked.name,
    description: checked.description,
    region: checked.region,
    type: checked.type,
    ...(checked.subtype ? { subtype: checked.subtype } : {}),
  }
}

function productsOf(billOfMaterials: unknown): string[] | undefined {
  if (!isObject(billOfMaterials) || !Array.isArray(billOfMaterials.products)) return undefined
  return billOfMaterials.products.flatMap((product) => stringAt(product, 'type') ?? [])
}
