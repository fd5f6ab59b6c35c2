import { type Sandbox, type SandboxTenant, startSandbox } from '@flightiq/sandbox'
import { expect } from 'vitest'
import { BrowserMemory, signOnWithoutBrowser } from '../../../test/support/sign-on.ts'
import {
  type AuditEntry,
  type LoginApp,
  openServices,
  type Problem,
  type RunningServer,
  type ServerSettings,
  type Services,
  startServer,
} from '../../src/index.ts'
import type { DatabaseKind, TestDatabase } from './databases.ts'
import { loopbackHosts, masterKey } from './world.ts'

export const sessionCookie = '__Host-flightiq-session'
export const signInCookie = '__Host-flightiq-sign-in'

/** What an answer of the console was. */
export interface Said<Body> {
  status: number
  headers: Headers
  location: string | null
  body: Body
}

/** A console on an empty database, and a sandbox whose people can sign in to it. Its clock can be put forward. */
export interface Console {
  url: string
  host: string
  services: Services
  server: RunningServer
  sandbox: Sandbox
  tenant: SandboxTenant
  database: TestDatabase
  log: string[]
  /** Puts the console's clock forward. */
  pass(minutes: number): void
  /** Another process of the same console; it must have a database that can be shared. */
  second(): Promise<Console>
  /** Ends the server and starts one on the same database. */
  restart(settings?: Partial<ServerSettings>): Promise<void>
  /** Entries of the audit log for an event, newest first. */
  audited(event: string): Promise<AuditEntry[]>
  close(): Promise<void>
}

/** Starts a console, as if on this machine alone unless the settings say otherwise. */
export async function startConsole(kind: DatabaseKind, settings: Partial<ServerSettings> = {}): Promise<Console> {
  const sandbox = await startSandbox({ empty: true })
  const database = await kind.make()
  const log: string[] = []
  const clock = { ahead: 0 }
  const open = async (more: Partial<ServerSettings>, port = 0) => {
    const services = await openServices({
      ...database.settings,
      masterKey,
      allowedHosts: loopbackHosts,
      now: () => new Date(Date.now() + clock.ahead),
    })
    const stream = { write: (line: string) => log.push(line) }
    const server = await startServer({
      requestsPerMinute: 100_000,
      log: { level: 'debug', stream },
      ...more,
      services,
      port,
    })
    const url = server.url.replace('0.0.0.0', '127.0.0.1')
    return { services, server, url, host: new URL(url).host }
  }
  const running = await open(settings)
  const console: Console = {
    ...running,
    sandbox,
    tenant: sandbox.tenants[0]!,
    database,
    log,
    pass: (minutes) => {
      clock.ahead += minutes * 60_000
    },
    second: async () => {
      const other = await open({})
      const close = async () => {
        await other.server.close()
        await other.services.close()
      }
      return { ...console, ...other, close }
    },
    restart: async (more = {}) => {
      await console.server.close()
      await console.services.close()
      Object.assign(console, await open({ ...settings, ...more }, Number(console.host.split(':')[1])))
    },
    audited: async (event) => (await console.services.audit.list('all', { event, limit: 100 })).entries,
    close: async () => {
      await console.server.close()
      await console.services.close()
      await sandbox.close()
      await database.remove()
    },
  }
  return console
}

/** Somebody at a browser, or a script with a token. */
export class Visitor {
  readonly console: Pick<Console, 'url' | 'host'>
  readonly browser: BrowserMemory
  readonly #token: string | undefined

  constructor(console: Pick<Console, 'url' | 'host'>, options: { browser?: BrowserMemory; token?: string } = {}) {
    this.console = console
    this.browser = options.browser ?? new BrowserMemory()
    this.#token = options.token
  }

  /** The same browser, at another process of the console. */
  at({ url, host }: Console): Visitor {
    const there = new Visitor({ url, host })
    const session = this.browser.valueOf(this.console.host, sessionCookie)
    if (session !== undefined) there.browser.plant(host, sessionCookie, session)
    return there
  }

  async call<Body = Problem>(method: string, path: string, body?: unknown): Promise<Said<Body>> {
    const response = await this.browser.request(new URL(path, this.console.url), {
      method,
      headers: {
        ...(this.#token === undefined ? { 'x-flightiq': '1' } : { authorization: `Bearer ${this.#token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const json = response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : undefined
    return {
      status: response.status,
      headers: response.headers,
      location: response.headers.get('location'),
      body: json,
    }
  }

  async get<Body = Problem>(path: string): Promise<Said<Body>> {
    return this.call<Body>('GET', path)
  }

  /** The status and code of an answer. */
  async outcome(method: string, path: string, body?: unknown): Promise<string> {
    const { status, body: said } = await this.call<{ code?: string } | undefined>(method, path, body)
    return said?.code === undefined ? String(status) : `${status} ${said.code}`
  }

  /** Goes to sign in: where PingOne is. */
  async begin(returnTo = '/'): Promise<URL> {
    const { status, location } = await this.get(`/auth/sign-in?${new URLSearchParams({ returnTo })}`)
    expect(status).toBe(302)
    return new URL(location!)
  }

  /** Signs on at PingOne: the callback address, not yet gone to. */
  async signOn(person: string, returnTo = '/'): Promise<URL> {
    return signOnWithoutBrowser(await this.begin(returnTo), person, { browser: this.browser })
  }

  /** Goes to the callback address: where the console leads to. */
  async comeBack(callback: URL): Promise<string> {
    const { status, location } = await this.get(callback.href)
    expect(status).toBe(302)
    return location!
  }

  /** Signs in from the start to the end: where the console leads to. */
  async signIn(person: string, returnTo = '/'): Promise<string> {
    return this.comeBack(await this.signOn(person, returnTo))
  }

  /** The token in the session cookie. */
  get session(): string | undefined {
    return this.browser.valueOf(this.console.host, sessionCookie)
  }
}

/** The login app of the sandbox, as it is entered. */
export function loginAppOf({ tenant, url }: Pick<Console, 'tenant' | 'url'>) {
  const { clientId, clientSecret, environmentId, authUrl } = tenant.loginApp
  const redirectUri = `${url}/auth/callback`
  return { authBaseUrl: authUrl, environmentId, clientId, clientSecret, redirectUri, scopes: 'openid profile email' }
}

/** The people of the sandbox, by the role that their group gives them. */
export const people = { viewer: 'Solveig', operator: 'Eirik', approver: 'Ingrid', admin: 'Torsten', nobody: 'Liv' }

/** Sets sign-in up as the one who sits at an open console does: the login app, and roles by groups. */
export async function setUpSignIn(console: Console): Promise<Visitor> {
  const owner = new Visitor(console)
  const saved = await owner.call<LoginApp>('PUT', '/api/login-app', loginAppOf(console))
  expect(saved.status).toBe(200)
  for (const role of ['viewer', 'operator', 'approver', 'admin']) {
    const to = { type: 'claim', claim: 'groups', value: `flightiq-${role}s` }
    expect((await owner.call('POST', '/api/grants', { role, to })).status).toBe(201)
  }
  return owner
}
