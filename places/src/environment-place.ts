import {
  type Artifact,
  Inventory,
  type JsonObject,
  type KindName,
  kindOf,
  type PlaceDescription,
  type PlaceWriter,
  type ReadOptions,
  stringAt,
} from '@flightiq/core'
import { type CallOptions, OutcomeUnknownError, type PingOneClient, PingOneError } from '@flightiq/pingone'
import { type ArtifactCache, MemoryArtifactCache } from './artifact-cache.ts'
import { type KindAccess, labelOf, type Reach } from './environment/access.ts'
import { versionsOf } from './environment/flow-versions.ts'
import { deployFlow, stillInPolicy } from './environment/flows.ts'
import { accessTo } from './environment/kinds.ts'
import { CreatedIncompleteError, NotFoundError, PlaceError } from './errors.ts'
import { pause } from './pause.ts'
import { Reading } from './reading.ts'

export interface EnvironmentPlaceOptions {
  client: PingOneClient
  environmentId: string
  environmentName: string
  /** What was read before; in memory, for this place alone, unless given. */
  cache?: ArtifactCache
  /** When to look for something whose create got no clear answer: milliseconds before each look. */
  looksAfter?: readonly number[]
}

const usualLooks = [500, 2000, 4000]

/** An environment of PingOne: read with as few requests as possible, and written. */
export class EnvironmentPlace implements PlaceWriter {
  readonly description: PlaceDescription & { environmentId: string }
  readonly #client: PingOneClient
  readonly #cache: ArtifactCache
  readonly #applicationOfPolicy = new Map<string, string>()
  /** The ids seen of each kind, to tell what a create of unknown outcome made. */
  readonly #seen = new Map<KindName, Set<string>>()
  readonly #looksAfter: readonly number[]
  #policyRemovedAt = Number.NEGATIVE_INFINITY

  constructor({ client, environmentId, environmentName, cache, looksAfter }: EnvironmentPlaceOptions) {
    this.#looksAfter = looksAfter ?? usualLooks
    this.#client = client
    this.#cache = cache ?? new MemoryArtifactCache()
    this.description = {
      spec: `env:${environmentName}`,
      type: 'environment',
      name: environmentName,
      environmentId,
      writable: true,
    }
  }

  /**
   * Opens an environment by its id or name. Throws a NotFoundError when the worker app sees none of that name or id,
   * a PlaceError with code PLACE_AMBIGUOUS when several have the name, and what the client throws.
   */
  static async open(
    client: PingOneClient,
    nameOrId: string,
    options: { cache?: ArtifactCache; signal?: AbortSignal } = {},
  ): Promise<EnvironmentPlace> {
    const environments = await client.environments.list({ signal: options.signal })
    const byId = environments.filter(({ id }) => id.toLowerCase() === nameOrId.toLowerCase())
    const found = byId.length > 0 ? byId : environments.filter(({ name }) => name === nameOrId)
    const [environment, another] = found
    if (another !== undefined) {
      throw new PlaceError({
        code: 'PLACE_AMBIGUOUS',
        message: `${found.length} environments are named "${nameOrId}".`,
        nextStep: `Give the id instead: ${found.map(({ id }) => id).join(' or ')}.`,
      })
    }
    if (environment === undefined) {
      const names = environments.map(({ name }) => name).join(', ')
      throw new NotFoundError({
        message: `The worker app sees no environment "${nameOrId}".`,
        nextStep:
          names === '' ? 'Give the worker app a role on it.' : `It sees: ${names}. Or give it a role on the other.`,
      })
    }
    const { cache } = options
    return new EnvironmentPlace({
      client,
      environmentId: environment.id,
      environmentName: environment.name,
      ...(cache === undefined ? {} : { cache }),
    })
  }

  /** The artifacts of a kind as the list gives them; flow versions cost one request for each flow. */
  list(kind: KindName, options?: ReadOptions): Promise<Artifact[]> {
    return this.#with(options, async (reach) => this.#see(kind, await accessTo[kind].list(reach)))
  }

  /** The versions of one flow, without their graphs: one request. */
  listVersions(flowId: string, options?: ReadOptions): Promise<Artifact[]> {
    return this.#with(options, (reach) => versionsOf(reach, flowId))
  }

