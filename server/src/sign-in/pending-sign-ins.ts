import { randomUUID } from 'node:crypto'
import type { MasterKey } from '../secrets/master-key.ts'
import { Secret } from '../secrets/secret.ts'
import { readSecret, removeSecret, saveSecret } from '../secrets/store.ts'
import type { Database } from '../storage/database.ts'
import { hashOf, newToken } from './random-token.ts'
import { SignInRefusal } from './refusal.ts'

/** How long somebody may take at PingOne, in milliseconds. */
const lasts = 10 * 60_000
/** How long after that it is still known that it was too late. */
const rememberedFor = 60 * 60_000

export const signInSeconds = lasts / 1000

const verifierKind = 'signIn.verifier'

/** A sign-in that has begun: what goes to PingOne. */
export interface BegunSignIn {
  state: string
  nonce: string
  verifier: Secret
}

/** A sign-in that comes back: what it has to fit to. */
export interface ReturnedSignIn {
  nonce: string
  verifier: Secret
  returnTo: string
}

/** Begins a sign-in of a browser, known by the token in its cookie. */
export async function beginSignIn(
  database: Database,
  masterKey: MasterKey,
  { browserToken, returnTo, now }: { browserToken: string; returnTo: string; now: Date },
): Promise<BegunSignIn> {
  const id = randomUUID()
  const [state, nonce, verifier] = [newToken(), newToken(), new Secret(newToken())]
  await database.transaction().execute(async (transaction) => {
    await forgetSignIns(transaction, new Date(now.getTime() - rememberedFor))
    await saveSecret(transaction, masterKey, { recordId: id, kind: verifierKind }, verifier)
    await transaction
      .insertInto('sign_ins')
      .values({
        id,
        state_hash: hashOf(state),
        browser_hash: hashOf(browserToken),
        nonce,
        return_to: returnTo,
        created_at: now,
        expires_at: new Date(now.getTime() + lasts),
      })
      .execute()
  })
  return { state, nonce, verifier }
}

/**
 * Takes the sign-in of a state, which is gone with that, whatever comes of it: each is good for one answer. Throws a
 * SignInRefusal SIGN_IN_STATE_UNKNOWN, also for one that another browser began, or SIGN_IN_EXPIRED.
 */
export async function takeSignIn(
  database: Database,
  masterKey: MasterKey,
  { state, browserToken, now }: { state: string | undefined; browserToken: string | undefined; now: Date },
): Promise<ReturnedSignIn> {
  const taken = state === undefined ? undefined : await take(database, masterKey, state)
  if (!taken?.verifier) {
    throw new SignInRefusal(
      'SIGN_IN_STATE_UNKNOWN',
      'No sign-in with this state is under way: it was used, or never begun.',
    )
  }
  if (browserToken === undefined || hashOf(browserToken) !== taken.row.browser_hash) {
    throw new SignInRefusal('SIGN_IN_STATE_UNKNOWN', 'The sign-in was begun in another browser.')
  }
  if (taken.row.expires_at <= now) throw new SignInRefusal('SIGN_IN_EXPIRED', 'It took more than ten minutes.')
  return { nonce: taken.row.nonce, verifier: taken.verifier, returnTo: taken.row.return_to }
}

async function take(database: Database, masterKey: MasterKey, state: string) {
  return database.transaction().execute(async (transaction) => {
    const row = await transaction
      .deleteFrom('sign_ins')
      .where('state_hash', '=', hashOf(state))
      .returningAll()
      .executeTakeFirst()
    if (!row) return undefined
    const owner = { recordId: row.id, kind: verifierKind }
    const verifier = await readSecret(transaction, masterKey, owner)
    await removeSecret(transaction, owner)
    return { row, verifier }
  })
}

/** Forgets the sign-ins that were good until before a time; without one all, since the login app is another. */
export async function forgetSignIns(transaction: Database, before?: Date): Promise<void> {
  const old = await transaction
    .deleteFrom('sign_ins')
    .$if(before !== undefined, (query) => query.where('expires_at', '<', before ?? new Date(0)))
    .returning('id')
    .execute()
  for (const { id } of old) await removeSecret(transaction, { recordId: id, kind: verifierKind })
}
