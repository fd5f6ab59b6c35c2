import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { signOnWithoutBrowser } from '../../test/support/sign-on.ts'
import type { LoginApp, LoginAppTest, Person, Session } from '../src/index.ts'
import { safeReturnTo } from '../src/sign-in/return-to.ts'
import {
  type Console,
  loginAppOf,
  people,
  sessionCookie,
  setUpSignIn,
  signInCookie,
  startConsole,
  Visitor,
} from './support/console.ts'
import { databases } from './support/databases.ts'
import { type Forgery, type ForgingProvider, forgedSubject, startForgingProvider } from './support/forging-provider.ts'

const problem = (code: string) => `/sign-in?problem=${code}`

const kinds = databases()
afterAll(async () => {
  for (const kind of kinds) await kind.stop()
})

describe.each(kinds)('signing in, on $name', (kind) => {
  let console: Console
  let owner: Visitor
  beforeAll(async () => {
    console = await startConsole(kind)
    owner = await setUpSignIn(console)
  })
  afterAll(() => console.close())

  it('keeps whoever saves the first login app signed in, as local administrator', async () => {
    const { body } = await owner.get<Session>('/api/session')
    expect(body).toMatchObject({ signInRequired: true, signInAvailable: true, caller: { kind: 'localAdministrator' } })
    expect(await new Visitor(console).outcome('GET', '/api/tenants')).toBe('401 SIGN_IN_NEEDED')
  })

  it('keeps the local administrator signed in when somebody without a role tries it in the same browser', async () => {
    expect(await owner.signIn(people.viewer)).toBe(problem('SIGN_IN_NO_ADMINISTRATOR'))
    expect((await owner.get<Session>('/api/session')).body.caller?.kind).toBe('localAdministrator')
    const known = await owner.get<Person[]>('/api/people')
    expect(known.body.map(({ name }) => name)).toEqual(['Solveig Tangen'])
  })

  it('takes the local administrator away once an administrator has signed in', async () => {
    const administrator = new Visitor(console)
    expect(await administrator.signIn(people.admin, '/settings/people?tab=roles#top')).toBe(
      '/settings/people?tab=roles#top',
    )
    const { body } = await administrator.get<Session>('/api/session')
    expect(body.caller).toMatchObject({
      kind: 'person',
      name: 'Torsten Vikane',
      email: 'torsten.vikane@lumenfjord.example',
      roles: [{ role: 'admin' }],
    })
    expect(body.localAdministrator).toBe(false)
    const saved = await administrator.get<{ loginApp: LoginApp }>('/api/login-app')
    expect(saved.body.loginApp.worksSince).toBeDefined()
    expect(await owner.outcome('GET', '/api/people')).toBe('401 SESSION_ENDED')
  })

  it('knows people by their group, and lets whoever has none see nothing', async () => {
    const roleOf = async (name: string) => {
      const visitor = new Visitor(console)
      expect(await visitor.signIn(name)).toBe('/')
      return (await visitor.get<Session>('/api/session')).body.caller?.roles
    }
    expect(await roleOf(people.viewer)).toEqual([{ role: 'viewer' }])
    expect(await roleOf(people.operator)).toEqual([{ role: 'operator' }])
    expect(await roleOf(people.approver)).toEqual([{ role: 'approver' }])
    const visitor = new Visitor(console)
    await visitor.signIn(people.nobody)
    expect((await visitor.get<Session>('/api/session')).body.caller).toMatchObject({ name: 'Liv Sundby', roles: [] })
    expect(await visitor.outcome('GET', '/api/tenants')).toBe('403 PERMISSION_MISSING')
  })

  it('asks PingOne for a code with PKCE, state and nonce, and tells the browser no more', async () => {
    const visitor = new Visitor(console)
    const url = await visitor.begin()
    expect(url.origin + url.pathname).toBe(`${console.tenant.loginApp.issuer}/authorize`)
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: console.tenant.loginApp.clientId,
      redirect_uri: `${console.url}/auth/callback`,
      response_type: 'code',
      scope: 'openid profile email',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    })
  })

  it('gives a new session, whatever was in the browser, and ends the one before', async () => {
    const visitor = new Visitor(console)
    const planted = 'A'.repeat(43)
    visitor.browser.plant(console.host, sessionCookie, planted)
    await visitor.signIn(people.viewer)
    const first = visitor.session
    expect(first).toMatch(/^[\w-]{43}$/)
    expect(first).not.toBe(planted)
    await visitor.signIn(people.viewer)
    expect(visitor.session).not.toBe(first)
    const thief = new Visitor(console)
    thief.browser.plant(console.host, sessionCookie, first!)
    expect(await thief.outcome('GET', '/api/tenants')).toBe('401 SESSION_ENDED')
    thief.browser.plant(console.host, sessionCookie, planted)
    expect(await thief.outcome('GET', '/api/tenants')).toBe('401 SESSION_ENDED')
  })

  it('sets cookies that only this host gets, over TLS, and no script', async () => {
    const visitor = new Visitor(console)
    const callback = await visitor.signOn(people.viewer)
    const { headers } = await visitor.get(callback.href)
    const [session = ''] = headers.getSetCookie().filter((line) => line.startsWith(sessionCookie))
    expect(session).toMatch(/; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
    expect(headers.getSetCookie().some((line) => line.startsWith(`${signInCookie}=;`))).toBe(true)
  })

  describe('refuses', () => {
    it('an answer that comes a second time', async () => {
      const visitor = new Visitor(console)
      const callback = await visitor.signOn(people.viewer)
      const cookie = visitor.browser.valueOf(console.host, signInCookie)!
      expect(await visitor.comeBack(callback)).toBe('/')
      visitor.browser.plant(console.host, signInCookie, cookie)
      expect(await visitor.comeBack(callback)).toBe(problem('SIGN_IN_STATE_UNKNOWN'))
    })

    it('an answer in another browser, also one that has begun a sign-in of its own', async () => {
      const callback = await new Visitor(console).signOn(people.admin)
      expect(await new Visitor(console).comeBack(callback)).toBe(problem('SIGN_IN_STATE_UNKNOWN'))
      const another = await new Visitor(console).signOn(people.admin)
      const victim = new Visitor(console)
      await victim.begin()
      expect(await victim.comeBack(another)).toBe(problem('SIGN_IN_STATE_UNKNOWN'))
      expect(victim.session).toBeUndefined()
    })

    it('a state that it never gave, and none at all', async () => {
      const visitor = new Visitor(console)
      const callback = await visitor.signOn(people.viewer)
      callback.searchParams.set('state', 'B'.repeat(43))
      expect(await visitor.comeBack(callback)).toBe(problem('SIGN_IN_STATE_UNKNOWN'))
      callback.searchParams.delete('state')
      expect(await visitor.comeBack(callback)).toBe(problem('SIGN_IN_STATE_UNKNOWN'))
    })

    it('somebody who cancels, without a word of PingOne in the address', async () => {
      const visitor = new Visitor(console)
      const callback = await signOnWithoutBrowser(await visitor.begin(), people.viewer, {
        browser: visitor.browser,
        cancel: true,
      })
      expect(callback.searchParams.get('error')).toBe('access_denied')
      expect(await visitor.comeBack(callback)).toBe(problem('SIGN_IN_REFUSED'))
      const [entry] = await console.audited('session.refused')
      expect(entry).toMatchObject({ outcome: 'refused', details: { code: 'SIGN_IN_REFUSED', error: 'access_denied' } })
    })

    it('a code that PingOne does not know', async () => {
      const visitor = new Visitor(console)
      const callback = await visitor.signOn(people.viewer)
      callback.searchParams.set('code', 'made-up')
      expect(await visitor.comeBack(callback)).toBe(problem('SIGN_IN_REFUSED'))
    })

    it('the answer of another issuer', async () => {
      const visitor = new Visitor(console)
      const callback = await visitor.signOn(people.viewer)
      callback.searchParams.set('iss', 'https://evil.example/as')
      expect(await visitor.comeBack(callback)).toBe(problem('SIGN_IN_TOKEN_INVALID'))
    })

    it('somebody who is shut out, and says so', async () => {
      const administrator = new Visitor(console)
      await administrator.signIn(people.admin)
      const all = await administrator.get<Person[]>('/api/people')
      const { id } = all.body.find(({ name }) => name.startsWith(people.operator))!
      await administrator.call('PATCH', `/api/people/${id}`, { disabled: true })
      expect(await new Visitor(console).signIn(people.operator)).toBe(problem('PERSON_DISABLED'))
      await administrator.call('PATCH', `/api/people/${id}`, { disabled: false })
      expect(await new Visitor(console).signIn(people.operator)).toBe('/')
    })
  })

  it('leads a browser that knows the console by another name to the one that PingOne leads back to', async () => {
    const elsewhere = new Visitor({ url: console.url.replace('127.0.0.1', 'localhost'), host: '' })
    const { location } = await elsewhere.get('/auth/sign-in?returnTo=/flows')
    expect(location).toBe(`${console.url}/auth/sign-in?returnTo=%2Fflows&led=1`)
    // A proxy may hide which name the browser used: it is led there once, not in circles.
    const led = await elsewhere.get('/auth/sign-in?returnTo=/flows&led=1')
    expect(led.location).toMatch(`${console.tenant.loginApp.issuer}/authorize`)
  })

  it('audits who signed in, with roles and without a secret', async () => {
    const [entry] = await console.audited('session.signedIn')
    expect(entry).toMatchObject({
      outcome: 'done',
      from: '127.0.0.1',
      actor: { kind: 'person', name: 'Eirik Nordvik' },
      details: { issuer: console.tenant.loginApp.issuer, roles: ['operator'] },
    })
  })

  it('refuses an answer that comes after ten minutes', async () => {
    const visitor = new Visitor(console)
    const callback = await visitor.signOn(people.viewer)
    console.pass(11)
    expect(await visitor.comeBack(callback)).toBe(problem('SIGN_IN_EXPIRED'))
  })

  it('says that PingOne can not be reached, and audits why', async () => {
    await console.sandbox.close()
    expect(await (await new Visitor(console).get('/auth/sign-in')).status).toBe(302)
    const visitor = new Visitor(console)
    await console.restart()
    expect((await visitor.get('/auth/sign-in')).location).toBe(problem('SIGN_IN_UNAVAILABLE'))
    const [entry] = await console.audited('session.refused')
    expect(entry).toMatchObject({ outcome: 'failed', details: { code: 'SIGN_IN_UNAVAILABLE' } })
  })

  it('keeps no token, state or verifier in clear', async () => {
    await console.server.close()
    await console.services.close()
    const stored = `${await console.database.dump()}\n${console.log.join('\n')}`
    expect(stored).toContain('Torsten Vikane')
    expect(stored).not.toContain(console.tenant.loginApp.clientSecret)
    expect(stored).not.toContain(owner.session)
    expect(stored).not.toMatch(/code=|state=|eyJ[\w-]+\.eyJ/)
  })
})

