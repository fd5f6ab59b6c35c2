import type { MasterKeyStatus } from '../contract/keys.ts'
import type { Storage } from '../storage/database.ts'
import type { MasterKey } from './master-key.ts'
import { type MasterKeyState, masterKeyState, rotateMasterKey } from './rotation.ts'

/** The master key, for those who run FlightIQ. */
export class KeyService {
  readonly #storage: Storage
  readonly #masterKey: MasterKey

  constructor(storage: Storage, masterKey: MasterKey) {
    this.#storage = storage
    this.#masterKey = masterKey
  }

  /** How the stored secrets stand to the master key. */
  async status(): Promise<MasterKeyStatus> {
    return this.#told(await masterKeyState(await this.#storage.queries(), this.#masterKey))
  }

  /** Rotates the master key while others go on working. Throws as `rotateMasterKey` does. */
  async rotate(): Promise<MasterKeyStatus> {
    return this.#told(await rotateMasterKey(await this.#storage.queries(), this.#masterKey))
  }

  #told(state: MasterKeyState): MasterKeyStatus {
    const { origin, file } = this.#masterKey
    return { origin, source: file ? 'file' : origin === 'configured' ? 'variable' : 'memory', ...state }
  }
}
