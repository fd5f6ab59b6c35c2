import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BrowserMemory, signOffWithoutBrowser } from '../../test/support/sign-on.ts'
import { whileAdmitted } from '../src/http/while-admitted.ts'
import { type Person, ProblemError, type Session, startServer } from '../src/index.ts'
import { FailedAttempts } from '../src/sign-in/failed-attempts.ts'
import {
  type Console,
  loginAppOf,
  people,
  sessionCookie,
  setUpSignIn,
  startConsole,
  Visitor,
} from './support/console.ts'
import { databases } from './support/databases.ts'

const kinds = databases()
afterAll(async () => {
  for (const kind of kinds) await kind.stop()
})

const tokenOf = ({ server }: Console) => server.localAdministratorToken?.reveal() ?? ''

describe.each(kinds)('sessions, on $name', (kind) => {
  let console: Console
  let administrator: Visitor
  beforeAll(async () => {
    console = await startConsole(kind)
    await setUpSignIn(console)
    administrator = new Visitor(console)
    await administrator.signIn(people.admin)
  })
  afterAll(() => console.close())

  async function signedIn(name: string): Promise<Visitor> {
    const visitor = new Visitor(console)
    expect(await visitor.signIn(name)).toBe('/')
    return visitor
  }

  async function known(name: string): Promise<Person> {
    const { body } = await administrator.get<Person[]>('/api/people')
    return body.find((person) => person.name.startsWith(name))!
  }

  it('end after an hour without a call, and not while they are used', async () => {
    const [busy, idle] = [await signedIn(people.viewer), await signedIn(people.operator)]
    for (let half = 0; half < 3; half += 1) {
      console.pass(29)
      expect(await busy.outcome('GET', '/api/tenants')).toBe('200')
      expect(await administrator.outcome('GET', '/api/tenants')).toBe('200')
    }
    const { status, body } = await idle.get('/api/tenants')
    expect({ status, code: body.code, detail: body.detail }).toEqual({
      status: 401,
      code: 'SESSION_ENDED',
      detail: expect.stringContaining('60 minutes'),
    })
    expect((await idle.get<Session>('/api/session')).body.caller).toBeUndefined()
    expect((await known(people.operator)).sessions).toEqual([])
  })

  it('end after twelve hours, however busy', async () => {
    const busy = await signedIn(people.viewer)
    for (let passed = 0; passed < 12 * 60; passed += 45) {
      expect(await busy.outcome('GET', '/api/tenants')).toBe('200')
      console.pass(45)
    }
    const { body } = await busy.get('/api/tenants')
    expect(body).toMatchObject({ code: 'SESSION_ENDED', detail: expect.stringContaining('12 hours') })
    await administrator.signIn(people.admin)
  })

  it('are written to the database at most once a minute', async () => {
    const visitor = await signedIn(people.viewer)
    const seen = async () => (await known(people.viewer)).sessions[0]!.lastSeenAt
    const first = await seen()
    await visitor.get('/api/tenants')
    expect(await seen()).toBe(first)
    console.pass(1)
    await visitor.get('/api/tenants')
    expect(Date.parse(await seen())).toBeGreaterThanOrEqual(Date.parse(first) + 60_000)
  })

  it('are over once signed out, here and at PingOne', async () => {
    const visitor = await signedIn(people.viewer)
    const token = visitor.session!
    const { status, body } = await visitor.call<{ endSessionUrl: string }>('POST', '/api/session/sign-out')
    expect(status).toBe(200)
    expect(visitor.session).toBeUndefined()
    const url = new URL(body.endSessionUrl)
    expect(url.origin + url.pathname).toBe(`${console.tenant.loginApp.issuer}/signoff`)
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: console.tenant.loginApp.clientId,
      post_logout_redirect_uri: `${console.url}/sign-in`,
    })
    visitor.browser.plant(console.host, sessionCookie, token)
    expect(await visitor.outcome('GET', '/api/tenants')).toBe('401 SESSION_ENDED')
    const back = await signOffWithoutBrowser(url, visitor.browser)
    expect(back.href).toBe(`${console.url}/sign-in`)
    expect(await new Visitor(console).outcome('POST', '/api/session/sign-out')).toBe('401 SIGN_IN_NEEDED')
  })

  it('end without PingOne, too', async () => {
    const visitor = await signedIn(people.viewer)
    await console.services.loginApp.save(
      { ...loginAppOf(console), authBaseUrl: 'http://127.0.0.1:9' },
      { kind: 'server', id: 'test', name: 'Test', from: 'test', roles: [{ role: 'admin' }] },
    )
    expect((await visitor.call('POST', '/api/session/sign-out')).body).toEqual({})
    await administrator.call('PUT', '/api/login-app', loginAppOf(console))
    await administrator.signIn(people.admin)
  })

  it('are ended by an administrator at once: one, or all of a person', async () => {
    const [one, two] = [await signedIn(people.viewer), await signedIn(people.viewer)]
    const person = await known(people.viewer)
    expect(person.sessions.length).toBeGreaterThanOrEqual(2)
    expect(person.sessions[0]).toMatchObject({ address: '127.0.0.1', current: false })
    expect((await known(people.admin)).sessions.filter(({ current }) => current)).toHaveLength(1)
    const path = `/api/people/${person.id}/sessions`
    const newest = person.sessions[0]!.id
    expect(await administrator.outcome('DELETE', `${path}/${newest}`)).toBe('204')
    expect(await two.outcome('GET', '/api/tenants')).toBe('401 SESSION_ENDED')
    expect(await one.outcome('GET', '/api/tenants')).toBe('200')
    expect(await administrator.outcome('DELETE', `${path}/${newest}`)).toBe('404 SESSION_NOT_FOUND')
    const other = await known(people.admin)
    expect(await administrator.outcome('DELETE', `${path}/${other.sessions[0]!.id}`)).toBe('404 SESSION_NOT_FOUND')
    const { body } = await administrator.call<{ ended: number }>('DELETE', path)
    expect(body.ended).toBe(person.sessions.length - 1)
    expect(await one.outcome('GET', '/api/tenants')).toBe('401 SESSION_ENDED')
  })

  it('all end when a person is shut out, and do not come back with them', async () => {
    const visitor = await signedIn(people.viewer)
    const { id } = await known(people.viewer)
    expect(await administrator.outcome('PATCH', `/api/people/${id}`, { disabled: true })).toBe('200')
    expect(await visitor.outcome('GET', '/api/tenants')).toBe('401 SESSION_ENDED')
    expect(await administrator.outcome('PATCH', `/api/people/${id}`, { disabled: false })).toBe('200')
    expect(await visitor.outcome('GET', '/api/tenants')).toBe('401 SESSION_ENDED')
  })

  it('hold over a restart', async () => {
    const visitor = await signedIn(people.viewer)
    await console.restart()
    expect(await visitor.outcome('GET', '/api/tenants')).toBe('200')
  })

  if (kind.shared)
    it('hold for every process of the console, and end in all of them', async () => {
      const visitor = await signedIn(people.viewer)
      const other = await console.second()
      const there = visitor.at(other)
      expect(await there.outcome('GET', '/api/tenants')).toBe('200')
      await visitor.call('POST', '/api/session/sign-out')
      expect(await there.outcome('GET', '/api/tenants')).toBe('401 SESSION_ENDED')
      await other.close()
    })

  it('are not taken from a call that brings a token, too', async () => {
    const token = `fiq_${'x'.repeat(43)}`
    const both = new Visitor(console, { browser: administrator.browser, token })
    expect(await both.outcome('GET', '/api/tenants')).toBe('401 TOKEN_INVALID')
  })
})

