import type { ReadOptions, ReadProgress } from '@flightiq/core'
import type { CallOptions } from '@flightiq/pingone'

/** One reading of a place under way: counts what was done, and tells it to whoever watches. */
export class Reading {
  /** What the client's calls take. */
  readonly calls: CallOptions
  readonly #stop = new AbortController()
  readonly #onProgress: ((progress: ReadProgress) => void) | undefined
  readonly #shared = new Map<string, Promise<unknown>>()
  #label = ''
  #done = 0
  #total = 0
  #requests = 0
  #waitingSeconds = 0

  constructor(options: ReadOptions = {}) {
    this.#onProgress = options.onProgress
    const signal =
      options.signal === undefined ? this.#stop.signal : AbortSignal.any([options.signal, this.#stop.signal])
    this.calls = {
      signal,
      priority: options.priority,
      onRequest: () => {
        this.#requests += 1
        this.#waitingSeconds = 0
        this.#tell()
      },
      onWait: (seconds) => {
        if (seconds === this.#waitingSeconds) return
        this.#waitingSeconds = seconds
        this.#tell()
      },
    }
  }

  /** Does one of the steps that the reading consists of. */
  async step<T>(label: string, work: () => Promise<T>): Promise<T> {
    this.#total += 1
    this.#label = label
    const result = await work()
    this.#done += 1
    this.#label = label
    this.#tell()
    return result
  }

  /** Does something once, however many parts of the reading need it. */
  once<T>(name: string, work: () => Promise<T>): Promise<T> {
    const shared = (this.#shared.get(name) as Promise<T> | undefined) ?? work()
    this.#shared.set(name, shared)
    return shared
  }

  /** Does the whole; when a part of it fails, the other parts are stopped. */
  async whole<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      this.#stop.abort(error)
      throw error
    }
  }

  #tell(): void {
    this.#onProgress?.({
      label: this.#label,
      done: this.#done,
      total: this.#total,
      requests: this.#requests,
      ...(this.#waitingSeconds > 0 ? { waitingSeconds: this.#waitingSeconds } : {}),
    })
  }
}
