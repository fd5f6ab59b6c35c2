import { randomUUID } from 'node:crypto'
import type { Identity } from '../sign-in/identity.ts'
import type { Database } from '../storage/database.ts'
import { storable } from '../storage/text.ts'
import type { PersonRow } from './roles.ts'

/** One person, or undefined. */
export async function readPerson(database: Database, id: string): Promise<PersonRow | undefined> {
  return database.selectFrom('people').selectAll().where('id', '=', id).executeTakeFirst()
}

/** All people, by name. */
export async function readPeople(database: Database): Promise<PersonRow[]> {
  return database.selectFrom('people').selectAll().orderBy('name').orderBy('id').execute()
}

/**
 * Writes down who has signed in, by issuer and subject: as a new person, or with what their tokens say by now. Somebody who
 * is shut out stays as they are.
 */
export async function meetPerson(database: Database, identity: Identity, now: Date): Promise<PersonRow> {
  const values = {
    name: storable(identity.name),
    email: identity.email === undefined ? null : storable(identity.email),
    claims: JSON.stringify(identity.claims),
    last_seen_at: now,
  }
  const who = { issuer: identity.issuer, subject: storable(identity.subject) }
  await database
    .insertInto('people')
    .values({ id: randomUUID(), ...who, ...values, disabled: false, first_seen_at: now })
    .onConflict((conflict) =>
      conflict.columns(['issuer', 'subject']).doUpdateSet(values).where('people.disabled', '=', false),
    )
    .execute()
  return database
    .selectFrom('people')
    .selectAll()
    .where('issuer', '=', who.issuer)
    .where('subject', '=', who.subject)
    .executeTakeFirstOrThrow()
}