describe('the way back after signing in', () => {
  it.each([
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\\/evil.example',
    '/\t/evil.example',
    '/\n//evil.example',
    '\t//evil.example',
    '/\u0000/evil.example',
    '/.//evil.example',
    '/..//evil.example',
    '/a/..//evil.example',
    '/%2e//evil.example',
    '/./%2e%2e//evil.example',
    'https://evil.example',
    'https:evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    'evil.example',
    '@evil.example',
    '.evil.example',
    ' /flows',
    '?returnTo=x',
    '#x',
    '',
    '/auth/sign-in',
    '/auth/callback?code=x',
    '/sign-in?problem=x',
    '/api/session',
  ])('is the start page for %j', (wanted) => {
    expect(safeReturnTo(wanted)).toBe('/')
  })

  it.each([
    ['/flows/a-b?from=env%3ADev&x=//y#part', '/flows/a-b?from=env%3ADev&x=//y#part'],
    ['/a//b', '/a//b'],
    ['/flows/Überblick', '/flows/%C3%9Cberblick'],
    ['/@evil.example', '/@evil.example'],
    ['/apiary', '/apiary'],
  ])('is the page itself for %j', (wanted, page) => {
    expect(safeReturnTo(wanted)).toBe(page)
  })
})

describe('a forged answer', () => {
  let console: Console
  let forger: ForgingProvider
  beforeAll(async () => {
    console = await startConsole(kinds[0]!)
    forger = await startForgingProvider()
    const owner = new Visitor(console)
    const { issuer: authBaseUrl, clientId, clientSecret } = forger
    const redirectUri = `${console.url}/auth/callback`
    const saved = await owner.call('PUT', '/api/login-app', { authBaseUrl, clientId, clientSecret, redirectUri })
    expect(saved.status).toBe(200)
  })
  afterAll(async () => {
    await console.close()
    await forger.close()
  })
  // Failures slow an address down: each test comes when that is over.
  beforeEach(() => console.pass(61))
  afterEach(() => forger.forge({}))

  async function comesBack(how: Forgery, change: (callback: URL) => void = () => {}): Promise<string> {
    const visitor = new Visitor(console)
    const begun = await visitor.begin()
    forger.forge(how)
    const callback = new URL(`${console.url}/auth/callback`)
    callback.searchParams.set('state', begun.searchParams.get('state')!)
    callback.searchParams.set('code', begun.searchParams.get('nonce')!)
    change(callback)
    const next = await visitor.comeBack(callback)
    if (next !== '/') {
      expect(visitor.session).toBeUndefined()
      expect(await visitor.outcome('GET', '/api/tenants')).toBe('401 SIGN_IN_NEEDED')
    }
    return next
  }

  const now = Math.floor(Date.now() / 1000)

  it('would be let in if it were right', async () => {
    expect(await comesBack({})).toBe('/')
  })

  it.each<[string, Forgery]>([
    ['has another nonce', { claims: { nonce: 'another' } }],
    ['has no nonce', { claims: { nonce: undefined } }],
    ['has another issuer', { claims: { iss: 'https://evil.example/as' } }],
    ['has an issuer that only begins like the right one', { claims: { iss: `${'http://127.0.0.1'}/as/` } }],
    ['is for another audience', { claims: { aud: 'somebody-else' } }],
    ['is for several, of which another may use it', { claims: { aud: ['forged-client', 'other'], azp: 'other' } }],
    ['is for several, and does not say who may use it', { claims: { aud: ['other', 'another'] } }],
    ['has no audience', { claims: { aud: undefined } }],
    ['has expired', { claims: { iat: now - 4000, exp: now - 400 } }],
    ['never expires', { claims: { exp: undefined } }],
    ['holds only from later on', { claims: { nbf: now + 4000 } }],
    ['has no subject', { claims: { sub: undefined } }],
    ['is not signed', { signed: 'none' }],
    ['is not signed, but has something where a signature is', { signed: 'none', tamper: (token) => `${token}AAAA` }],
    ['is signed with the client secret', { signed: 'secret' }],
    ['is signed with a key of somebody else', { signed: 'other' }],
    ['was changed after it was signed', { tamper: tampered }],
    ['is no token', { tamper: () => 'eyJ' }],
    ['comes with another person at the userinfo endpoint', { userInfo: { sub: 'somebody-else' } }],
  ])('whose id token %s is refused', async (_what, how) => {
    expect(await comesBack(how)).toBe(problem('SIGN_IN_TOKEN_INVALID'))
    const [entry] = await console.audited('session.refused')
    expect(entry?.details).toMatchObject({ code: 'SIGN_IN_TOKEN_INVALID', reason: expect.stringMatching(/\w{3}/) })
  })

  it('is refused when the provider refuses the client', async () => {
    const error = { status: 401, body: { error: 'invalid_client', error_description: '<b>wrong</b>' } }
    expect(await comesBack({ error })).toBe(problem('SIGN_IN_UNAVAILABLE'))
  })

  it('is refused when it names another issuer beside the code', async () => {
    const next = await comesBack({}, (callback) => callback.searchParams.set('iss', 'https://evil.example/as'))
    expect(next).toBe(problem('SIGN_IN_TOKEN_INVALID'))
  })

  it('gives no role by an e-mail address that nobody has verified', async () => {
    const email = 'admin@example.com'
    await console.services.grants.create({ name: 'Test' } as never, {
      role: 'admin',
      to: { type: 'claim', claim: 'email', value: email },
    })
    const rolesWith = async (claims: Record<string, unknown>) => {
      expect(await comesBack({ claims })).toBe('/')
      const known = await console.services.people.list(undefined)
      return known.find(({ subject }) => subject === forgedSubject)?.roles.map(({ role }) => role)
    }
    expect(await rolesWith({ email, email_verified: false })).toEqual([])
    expect(await rolesWith({ email: 'Admin@Example.com', email_verified: true })).toEqual(['admin'])
  })

  it('fills no more than a bounded part of the database', async () => {
    const groups = Array.from({ length: 5000 }, (_, at) => `group-${at}`)
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`claim-${at}`, 'x']))
    expect(await comesBack({ userInfo: { groups, ...many, odd: { deep: [] }, long: 'x'.repeat(5000) } })).toBe('/')
    const [person] = await console.services.people.list(undefined)
    expect(Object.keys(person!.claims).length).toBeLessThanOrEqual(60)
    expect(person!.claims.groups?.length).toBe(500)
    expect(person!.claims.long).toBeUndefined()
  })

  it('slows the address down when it goes on', async () => {
    for (let tries = 0; tries < 20; tries += 1) await comesBack({ signed: 'other' })
    expect((await new Visitor(console).get('/auth/sign-in')).location).toBe(problem('TOO_MANY_FAILURES'))
    console.pass(1)
    expect(await comesBack({})).toBe('/')
  })
})

