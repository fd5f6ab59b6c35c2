import type { Storage } from '../storage/database.ts'
import type { AuditLog, NewAuditEntry } from './entry.ts'

/** The audit log. */
export class AuditService implements AuditLog {
  readonly #storage: Storage

  constructor(storage: Storage) {
    this.#storage = storage
  }

  async record(_entry: NewAuditEntry): Promise<void> {
    await this.#storage.queries()
  }
}