  get(kind: KindName, id: string, options?: ReadOptions): Promise<Artifact> {
    return this.#with(options, async (reach) => {
      try {
        return await accessTo[kind].get(reach, id)
      } catch (error) {
        if (!(error instanceof PingOneError) || error.status !== 404) throw error
        throw new NotFoundError({
          message: `There is no ${kindOf(kind).label.one.toLowerCase()} ${id} in ${this.description.name}.`,
          nextStep: 'List them again: it may have been removed meanwhile.',
          cause: error,
        })
      }
    })
  }

  /** One list request for each kind, and one for each artifact that the list gave only in part and that has moved. */
  inventory(kinds: readonly KindName[], options?: ReadOptions): Promise<Inventory> {
    return this.#with(options, async (reach) => {
      const lists = await Promise.all(
        kinds.map(async (kind) => {
          const listed = this.#see(kind, await accessTo[kind].list(reach))
          return Promise.all(listed.map((artifact) => (artifact.partial ? readWhole(reach, artifact) : artifact)))
        }),
      )
      return new Inventory(lists.flat())
    })
  }

  /**
   * Creates an artifact. When PingOne gave no clear answer, looks whether it is there before failing with the client's
   * OutcomeUnknownError. Throws a CreatedIncompleteError when it was created, but could not be finished.
   */
  create(kind: KindName, content: JsonObject, options?: ReadOptions): Promise<Artifact> {
    const access = accessTo[kind]
    const create = this.#writing(kind, access.create)
    return this.#with(options, async (reach) => {
      const since = Date.now()
      const made = await this.#orFound(() => create(reach, content), { kind, content, reach, since })
      this.#seen.get(kind)?.add(made.id)
      if (access.settle === undefined) return made
      try {
        return await access.settle(reach, made, content)
      } catch (error) {
        throw new CreatedIncompleteError(made, error)
      }
    })
  }

  replace(kind: KindName, id: string, content: JsonObject, options?: ReadOptions): Promise<Artifact> {
    const replace = this.#writing(kind, accessTo[kind].replace)
    return this.#with(options, (reach) => replace(reach, id, content))
  }

  remove(kind: KindName, id: string, options?: ReadOptions): Promise<void> {
    const remove = this.#writing(kind, accessTo[kind].remove)
    return this.#with(options, async (reach) => {
      for (let attempt = 0; ; attempt += 1) {
        try {
          await remove(reach, id)
          break
        } catch (error) {
          const released = Date.now() - this.#policyRemovedAt < 60_000
          const step = this.#looksAfter[attempt]
          if (!stillInPolicy(error) || !released || step === undefined) throw error
          await pause(step, reach.reading.calls.signal)
        }
      }
      this.#seen.get(kind)?.delete(id)
      if (kindsHoldingFlows.has(kind)) this.#policyRemovedAt = Date.now()
    })
  }

  deploy(flowId: string, options?: ReadOptions): Promise<Artifact> {
    return this.#with(options, (reach) => deployFlow(reach, flowId))
  }

  setEnabled(flowId: string, enabled: boolean, options?: ReadOptions): Promise<void> {
    return this.#with(options, async ({ client, environmentId, reading }) => {
      await client.flows.setEnabled(environmentId, flowId, enabled, reading.calls)
    })
  }

  async #with<T>(options: ReadOptions | undefined, work: (reach: Reach) => Promise<T>): Promise<T> {
    const reading = new Reading(options)
    const reach: Reach = {
      client: this.#client,
      environmentId: this.description.environmentId,
      environmentName: this.description.name,
      cache: this.#cache,
      reading,
      applicationOfPolicy: this.#applicationOfPolicy,
    }
    try {
      return await reading.whole(() => work(reach))
    } catch (error) {
      throw await this.#explained(error, options ?? {})
    }
  }

  /** PingOne answers 403 below an environment that is gone: only the environment itself tells (its issue P14C-63085). */
  async #explained(error: unknown, { signal, priority }: ReadOptions): Promise<unknown> {
    if (!(error instanceof PingOneError) || error.status !== 403) return error
    const calls: CallOptions = { signal, priority }
    try {
      await this.#client.environments.get(this.description.environmentId, calls)
    } catch (second) {
      if (second instanceof PingOneError && second.status === 404) {
        return new NotFoundError({
          message: `The environment ${this.description.name} is gone.`,
          nextStep: 'Choose another environment.',
          cause: error,
        })
      }
      // The environment can't be asked either: what was said first is the better explanation.
    }
    return error
  }

  #writing<T>(kind: KindName, operation: T | undefined): T {
    if (operation !== undefined) return operation
    throw new PlaceError({
      code: 'KIND_NOT_WRITABLE',
      message: `${kindOf(kind).label.many} can't be written that way: PingOne makes them itself.`,
    })
  }

  #see(kind: KindName, artifacts: Artifact[]): Artifact[] {
    this.#seen.set(kind, new Set(artifacts.map(({ id }) => id)))
    return artifacts
  }

  async #orFound(create: () => Promise<Artifact>, sought: Sought): Promise<Artifact> {
    try {
      return await create()
    } catch (error) {
      if (!(error instanceof OutcomeUnknownError)) throw error
      for (const step of this.#looksAfter) {
        await pause(step, sought.reach.reading.calls.signal)
        const found = (await this.#freshList(sought)).filter((artifact) => this.#couldBe(artifact, sought))
        const [only, another] = found
        if (only !== undefined && another === undefined) return only
        if (another !== undefined) break
      }
      throw error
    }
  }

  #freshList({ kind, reach }: Sought): Promise<Artifact[]> {
    const reading = new Reading({ ...(reach.reading.calls.signal ? { signal: reach.reading.calls.signal } : {}) })
    return accessTo[kind].list({ ...reach, reading })
  }

  /** Whether an artifact is what the create made: new, and the same by meaning. */
  #couldBe({ kind, id, content }: Artifact, sought: Sought): boolean {
    if (this.#seen.get(kind)?.has(id)) return false
    const createdAt = Date.parse(stringAt(content, 'createdAt') ?? '')
    // Two minutes for clocks that differ.
    if (createdAt < sought.since - 120_000) return false
    const same = (_kind: KindName, other: string) => other
    return kindOf(kind).meaning(content, same) === kindOf(kind).meaning(sought.content, same)
  }
}

interface Sought {
  kind: KindName
  content: JsonObject
  reach: Reach
  since: number
}

/** Removing one of these lets go of flows. */
const kindsHoldingFlows: ReadonlySet<KindName> = new Set(['flowPolicy', 'application'])

function readWhole(reach: Reach, artifact: Artifact): Promise<Artifact> {
  const access: KindAccess = accessTo[artifact.kind]
  return reach.reading.step(labelOf(kindOf(artifact.kind), reach), () =>
    access.getListed === undefined ? access.get(reach, artifact.id) : access.getListed(reach, artifact),
  )
}
