import { randomUUID } from 'node:crypto'
import type { ApiCall, CallOptions, Engine } from './engine.ts'
import { ConnectionError, PingOneError } from './errors.ts'
import { environmentPath } from './resources/environments.ts'

/** refused: PingOne says 403. notRefused: it got past that. unknown: something else came, which doesn't tell. */
export type ProbeResult = 'refused' | 'notRefused' | 'unknown'

/** What can be tried. */
export type ProbedOperation = 'read' | 'create' | 'update' | 'delete' | 'deploy' | 'export'

type Request = Pick<ApiCall, 'method' | 'path' | 'query' | 'body' | 'contentType'>
type Probes = Partial<Record<ProbedOperation, () => Request>>

const uuid = () => randomUUID()
/** The form of DaVinci's own ids. */
const hex = () => randomUUID().replaceAll('-', '')

const get = (path: string, query?: ApiCall['query']): Request => ({ method: 'GET', path, ...(query ? { query } : {}) })
/** Nothing can be made of a list: every one of PingOne's creations takes an object with required fields. */
const createNothing = (path: string): Request => ({ method: 'POST', path, body: [] })
const replaceNothing = (path: string): Request => ({ method: 'PUT', path, body: {} })
const removeNothing = (path: string): Request => ({ method: 'DELETE', path })
const act = (path: string, type: string, body: ApiCall['body'] = {}): Request => ({
  method: 'POST',
  path,
  body,
  contentType: `application/vnd.pingidentity.${type}+json`,
})

/** A collection whose members have ids of that form, with the four usual operations. */
const usual = (path: string, id: () => string): Probes => ({
  read: () => get(`${path}/${id()}`),
  create: () => createNothing(path),
  update: () => replaceNothing(`${path}/${id()}`),
  delete: () => removeNothing(`${path}/${id()}`),
})

/**
 * What is tried, below the environment. Lists are read where they can be kept short and hold no secrets; else one thing
 * of a random id, which PingOne answers 404 once the caller may read.
 */
const probes = {
  flow: {
    ...usual('/flows', hex),
    read: () => get('/flows', { attributes: 'id' }),
    // A check of a graph takes the permission to create, and saves nothing even where the flow exists.
    create: () => act(`/flows/${hex()}`, 'flow.validate', { graphData: { elements: { nodes: [], edges: [] } } }),
    deploy: () => act(`/flows/${hex()}`, 'flow.deploy'),
  },
  flowVersion: {
    read: () => get(`/flows/${hex()}/versions`),
    update: () => ({ method: 'PUT', path: `/flows/${hex()}/versions/0/alias`, body: { alias: 'none' } }),
    delete: () => removeNothing(`/flows/${hex()}/versions/0`),
    export: () => act(`/flows/${hex()}/versions/0`, 'flowversion.export'),
  },
  connector: { read: () => get('/connectors/httpConnector') },
  connectorInstance: {
    ...usual('/connectorInstances', hex),
    // There is nothing of this id to copy.
    create: () => act(`/connectorInstances/${hex()}`, 'connectorInstance.clone'),
  },
  variable: { ...usual('/variables', uuid), read: () => get('/variables', { limit: 1 }) },
  application: usual('/davinciApplications', hex),
  flowPolicy: {
    read: () => get(`/davinciApplications/${hex()}/flowPolicies`),
    create: () => createNothing(`/davinciApplications/${hex()}/flowPolicies`),
    update: () => replaceNothing(`/davinciApplications/${hex()}/flowPolicies/${hex()}`),
    delete: () => removeNothing(`/davinciApplications/${hex()}/flowPolicies/${hex()}`),
  },
  form: usual('/forms', uuid),
  // The template "general" is there in every environment.
  notificationTemplate: {
    ...usual('/templates/general/contents', uuid),
    read: () => get('/templates/general/contents', { limit: 1 }),
  },
  attribute: {
    read: () => get(`/schemas/${uuid()}/attributes`),
    create: () => createNothing(`/schemas/${uuid()}/attributes`),
    update: () => replaceNothing(`/schemas/${uuid()}/attributes/${uuid()}`),
    delete: () => removeNothing(`/schemas/${uuid()}/attributes/${uuid()}`),
  },
  certificate: {
    read: () => get(`/certificates/${uuid()}`),
    create: () => createNothing('/certificates'),
    delete: () => removeNothing(`/certificates/${uuid()}`),
  },
  key: usual('/keys', uuid),
  language: usual('/languages', uuid),
  population: usual('/populations', uuid),
  pingOneApplication: usual('/applications', uuid),
  roleAssignment: {
    read: () => get(`/applications/${uuid()}/roleAssignments`),
    create: () => createNothing(`/applications/${uuid()}/roleAssignments`),
    delete: () => removeNothing(`/applications/${uuid()}/roleAssignments/${uuid()}`),
  },
} satisfies Record<string, Probes>

/** The sorts of things whose access can be tried. */
export type ProbedThing = keyof typeof probes

/** The operations of a thing that can be tried. */
export function probedOperations(thing: ProbedThing): ProbedOperation[] {
  return Object.keys(probes[thing]) as ProbedOperation[]
}

/**
 * Trials: requests that only show whether PingOne would refuse an operation. None changes anything, each for a reason
 * of its own:
 * - read: it only reads.
 * - update, delete, deploy, export, and what is about versions, policies and assignments: they name an id that was
 *   thrown a moment ago, so there is nothing that they could act on.
 * - create: of a flow it is a check of a graph, which saves nothing; of a connector instance a copy of none; of anything
 *   else a list where PingOne takes an object, which it can't accept.
 * Each is one request within the rate budget and isn't repeated, whatever comes (a 429 and a token that ran out aside:
 * then PingOne didn't look at it).
 */
export function probesResource(engine: Engine) {
  return {
    /**
     * Tries one operation. A write is judged by whether PingOne says 403 or fails it otherwise; `unknown` when no clear
     * answer came, or when there is no such operation. Throws a TokenError, a ConfigurationError for an impossible id,
     * or the signal's reason.
     */
    async try(
      environmentId: string,
      thing: ProbedThing,
      operation: ProbedOperation,
      options?: CallOptions,
    ): Promise<ProbeResult> {
      const request = (probes[thing] as Probes)[operation]?.()
      if (request === undefined) return 'unknown'
      try {
        await engine.send(
          { ...request, path: environmentPath(environmentId) + request.path, repeatable: false, once: true },
          options,
        )
        return 'notRefused'
      } catch (error) {
        if (error instanceof PingOneError) return resultOf(error)
        if (error instanceof ConnectionError) return 'unknown'
        throw error
      }
    },
  }
}

/** What an answer says on permissions. A licence that is used up is refused with 403 too, but by no role. */
function resultOf(error: PingOneError): ProbeResult {
  if (error.hasDetail('LICENSE_EXCEEDED')) return 'unknown'
  if (error.status === 403) return 'refused'
  if (error.status === 401) return error.hasDetail('INSUFFICIENT_PERMISSIONS') ? 'refused' : 'unknown'
  return [400, 404, 415].includes(error.status) ? 'notRefused' : 'unknown'
}