function tampered(token: string): string {
  const [header, payload = '', signature] = token.split('.')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
  return [header, Buffer.from(JSON.stringify({ ...claims, name: 'Root' })).toString('base64url'), signature].join('.')
}

describe('the login app', () => {
  let console: Console
  let owner: Visitor
  beforeAll(async () => {
    console = await startConsole(kinds[0]!)
    owner = new Visitor(console)
  })
  afterAll(() => console.close())

  const save = (change: object = {}) => owner.call('PUT', '/api/login-app', { ...loginAppOf(console), ...change })
  const test = async () => (await owner.call<LoginAppTest>('POST', '/api/login-app/test')).body
  const failing = ({ checks }: LoginAppTest) =>
    checks.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name)

  it.each<[string, object]>([
    ['SECRET_NEEDED', { clientSecret: undefined }],
    ['HOST_NOT_ALLOWED', { authBaseUrl: 'https://evil.example' }],
    ['HOST_REFUSED', { authBaseUrl: 'http://auth.pingone.eu' }],
    ['AUTH_URL_INVALID', { authBaseUrl: 'https://auth.pingone.eu?x=1' }],
    ['REDIRECT_URI_INVALID', { redirectUri: 'http://flightiq.example.com/auth/callback' }],
    ['REDIRECT_URI_INVALID', { redirectUri: 'https://flightiq.example.com/elsewhere' }],
    ['REDIRECT_URI_INVALID', { redirectUri: 'https://flightiq.example.com/auth/callback?x=1' }],
    ['SCOPE_MISSING', { scopes: 'profile email' }],
  ])('is refused with %s for %j', async (code, change) => {
    const { status, body } = await save(change)
    expect({ status, code: body.code }).toEqual({ status: 422, code })
    expect((await owner.get<Session>('/api/session')).body.signInRequired).toBe(false)
  })

  it('is not the worker app of a tenant', async () => {
    const { environmentId, clientId, clientSecret, name } = console.tenant
    const hosts = { authUrl: console.sandbox.authUrl, apiUrl: console.sandbox.apiUrl }
    await owner.call('POST', '/api/tenants', { name, environmentId, clientId, clientSecret, hosts })
    expect((await save({ clientId: clientId.toUpperCase() })).body.code).toBe('LOGIN_APP_IS_WORKER')
  })

  it('never shows its secret', async () => {
    const { status, body } = await save()
    expect(status).toBe(200)
    expect(JSON.stringify(body)).not.toContain(console.tenant.loginApp.clientSecret)
    expect(body).not.toHaveProperty('clientSecret')
    expect(body).toMatchObject({ secretSetBy: 'This console' })
  })

  it('does not become the worker app of a tenant', async () => {
    const { environmentId, clientId, clientSecret } = console.tenant.loginApp
    const hosts = { authUrl: console.sandbox.authUrl, apiUrl: console.sandbox.apiUrl }
    const tenant = { name: 'Mixed up', environmentId, clientId, clientSecret, hosts }
    expect(await owner.outcome('POST', '/api/tenants', tenant)).toBe('422 LOGIN_APP_IS_WORKER')
  })

  it('keeps its secret unless it would go to another host', async () => {
    expect((await save({ clientSecret: undefined, scopes: 'openid' })).status).toBe(200)
    const elsewhere = { clientSecret: undefined, authBaseUrl: 'https://auth.pingone.eu' }
    expect((await save(elsewhere)).body.code).toBe('SECRET_NEEDED')
  })

  it('passes its test', async () => {
    await save()
    const result = await test()
    expect(result.checks.map(({ outcome }) => outcome)).toEqual(Array(6).fill('passed'))
    expect(result.ok).toBe(true)
  })

  it.each<[string, string, () => Promise<unknown> | unknown]>([
    ['the secret is wrong', 'Client ID and secret are right', () => save({ clientSecret: 'wrong' })],
    ['there is no such app', 'Client ID and secret are right', () => save({ clientId: 'nobody' })],
    [
      'the environment is another',
      'PingOne can be reached',
      () => save({ environmentId: '00000000-0000-4000-8000-000000000000' }),
    ],
    [
      'the redirect URI is not registered',
      'The redirect URI is known',
      () => save({ redirectUri: 'https://flightiq.example.com/auth/callback' }),
    ],
    [
      'the app is switched off',
      'Client ID and secret are right',
      () => {
        console.sandbox.state.signOn.changeApplication(console.tenant.loginApp.clientId, { enabled: false })
        return save()
      },
    ],
    ['nothing answers there', 'PingOne can be reached', () => save({ authBaseUrl: 'http://127.0.0.1:9' })],
  ])('says so when %s', async (_what, name, prepare) => {
    await prepare()
    const result = await test()
    expect(result.ok).toBe(false)
    expect(failing(result)[0]).toBe(name)
    expect(result.nextStep).toMatch(/\w/)
    console.sandbox.state.signOn.changeApplication(console.tenant.loginApp.clientId, { enabled: true })
  })

  it('opens the console again when it is removed where only this machine reaches it', async () => {
    expect(await owner.outcome('DELETE', '/api/login-app')).toBe('204')
    expect((await new Visitor(console).get<Session>('/api/session')).body.caller?.kind).toBe('openConsole')
    expect((await owner.get<{ loginApp?: LoginApp }>('/api/login-app')).body).toEqual({})
    expect(await owner.outcome('POST', '/api/login-app/test')).toBe('404 LOGIN_APP_MISSING')
  })
})
