import { ProblemError } from '../problems/problem-error.ts'
import type { Database } from '../storage/database.ts'
import type { MasterKey, WrappingKey } from './master-key.ts'
import { otherMasterKey, rewrap } from './sealing.ts'
import { noteFirstKey, sealedSecretOf } from './store.ts'

/** How the stored secrets stand to the master key. */
export interface MasterKeyState {
  /** Names the key in use without telling it. */
  version: string
  /** ISO 8601: since when it is in use. */
  since: string
  /** How many secrets are stored. */
  secrets: number
  /** How many of them a key before it still seals. */
  older: number
  /** Keys are given that open nothing any more: they can be removed. */
  spare: boolean
}

/**
 * Takes the master key into use at start. When it is a new one, or a rotation was broken off, everything is wrapped
 * with the newest key; `replaced` is the version that was in use before. Throws a ProblemError MASTER_KEY_DIFFERS when
 * secrets were sealed with a key that isn't there.
 */
export async function takeUpMasterKey(
  database: Database,
  masterKey: MasterKey,
): Promise<MasterKeyState & { replaced?: string }> {
  const before = await alone(database, masterKey, async (transaction, inUse) => {
    const versions = masterKey.keys.map(({ version }) => version)
    const foreign = await transaction
      .selectFrom('secrets')
      .select('record_id')
      .where('key_version', 'not in', versions)
      .limit(1)
      .executeTakeFirst()
    if (foreign) throw otherMasterKey(masterKey)
    await useKey(transaction, masterKey.newest)
    // A damaged secret shows when it is used; it must not keep all others from being used.
    await wrapAll(transaction, masterKey)
    return inUse
  })
  try {
    await dropUnused(database, masterKey)
  } catch (error) {
    // An operator's file may be read-only: the key to be removed by hand is told by the state.
    if (!(error instanceof ProblemError)) throw error
  }
  const replaced = before === masterKey.newest.version ? {} : { replaced: before }
  return { ...(await masterKeyState(database, masterKey)), ...replaced }
}

/**
 * Makes a new master key, wraps every secret's data key with it while others go on reading, and drops the old one.
 * Throws a ProblemError MASTER_KEY_NOT_IN_FILE for a key from a variable, MASTER_KEY_UNWRITABLE, MASTER_KEY_DIFFERS
 * when the file lacks the key in use, or SECRET_DAMAGED when a secret can't be opened: then the old key stays, too.
 */
export async function rotateMasterKey(database: Database, masterKey: MasterKey): Promise<MasterKeyState> {
  const damaged = await alone(database, masterKey, async (transaction, inUse) => {
    if (inUse !== masterKey.newest.version) await masterKey.reload()
    if (!masterKey.find(inUse)) throw otherMasterKey(masterKey)
    await useKey(transaction, await masterKey.renew())
    return wrapAll(transaction, masterKey)
  })
  if (damaged) throw damaged
  await dropUnused(database, masterKey)
  return masterKeyState(database, masterKey)
}

/** How the stored secrets stand to the master key. */
export async function masterKeyState(database: Database, masterKey: MasterKey): Promise<MasterKeyState> {
  await noteFirstKey(database, masterKey.newest.version)
  const { version, since } = await database.selectFrom('master_key').selectAll().executeTakeFirstOrThrow()
  const counted = await database
    .selectFrom('secrets')
    .select(({ fn }) => [
      fn.countAll<number | string>().as('secrets'),
      fn.countAll<number | string>().filterWhere('key_version', '!=', version).as('older'),
    ])
    .executeTakeFirstOrThrow()
  const [secrets, older] = [Number(counted.secrets), Number(counted.older)]
  return { version, since: since.toISOString(), secrets, older, spare: older === 0 && masterKey.keys.length > 1 }
}

/**
 * Does work while no other process rotates the key or writes a secret: whoever is writing one with the key before is
 * waited for, so that none is left behind.
 */
async function alone<T>(
  database: Database,
  masterKey: MasterKey,
  work: (transaction: Database, inUse: string) => Promise<T>,
): Promise<T> {
  await noteFirstKey(database, masterKey.newest.version)
  return database.transaction().execute(async (transaction) => {
    const locked = await transaction.selectFrom('master_key').select('version').forUpdate().executeTakeFirstOrThrow()
    return work(transaction, locked.version)
  })
}

/** From now on every process writes with this key. */
async function useKey(transaction: Database, { version }: WrappingKey): Promise<void> {
  await transaction
    .updateTable('master_key')
    .set({ version, since: new Date() })
    .where('version', '!=', version)
    .execute()
}

/** Wraps with the newest key what older ones seal. What can't be opened stays as it is; its problem is returned. */
async function wrapAll(transaction: Database, masterKey: MasterKey): Promise<ProblemError | undefined> {
  const { newest } = masterKey
  const rows = await transaction.selectFrom('secrets').selectAll().where('key_version', '!=', newest.version).execute()
  let problem: ProblemError | undefined
  for (const row of rows) {
    const owner = { recordId: row.record_id, kind: row.kind }
    try {
      const { keyVersion, wrappedKey, sealed } = rewrap(sealedSecretOf(row), owner, masterKey, newest)
      await transaction
        .updateTable('secrets')
        .set({ key_version: keyVersion, wrapped_key: wrappedKey, sealed })
        .where('record_id', '=', row.record_id)
        .where('kind', '=', row.kind)
        .execute()
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      problem = error
    }
  }
  return problem
}

/** Drops the keys that seal nothing any more. */
async function dropUnused(database: Database, masterKey: MasterKey): Promise<void> {
  await alone(database, masterKey, async (transaction, inUse) => {
    const { spare } = await masterKeyState(transaction, masterKey)
    if (spare && inUse === masterKey.newest.version) await masterKey.dropOlder()
  })
}
