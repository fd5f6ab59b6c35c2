import { arrayAt, type JsonObject, stringAt } from '@flightiq/core'
import { completeApplication } from '../davinci/application-content.ts'
import { completeFlowContent } from '../davinci/flow-content.ts'
import { newHexId, newUuid } from '../ids.ts'
import { bootstrap } from './bootstrap.ts'
import { readOnlyRemoved, timesOf, versionsOf } from './content.ts'
import type { Clock, Flow, FlowPolicy, FlowVersion, Resource } from './records.ts'
import { timestamp } from './records.ts'

/** What an environment is, beside what lies in it. */
export interface EnvironmentHead {
  id: string
  name: string
  description: string
  organizationId: string
  licenceId: string
  region: 'AP' | 'AU' | 'CA' | 'EU' | 'NA' | 'SG'
  type: 'PRODUCTION' | 'SANDBOX'
  subtype?: string
  createdAt: string
  updatedAt: string
  products: string[]
  /** Set once its deletion is prepared. */
  status?: 'DELETE_PENDING'
  /** Its place in lists. */
  position: number
}

/** How an environment is written to a file. */
export interface StoredEnvironment {
  head: EnvironmentHead
  sequence: number
  flows: Flow[]
  variables: Resource[]
  connectorInstances: Resource[]
  applications: Resource[]
  flowPolicies: FlowPolicy[]
  forms: Resource[]
}

/** How a flow is inserted when its content doesn't say. */
export interface FlowInsert {
  /** Taken over when given; otherwise the content's `id`, otherwise a new one. */
  id?: string
  /** Deploys it, as the import of a legacy export does. Without it the content's `publishedVersion` decides. */
  deployed?: boolean
}

/**
 * One environment: typed collections of what lies in it, and functions that insert and change it the way PingOne would.
 * The insert functions take content in the form the API answers with: ids, dates, versions and `enabled` found in it
 * are taken over, links and other read-only fields are left out, unknown fields are kept at every depth.
 * They don't apply the limits on numbers: those are the API's.
 */
export class EnvironmentState {
  head: EnvironmentHead
  readonly now: Clock
  readonly flows = new Map<string, Flow>()
  readonly variables = new Map<string, Resource>()
  readonly connectorInstances = new Map<string, Resource>()
  readonly applications = new Map<string, Resource>()
  readonly flowPolicies = new Map<string, FlowPolicy>()
  readonly forms = new Map<string, Resource>()
  /** Called after each change, with this environment. */
  onChange: (environment: EnvironmentState) => void = () => {}
  /** Rises with each change, so that what is computed from the environment can be kept until then. */
  revision = 0
  /** When what has an id was inserted, and when a flow was last named by a policy that is gone: epoch milliseconds. */
  readonly insertedAt = new Map<string, number>()
  readonly releasedAt = new Map<string, number>()
  #sequence = 0

  /** An environment with what PingOne puts into each new one, or as it was stored. */
  constructor(head: EnvironmentHead, now: Clock, stored?: StoredEnvironment) {
    this.head = head
    this.now = now
    if (stored) this.#restore(stored)
    else bootstrap(this)
  }

  get id(): string {
    return this.head.id
  }

  get name(): string {
    return this.head.name
  }

  /** Adds a flow, without a look at whether its id is taken. */
  insertFlow(content: JsonObject, options: FlowInsert = {}): Flow {
    const { createdAt, updatedAt } = timesOf(content, timestamp(this.now))
    const { currentVersion, publishedVersion } = versionsOf(content)
    const published = options.deployed ? currentVersion : publishedVersion
    const deployedAt = published === undefined ? undefined : (stringAt(content, 'deployedAt') ?? updatedAt)
    const flow: Flow = {
      id: options.id ?? stringAt(content, 'id') ?? newHexId(),
      enabled: content.enabled !== false,
      createdAt,
      updatedAt,
      ...(deployedAt ? { deployedAt } : {}),
      currentVersion,
      ...(published === undefined ? {} : { publishedVersion: published }),
      versions: [],
    }
    const written = completeFlowContent(readOnlyRemoved('flow', content), this)
    // A flow whose published version lies behind was deployed with a content that is not known: it stands for both.
    if (published !== undefined && published < currentVersion) {
      flow.versions.push({
        version: published,
        content: written,
        createdAt,
        updatedAt,
        deployedAt: deployedAt as string,
      })
    }
    flow.versions.push({
      version: currentVersion,
      content: written,
      createdAt: updatedAt,
      updatedAt,
      ...(published === currentVersion ? { deployedAt: deployedAt as string } : {}),
    })
    this.flows.set(flow.id, flow)
    this.insertedAt.set(flow.id, this.now())
    this.changed()
    return flow
  }

