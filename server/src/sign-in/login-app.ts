import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Caller } from '../authorization/caller.ts'
import type { LoginApp, LoginAppChange } from '../contract/login-app.ts'
import type { HostPolicy } from '../outgoing/host-policy.ts'
import { notFound, ProblemError } from '../problems/problem-error.ts'
import type { MasterKey } from '../secrets/master-key.ts'
import { Secret } from '../secrets/secret.ts'
import { readSecret, removeSecret, saveSecret } from '../secrets/store.ts'
import type { Database, Storage } from '../storage/database.ts'
import type { LoginAppTable } from '../storage/tables.ts'
import { storable } from '../storage/text.ts'
import type { TenantService } from '../tenants/service.ts'
import { forgetSignIns } from './pending-sign-ins.ts'
import type { Sessions } from './sessions.ts'

type LoginAppRow = Selectable<LoginAppTable>

const secretKind = 'loginApp.clientSecret'

/** The login app as it is stored, with what follows from it. */
export interface StoredLoginApp extends LoginApp {
  id: string
  /** What id tokens have to name as their issuer, and below which the discovery document is. */
  issuer: string
}

/** The login app, through which people sign in: one for the whole console. */
export class LoginAppService {
  readonly #storage: Storage
  readonly #masterKey: MasterKey
  readonly #hostPolicy: HostPolicy
  readonly #tenants: TenantService
  readonly #sessions: Sessions
  readonly #now: () => Date

  constructor(parts: {
    storage: Storage
    masterKey: MasterKey
    hostPolicy: HostPolicy
    tenants: TenantService
    sessions: Sessions
    now: () => Date
  }) {
    this.#storage = parts.storage
    this.#masterKey = parts.masterKey
    this.#hostPolicy = parts.hostPolicy
    this.#tenants = parts.tenants
    this.#sessions = parts.sessions
    this.#now = parts.now
  }

