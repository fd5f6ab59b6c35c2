import { type AuditLog, thisProcess } from '../audit/entry.ts'
import type { Authenticator, Credentials } from '../authorization/authenticator.ts'
import { type Caller, ownerOfMachine } from '../authorization/caller.ts'
import type { CallerInfo, Session } from '../contract/session.ts'
import type { ApiTokenService } from '../people/api-tokens.ts'
import { ProblemError } from '../problems/problem-error.ts'
import type { Secret } from '../secrets/secret.ts'
import type { Storage } from '../storage/database.ts'
import type { FailedAttempts } from './failed-attempts.ts'
import { renewToken, takeToken, tokenIsThere } from './local-administrator.ts'
import { findLoginApp } from './login-app.ts'
import { hashOf } from './random-token.ts'
import type { Sessions, StartedSession } from './sessions.ts'

/** Where a session is wanted from. */
export interface Visitor {
  address: string
  browser: string
}

/** Finds out who calls, and whether somebody has to sign in at all. */
export class SignInService implements Authenticator {
  readonly #storage: Storage
  readonly #sessions: Sessions
  readonly #apiTokens: ApiTokenService
  readonly #audit: AuditLog
  readonly #failures: FailedAttempts
  readonly #now: () => Date
  #required = false

  constructor(parts: {
    storage: Storage
    sessions: Sessions
    apiTokens: ApiTokenService
    audit: AuditLog
    failures: FailedAttempts
    now: () => Date
  }) {
    this.#storage = parts.storage
    this.#sessions = parts.sessions
    this.#apiTokens = parts.apiTokens
    this.#audit = parts.audit
    this.#failures = parts.failures
    this.#now = parts.now
  }

  /** From now on everybody has to sign in, with or without a login app: others than this machine reach the server. */
  require(): void {
    this.#required = true
  }

  /** Whether somebody has to sign in: a login app is there, or others than this machine reach the server. */
  async isRequired(): Promise<boolean> {
    return this.#required || (await findLoginApp(await this.#storage.queries())) !== undefined
  }

  /**
   * Who sends a request. A token counts alone, so that a cookie beside it opens nothing. Throws a ProblemError
   * TOKEN_INVALID, SESSION_ENDED or TOO_MANY_FAILURES.
   */
  async authenticate({ session, bearer, address }: Credentials): Promise<Caller | undefined> {
    if (bearer !== undefined) {
      this.#failures.check(address)
      return this.#apiTokens.callerOf(bearer, address, (hash) => this.#failures.note(address, hash))
    }
    try {
      if (session !== undefined) return await this.#sessions.callerOf(session, address)
    } catch (error) {
      const ended = error instanceof ProblemError && error.code === 'SESSION_ENDED'
      if (!ended || (await this.isRequired())) throw error
    }
    return (await this.isRequired()) ? undefined : ownerOfMachine('openConsole', 'This console', address)
  }

  /** What a browser has to know of signing in, and of whoever is signed in. */
  async sessionOf(caller: Caller | undefined): Promise<Session> {
    const queries = await this.#storage.queries()
    const loginApp = await findLoginApp(queries)
    const info = caller && callerInfo(caller)
    return {
      signInRequired: this.#required || loginApp !== undefined,
      signInAvailable: loginApp !== undefined,
      localAdministrator: await tokenIsThere(queries, this.#now()),
      ...(info === undefined ? {} : { caller: info }),
    }
  }

  /**
   * The one-time token of the local administrator, in place of those before; undefined where none is needed, because
   * nobody has to sign in or an administrator has signed in through the login app. `anyway`: the login app is broken.
   */
  async offerLocalAdministrator({ anyway = false } = {}): Promise<Secret | undefined> {
    const queries = await this.#storage.queries()
    const loginApp = await findLoginApp(queries)
    const needed = (this.#required || loginApp !== undefined) && loginApp?.worksSince === undefined
    if (!needed && !anyway) return undefined
    const token = await renewToken(queries, this.#now())
    await this.#audit.record({
      event: 'localAdministrator.offered',
      outcome: 'done',
      actor: thisProcess,
      details: { signInWorks: loginApp?.worksSince !== undefined, asked: anyway },
    })
    return token
  }

  /**
   * Starts a session of the local administrator with the one-time token, which is used up by it. Throws a ProblemError
   * TOKEN_INVALID or TOO_MANY_FAILURES.
   */
  async signInAsLocalAdministrator(token: string, visitor: Visitor): Promise<StartedSession> {
    this.#failures.check(visitor.address)
    const queries = await this.#storage.queries()
    try {
      return await queries.transaction().execute(async (transaction) => {
        await takeToken(transaction, token, this.#now())
        return this.#sessions.start(transaction, visitor)
      })
    } catch (error) {
      if (error instanceof ProblemError) this.#failures.note(visitor.address, hashOf(token))
      throw error
    }
  }

  /** Starts a session of the local administrator for one who is administrator already, so that they aren't locked out. */
  async keepAsLocalAdministrator(visitor: Visitor): Promise<StartedSession> {
    return this.#sessions.start(await this.#storage.queries(), visitor)
  }

  /** Ends the session of a caller. Throws a ProblemError NO_SESSION for one who has none: a token, an open console. */
  async signOut(caller: Caller): Promise<void> {
    if (caller.sessionId === undefined) throw noSession()
    await this.#sessions.end(await this.#storage.queries(), caller.sessionId)
  }
}

/** What a caller may be told of itself. */
function callerInfo({ kind, id, name, email, roles, since, expiresAt }: Caller): CallerInfo | undefined {
  if (kind === 'commandLine' || kind === 'server') return undefined
  return {
    kind,
    id,
    name,
    ...(email === undefined ? {} : { email }),
    roles: [...roles],
    ...(since === undefined ? {} : { since }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  }
}

function noSession(): ProblemError {
  return new ProblemError({
    status: 409,
    code: 'NO_SESSION',
    detail: 'There is no session to end: nobody signed in for this call.',
    nextStep: 'To make an API token useless, revoke it.',
  })
}
