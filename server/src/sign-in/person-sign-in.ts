import type { AuditService } from '../audit/service.ts'
import { nobodyFrom } from '../authorization/caller.ts'
import { grantsOfPerson, isAdministrator, readGrants, roleScopeOf } from '../people/roles.ts'
import { meetPerson } from '../people/store.ts'
import { ProblemError } from '../problems/problem-error.ts'
import type { MasterKey } from '../secrets/master-key.ts'
import type { Database, Storage } from '../storage/database.ts'
import type { FailedAttempts } from './failed-attempts.ts'
import type { Identity } from './identity.ts'
import { forgetTokens } from './local-administrator.ts'
import { findLoginApp, type LoginAppService, noteWorks, type StoredLoginApp } from './login-app.ts'
import type { AuthorizationAnswer, LoginProvider } from './login-provider.ts'
import { beginSignIn, takeSignIn } from './pending-sign-ins.ts'
import { hashOf, newToken } from './random-token.ts'
import { SignInRefusal } from './refusal.ts'
import { safeReturnTo } from './return-to.ts'
import { callerOfPerson, type Sessions, type StartedSession } from './sessions.ts'

/** A browser that signs in. */
export interface SigningIn {
  address: string
  browser: string
  requestId: string
  /** Of the sign-in cookie. */
  browserToken: string | undefined
  /** Of the session cookie: a session that there is already. */
  sessionToken: string | undefined
}

/** Where the browser goes next. */
export interface NextPage {
  location: string
  /** For the sign-in cookie. */
  browserToken?: string
  /** For the session cookie. */
  session?: StartedSession
}

const cookiePattern = /^[\w-]{43}$/

/** Signs people in through the login app: the authorization code flow with PKCE, state and nonce, bound to the browser. */
export class PersonSignIn {
  readonly #storage: Storage
  readonly #masterKey: MasterKey
  readonly #loginApps: LoginAppService
  readonly #provider: LoginProvider
  readonly #sessions: Sessions
  readonly #audit: AuditService
  readonly #failures: FailedAttempts
  readonly #now: () => Date

  constructor(parts: {
    storage: Storage
    masterKey: MasterKey
    loginApps: LoginAppService
    provider: LoginProvider
    sessions: Sessions
    audit: AuditService
    failures: FailedAttempts
    now: () => Date
  }) {
    this.#storage = parts.storage
    this.#masterKey = parts.masterKey
    this.#loginApps = parts.loginApps
    this.#provider = parts.provider
    this.#sessions = parts.sessions
    this.#audit = parts.audit
    this.#failures = parts.failures
    this.#now = parts.now
  }

