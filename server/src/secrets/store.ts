import type { Database } from '../storage/database.ts'
import type { MasterKey } from './master-key.ts'
import { otherMasterKey, type SecretOwner, seal, unseal } from './sealing.ts'
import type { Secret } from './secret.ts'

/** Seals and stores a secret, replacing the one before. */
export async function saveSecret(
  database: Database,
  masterKey: MasterKey,
  owner: SecretOwner,
  secret: Secret,
): Promise<void> {
  const { keyVersion, wrappedKey, sealed } = seal(secret, owner, masterKey)
  const values = { key_version: keyVersion, wrapped_key: wrappedKey, sealed }
  await database
    .insertInto('secrets')
    .values({ record_id: owner.recordId, kind: owner.kind, ...values })
    .onConflict((conflict) => conflict.columns(['record_id', 'kind']).doUpdateSet(values))
    .execute()
}

/** Reads and opens a secret; undefined when none is stored. Throws as `unseal` does. */
export async function readSecret(
  database: Database,
  masterKey: MasterKey,
  owner: SecretOwner,
): Promise<Secret | undefined> {
  const row = await database
    .selectFrom('secrets')
    .selectAll()
    .where('record_id', '=', owner.recordId)
    .where('kind', '=', owner.kind)
    .executeTakeFirst()
  if (!row) return undefined
  return unseal({ keyVersion: row.key_version, wrappedKey: row.wrapped_key, sealed: row.sealed }, owner, masterKey)
}

/** Removes a secret. */
export async function removeSecret(database: Database, owner: SecretOwner): Promise<void> {
  await database.deleteFrom('secrets').where('record_id', '=', owner.recordId).where('kind', '=', owner.kind).execute()
}

/** Throws a ProblemError when any stored secret was sealed with another master key: better at start than at use. */
export async function checkMasterKey(database: Database, masterKey: MasterKey): Promise<void> {
  const other = await database
    .selectFrom('secrets')
    .select('record_id')
    .where('key_version', '!=', masterKey.version)
    .limit(1)
    .executeTakeFirst()
  if (other) throw otherMasterKey()
}
