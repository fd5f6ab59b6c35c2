import type { Inventory, KindName, PlaceReader, ReadOptions } from '@flightiq/core'

/** A finished reading of a place. */
export interface PlaceReading {
  inventory: Inventory
  /** ISO 8601: when it ended. */
  readAt: string
  /** Requests that it cost; 0 when it was at hand. */
  requests: number
}

/** How long a reading is good enough for looking at, in milliseconds. */
const defaultAge = 60_000

/**
 * Keeps recent readings of environments, so that a look into one pair after a comparison, or a plan, costs no new one.
 * What was written to an environment drops its readings.
 */
export class Readings {
  readonly #kept = new Map<string, PlaceReading & { at: number; environmentId: string | undefined; tenantId: string }>()
  readonly #age: number

  constructor(age = defaultAge) {
    this.#age = age
  }

  /** Reads the kinds of a place, or gives a recent reading. `fresh` reads anew (contents that haven't moved excepted). */
  async read(
    tenantId: string,
    place: PlaceReader,
    kinds: readonly KindName[],
    options: ReadOptions & { fresh?: boolean | undefined } = {},
  ): Promise<PlaceReading> {
    this.#dropOld()
    const { fresh = false, ...readOptions } = options
    const { type, environmentId } = place.description
    // An export says which environment it came from, and is neither that environment nor its other exports.
    if (type !== 'environment') {
      return { inventory: await place.inventory(kinds, readOptions), readAt: new Date().toISOString(), requests: 0 }
    }
    const key = JSON.stringify([tenantId, environmentId, [...kinds].sort()])
    const kept = this.#kept.get(key)
    if (kept && !fresh) return { inventory: kept.inventory, readAt: kept.readAt, requests: 0 }
    let requests = 0
    const began = Date.now()
    const inventory = await place.inventory(kinds, {
      ...readOptions,
      onProgress: (progress) => {
        requests = progress.requests
        readOptions.onProgress?.(progress)
      },
    })
    const reading = { inventory, readAt: new Date().toISOString(), requests }
    // Kept from its beginning: what was written while it went on may be missing in it.
    this.#kept.set(key, { ...reading, at: began, environmentId, tenantId })
    return reading
  }

  /** Drops the readings of an environment that was written to. */
  dropEnvironment(environmentId: string): void {
    for (const [key, reading] of this.#kept) if (reading.environmentId === environmentId) this.#kept.delete(key)
  }

  /** Drops the readings of a tenant that was changed. */
  dropTenant(tenantId: string): void {
    for (const [key, reading] of this.#kept) if (reading.tenantId === tenantId) this.#kept.delete(key)
  }

  #dropOld(): void {
    const now = Date.now()
    for (const [key, reading] of this.#kept) if (now - reading.at > this.#age) this.#kept.delete(key)
  }
}