  /**
   * Begins: leads the browser to PingOne, or first to the address that PingOne leads back to, since cookies belong to one
   * host. `led`: that was done already, and a proxy in between hides which host the browser knows.
   */
  async begin(
    { returnTo, origin, led }: { returnTo: string | undefined; origin: string; led: boolean },
    visitor: SigningIn,
  ): Promise<NextPage> {
    return this.#refusing(visitor, async () => {
      const loginApp = await this.#loginApp()
      const target = safeReturnTo(returnTo)
      const home = new URL(loginApp.redirectUri)
      if (new URL(origin).host !== home.host && !led) {
        return { location: `${home.origin}/auth/sign-in?${new URLSearchParams({ returnTo: target, led: '1' })}` }
      }
      const known = visitor.browserToken
      // Two tabs of one browser can sign in at the same time.
      const browserToken = known !== undefined && cookiePattern.test(known) ? known : newToken()
      const queries = await this.#storage.queries()
      const begun = await beginSignIn(queries, this.#masterKey, { browserToken, returnTo: target, now: this.#now() })
      const url = await this.#provider.authorizationUrl(loginApp, begun)
      return { location: url.href, browserToken }
    })
  }

  /** Completes what PingOne answered: a new session, or the sign-in page with the reason. */
  async complete(answer: AuthorizationAnswer, visitor: SigningIn): Promise<NextPage> {
    return this.#refusing(visitor, async () => {
      const { browserToken } = visitor
      const queries = await this.#storage.queries()
      const expected = await takeSignIn(queries, this.#masterKey, {
        state: answer.state,
        browserToken,
        now: this.#now(),
      })
      const loginApp = await this.#loginApp()
      const secret = await this.#loginApps.secretOf(loginApp)
      const identity = await this.#provider.identify(loginApp, secret, answer, {
        ...expected,
        state: answer.state ?? '',
      })
      const outcome = await queries
        .transaction()
        .execute((transaction) => this.#letIn(transaction, loginApp, identity, visitor))
      if (outcome instanceof SignInRefusal) throw outcome
      return { location: expected.returnTo, session: outcome }
    })
  }

  /**
   * The new session of whoever has signed in, there exactly when its entry in the audit log is. A refusal is returned, so
   * that a person who is met for the first time stays known.
   */
  async #letIn(
    transaction: Database,
    loginApp: StoredLoginApp,
    identity: Identity,
    visitor: SigningIn,
  ): Promise<StartedSession | SignInRefusal> {
    const now = this.#now()
    const person = await meetPerson(transaction, identity, now)
    const facts = { person: person.id, name: person.name, issuer: person.issuer, subject: person.subject }
    if (person.disabled) {
      return new SignInRefusal('PERSON_DISABLED', 'An administrator of FlightIQ has shut this person out.', { facts })
    }
    const roles = grantsOfPerson(person, await readGrants(transaction)).map(roleScopeOf)
    const administrator = isAdministrator(roles)
    const before = await this.#sessions.find(transaction, visitor.sessionToken)
    if (before?.person_id === null && !administrator) {
      // Whoever sets sign-in up and tries it must not lose the way in before there is another one.
      const reason = 'Signing in works, but nobody has made this person an administrator yet.'
      return new SignInRefusal('SIGN_IN_NO_ADMINISTRATOR', reason, { facts })
    }
    if (before) await this.#sessions.end(transaction, before.id)
    if (administrator) {
      // From here on the login app is the way in, and the other one is closed.
      await noteWorks(transaction, loginApp, now)
      await forgetTokens(transaction)
      await this.#sessions.endAll(transaction, 'localAdministrator')
    }
    const session = await this.#sessions.start(transaction, {
      personId: person.id,
      address: visitor.address,
      browser: visitor.browser,
    })
    await this.#audit.recordIn(transaction, {
      event: 'session.signedIn',
      outcome: 'done',
      actor: { ...callerOfPerson(person), from: visitor.address },
      requestId: visitor.requestId,
      subject: { kind: 'session', id: session.id },
      details: { ...facts, browser: visitor.browser, roles: roles.map(({ role }) => role) },
    })
    return session
  }

  async #loginApp(): Promise<StoredLoginApp> {
    const loginApp = await findLoginApp(await this.#storage.queries())
    if (loginApp) return loginApp
    throw new SignInRefusal('SIGN_IN_UNAVAILABLE', 'There is no login app.')
  }

  /** Does a step; a refusal leads to the sign-in page with its code, and its reason to the audit log. */
  async #refusing(visitor: SigningIn, step: () => Promise<NextPage>): Promise<NextPage> {
    try {
      this.#failures.check(visitor.address)
      return await step()
    } catch (error) {
      const refusal = refusalIn(error)
      if (!refusal) throw error
      const guess = refusal.code === 'SIGN_IN_STATE_UNKNOWN' || refusal.code === 'SIGN_IN_TOKEN_INVALID'
      // Without the cookie there is nothing to guess at: any web page can make a browser come here.
      if (guess && visitor.browserToken !== undefined) this.#failures.note(visitor.address, hashOf(newToken()))
      await this.#audit.record({
        event: 'session.refused',
        outcome: refusal.code === 'SIGN_IN_UNAVAILABLE' ? 'failed' : 'refused',
        actor: nobodyFrom(visitor.address),
        requestId: visitor.requestId,
        details: { code: refusal.code, reason: refusal.message, ...refusal.facts },
      })
      return { location: `/sign-in?${new URLSearchParams({ problem: refusal.code })}` }
    }
  }
}

function refusalIn(error: unknown): SignInRefusal | undefined {
  if (error instanceof SignInRefusal) return error
  if (!(error instanceof ProblemError)) return undefined
  const code = error.code === 'TOO_MANY_FAILURES' ? 'TOO_MANY_FAILURES' : 'SIGN_IN_UNAVAILABLE'
  return new SignInRefusal(code, error.message, { cause: error })
}
