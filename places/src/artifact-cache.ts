import type { JsonObject, KindName } from '@flightiq/core'
import { answerSize } from '@flightiq/pingone'

/** Which state of which artifact: a different state has a different key. */
export interface CacheKey {
  environmentId: string
  kind: KindName
  id: string
  /** As PingOne gave it; empty for what never changes. */
  updatedAt: string
  /** The version, and what else changes without the date: deployed, switched on. */
  version: string
}

/** Keeps artifacts that were read, so that they needn't be read again while they haven't changed. */
export interface ArtifactCache {
  /** The content in exactly this state, or undefined. */
  get(key: CacheKey): JsonObject | undefined | Promise<JsonObject | undefined>
  /** Keeps the content. May drop older states of the same artifact. */
  set(key: CacheKey, content: JsonObject): void | Promise<void>
}

interface Entry {
  state: string
  content: JsonObject
  size: number
}

/** A cache in memory, bounded by the size of the contents as JSON. What wasn't used for longest goes first. */
export class MemoryArtifactCache implements ArtifactCache {
  readonly #entries = new Map<string, Entry>()
  readonly #limit: number
  #size = 0

  /** Takes the bound in characters of JSON. */
  constructor(limit = 128 * 1024 * 1024) {
    this.#limit = limit
  }

  get(key: CacheKey): JsonObject | undefined {
    const name = nameOf(key)
    const entry = this.#entries.get(name)
    if (entry === undefined || entry.state !== stateOf(key)) return undefined
    // Moved to the end: the first in the map is the one not used for longest.
    this.#entries.delete(name)
    this.#entries.set(name, entry)
    return entry.content
  }

  set(key: CacheKey, content: JsonObject): void {
    const name = nameOf(key)
    this.#drop(name)
    const size = answerSize(content) ?? JSON.stringify(content).length
    if (size > this.#limit) return
    this.#entries.set(name, { state: stateOf(key), content, size })
    this.#size += size
    for (const oldest of this.#entries.keys()) {
      if (this.#size <= this.#limit) break
      this.#drop(oldest)
    }
  }

  #drop(name: string): void {
    const entry = this.#entries.get(name)
    if (entry === undefined) return
    this.#entries.delete(name)
    this.#size -= entry.size
  }
}

function nameOf({ environmentId, kind, id }: CacheKey): string {
  return `${environmentId}/${kind}/${id}`
}

function stateOf({ updatedAt, version }: CacheKey): string {
  return `${updatedAt} ${version}`
}