describe.each(kinds)('the local administrator, on $name', (kind) => {
  let console: Console
  beforeAll(async () => {
    console = await startConsole(kind, { host: '0.0.0.0' })
  })
  afterAll(() => console.close())

  const enter = (visitor: Visitor, token: string) =>
    visitor.outcome('POST', '/api/session/local-administrator', { token })

  it('is the only way in beyond this machine while there is no login app', async () => {
    const visitor = new Visitor(console)
    const { body } = await visitor.get<Session>('/api/session')
    expect(body).toEqual({ signInRequired: true, signInAvailable: false, localAdministrator: true })
    expect(await visitor.outcome('GET', '/api/tenants')).toBe('401 SIGN_IN_NEEDED')
    expect((await visitor.get('/auth/sign-in')).location).toBe('/sign-in?problem=SIGN_IN_UNAVAILABLE')
  })

  it('gets in with the printed token, once', async () => {
    const token = tokenOf(console)
    expect(token).toMatch(/^[\w-]{43}$/)
    expect(console.log.join('')).not.toContain(token)
    const [visitor, late] = [new Visitor(console), new Visitor(console)]
    expect(await enter(visitor, token)).toBe('200')
    expect(await visitor.outcome('GET', '/api/tenants')).toBe('200')
    expect(await enter(late, token)).toBe('401 TOKEN_INVALID')
    expect((await visitor.get<Session>('/api/session')).body).toMatchObject({
      localAdministrator: false,
      caller: { kind: 'localAdministrator', roles: [{ role: 'admin' }] },
    })
  })

  it('lets one in of two who send the token at the same moment', async () => {
    await console.restart()
    const tries = Array.from({ length: 6 }, () => enter(new Visitor(console), tokenOf(console)))
    expect((await Promise.all(tries)).filter((outcome) => outcome === '200')).toHaveLength(1)
  })

  it('gets another token with each start, and the one before is useless', async () => {
    await console.restart()
    const before = tokenOf(console)
    await console.restart()
    expect(tokenOf(console)).not.toBe(before)
    expect(await enter(new Visitor(console), before)).toBe('401 TOKEN_INVALID')
    console.pass(25 * 60)
    expect(await enter(new Visitor(console), tokenOf(console))).toBe('401 TOKEN_INVALID')
  })

  it('stays for twelve hours at most', async () => {
    await console.restart()
    const visitor = new Visitor(console)
    await enter(visitor, tokenOf(console))
    for (let passed = 0; passed < 12 * 60; passed += 45) {
      expect(await visitor.outcome('GET', '/api/tenants')).toBe('200')
      console.pass(45)
    }
    expect(await visitor.outcome('GET', '/api/tenants')).toBe('401 SESSION_ENDED')
  })

  it('is off once an administrator has signed in, also after the next start', async () => {
    await console.restart()
    const owner = new Visitor(console)
    await enter(owner, tokenOf(console))
    await owner.call('PUT', '/api/login-app', loginAppOf(console))
    await owner.call('POST', '/api/grants', {
      role: 'admin',
      to: { type: 'claim', claim: 'groups', value: 'flightiq-admins' },
    })
    await console.restart()
    expect(await owner.outcome('GET', '/api/tenants')).toBe('200')
    const unused = tokenOf(console)
    expect(await new Visitor(console).signIn(people.admin)).toBe('/')
    expect(await owner.outcome('GET', '/api/tenants')).toBe('401 SESSION_ENDED')
    expect(await enter(new Visitor(console), unused)).toBe('401 TOKEN_INVALID')
    await console.restart()
    expect(console.server.localAdministratorToken).toBeUndefined()
  })

  it('comes back when whoever starts the console asks for it, which is told', async () => {
    await console.restart({ localAdministrator: true })
    const visitor = new Visitor(console)
    expect(await enter(visitor, tokenOf(console))).toBe('200')
    expect(await visitor.outcome('GET', '/api/login-app')).toBe('200')
    const [offered] = await console.audited('localAdministrator.offered')
    expect(offered).toMatchObject({ actor: { kind: 'server' }, details: { asked: true, signInWorks: true } })
    expect(console.log.some((line) => line.includes('"level":40') && line.includes('local administrator'))).toBe(true)
    const [entered] = await console.audited('session.localAdministrator')
    expect(entered).toMatchObject({ outcome: 'done', from: '127.0.0.1' })
  })

  it('is what whoever removes the login app stays as', async () => {
    const administrator = new Visitor(console)
    await administrator.signIn(people.admin)
    expect(await administrator.outcome('DELETE', '/api/login-app')).toBe('204')
    expect((await administrator.get<Session>('/api/session')).body.caller?.kind).toBe('localAdministrator')
  })
})

