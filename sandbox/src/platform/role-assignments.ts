import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { objectBody } from '../body.ts'
import { type Context, environmentOf, pathParameter, workerOf } from '../context.ts'
import { invalidData, invalidValue, notAuthorized, notFound } from '../errors.ts'
import { linksFrom, selfLink } from '../links.ts'
import { needs } from '../roles/access.ts'
import { assignment, isSameOrBroader, mayAssign, type RoleAssignment } from '../roles/assignments.ts'
import { platformRole, type Role } from '../roles/platform-roles.ts'
import { populationOf } from '../state/population.ts'
import type { WorkerApplication } from '../state/records.ts'
import type { SandboxState } from '../state/sandbox-state.ts'
import { workerIn } from './applications.ts'

const base = '/v1/environments/:environmentId/applications/:applicationId/roleAssignments'
const reads = needs('permissions:read:applicationRoleAssignments', { part: 'APPLICATION' })
const updates = needs('permissions:update:applicationRoleAssignments', { part: 'APPLICATION' })

const createBody = z.looseObject({
  role: z.looseObject({ id: z.uuid() }),
  scope: z.looseObject({
    id: z.uuid(),
    type: z.enum(['ORGANIZATION', 'ENVIRONMENT', 'POPULATION', 'APPLICATION']),
  }),
})

/** Adds the role assignments of worker applications. */
export function registerRoleAssignments(app: FastifyInstance, context: Context): void {
  app.get(base, reads, (request) => {
    const worker = workerIn(request, context)
    const roleAssignments = worker.roleAssignments.map((one) => assignmentAnswer(request, worker, one))
    return {
      _links: { self: selfLink(request) },
      _embedded: { roleAssignments },
      count: roleAssignments.length,
      size: roleAssignments.length,
    }
  })

  app.get(`${base}/:roleAssignmentId`, reads, (request) => {
    const worker = workerIn(request, context)
    return assignmentAnswer(request, worker, assignmentIn(request, worker))
  })

  app.post(base, updates, (request, reply) => {
    const worker = workerIn(request, context)
    const { role, wanted } = assignmentWanted(request, worker, context)
    if (!mayAssign(workerOf(request), role, wanted)) {
      // The sentence is PingOne's; with which status and code it comes is not known.
      throw invalidValue('scope', 'Must have role at the same or broader scope')
    }
    const given = worker.roleAssignments.filter(({ roleId }) => roleId === role.id)
    if (given.some((one) => isSameOrBroader(one, wanted))) {
      const message = 'May not assign duplicate Role'
      throw invalidData([{ code: 'UNIQUENESS_VIOLATION', target: 'role', message }])
    }
    worker.roleAssignments.push(wanted)
    context.state.onChange()
    reply.code(201)
    return assignmentAnswer(request, worker, wanted)
  })

  app.delete(`${base}/:roleAssignmentId`, updates, (request, reply) => {
    const worker = workerIn(request, context)
    const taken = assignmentIn(request, worker)
    if (!isWritable(request, taken)) throw notAuthorized()
    worker.roleAssignments = worker.roleAssignments.filter((one) => one !== taken)
    context.state.onChange()
    return reply.code(204).send()
  })
}

function assignmentIn(request: FastifyRequest, worker: WorkerApplication): RoleAssignment {
  const found = worker.roleAssignments.find(({ id }) => id === pathParameter(request, 'roleAssignmentId'))
  if (!found) throw notFound()
  return found
}

/** The assignment that a body asks for. Throws 400 for a role or scope that isn't there, and for two that don't fit. */
function assignmentWanted(
  request: FastifyRequest,
  worker: WorkerApplication,
  { state }: Context,
): { role: Role; wanted: RoleAssignment } {
  const { role: asked, scope: given } = createBody.parse(objectBody(request, createBody))
  const scope = { id: given.id, type: given.type }
  const role = platformRole(asked.id)
  if (!role) throw invalidValue('role', `Unable to find role with ID: '${asked.id}'`)
  if (!role.applicableTo.includes(scope.type))
    throw invalidValue('scope', 'The role can not be assigned for this scope')
  const place = placeOf(scope, worker, state)
  if (!place) throw invalidValue('scope', `Unable to find ${scope.type} with ID: '${scope.id}'`)
  return { role, wanted: assignment(worker.clientId, role, scope, place.environmentId) }
}

/** Where in the worker's organization a scope lies; undefined when it isn't there. */
function placeOf(
  { id, type }: RoleAssignment['scope'],
  { organizationId }: WorkerApplication,
  state: SandboxState,
): { environmentId?: string } | undefined {
  if (type === 'ORGANIZATION') return id === organizationId ? {} : undefined
  const own = [...state.environments.values()].filter(({ head }) => head.organizationId === organizationId)
  if (type === 'ENVIRONMENT') return own.some((one) => one.id === id) ? {} : undefined
  const application = state.workers.find(({ clientId }) => clientId === id)
  const environment = own.find((one) =>
    type === 'POPULATION' ? populationOf(one).id === id : one.id === application?.environmentId,
  )
  return environment && { environmentId: environment.id }
}

function isWritable(request: FastifyRequest, one: RoleAssignment): boolean {
  const role = platformRole(one.roleId)
  return role !== undefined && mayAssign(workerOf(request), role, one)
}

/** `readOnly` says whether the one who asks can take the role away. */
function assignmentAnswer(request: FastifyRequest, worker: WorkerApplication, one: RoleAssignment) {
  const environment = environmentOf(request)
  const link = linksFrom(request, environment.id)
  return {
    _links: {
      self: link('applications', worker.clientId, 'roleAssignments', one.id),
      environment: link(),
      application: link('applications', worker.clientId),
    },
    id: one.id,
    role: { id: one.roleId },
    scope: one.scope,
    environment: { id: environment.id },
    application: { id: worker.clientId },
    readOnly: !isWritable(request, one),
  }
}
