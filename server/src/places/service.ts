import {
  type Artifact,
  type KindName,
  kinds,
  type PlaceReader,
  type PlaceWriter,
  type ReadOptions,
} from '@flightiq/core'
import { EnvironmentPlace, ExportFilePlace, MemoryArtifactCache, NotFoundError, parsePlaceSpec } from '@flightiq/places'
import { z } from 'zod'
import { type Caller, serverItself } from '../authorization/caller.ts'
import { may } from '../authorization/permissions.ts'
import type { artifactSchema, kindSchema } from '../contract/places.ts'
import type { GuardedEnvironment } from '../guards/service.ts'
import { ProblemError } from '../problems/problem-error.ts'
import type { TenantService } from '../tenants/service.ts'
import { EnvironmentNotVisibleError } from './not-visible.ts'

/** How long a tenant's list of environments is taken for current when a place is opened by name, in milliseconds. */
const environmentsLast = 60_000

/** Opens places for those who may read them. One environment is one object for all who use it, as long as its tenant stays the same. */
export class PlaceService {
  readonly #tenants: TenantService
  readonly #files: boolean
  /** One cache a tenant: what one worker app may read must not be shown through another. */
  readonly #caches = new Map<string, MemoryArtifactCache>()
  readonly #environments = new Map<string, { at: number; named: GuardedEnvironment[] }>()
  readonly #open = new Map<string, EnvironmentPlace>()

  /** `files`: whether `file:` places may be read, which only whoever sits at this machine may do. */
  constructor(tenants: TenantService, files: boolean) {
    this.#tenants = tenants
    this.#files = files
    tenants.onChange((tenantId) => {
      this.#environments.delete(tenantId)
      this.#caches.delete(tenantId)
      for (const key of this.#open.keys()) if (key.startsWith(tenantId)) this.#open.delete(key)
    })
  }

  /** The kinds of artifact. */
  listKinds(): z.infer<typeof kindSchema>[] {
    return Object.values(kinds).map(({ name, domain, label, writable }) => ({ name, domain, label, writable }))
  }

  /** The tenants with which an environment was seen, as far as their lists were read. */
  tenantsWith(environmentId: string): string[] {
    const id = environmentId.toLowerCase()
    return [...this.#environments].flatMap(([tenantId, { named }]) =>
      named.some((environment) => environment.id.toLowerCase() === id) ? [tenantId] : [],
    )
  }

  /** The artifacts of a kind in a place, as its list gives them, secrets taken out. */
  async listArtifacts(
    caller: Caller,
    tenantId: string,
    kind: KindName,
    place: string,
    options: ReadOptions = {},
  ): Promise<z.infer<typeof artifactSchema>[]> {
    const reader = await this.open(caller, tenantId, place, options)
    return (await reader.list(kind, options)).map(shown)
  }

  /** One artifact, whole, secrets taken out. Throws a NotFoundError. */
  async getArtifact(
    caller: Caller,
    tenantId: string,
    kind: KindName,
    id: string,
    place: string,
    options: ReadOptions = {},
  ): Promise<z.infer<typeof artifactSchema>> {
    const reader = await this.open(caller, tenantId, place, options)
    return shown(await reader.get(kind, id, options))
  }

  /**
   * Opens a place to read from. Throws a ProblemError PLACE_NOT_ALLOWED for a file on a server, a PlaceError for what
   * is no place, a NotFoundError for an environment that is not there or not to be read, and what the client throws.
   */
  async open(caller: Caller, tenantId: string, text: string, options: ReadOptions = {}): Promise<PlaceReader> {
    const spec = parsePlaceSpec(text)
    if (spec.type === 'environment') return this.openEnvironment(caller, tenantId, spec.environment, options)
    await this.#tenants.get(tenantId)
    if (this.#files) return ExportFilePlace.open(spec.path)
    throw new ProblemError({
      status: 422,
      code: 'PLACE_NOT_ALLOWED',
      detail: 'A server reads environments only, not files of its own disk.',
      nextStep: 'Write env:<environment name or id>, or use the command line for files.',
    })
  }

  /**
   * Opens an environment of the tenant by its id or name, to read and write. Throws a NotFoundError, alike for one that
   * is not there and one that the caller may not read: what exists is nobody's affair who may not see it.
   */
  async openEnvironment(
    caller: Caller,
    tenantId: string,
    nameOrId: string,
    { signal }: ReadOptions = {},
  ): Promise<PlaceWriter> {
    const { id, name } = await this.#named(caller, tenantId, nameOrId, signal)
    const key = `${tenantId} ${id}`
    const open = this.#open.get(key)
    if (open && open.description.name === name) return open
    const opened = await this.#make(tenantId, id, name)
    this.#open.set(key, opened)
    return opened
  }

  /**
   * Opens an environment for one run alone: a place that is shared with readers would take what the run has just made
   * for something it had seen before.
   */
  async openForRun(tenantId: string, environmentId: string): Promise<PlaceWriter> {
    const { id, name } = await this.#named(serverItself, tenantId, environmentId)
    return this.#make(tenantId, id, name)
  }

  /** What an environment is called, and whether it is for production. For FlightIQ's own parts. */
  async environment(tenantId: string, environmentId: string): Promise<GuardedEnvironment> {
    return this.#named(serverItself, tenantId, environmentId)
  }

  async #make(tenantId: string, environmentId: string, environmentName: string): Promise<EnvironmentPlace> {
    const client = await this.#tenants.client(tenantId)
    const cache = this.#caches.get(tenantId) ?? new MemoryArtifactCache()
    this.#caches.set(tenantId, cache)
    return new EnvironmentPlace({ client, environmentId, environmentName, cache })
  }

  async #named(caller: Caller, tenantId: string, nameOrId: string, signal?: AbortSignal): Promise<GuardedEnvironment> {
    return this.#known(caller, tenantId, nameOrId) ?? (await this.#find(caller, tenantId, nameOrId, signal))
  }