describe('brute force', () => {
  it('on the local administrator is slowed, longer each time, with a word on when to try again', async () => {
    const console = await startConsole(kinds[0]!, { host: '0.0.0.0' })
    const guess = (at: number) =>
      new Visitor(console).call('POST', '/api/session/local-administrator', { token: `guess ${at}` })
    for (let at = 0; at < 5; at += 1) expect((await guess(at)).status).toBe(401)
    const { status, body, headers } = await guess(5)
    expect({ status, code: body.code }).toEqual({ status: 429, code: 'TOO_MANY_FAILURES' })
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(20)
    expect(body.nextStep).toContain('seconds')
    // Not even the right one: otherwise it could be found by trying.
    const right = { token: tokenOf(console) }
    expect((await new Visitor(console).call('POST', '/api/session/local-administrator', right)).status).toBe(429)
    console.pass(0.6)
    expect((await guess(6)).status).toBe(401)
    console.pass(0.6)
    expect((await guess(7)).status).toBe(429)
    console.pass(1)
    expect((await new Visitor(console).call('POST', '/api/session/local-administrator', right)).status).toBe(200)
    await console.close()
  })

  it('is counted by address as well, whatever is sent', async () => {
    const console = await startConsole(kinds[0]!, { host: '0.0.0.0', requestsPerMinute: 1200 })
    const visitor = new Visitor(console)
    for (let at = 0; at < 5; at += 1) await visitor.call('POST', '/api/session/local-administrator', {})
    const { status, body, headers } = await visitor.call('POST', '/api/session/local-administrator', {})
    expect({ status, code: body.code }).toEqual({ status: 429, code: 'RATE_LIMITED' })
    expect(body.nextStep).toMatch(/minute/)
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    for (let at = 0; at < 30; at += 1) await visitor.get('/auth/sign-in')
    expect((await visitor.get('/auth/sign-in')).location).toBe('/sign-in?problem=RATE_LIMITED')
    await console.close()
  })

  it('counts calls that bring a wrong token, too', async () => {
    const console = await startConsole(kinds[0]!, { requestsPerMinute: 10 })
    const statuses: number[] = []
    for (let at = 0; at < 12; at += 1) {
      // The same wrong token again is no guess, and locks nobody out; but it is a call.
      statuses.push((await new Visitor(console, { token: 'wrong' }).get('/api/tenants')).status)
    }
    expect(statuses).toEqual([...Array(10).fill(401), 429, 429])
    await console.close()
  })

  it('is told by network where there are more addresses than anybody could count', () => {
    const failures = new FailedAttempts(() => new Date(0), 2)
    failures.note('2001:db8:1:2::1', 'a')
    failures.note('2001:db8:1:2:ffff::9', 'b')
    expect(() => failures.check('2001:db8:1:2::77')).toThrow('Too many')
    expect(() => failures.check('2001:db8:1:3::1')).not.toThrow()
    failures.note('::ffff:10.0.0.1', 'a')
    failures.note('10.0.0.1', 'b')
    expect(() => failures.check('10.0.0.1')).toThrow('Too many')
    for (let at = 0; at < 10_001; at += 1) failures.note(`192.0.${at >> 8}.${at & 255}`, 'a')
    expect(() => failures.check('10.0.0.1')).not.toThrow()
  })
})

