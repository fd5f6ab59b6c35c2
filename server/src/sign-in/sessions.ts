import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Caller } from '../authorization/caller.ts'
import { grantsOfPerson, type PersonRow, readGrants, roleScopeOf } from '../people/roles.ts'
import { ProblemError } from '../problems/problem-error.ts'
import type { Database, Storage } from '../storage/database.ts'
import type { SessionsTable } from '../storage/tables.ts'
import { storable } from '../storage/text.ts'
import { hashOf, newToken } from './random-token.ts'

export type SessionRow = Selectable<SessionsTable>

/** How long sessions last. */
export interface SessionLimits {
  /** Minutes without a call after which one ends. */
  idleMinutes: number
  /** Hours after which one ends at the latest. */
  hours: number
}

/** Who gets a session, and from where. */
export interface NewSession {
  /** Absent: the local administrator. */
  personId?: string | undefined
  address: string
  browser: string
}

/** A session that has just begun. The token goes into the cookie, and is kept nowhere. */
export interface StartedSession {
  id: string
  token: string
  /** Until it ends at the latest. */
  seconds: number
}

const minute = 60_000
/** How often it is written down that a session is used, in milliseconds. */
const seenEvery = minute
/** How long ended sessions are kept to be looked at, in milliseconds. */
const keptFor = 30 * 24 * 60 * minute

/** The sessions, kept in the database: what ends one holds in every process with the next call. */
export class Sessions {
  readonly #storage: Storage
  readonly #limits: SessionLimits
  readonly #now: () => Date

  constructor(storage: Storage, limits: SessionLimits, now: () => Date) {
    this.#storage = storage
    this.#limits = limits
    this.#now = now
  }

  /** Starts a session with a new token, within a transaction or by itself. */
  async start(database: Database, { personId, address, browser }: NewSession): Promise<StartedSession> {
    const now = this.#now()
    const seconds = this.#limits.hours * 3600
    const [id, token] = [randomUUID(), newToken()]
    await database
      .deleteFrom('sessions')
      .where('expires_at', '<', new Date(now.getTime() - keptFor))
      .execute()
    await database
      .insertInto('sessions')
      .values({
        id,
        token_hash: hashOf(token),
        kind: personId === undefined ? 'localAdministrator' : 'person',
        person_id: personId ?? null,
        started_at: now,
        last_seen_at: now,
        expires_at: new Date(now.getTime() + seconds * 1000),
        ended_at: null,
        address,
        browser: storable(browser),
      })
      .execute()
    return { id, token, seconds }
  }

  /** Who has the session of a token. Throws a ProblemError SESSION_ENDED, which says how it ended. */
  async callerOf(token: string, address: string): Promise<Caller> {
    const queries = await this.#storage.queries()
    const session = await queries
      .selectFrom('sessions')
      .selectAll()
      .where('token_hash', '=', hashOf(token))
      .executeTakeFirst()
    if (!session) throw ended('The session is not known here any more.')
    const now = this.#now()
    this.#refuseEnded(session, now)
    const facts = {
      from: address,
      sessionId: session.id,
      since: session.started_at.toISOString(),
      expiresAt: session.expires_at.toISOString(),
    }
    const caller =
      session.person_id === null
        ? localAdministrator(session, facts)
        : await personCaller(queries, session.person_id, facts)
    if (now.getTime() - session.last_seen_at.getTime() >= seenEvery) {
      await queries.updateTable('sessions').set({ last_seen_at: now }).where('id', '=', session.id).execute()
    }
    return caller
  }

  /** The session of a token, if it goes on. */
  async find(database: Database, token: string | undefined): Promise<SessionRow | undefined> {
    if (token === undefined) return undefined
    const now = this.#now()
    return database
      .selectFrom('sessions')
      .selectAll()
      .where('token_hash', '=', hashOf(token))
      .where('ended_at', 'is', null)
      .where('expires_at', '>', now)
      .where('last_seen_at', '>', this.#idleSince(now))
      .executeTakeFirst()
  }

  /** Ends a session. Tells whether it was still going on. */
  async end(database: Database, sessionId: string, personId?: string): Promise<boolean> {
    const result = await database
      .updateTable('sessions')
      .set({ ended_at: this.#now() })
      .where('id', '=', sessionId)
      .where('ended_at', 'is', null)
      .$if(personId !== undefined, (query) => query.where('person_id', '=', personId ?? null))
      .executeTakeFirst()
    return result.numUpdatedRows > 0n
  }

  /** Ends all sessions: of a person, of all people, or of the local administrator. Tells how many went on until now. */
  async endAll(database: Database, whose: { personId: string } | 'people' | 'localAdministrator'): Promise<number> {
    const now = this.#now()
    const rows = await database
      .updateTable('sessions')
      .set({ ended_at: now })
      .where('ended_at', 'is', null)
      .where((where) => {
        if (typeof whose === 'object') return where('person_id', '=', whose.personId)
        return where('kind', '=', whose === 'people' ? 'person' : 'localAdministrator')
      })
      .returning(['expires_at', 'last_seen_at'])
      .execute()
    return rows.filter((row) => row.expires_at > now && row.last_seen_at > this.#idleSince(now)).length
  }

  /** The sessions of people that go on, newest first. */
  async open(): Promise<SessionRow[]> {
    const now = this.#now()
    const queries = await this.#storage.queries()
    return queries
      .selectFrom('sessions')
      .selectAll()
      .where('person_id', 'is not', null)
      .where('ended_at', 'is', null)
      .where('expires_at', '>', now)
      .where('last_seen_at', '>', this.#idleSince(now))
      .orderBy('started_at', 'desc')
      .execute()
  }

  #idleSince(now: Date): Date {
    return new Date(now.getTime() - this.#limits.idleMinutes * minute)
  }

  #refuseEnded({ ended_at, expires_at, last_seen_at }: SessionRow, now: Date): void {
    const { idleMinutes, hours } = this.#limits
    if (ended_at !== null) throw ended('The session was ended.')
    if (expires_at <= now) throw ended(`The session has ended: it lasts ${hours} hours at most.`)
    if (last_seen_at <= this.#idleSince(now)) {
      throw ended(`The session has ended, because it was not used for ${idleMinutes} minutes.`)
    }
  }
}

type SessionFacts = Pick<Caller, 'from' | 'sessionId' | 'since' | 'expiresAt'>

function localAdministrator({ id }: SessionRow, facts: SessionFacts): Caller {
  return { kind: 'localAdministrator', id, name: 'Local administrator', roles: [{ role: 'admin' }], ...facts }
}

/** Roles are worked out for each call, so that one given or taken holds at once. */
async function personCaller(queries: Database, personId: string, facts: SessionFacts): Promise<Caller> {
  const person = await queries.selectFrom('people').selectAll().where('id', '=', personId).executeTakeFirst()
  if (!person || person.disabled) throw ended('Your access to FlightIQ was switched off by an administrator.')
  const roles = grantsOfPerson(person, await readGrants(queries)).map(roleScopeOf)
  return { ...callerOfPerson(person), roles, ...facts }
}

/** A person as the one who calls or acts, without what depends on the moment. */
export function callerOfPerson({
  id,
  name,
  email,
}: PersonRow): Pick<Caller, 'kind' | 'id' | 'name' | 'personId' | 'email'> {
  return { kind: 'person', id, name, personId: id, ...(email === null ? {} : { email }) }
}

function ended(detail: string): ProblemError {
  return new ProblemError({ status: 401, code: 'SESSION_ENDED', detail, nextStep: 'Sign in again.' })
}