  #known(caller: Caller, tenantId: string, nameOrId: string): GuardedEnvironment | undefined {
    const listed = this.#environments.get(tenantId)
    if (!listed || Date.now() - listed.at > environmentsLast) return undefined
    const named = readable(caller, tenantId, listed.named)
    const byId = named.find(({ id }) => id.toLowerCase() === nameOrId.toLowerCase())
    if (byId) return byId
    const [only, another] = named.filter(({ name }) => name === nameOrId)
    return another ? undefined : only
  }

  async #find(caller: Caller, tenantId: string, nameOrId: string, signal?: AbortSignal): Promise<GuardedEnvironment> {
    const all = await this.#tenants.listEnvironments(serverItself, tenantId, { signal })
    this.#environments.set(tenantId, { at: Date.now(), named: all.map(({ id, name, type }) => ({ id, name, type })) })
    const found = this.#known(caller, tenantId, nameOrId)
    if (found) return found
    const environments = readable(caller, tenantId, all)
    const named = environments.filter(({ name }) => name === nameOrId)
    if (named.length > 1) {
      throw new ProblemError({
        status: 422,
        code: 'PLACE_AMBIGUOUS',
        detail: `${named.length} environments are named "${nameOrId}".`,
        nextStep: `Give the id instead: ${named.map(({ id }) => id).join(' or ')}.`,
      })
    }
    const names = environments.map(({ name }) => name).join(', ')
    if (!may(caller, 'read', { tenantId })) {
      throw new NotFoundError({
        message: `There is no environment "${nameOrId}", or you may not read it.`,
        nextStep: names === '' ? 'Ask an administrator of FlightIQ for a role on it.' : `You may read: ${names}.`,
      })
    }
    const told = {
      message: `The worker app sees no environment "${nameOrId}".`,
      nextStep: names === '' ? 'Give the worker app a role on it.' : `It sees: ${names}.`,
    }
    throw z.uuid().safeParse(nameOrId).success
      ? new EnvironmentNotVisibleError(nameOrId, told)
      : new NotFoundError(told)
  }
}

function readable<Environment extends { id: string }>(
  caller: Caller,
  tenantId: string,
  environments: readonly Environment[],
): Environment[] {
  return environments.filter(({ id }) => may(caller, 'read', { tenantId, environmentId: id }))
}

/** An artifact for screens. */
export function shown({ kind, id, name, content, partial }: Artifact): z.infer<typeof artifactSchema> {
  return { kind, id, name, content: kinds[kind].redact(content), ...(partial ? { partial } : {}) }
}
