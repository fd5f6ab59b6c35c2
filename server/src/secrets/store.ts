import type { Selectable } from 'kysely'
import type { Database } from '../storage/database.ts'
import type { SecretsTable } from '../storage/tables.ts'
import type { MasterKey, WrappingKey } from './master-key.ts'
import { otherMasterKey, type SealedSecret, type SecretOwner, seal, unseal } from './sealing.ts'
import type { Secret } from './secret.ts'

/**
 * Seals and stores a secret, replacing the one before; with `keep`, one that is there stays. Throws a ProblemError
 * MASTER_KEY_DIFFERS when another process has rotated the master key to one that isn't known here.
 */
export async function saveSecret(
  database: Database,
  masterKey: MasterKey,
  owner: SecretOwner,
  secret: Secret,
  options: { keep?: boolean } = {},
): Promise<void> {
  await inTransaction(database, async (transaction) => {
    const stored = seal(secret, owner, await keyForWriting(transaction, masterKey))
    const values = { key_version: stored.keyVersion, wrapped_key: stored.wrappedKey, sealed: stored.sealed }
    await transaction
      .insertInto('secrets')
      .values({ record_id: owner.recordId, kind: owner.kind, ...values })
      .onConflict((conflict) => {
        const present = conflict.columns(['record_id', 'kind'])
        return options.keep ? present.doNothing() : present.doUpdateSet(values)
      })
      .execute()
  })
}

/**
 * Reads and opens a secret; undefined when none is stored. Throws a ProblemError MASTER_KEY_DIFFERS or SECRET_DAMAGED.
 */
export async function readSecret(
  database: Database,
  masterKey: MasterKey,
  owner: SecretOwner,
): Promise<Secret | undefined> {
  let row = await secretRow(database, owner)
  if (row && !masterKey.find(row.key_version)) {
    // The master key was rotated just now: the new one is in the file, or this row was wrapped anew meanwhile.
    await masterKey.reload()
    row = await secretRow(database, owner)
  }
  return row && unseal(sealedSecretOf(row), owner, masterKey)
}

/** Removes a secret. */
export async function removeSecret(database: Database, owner: SecretOwner): Promise<void> {
  await database.deleteFrom('secrets').where('record_id', '=', owner.recordId).where('kind', '=', owner.kind).execute()
}

/** The sealed secret in a row. */
export function sealedSecretOf(
  row: Pick<Selectable<SecretsTable>, 'key_version' | 'wrapped_key' | 'sealed'>,
): SealedSecret {
  return { keyVersion: row.key_version, wrappedKey: row.wrapped_key, sealed: row.sealed }
}

/**
 * The key that the database says is in use. It stays so until the transaction has ended: a rotation waits for it, so
 * that no process goes on to write with a key that is about to be dropped.
 */
async function keyForWriting(transaction: Database, masterKey: MasterKey): Promise<WrappingKey> {
  const version = await versionInUse(transaction, masterKey.newest.version)
  if (!masterKey.find(version)) await masterKey.reload()
  const key = masterKey.find(version)
  if (key) return key
  throw otherMasterKey(masterKey)
}

/** The version in use, locked against a rotation; the given one where none was ever. */
async function versionInUse(transaction: Database, otherwise: string): Promise<string> {
  const select = transaction.selectFrom('master_key').select('version').forShare()
  const present = await select.executeTakeFirst()
  if (present) return present.version
  await noteFirstKey(transaction, otherwise)
  return (await select.executeTakeFirstOrThrow()).version
}

/** Writes down the key in use, where none was ever. */
export async function noteFirstKey(database: Database, version: string): Promise<void> {
  await database
    .insertInto('master_key')
    .values({ id: 1, version, since: new Date() })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
}

async function secretRow(database: Database, owner: SecretOwner): Promise<Selectable<SecretsTable> | undefined> {
  return database
    .selectFrom('secrets')
    .selectAll()
    .where('record_id', '=', owner.recordId)
    .where('kind', '=', owner.kind)
    .executeTakeFirst()
}

/** Does work in the transaction that there is, or in one of its own. */
export async function inTransaction<T>(database: Database, work: (transaction: Database) => Promise<T>): Promise<T> {
  return database.isTransaction ? work(database) : database.transaction().execute(work)
}
