import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Context, environmentOf, pathParameter, workerOf } from '../context.ts'
import { notFound } from '../errors.ts'
import { linksFrom, selfLink } from '../links.ts'
import { needs } from '../roles/access.ts'
import { may } from '../roles/assignments.ts'
import type { WorkerApplication } from '../state/records.ts'

const base = '/v1/environments/:environmentId/applications'
const need = needs('applications:read:application', { part: 'APPLICATION' })

/** Adds PingOne's /applications, to read: the worker applications that live in an environment. */
export function registerPlatformApplications(app: FastifyInstance, context: Context): void {
  app.get(base, need, (request) => {
    const { id: environmentId, head } = environmentOf(request)
    const found = context.state.workers.filter(({ clientId, environmentId: home }) => {
      const part = { type: 'APPLICATION' as const, id: clientId }
      const target = { organizationId: head.organizationId, environmentId, part }
      return home === environmentId && may(workerOf(request), 'applications:read:application', target)
    })
    return {
      _links: { self: selfLink(request) },
      _embedded: { applications: found.map((worker) => applicationAnswer(request, worker)) },
      count: found.length,
      size: found.length,
    }
  })

  app.get(`${base}/:applicationId`, need, (request) => applicationAnswer(request, workerIn(request, context)))
}

/** The worker application in the path. Throws 404. */
export function workerIn(request: FastifyRequest, { state }: Context): WorkerApplication {
  const id = pathParameter(request, 'applicationId')
  const found = state.workers.find(
    ({ clientId, environmentId }) => clientId === id && environmentId === environmentOf(request).id,
  )
  if (!found) throw notFound(`Unable to find Application with ID: '${id}'`)
  return found
}

/** An application's id is its client id, and its secret has a resource of its own, which the sandbox doesn't. */
function applicationAnswer(request: FastifyRequest, worker: WorkerApplication) {
  const link = linksFrom(request, worker.environmentId)
  const { clientId, name, enabled, grantTypes, tokenEndpointAuthMethod, createdAt, updatedAt } = worker
  return {
    _links: {
      self: link('applications', clientId),
      environment: link(),
      roleAssignments: link('applications', clientId, 'roleAssignments'),
    },
    environment: { id: worker.environmentId },
    id: clientId,
    name,
    enabled,
    hiddenFromAppPortal: false,
    type: 'WORKER',
    protocol: 'OPENID_CONNECT',
    grantTypes,
    tokenEndpointAuthMethod,
    pkceEnforcement: 'OPTIONAL',
    createdAt,
    updatedAt,
  }
}