describe('a stream of events', () => {
  it('ends with the session of whoever opened it', async () => {
    let clock = 0
    let signedIn = true
    async function* events() {
      for (let event = 1; ; event += 1) {
        clock += 400
        if (event === 4) signedIn = false
        yield event
      }
    }
    const admit = async () => {
      if (!signedIn) throw new ProblemError({ status: 401, code: 'SESSION_ENDED', detail: 'It is over.' })
    }
    const seen: number[] = []
    for await (const event of whileAdmitted(events(), admit, () => clock)) seen.push(event)
    expect(seen).toEqual([1, 2, 3, 4, 5])
  })
})

describe('a console behind a proxy', () => {
  let console: Console
  beforeAll(async () => {
    console = await startConsole(kinds[0]!, {
      publicUrl: 'https://flightiq.example.com',
      trustedProxies: ['127.0.0.1'],
    })
  })
  afterAll(() => console.close())

  const through = (path: string, headers: Record<string, string>, method = 'GET', body?: object) =>
    new BrowserMemory().request(new URL(path, console.url), {
      method,
      headers: { 'x-flightiq': '1', 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const proxied = { 'x-forwarded-host': 'flightiq.example.com', 'x-forwarded-proto': 'https' }

  it('asks everybody to sign in, though it listens on this machine alone', async () => {
    expect(console.server.localAdministratorToken).toBeDefined()
    expect((await through('/api/tenants', proxied)).status).toBe(401)
  })

  it('answers under its public name and no other, and tells browsers to come encrypted', async () => {
    const answer = await through('/api/session', proxied)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains')
    expect((await through('/api/session', { 'x-forwarded-host': 'evil.example' })).status).toBe(421)
    const token = { token: tokenOf(console) }
    const foreign = { ...proxied, origin: 'https://evil.example' }
    expect((await through('/api/session/local-administrator', foreign, 'POST', token)).status).toBe(403)
    const own = { ...proxied, origin: 'https://flightiq.example.com' }
    expect((await through('/api/session/local-administrator', own, 'POST', token)).status).toBe(200)
  })

  it('takes the address of a caller from the proxy it trusts', async () => {
    const answer = await through(
      '/api/session/local-administrator',
      { ...proxied, 'x-forwarded-for': '203.0.113.9' },
      'POST',
      { token: 'x' },
    )
    expect(answer.status).toBe(401)
    expect((await console.audited('session.localAdministrator'))[0]).toMatchObject({ from: '203.0.113.9' })
  })

  it.each([
    ['PUBLIC_URL_INVALID', { publicUrl: 'http://flightiq.example.com' }],
    ['PUBLIC_URL_INVALID', { publicUrl: 'https://flightiq.example.com/console' }],
    ['PUBLIC_URL_INVALID', { publicUrl: 'flightiq.example.com' }],
    ['TRUSTED_PROXIES_INVALID', { trustedProxies: ['10.0.0.0/99'] }],
    ['TRUSTED_PROXIES_INVALID', { trustedProxies: ['proxy.example.com'] }],
  ])('does not start with %s for %j', async (code, settings) => {
    const { services } = console
    await expect(startServer({ services, port: 0, ...settings })).rejects.toMatchObject({ code })
  })
})
