import type { Adapter, AdapterPayload } from 'oidc-provider'

interface Entry {
  payload: AdapterPayload
  environmentId: string
  model: string
  /** Epoch milliseconds. */
  expires: number
}

/** As many entries may be there until those that expired are looked for. */
const sweptBeyond = 1000

/** Sessions, codes and tokens of everybody who signs on. They are kept in memory alone: a restart forgets them. */
export class SignOnMemory {
  readonly #entries = new Map<string, Entry>()

  /** Where one kind of thing of an environment is kept, as oidc-provider wants it. */
  shelf(environmentId: string, model: string): Adapter {
    const entries = this.#entries
    const keyOf = (id: string) => `${environmentId}/${model}/${id}`
    const belongs = (entry: Entry) => entry.environmentId === environmentId && entry.model === model
    const valid = (entry: Entry | undefined) => (entry && entry.expires > Date.now() ? entry.payload : undefined)
    const findWith = (field: 'uid' | 'userCode', value: string) =>
      valid([...entries.values()].find((entry) => belongs(entry) && entry.payload[field] === value))
    return {
      upsert: async (id, payload, expiresIn) => {
        if (entries.size > sweptBeyond) this.#sweep()
        const expires = expiresIn === undefined ? Number.POSITIVE_INFINITY : Date.now() + expiresIn * 1000
        entries.set(keyOf(id), { payload, environmentId, model, expires })
      },
      find: async (id) => valid(entries.get(keyOf(id))),
      findByUid: async (uid) => findWith('uid', uid),
      findByUserCode: async (userCode) => findWith('userCode', userCode),
      consume: async (id) => {
        const payload = valid(entries.get(keyOf(id)))
        if (payload) payload.consumed = Math.floor(Date.now() / 1000)
      },
      destroy: async (id) => void entries.delete(keyOf(id)),
      revokeByGrantId: async (grantId) => {
        for (const [key, entry] of entries) {
          if (belongs(entry) && entry.payload.grantId === grantId) entries.delete(key)
        }
      },
    }
  }

  /** Signs everybody off, and refuses every code and token. */
  clear(): void {
    this.#entries.clear()
  }

  #sweep(): void {
    for (const [key, { expires }] of this.#entries) if (expires <= Date.now()) this.#entries.delete(key)
  }
}
