import type { IdMapping, KindName, PlaceDescription, Plan, SavedMapping } from '@flightiq/core'
import type { Storage } from '../storage/database.ts'
import { type PlacePair, readMappings, writeMapping } from './store.ts'

/**
 * Remembers what people chose, for each pair of places: an artifact that was ambiguous or missing once is not asked
 * about again, and is compared with what it was mapped to.
 */
export class MappingService {
  readonly #storage: Storage
  /** Where nothing outlives the process, a database isn't started for these alone. */
  readonly #held = new Map<string, SavedMapping[]>()

  constructor(storage: Storage) {
    this.#storage = storage
  }

  /** The remembered mappings from one place to another. */
  async list(tenantId: string, source: PlaceDescription, destination: PlaceDescription): Promise<SavedMapping[]> {
    const pair = pairOf(tenantId, source, destination)
    if (!this.#storage.persistent) return this.#held.get(keyOf(pair)) ?? []
    return readMappings(await this.#storage.queries(), pair)
  }

  /**
   * Remembers the choices of a plan that has been carried out, and which of several of one name was created for which;
   * `mapping` says what became of the created ones.
   */
  async remember(tenantId: string, plan: Plan, mapping: IdMapping): Promise<void> {
    const pair = pairOf(tenantId, plan.source, plan.destination)
    const chosen = [...plan.options.choices, ...namesakes(plan)].flatMap((choice): SavedMapping[] => {
      if (choice.action === 'keep') return []
      const { kind, sourceId } = choice
      const destinationId = choice.action === 'map' ? choice.destinationId : mapping[kind]?.[sourceId]
      return destinationId === undefined ? [] : [{ kind, sourceId, destinationId }]
    })
    if (!this.#storage.persistent) {
      // Matching takes the first that fits, so the latest choice goes first.
      this.#held.set(keyOf(pair), [...chosen, ...(this.#held.get(keyOf(pair)) ?? [])])
      return
    }
    const queries = await this.#storage.queries()
    for (const mapped of chosen) await writeMapping(queries, pair, mapped)
  }
}

/** What a plan creates under a name that it gives to others of the kind too: nothing but their ids tells them apart. */
function namesakes({ operations }: Plan): { action: 'create'; kind: KindName; sourceId: string }[] {
  const creates = operations.filter(({ action }) => action === 'create')
  const groups = Object.groupBy(creates, ({ kind, name }) => JSON.stringify([kind, name]))
  return Object.values(groups).flatMap((group = []) =>
    group.length < 2 ? [] : group.map(({ kind, sourceId }) => ({ action: 'create' as const, kind, sourceId })),
  )
}

function keyOf({ tenantId, source, destination }: PlacePair): string {
  return JSON.stringify([tenantId, source, destination])
}

function pairOf(tenantId: string, source: PlaceDescription, destination: PlaceDescription): PlacePair {
  return { tenantId, source: nameForGood(source), destination: nameForGood(destination) }
}

/** Environments are renamed, their ids stay. */
function nameForGood({ environmentId, spec }: PlaceDescription): string {
  return environmentId ?? spec
}
