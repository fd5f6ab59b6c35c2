import { randomUUID } from 'node:crypto'
import type { ApiCall, CallOptions, Engine } from './engine.ts'
import { ConnectionError, PingOneError } from './errors.ts'
import { environmentPath } from './resources/environments.ts'

/**
 * allowed: PingOne did it. refused: it said 403. notRefused: it failed it for another reason, such as that there is no
 * such thing, which it says once it has looked at the permissions. unknown: something came that doesn't tell.
 */
export type ProbeResult = 'allowed' | 'refused' | 'notRefused' | 'unknown'

/** What can be tried. */
export type ProbedOperation = 'read' | 'create' | 'update' | 'delete' | 'deploy' | 'export'

interface Request extends Pick<ApiCall, 'method' | 'path' | 'query' | 'body' | 'contentType'> {
  /** What it asks for is there in every environment: that it isn't found doesn't tell anything. */
  exists?: true
}
type Probes = Partial<Record<ProbedOperation, () => Request>>

const uuid = () => randomUUID()
/** The form of DaVinci's own ids. */
const hex = () => randomUUID().replaceAll('-', '')
const noApplication = hex()

/** Reads what is there in every environment. */
const list = (path: string, query: ApiCall['query'] = {}): Request => ({ method: 'GET', path, query, exists: true })
const lookFor = (path: string): Request => ({ method: 'GET', path })
/** Nothing can be made of a list: every one of PingOne's creations takes an object with required fields. */
const createNothing = (path: string): Request => ({ method: 'POST', path, body: [], exists: true })
const createBelowNothing = (path: string): Request => ({ method: 'POST', path, body: [] })
const replaceNothing = (path: string): Request => ({ method: 'PUT', path, body: {} })
const removeNothing = (path: string): Request => ({ method: 'DELETE', path })
const act = (path: string, type: string, body: ApiCall['body'] = {}): Request => ({
  method: 'POST',
  path,
  body,
  contentType: `application/vnd.pingidentity.${type}+json`,
})

/** A collection whose members have ids of that form, with the four usual operations. */
const usual = (path: string, id: () => string) => ({
  read: () => lookFor(`${path}/${id()}`),
  create: () => createNothing(path),
  update: () => replaceNothing(`${path}/${id()}`),
  delete: () => removeNothing(`${path}/${id()}`),
})

/**
 * What is tried, below the environment. Lists are read where they are short and hold no secrets. Otherwise one thing of a
 * random id, which PingOne answers 404 once the caller may read: so it is for populations and applications, since a role
 * for a single one of them opens the list but not the others.
 */
const probes = {
  flow: {
    ...usual('/flows', hex),
    read: () => list('/flows', { attributes: 'id' }),
    // A check of a graph takes the permission to create, and saves nothing even where the flow exists.
    create: () => act(`/flows/${hex()}`, 'flow.validate', { graphData: { elements: { nodes: [], edges: [] } } }),
    deploy: () => act(`/flows/${hex()}`, 'flow.deploy'),
  },
  flowVersion: {
    read: () => lookFor(`/flows/${hex()}/versions`),
    update: () => ({ method: 'PUT', path: `/flows/${hex()}/versions/0/alias`, body: { alias: 'none' } }),
    delete: () => removeNothing(`/flows/${hex()}/versions/0`),
    export: () => act(`/flows/${hex()}/versions/0`, 'flowversion.export'),
  },
  connector: { read: () => list('/connectors/httpConnector') },
  connectorInstance: {
    ...usual('/connectorInstances', hex),
    // There is nothing of this id to copy.
    create: () => act(`/connectorInstances/${hex()}`, 'connectorInstance.clone'),
  },
  variable: { ...usual('/variables', uuid), read: () => list('/variables', { limit: 1 }) },
  application: usual('/davinciApplications', hex),
  flowPolicy: {
    ...usual(`/davinciApplications/${noApplication}/flowPolicies`, hex),
    create: () => createBelowNothing(`/davinciApplications/${noApplication}/flowPolicies`),
  },
  form: { ...usual('/forms', uuid), read: () => list('/forms') },
  // The template "general" is there in every environment.
  notificationTemplate: {
    ...usual('/templates/general/contents', uuid),
    read: () => list('/templates/general/contents', { limit: 1 }),
  },
  attribute: {
    read: () => list('/schemas'),
    create: () => createBelowNothing(`/schemas/${uuid()}/attributes`),
    update: () => replaceNothing(`/schemas/${uuid()}/attributes/${uuid()}`),
    delete: () => removeNothing(`/schemas/${uuid()}/attributes/${uuid()}`),
  },
  certificate: {
    read: () => list('/certificates'),
    create: () => createNothing('/certificates'),
    delete: () => removeNothing(`/certificates/${uuid()}`),
  },
  key: { ...usual('/keys', uuid), read: () => list('/keys') },
  language: { ...usual('/languages', uuid), read: () => list('/languages') },
  population: usual('/populations', uuid),
  pingOneApplication: usual('/applications', uuid),
  roleAssignment: {
    read: () => lookFor(`/applications/${uuid()}/roleAssignments`),
    create: () => createBelowNothing(`/applications/${uuid()}/roleAssignments`),
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
      const { exists = false, ...call } = request
      const path = environmentPath(environmentId) + call.path
      try {
        await engine.send({ ...call, path, repeatable: false, once: true }, options)
        return 'allowed'
      } catch (error) {
        if (error instanceof PingOneError) return resultOf(error, exists)
        if (error instanceof ConnectionError) return 'unknown'
        throw error
      }
    },
  }
}

/** What an answer says on permissions. A licence that is used up is refused with 403 too, but by no role. */
function resultOf(error: PingOneError, exists: boolean): ProbeResult {
  if (error.hasDetail('LICENSE_EXCEEDED')) return 'unknown'
  if (error.status === 403) return 'refused'
  if (error.status === 401) return error.hasDetail('INSUFFICIENT_PERMISSIONS') ? 'refused' : 'unknown'
  if (error.status === 404) return exists ? 'unknown' : 'notRefused'
  return error.status === 400 || error.status === 415 ? 'notRefused' : 'unknown'
}
