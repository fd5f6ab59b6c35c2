import type { Person } from '../contract/people.ts'
import { notFound, ProblemError } from '../problems/problem-error.ts'
import { findLoginApp } from '../sign-in/login-app.ts'
import type { SessionRow, Sessions } from '../sign-in/sessions.ts'
import type { Database, Storage } from '../storage/database.ts'
import { revokeTokens } from './api-tokens.ts'
import {
  claimsOf,
  type GrantRow,
  grantsOfPerson,
  isAdministrator,
  type PersonRow,
  readGrants,
  roleScopeOf,
} from './roles.ts'
import { readPeople, readPerson } from './store.ts'

/** The people who have signed in, and their sessions. */
export class PeopleService {
  readonly #storage: Storage
  readonly #sessions: Sessions
  readonly #now: () => Date

  constructor(storage: Storage, sessions: Sessions, now: () => Date) {
    this.#storage = storage
    this.#sessions = sessions
    this.#now = now
  }

  /** All people by name, with their roles and the sessions that go on; `currentSession` is the caller's own. */
  async list(currentSession: string | undefined): Promise<Person[]> {
    const queries = await this.#storage.queries()
    const [people, grants, sessions] = [
      await readPeople(queries),
      await readGrants(queries),
      await this.#sessions.open(),
    ]
    return people.map((person) => toPerson(person, grants, sessions, currentSession))
  }

  /**
   * Shuts a person out, which ends their sessions and tokens for good, or lets them in again. Throws a ProblemError
   * PERSON_NOT_FOUND or LAST_ADMINISTRATOR.
   */
  async change(personId: string, disabled: boolean, currentSession: string | undefined): Promise<Person> {
    const queries = await this.#storage.queries()
    await queries.transaction().execute(async (transaction) => {
      await requirePerson(transaction, personId)
      await keepingAnAdministrator(transaction, async () => {
        await transaction.updateTable('people').set({ disabled }).where('id', '=', personId).execute()
      })
      if (!disabled) return
      await this.#sessions.endAll(transaction, { personId })
      await revokeTokens(transaction, { personId }, this.#now())
    })
    const person = await requirePerson(queries, personId)
    return toPerson(person, await readGrants(queries), await this.#sessions.open(), currentSession)
  }

  /** Ends all sessions of a person. Tells how many went on until now. Throws a ProblemError PERSON_NOT_FOUND. */
  async endSessions(personId: string): Promise<number> {
    const queries = await this.#storage.queries()
    await requirePerson(queries, personId)
    return this.#sessions.endAll(queries, { personId })
  }

  /** Ends one session of a person. Throws a ProblemError SESSION_NOT_FOUND. */
  async endSession(personId: string, sessionId: string): Promise<void> {
    if (await this.#sessions.end(await this.#storage.queries(), sessionId, personId)) return
    throw notFound(
      'SESSION_NOT_FOUND',
      'This person has no such session, or it has ended.',
      'Look at the list of people.',
    )
  }
}

/**
 * Makes a change unless it would leave nobody who is known to be an administrator: once signing in works, that would lock
 * everybody out. Within a transaction, and one after the other, so that two don't take the last ones away together.
 * Throws a ProblemError LAST_ADMINISTRATOR.
 */
export async function keepingAnAdministrator(transaction: Database, change: () => Promise<void>): Promise<void> {
  // Every change of this sort waits for the one before.
  await transaction.selectFrom('login_app').select('id').forUpdate().execute()
  const before = await administrators(transaction)
  await change()
  const works = (await findLoginApp(transaction))?.worksSince !== undefined
  if (!works || before === 0 || (await administrators(transaction)) > 0) return
  throw new ProblemError({
    status: 409,
    code: 'LAST_ADMINISTRATOR',
    detail: 'After this nobody who has ever signed in would be an administrator of FlightIQ.',
    nextStep: 'Make somebody else an administrator first, and have them sign in once.',
  })
}

/** How many people are administrators of the whole console, as far as they are known and let in. */
async function administrators(database: Database): Promise<number> {
  const grants = await readGrants(database)
  const people = await readPeople(database)
  return people.filter((person) => {
    return !person.disabled && isAdministrator(grantsOfPerson(person, grants).map(roleScopeOf))
  }).length
}

async function requirePerson(database: Database, personId: string): Promise<PersonRow> {
  const person = await readPerson(database, personId)
  if (person) return person
  throw notFound('PERSON_NOT_FOUND', 'There is no person with this id.', 'Look at the list of people.')
}

function toPerson(
  person: PersonRow,
  grants: readonly GrantRow[],
  sessions: readonly SessionRow[],
  currentSession: string | undefined,
): Person {
  return {
    id: person.id,
    name: person.name,
    ...(person.email === null ? {} : { email: person.email }),
    issuer: person.issuer,
    subject: person.subject,
    claims: claimsOf(person),
    disabled: person.disabled,
    firstSeenAt: person.first_seen_at.toISOString(),
    lastSeenAt: person.last_seen_at.toISOString(),
    roles: grantsOfPerson(person, grants).map((grant) => ({ ...roleScopeOf(grant), grantId: grant.id })),
    sessions: sessions
      .filter(({ person_id }) => person_id === person.id)
      .map((session) => ({
        id: session.id,
        startedAt: session.started_at.toISOString(),
        lastSeenAt: session.last_seen_at.toISOString(),
        expiresAt: session.expires_at.toISOString(),
        address: session.address,
        browser: session.browser,
        current: session.id === currentSession,
      })),
  }
}
