import type { IdMapping, PlaceDescription, Plan, SavedMapping } from '@flightiq/core'
import type { Storage } from '../storage/database.ts'
import { type PlacePair, readMappings, writeMapping } from './store.ts'

/**
 * Remembers what people chose, for each pair of places: an artifact that was ambiguous or missing once is not asked
 * about again, and is compared with what it was mapped to.
 */
export class MappingService {
  readonly #storage: Storage

  constructor(storage: Storage) {
    this.#storage = storage
  }

  /** The remembered mappings from one place to another. */
  async list(tenantId: string, source: PlaceDescription, destination: PlaceDescription): Promise<SavedMapping[]> {
    return readMappings(await this.#storage.queries(), pairOf(tenantId, source, destination))
  }

  /** Remembers the choices of a plan that has been carried out; `mapping` says what became of the created ones. */
  async remember(tenantId: string, plan: Plan, mapping: IdMapping): Promise<void> {
    const pair = pairOf(tenantId, plan.source, plan.destination)
    const queries = await this.#storage.queries()
    for (const choice of plan.options.choices) {
      if (choice.action === 'keep') continue
      const { kind, sourceId } = choice
      const destinationId = choice.action === 'map' ? choice.destinationId : mapping[kind]?.[sourceId]
      if (destinationId !== undefined) await writeMapping(queries, pair, { kind, sourceId, destinationId })
    }
  }
}

function pairOf(tenantId: string, source: PlaceDescription, destination: PlaceDescription): PlacePair {
  return { tenantId, source: nameForGood(source), destination: nameForGood(destination) }
}

/** Environments are renamed, their ids stay. */
function nameForGood({ environmentId, spec }: PlaceDescription): string {
  return environmentId ?? spec
}
