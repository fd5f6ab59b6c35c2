import { sql } from 'kysely'
import { CheckpointFile } from '../../src/audit/checkpoint.ts'
import type { NewAuditEntry } from '../../src/audit/entry.ts'
import { AuditService } from '../../src/audit/service.ts'
import { loadMasterKey } from '../../src/secrets/master-key.ts'
import { openSigner } from '../../src/secrets/signing.ts'
import { type Database, openStorage } from '../../src/storage/database.ts'
import type { DatabaseKind } from './databases.ts'
import { masterKey } from './world.ts'

/** An audit log on a database of its own, and the way to tamper with it. */
export interface AuditWorld {
  audit: AuditService
  queries: Database
  /** Lines for the log of the server. */
  log: { level: string; message: string; facts: object }[]
  /** Another service on the same database, as another process has one; for the checkpoint in a file. */
  another(file?: string): Promise<AuditService>
  /** Adds as many different entries. */
  fill(count: number): Promise<void>
  /** Lets statements change what can't be changed. */
  tamper(work: (database: Database) => Promise<unknown>): Promise<void>
  /** Brings back what `keep` kept. */
  keep(): Promise<void>
  restore(): Promise<void>
  close(): Promise<void>
}

export async function startAuditWorld(kind: DatabaseKind, file?: string): Promise<AuditWorld> {
  const database = await kind.make()
  const storage = await openStorage(database.settings)
  const queries = await storage.queries()
  const signer = await openSigner(queries, await loadMasterKey({ masterKey }))
  const log: AuditWorld['log'] = []
  const services: AuditService[] = []
  const another = async (path?: string) => {
    const checkpointFile = path === undefined ? undefined : new CheckpointFile(path, kind.name)
    const service = new AuditService({
      storage,
      signer,
      checkpointFile,
      log: (level, message, facts) => void log.push({ level, message, facts }),
    })
    services.push(service)
    return service
  }
  const audit = await another(file)
  const unguarded = async (work: (database: Database) => Promise<unknown>) => {
    await queries.transaction().execute(async (transaction) => {
      await sql`ALTER TABLE audit_entries DISABLE TRIGGER ALL`.execute(transaction)
      await work(transaction)
      await sql`ALTER TABLE audit_entries ENABLE TRIGGER ALL`.execute(transaction)
    })
  }
  return {
    audit,
    queries,
    log,
    another,
    fill: async (count) => {
      for (let nth = 1; nth <= count; nth += 1) await audit.record(newEntry(nth))
    },
    tamper: unguarded,
    keep: async () => {
      await sql`DROP TABLE IF EXISTS kept_entries, kept_head`.execute(queries)
      await sql`CREATE TABLE kept_entries AS SELECT * FROM audit_entries`.execute(queries)
      await sql`CREATE TABLE kept_head AS SELECT * FROM audit_head`.execute(queries)
    },
    restore: () =>
      unguarded(async (transaction) => {
        await sql`DELETE FROM audit_entries`.execute(transaction)
        await sql`DELETE FROM audit_head`.execute(transaction)
        await sql`INSERT INTO audit_entries SELECT * FROM kept_entries`.execute(transaction)
        await sql`INSERT INTO audit_head SELECT * FROM kept_head`.execute(transaction)
      }),
    close: async () => {
      for (const service of services) await service.close()
      await storage.close()
      await database.remove()
    },
  }
}

const tenants = ['5c1e3f0e-2f0b-4f6c-8d55-0a4b6c2d9e01', '5c1e3f0e-2f0b-4f6c-8d55-0a4b6c2d9e02']

/** An entry that differs from its neighbours in every respect. */
export function newEntry(nth: number, more: Partial<NewAuditEntry> = {}): NewAuditEntry {
  const tenantId = tenants[nth % 3]
  return {
    event: ['run.started', 'tenant.updated', 'session.signedIn', 'plan.created'][nth % 4]!,
    outcome: (['done', 'failed'] as const)[nth % 2]!,
    actor: { kind: 'person', id: `person-${nth % 5}`, name: `Person Nº ${nth % 5} “Ü”`, from: `192.0.2.${nth % 7}` },
    requestId: `request-${nth}`,
    ...(tenantId === undefined ? {} : { tenantId, environmentId: `${tenantId.slice(0, -2)}${nth % 10}0` }),
    subject: { kind: 'plan', id: `plan-${nth}`, name: `Flow ${nth} — ✈` },
    details: { nth, note: `the ${nth}th` },
    ...more,
  }
}