  /** Saves a flow's content as a new version, which becomes the current one. The published version stays behind. */
  saveFlow(flow: Flow, content: JsonObject, more: { clonedFrom?: number } = {}): FlowVersion {
    const at = timestamp(this.now)
    const version: FlowVersion = {
      version: (flow.versions.at(-1)?.version ?? flow.currentVersion) + 1,
      content: completeFlowContent(readOnlyRemoved('flow', content), this),
      createdAt: at,
      updatedAt: at,
      ...more,
    }
    flow.versions.push(version)
    flow.currentVersion = version.version
    flow.updatedAt = at
    this.changed()
    return version
  }

  /** Drops the oldest versions that are neither current nor published, until no more than `most` are kept. */
  trimVersions(flow: Flow, most: number): void {
    while (flow.versions.length > most) {
      const index = flow.versions.findIndex(
        ({ version }) => version !== flow.currentVersion && version !== flow.publishedVersion,
      )
      if (index < 0) return
      flow.versions.splice(index, 1)
    }
  }

  /** Makes the current version the published one. */
  deployFlow(flow: Flow): void {
    const at = timestamp(this.now)
    flow.publishedVersion = flow.currentVersion
    flow.deployedAt = at
    flow.updatedAt = at
    this.currentVersion(flow).deployedAt = at
    this.changed()
  }

  /** The current version of a flow. */
  currentVersion(flow: Flow): FlowVersion {
    const version = flow.versions.find((candidate) => candidate.version === flow.currentVersion)
    if (!version) throw new Error(`Flow ${flow.id} has lost its current version ${flow.currentVersion}.`)
    return version
  }

  /** Removes a flow with its versions and the variables of its own context. */
  removeFlow(flow: Flow): void {
    this.flows.delete(flow.id)
    for (const [id, { content }] of this.variables) {
      if (content.context === 'flow' && stringAt(content.flow, 'id') === flow.id) this.variables.delete(id)
    }
    this.changed()
  }

  /** Adds a variable; its id is a UUID. */
  insertVariable(content: JsonObject): Resource {
    return this.#insert(this.variables, content, newUuid)
  }

  /** Adds a connector instance. */
  insertConnectorInstance(content: JsonObject): Resource {
    return this.#insert(this.connectorInstances, content, newHexId)
  }

  /** Adds a form; its id is a UUID. */
  insertForm(content: JsonObject): Resource {
    return this.#insert(this.forms, content, newUuid)
  }

  /** Adds a DaVinci application. `apiKey` and `oauth` are completed, secrets made when the content has none. */
  insertApplication(content: JsonObject): Resource {
    return this.#insert(this.applications, completeApplication(content), newHexId)
  }

  /** Adds a flow policy to an application. */
  insertFlowPolicy(applicationId: string, content: JsonObject): FlowPolicy {
    const policy: FlowPolicy = { ...this.#resource(content, newHexId), applicationId }
    this.flowPolicies.set(policy.id, policy)
    this.changed()
    return policy
  }

  /** Removes a flow policy. */
  removeFlowPolicy(policy: FlowPolicy): void {
    this.flowPolicies.delete(policy.id)
    for (const distribution of arrayAt(policy.content, 'flowDistributions')) {
      this.releasedAt.set(stringAt(distribution, 'id') ?? '', this.now())
    }
    this.changed()
  }

  /** Replaces all that a client can write of a resource. */
  replace(resource: Resource, content: JsonObject): void {
    resource.content = readOnlyRemoved('resource', content)
    resource.updatedAt = timestamp(this.now)
    this.changed()
  }

  /** Says that something changed, so that it is written to the data folder. */
  changed(): void {
    this.revision += 1
    this.onChange(this)
  }

  /** All of it, as data. */
  toStored(): StoredEnvironment {
    return {
      head: this.head,
      sequence: this.#sequence,
      flows: [...this.flows.values()],
      variables: [...this.variables.values()],
      connectorInstances: [...this.connectorInstances.values()],
      applications: [...this.applications.values()],
      flowPolicies: [...this.flowPolicies.values()],
      forms: [...this.forms.values()],
    }
  }

  #insert(collection: Map<string, Resource>, content: JsonObject, newId: () => string): Resource {
    const resource = this.#resource(content, newId)
    collection.set(resource.id, resource)
    this.changed()
    return resource
  }

  #resource(content: JsonObject, newId: () => string): Resource {
    this.#sequence += 1
    const id = stringAt(content, 'id') ?? newId()
    this.insertedAt.set(id, this.now())
    return {
      id,
      sequence: this.#sequence,
      ...timesOf(content, timestamp(this.now)),
      content: readOnlyRemoved('resource', content),
    }
  }

  #restore(stored: StoredEnvironment): void {
    this.#sequence = stored.sequence
    for (const flow of stored.flows) this.flows.set(flow.id, flow)
    for (const name of ['variables', 'connectorInstances', 'applications', 'forms'] as const) {
      for (const resource of stored[name]) this[name].set(resource.id, resource)
    }
    for (const policy of stored.flowPolicies) this.flowPolicies.set(policy.id, policy)
  }
}