  /** The login app, if there is one. */
  async find(): Promise<StoredLoginApp | undefined> {
    return findLoginApp(await this.#storage.queries())
  }

  /** The login app. Throws a ProblemError LOGIN_APP_MISSING. */
  async get(): Promise<StoredLoginApp> {
    const loginApp = await this.find()
    if (loginApp) return loginApp
    throw notFound('LOGIN_APP_MISSING', 'There is no login app.', 'Save one under Settings > User Authentication.')
  }

  /**
   * Saves the login app. With another issuer or client it has to prove anew that it works. Throws a ProblemError
   * SECRET_NEEDED, where none is saved or the saved one would be sent to another host; LOGIN_APP_IS_WORKER;
   * REDIRECT_URI_INVALID; SCOPE_MISSING; or as `HostPolicy.check` does.
   */
  async save(change: LoginAppChange, by: Caller): Promise<StoredLoginApp> {
    const { clientSecret, environmentId, ...fields } = change
    const authBaseUrl = addressOf(fields.authBaseUrl)
    this.#hostPolicy.check(authBaseUrl, '/authBaseUrl')
    requireRedirectUri(fields.redirectUri)
    requireOpenId(fields.scopes)
    await this.#refuseWorker(fields.clientId, by)
    const now = this.#now()
    const queries = await this.#storage.queries()
    await queries.transaction().execute(async (transaction) => {
      const present = await transaction.selectFrom('login_app').selectAll().forUpdate().executeTakeFirst()
      if (clientSecret === undefined) requireSameHost(present, authBaseUrl)
      const proven =
        present?.auth_base_url === authBaseUrl &&
        present.environment_id === (environmentId ?? null) &&
        present.client_id === fields.clientId
      const row = {
        auth_base_url: authBaseUrl,
        environment_id: environmentId ?? null,
        client_id: storable(fields.clientId),
        redirect_uri: fields.redirectUri,
        scopes: storable(fields.scopes),
        secret_set_at: clientSecret === undefined && present ? present.secret_set_at : now,
        secret_set_by: clientSecret === undefined && present ? present.secret_set_by : storable(by.name),
        works_since: proven ? present.works_since : null,
        updated_at: now,
      }
      const id = present?.id ?? randomUUID()
      if (present) await transaction.updateTable('login_app').set(row).where('id', '=', id).execute()
      else
        await transaction
          .insertInto('login_app')
          .values({ id, ...row })
          .execute()
      // What was begun with another provider must not come back to this one.
      if (!proven) await forgetSignIns(transaction)
      if (clientSecret === undefined) return
      await saveSecret(transaction, this.#masterKey, { recordId: id, kind: secretKind }, new Secret(clientSecret))
    })
    return this.get()
  }

  /** Removes the login app with its secret, and ends all sessions of people. Throws a ProblemError LOGIN_APP_MISSING. */
  async remove(): Promise<StoredLoginApp> {
    const loginApp = await this.get()
    const queries = await this.#storage.queries()
    await queries.transaction().execute(async (transaction) => {
      await removeSecret(transaction, { recordId: loginApp.id, kind: secretKind })
      await transaction.deleteFrom('login_app').where('id', '=', loginApp.id).execute()
      await forgetSignIns(transaction)
      await this.#sessions.endAll(transaction, 'people')
    })
    return loginApp
  }

  /** Its client secret, for one call. Throws a ProblemError SECRET_MISSING, MASTER_KEY_DIFFERS or SECRET_DAMAGED. */
  async secretOf({ id }: StoredLoginApp): Promise<Secret> {
    const owner = { recordId: id, kind: secretKind }
    const secret = await readSecret(await this.#storage.queries(), this.#masterKey, owner)
    if (secret) return secret
    throw notFound('SECRET_MISSING', 'The login app has no client secret.', 'Enter it in the login app.')
  }

  /** Worker apps act for FlightIQ itself, with roles in PingOne: nobody is to sign in with the rights of one. */
  async #refuseWorker(clientId: string, by: Caller): Promise<void> {
    const tenants = await this.#tenants.list(by)
    const worker = tenants.find((tenant) => tenant.clientId.toLowerCase() === clientId.toLowerCase())
    if (!worker) return
    throw invalidField('LOGIN_APP_IS_WORKER', '/clientId', {
      detail: `This is the worker app of the tenant "${worker.name}". People sign in through an application of its own.`,
      nextStep: 'Make an application of type OIDC Web App in PingOne, and enter its client ID and secret.',
    })
  }
}

/** The login app as an administrator sees it: never its secret. */
export function visibleLoginApp({ id: _id, issuer: _issuer, ...loginApp }: StoredLoginApp): LoginApp {
  return loginApp
}

/** The login app, if there is one. */
export async function findLoginApp(database: Database): Promise<StoredLoginApp | undefined> {
  const row = await database.selectFrom('login_app').selectAll().limit(1).executeTakeFirst()
  return row && toLoginApp(row)
}

/** Throws a ProblemError LOGIN_APP_IS_WORKER when a worker app's client id is that of the login app. */
export async function refuseLoginApp(database: Database, clientId: string): Promise<void> {
  const loginApp = await findLoginApp(database)
  if (loginApp?.clientId.toLowerCase() !== clientId.toLowerCase()) return
  throw invalidField('LOGIN_APP_IS_WORKER', '/clientId', {
    detail: 'This is the login app, through which people sign in. FlightIQ itself needs a worker app of its own.',
    nextStep: 'Make an application of type Worker in PingOne, and enter its client ID and secret.',
  })
}

/** Notes that an administrator signed in through the login app, unless that is known. */
export async function noteWorks(database: Database, { id }: StoredLoginApp, now: Date): Promise<void> {
  await database
    .updateTable('login_app')
    .set({ works_since: now })
    .where('id', '=', id)
    .where('works_since', 'is', null)
    .execute()
}

function toLoginApp(row: LoginAppRow): StoredLoginApp {
  return {
    id: row.id,
    authBaseUrl: row.auth_base_url,
    ...(row.environment_id === null ? {} : { environmentId: row.environment_id }),
    issuer: issuerOf(row),
    clientId: row.client_id,
    redirectUri: row.redirect_uri,
    scopes: row.scopes,
    secretSetAt: row.secret_set_at.toISOString(),
    ...(row.secret_set_by === null ? {} : { secretSetBy: row.secret_set_by }),
    updatedAt: row.updated_at.toISOString(),
    ...(row.works_since === null ? {} : { worksSince: row.works_since.toISOString() }),
  }
}

/**
 * The issuer of an environment; of a custom domain, in which no environment stands (PingOne API reference, "Custom
 * Domains" and "Signoff"); or, with a path, the address as it is.
 */
function issuerOf({ auth_base_url: address, environment_id: environmentId }: LoginAppRow): string {
  if (environmentId !== null) return `${address}/${environmentId}/as`
  return new URL(address).pathname === '/' ? `${address}/as` : address
}

/** An address of an issuer: without query, fragment and the slashes at its end. */
function addressOf(authBaseUrl: string): string {
  const { origin, pathname, search, hash, username, password } = new URL(authBaseUrl)
  if (search === '' && hash === '' && username === '' && password === '') return origin + pathname.replace(/\/+$/, '')
  throw invalidField('AUTH_URL_INVALID', '/authBaseUrl', {
    detail: 'The auth base URL carries more than an address: a query, a fragment or a user name.',
    nextStep: 'Enter it as https://auth.pingone.eu.',
  })
}

function requireRedirectUri(redirectUri: string): void {
  const { protocol, hostname, pathname, search, hash } = new URL(redirectUri)
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  const encrypted = protocol === 'https:' || (protocol === 'http:' && loopback)
  if (encrypted && pathname === '/auth/callback' && search === '' && hash === '') return
  throw invalidField('REDIRECT_URI_INVALID', '/redirectUri', {
    detail: 'The redirect URI has to be the https address of this console, followed by /auth/callback.',
    nextStep: 'Enter it as https://flightiq.example.com/auth/callback; http:// works for localhost only.',
  })
}

function requireOpenId(scopes: string): void {
  if (scopes.split(/\s+/).includes('openid')) return
  throw invalidField('SCOPE_MISSING', '/scopes', {
    detail: 'Without the scope openid PingOne tells nobody who has signed in.',
    nextStep: 'Add openid to the scopes.',
  })
}

function requireSameHost(present: LoginAppRow | undefined, authBaseUrl: string): void {
  if (present && new URL(present.auth_base_url).origin === new URL(authBaseUrl).origin) return
  throw invalidField('SECRET_NEEDED', '/clientSecret', {
    detail: present
      ? 'The client secret must be entered again when the auth base URL changes, so that it is not sent elsewhere unseen.'
      : 'The login app needs its client secret.',
    nextStep: 'Enter the client secret.',
  })
}

function invalidField(code: string, pointer: string, says: { detail: string; nextStep: string }): ProblemError {
  return new ProblemError({ status: 422, code, ...says, errors: [{ pointer, message: says.detail }] })
}
