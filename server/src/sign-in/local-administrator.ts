import { randomUUID } from 'node:crypto'
import { ProblemError } from '../problems/problem-error.ts'
import { Secret } from '../secrets/secret.ts'
import type { Database } from '../storage/database.ts'
import { hashOf, newToken } from './random-token.ts'

/** How long a printed token can be used, in milliseconds: logs and scrollback are kept longer than anybody thinks. */
const usableFor = 24 * 3600_000

/** Makes the one-time token of the local administrator, in place of all before. It is kept as a hash only. */
export async function renewToken(database: Database, now: Date): Promise<Secret> {
  const token = newToken()
  await database.transaction().execute(async (transaction) => {
    await transaction.deleteFrom('local_administrator_tokens').execute()
    await transaction
      .insertInto('local_administrator_tokens')
      .values({ id: randomUUID(), token_hash: hashOf(token), created_at: now, used_at: null })
      .execute()
  })
  return new Secret(token)
}

/** Uses the token up: of two who send it at the same time one gets in. Throws a ProblemError TOKEN_INVALID. */
export async function takeToken(database: Database, token: string, now: Date): Promise<void> {
  const { numUpdatedRows } = await database
    .updateTable('local_administrator_tokens')
    .set({ used_at: now })
    .where('token_hash', '=', hashOf(token))
    .where('used_at', 'is', null)
    .where('created_at', '>', new Date(now.getTime() - usableFor))
    .executeTakeFirst()
  if (numUpdatedRows > 0n) return
  throw new ProblemError({
    status: 401,
    code: 'TOKEN_INVALID',
    detail: 'The one-time token is not right, was used already, or is older than a day.',
    nextStep:
      'Copy it from what the server printed when it started; a restart prints a new one while sign-in is not set up.',
  })
}

/** Makes every token useless. */
export async function forgetTokens(database: Database): Promise<void> {
  await database.deleteFrom('local_administrator_tokens').execute()
}

/** Whether there is a token that can be used. */
export async function tokenIsThere(database: Database, now: Date): Promise<boolean> {
  const row = await database
    .selectFrom('local_administrator_tokens')
    .select('id')
    .where('used_at', 'is', null)
    .where('created_at', '>', new Date(now.getTime() - usableFor))
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
