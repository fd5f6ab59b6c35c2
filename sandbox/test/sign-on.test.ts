import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  authorizationUrl,
  BrowserMemory,
  type SignOnVisit,
  signOffWithoutBrowser,
  signOnWithoutBrowser,
} from '../../test/support/sign-on.ts'
import { demoTenants } from '../src/demo/index.ts'
import { type Sandbox, type SandboxTenant, startSandbox } from '../src/index.ts'
import { requestToken } from './client.ts'

const callback = 'http://127.0.0.1:4600/auth/callback'

interface Tokens {
  access_token: string
  id_token: string
  token_type: string
  expires_in: number
  error?: string
}

let sandbox: Sandbox
let tenant: SandboxTenant
let other: SandboxTenant
const printed = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'info'), vi.spyOn(console, 'error')]
beforeAll(async () => {
  sandbox = await startSandbox({ empty: true })
  ;[tenant, other] = sandbox.tenants as [SandboxTenant, SandboxTenant]
})
afterAll(() => sandbox.close())

/** One attempt to sign on, with all that a client has to remember about it. */
function attempt(parameters: Record<string, string> = {}, at = tenant) {
  const verifier = randomBytes(32).toString('base64url')
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  const state = randomBytes(8).toString('hex')
  const nonce = randomBytes(8).toString('hex')
  const url = authorizationUrl(at, {
    redirect_uri: callback,
    code_challenge: challenge,
    state,
    nonce,
    ...parameters,
  })
  return { verifier, state, nonce, url }
}

async function exchange(code: string, form: Record<string, string>, by: 'basic' | 'post' = 'basic', at = tenant) {
  const { clientId, clientSecret, issuer } = at.loginApp
  const body = new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: callback, ...form })
  if (by === 'post') {
    body.set('client_id', clientId)
    body.set('client_secret', clientSecret)
  }
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: by === 'basic' ? { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` } : {},
    body,
  })
  return { status: answer.status, body: (await answer.json()) as Tokens }
}

/** Signs a person on, and returns what the client gets. */
async function signOn(who: string, visit: SignOnVisit = {}, parameters: Record<string, string> = {}, at = tenant) {
  const { verifier, url, nonce } = attempt(parameters, at)
  const back = await signOnWithoutBrowser(url, sandbox.signOn.person(at, who), visit)
  const { status, body } = await exchange(back.searchParams.get('code')!, { code_verifier: verifier }, 'basic', at)
  expect(status).toBe(200)
  const keys = createRemoteJWKSet(new URL(`${at.loginApp.issuer}/jwks`))
  const { payload } = await jwtVerify(body.id_token, keys, {
    issuer: at.loginApp.issuer,
    audience: at.loginApp.clientId,
    algorithms: ['RS256'],
  })
  expect(payload.nonce).toBe(nonce)
  return { tokens: body, claims: payload, back }
}

const userinfo = (token: string, at = tenant) =>
  fetch(`${at.loginApp.issuer}/userinfo`, { headers: { authorization: `Bearer ${token}` } })
const admin = (method: string, path: string, body?: object) =>
  fetch(`${sandbox.apiUrl}/sandbox/sign-on${path}`, {
    method,
    ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
  })

describe('signing on', () => {
  it('leads from the authorization to a verified id token that says who and in which group', async () => {
    const person = sandbox.signOn.person(tenant, 'flightiq-operators')
    const { verifier, state, nonce, url } = attempt()
    const back = await signOnWithoutBrowser(url, person)
    expect(`${back.origin}${back.pathname}`).toBe(callback)
    expect(back.searchParams.get('state')).toBe(state)
    expect(back.searchParams.get('iss')).toBe(tenant.loginApp.issuer)

    const { status, body } = await exchange(back.searchParams.get('code')!, { code_verifier: verifier })
    expect(status).toBe(200)
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'openid profile email' })
    const keys = createRemoteJWKSet(new URL(`${tenant.loginApp.issuer}/jwks`))
    expect(decodeProtectedHeader(body.id_token).alg).toBe('RS256')
    const { payload } = await jwtVerify(body.id_token, keys)
    expect(payload).toMatchObject({
      iss: `${sandbox.authUrl}/${tenant.environmentId}/as`,
      aud: tenant.loginApp.clientId,
      sub: person.id,
      nonce,
      name: 'Eirik Nordvik',
      email: 'eirik.nordvik@lumenfjord.example',
      groups: ['flightiq-operators'],
      auth_time: expect.any(Number),
    })
    expect(payload.exp! - payload.iat!).toBe(3600)
    const info = await userinfo(body.access_token)
    expect(await info.json()).toMatchObject({ sub: person.id, groups: ['flightiq-operators'], name: 'Eirik Nordvik' })
  })

  it('knows somebody in each group and one in none, and gives groups with openid alone', async () => {
    for (const at of [tenant, other]) {
      for (const group of ['flightiq-viewers', 'flightiq-operators', 'flightiq-approvers', 'flightiq-admins']) {
        const { claims } = await signOn(group, {}, { scope: 'openid' }, at)
        expect(claims.groups).toEqual([group])
        expect(claims).not.toHaveProperty('email')
      }
    }
    expect((await signOn('Liv Sundby')).claims.groups).toEqual([])
  })

  it('takes the secret in the header or in the body, and no other one', async () => {
    for (const by of ['basic', 'post'] as const) {
      const { verifier, url } = attempt()
      const code = (await signOnWithoutBrowser(url, 'Liv Sundby')).searchParams.get('code')!
      expect((await exchange(code, { code_verifier: verifier }, by)).status).toBe(200)
    }
    const { verifier, url } = attempt()
    const code = (await signOnWithoutBrowser(url, 'Liv Sundby')).searchParams.get('code')!
    const wrong = { ...tenant, loginApp: { ...tenant.loginApp, clientSecret: 'wrong' } }
    expect(await exchange(code, { code_verifier: verifier }, 'basic', wrong)).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    })
  })

  it('refuses a wrong verifier, none, a code used before, and one of another application', async () => {
    const visit = { browser: new BrowserMemory() }
    const code = async (url: URL) => (await signOnWithoutBrowser(url, 'Liv Sundby', visit)).searchParams.get('code')!
    const refused = { status: 400, body: { error: 'invalid_grant' } }

    const first = attempt()
    const wrong = randomBytes(32).toString('base64url')
    expect(await exchange(await code(first.url), { code_verifier: wrong })).toMatchObject(refused)
    expect(await exchange(await code(attempt().url), {})).toMatchObject(refused)

    const second = attempt()
    const used = await code(second.url)
    const good = await exchange(used, { code_verifier: second.verifier })
    expect(good.status).toBe(200)
    expect(await exchange(used, { code_verifier: second.verifier })).toMatchObject(refused)
    // What the first use gave is refused from then on, too.
    expect((await userinfo(good.body.access_token)).status).toBe(401)

    const third = attempt()
    const theirs = await exchange(await code(third.url), { code_verifier: third.verifier }, 'basic', other)
    expect(theirs).toMatchObject(refused)
    const fourth = attempt()
    const elsewhere = { code_verifier: fourth.verifier, redirect_uri: 'http://127.0.0.1:4601/auth/callback' }
    expect(await exchange(await code(fourth.url), elsewhere)).toMatchObject(refused)
  })

  it.each([
    ['another path', 'http://127.0.0.1:4600/auth/callback/more'],
    ['a query', 'http://127.0.0.1:4600/auth/callback?next=x'],
    ['another host', 'http://127.0.0.2:4600/auth/callback'],
    ['a host that begins alike', 'http://127.0.0.1.example:4600/auth/callback'],
    ['a user name', 'http://127.0.0.1:4600@evil.example/auth/callback'],
    ['a path that is straightened out', 'http://127.0.0.1:4600/x/../auth/callback'],
    ['https', 'https://127.0.0.1:4600/auth/callback'],
  ])('shows a page and leads nowhere when the redirect address has %s', async (_what, address) => {
    const answer = await fetch(attempt({ redirect_uri: address }).url, { redirect: 'manual' })
    expect(answer.status).toBe(400)
    expect(answer.headers.get('location')).toBeNull()
    expect(await answer.text()).toContain('redirect_uri')
  })

  it('takes exactly the addresses that are registered, once others are', async () => {
    const { clientId } = tenant.loginApp
    const before = sandbox.signOn.applicationOf(tenant.environmentId).redirectUris
    const address = 'https://flightiq.example/auth/callback'
    sandbox.signOn.changeApplication(clientId, { redirectUris: [address] })
    const back = await signOnWithoutBrowser(attempt({ redirect_uri: address }).url, 'Liv Sundby')
    expect(back.href.startsWith(`${address}?code=`)).toBe(true)
    await expect(signOnWithoutBrowser(attempt().url, 'Liv Sundby')).rejects.toThrow('redirect_uri')
    sandbox.signOn.changeApplication(clientId, { redirectUris: before })
    await expect(signOnWithoutBrowser(attempt().url, 'Liv Sundby')).resolves.toBeInstanceOf(URL)
  })

  it('wants PKCE with S256', async () => {
    const { url } = attempt({ code_challenge_method: 'plain' })
    expect((await signOnWithoutBrowser(url, 'Liv Sundby')).searchParams.get('error')).toBe('invalid_request')
    const without = attempt().url
    for (const name of ['code_challenge', 'code_challenge_method']) without.searchParams.delete(name)
    expect((await signOnWithoutBrowser(without, 'Liv Sundby')).searchParams.get('error')).toBe('invalid_request')
  })

  it('leads back with an error when somebody cancels, or nobody is there who must not be asked', async () => {
    const { url, state } = attempt()
    const back = await signOnWithoutBrowser(url, 'Liv Sundby', { cancel: true })
    expect(Object.fromEntries(back.searchParams)).toMatchObject({ error: 'access_denied', state })
    const silent = await signOnWithoutBrowser(attempt({ prompt: 'none' }).url, 'Liv Sundby')
    expect(silent.searchParams.get('error')).toBe('login_required')
  })
})

describe('the session', () => {
  it('is remembered by the browser, in its own tenant, until prompt=login asks anew', async () => {
    const visit = { browser: new BrowserMemory() }
    const { claims } = await signOn('flightiq-viewers', visit)
    // Nobody is chosen: the operator's button is never seen.
    const again = await signOn('flightiq-operators', visit)
    expect(again.claims.sub).toBe(claims.sub)
    const silent = await signOnWithoutBrowser(attempt({ prompt: 'none' }, other).url, 'Agnes Thornbury', visit)
    expect(silent.searchParams.get('error')).toBe('login_required')

    const anew = await signOn('flightiq-operators', visit, { prompt: 'login' })
    expect(anew.claims.groups).toEqual(['flightiq-operators'])
    expect((await signOn('flightiq-viewers', visit)).claims.sub).toBe(anew.claims.sub)
  })

  it('ends with the sign-off, which leads back to the application', async () => {
    const browser = new BrowserMemory()
    const { tokens } = await signOn('flightiq-viewers', { browser })
    const url = new URL(`${tenant.loginApp.issuer}/signoff`)
    url.search = new URLSearchParams({
      id_token_hint: tokens.id_token,
      post_logout_redirect_uri: 'http://localhost:4600/sign-in',
      state: 'x y',
    }).toString()
    const back = await signOffWithoutBrowser(url, browser)
    expect(back.href).toBe('http://localhost:4600/sign-in?state=x+y')
    expect((await userinfo(tokens.access_token)).status).toBe(401)
    const logged = sandbox.requests.filter(({ path }) => path.includes('/signoff?'))
    expect(logged.map(({ path }) => path)).toEqual([expect.stringContaining('id_token_hint=…&post_logout')])
    const silent = await signOnWithoutBrowser(attempt({ prompt: 'none' }).url, 'Liv Sundby', { browser })
    expect(silent.searchParams.get('error')).toBe('login_required')
    // Once more changes nothing, and still leads back.
    expect((await signOffWithoutBrowser(url, browser)).origin).toBe('http://localhost:4600')
  })

  it('is only ended when asked for by whoever comes without an id token, and leads to no foreign address', async () => {
    const browser = new BrowserMemory()
    const { tokens } = await signOn('flightiq-viewers', { browser })
    const plain = `${tenant.loginApp.issuer}/signoff`
    const page = await browser.send(new URL(plain))
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('Sign off?')
    expect((await userinfo(tokens.access_token)).status).toBe(200)
    const foreign = new URLSearchParams({
      id_token_hint: tokens.id_token,
      post_logout_redirect_uri: 'https://evil.example/',
    })
    await expect(signOffWithoutBrowser(`${plain}?${foreign}`, browser)).rejects.toThrow('post_logout_redirect_uri')
    expect((await signOffWithoutBrowser(plain, browser)).pathname).toMatch(/\/signoff\/success$/)
    expect((await userinfo(tokens.access_token)).status).toBe(401)
  })
})

describe('the sign-on page', () => {
  it('lists the people of its tenant alone, loads nothing, and can be framed by nobody', async () => {
    const browser = new BrowserMemory()
    const first = await browser.send(attempt().url)
    const page = await browser.send(new URL(first.headers.get('location')!, sandbox.authUrl))
    const html = await page.text()
    for (const { email } of sandbox.signOn.peopleOf(tenant.environmentId)) expect(html).toContain(email)
    expect(html).not.toContain('quillhaven')
    expect(html).toContain('there are no passwords')
    expect(html).not.toMatch(/<script|\ssrc=|<link|url\(/)
    const policy = page.headers.get('content-security-policy')!
    expect(policy).toContain("default-src 'none'; style-src 'sha256-")
    expect(policy).toContain("form-action 'self' http://127.0.0.1:4600;")
    expect(policy).toContain("frame-ancestors 'none'")
  })

  it('says that a sign-on is unknown or has expired', async () => {
    const answer = await fetch(`${tenant.loginApp.issuer}/signon/nothing`)
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain('expired')
  })
})

describe('one authorization server for people and workers', () => {
  it('describes itself in one document, and every endpoint in it is there', async () => {
    const found = await fetch(`${tenant.loginApp.issuer}/.well-known/openid-configuration`)
    const { issuer } = tenant.loginApp
    const document = (await found.json()) as Record<string, string>
    expect(document).toMatchObject({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      userinfo_endpoint: `${issuer}/userinfo`,
      jwks_uri: `${issuer}/jwks`,
      end_session_endpoint: `${issuer}/signoff`,
      pushed_authorization_request_endpoint: `${issuer}/par`,
      grant_types_supported: ['authorization_code', 'client_credentials'],
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    })
    expect(document.claims_supported).toContain('groups')
    for (const [name, address] of Object.entries(document)) {
      if (!/(_endpoint|_uri)$/.test(name)) continue
      const answers = await Promise.all(['GET', 'POST'].map((method) => fetch(address, { method })))
      expect(answers.map(({ status }) => status)).not.toContain(404)
    }
    expect((await fetch(`${sandbox.authUrl}/${crypto.randomUUID()}/as/authorize`)).status).toBe(404)
  })

  it('has the issuer of the address at which it is reached', async () => {
    const path = `/${tenant.environmentId}/as`
    const local = `http://localhost:${sandbox.port}`
    const elsewhere = { ...tenant, loginApp: { ...tenant.loginApp, issuer: `${local}${path}` } }
    const { verifier, url } = attempt({}, elsewhere)
    const code = (await signOnWithoutBrowser(url, 'Liv Sundby')).searchParams.get('code')!
    const { body } = await exchange(code, { code_verifier: verifier }, 'basic', elsewhere)
    expect(decodeJwt(body.id_token).iss).toBe(`${local}${path}`)

    const proxied = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'auth.example' }
    const document = await fetch(`${tenant.loginApp.issuer}/.well-known/openid-configuration`, { headers: proxied })
    expect(await document.json()).toMatchObject({
      issuer: `https://auth.example${path}`,
      token_endpoint: `https://auth.example${path}/token`,
    })
    const broken = await fetch(`${tenant.loginApp.issuer}/authorize`, { headers: { 'x-forwarded-host': 'no host' } })
    expect(broken.status).toBe(400)
  })

  it('gives workers their tokens beside, and takes no person’s token for a worker’s', async () => {
    const worker = await requestToken(sandbox, tenant)
    expect((await fetch(`${sandbox.apiUrl}/v1/environments`, bearer(worker))).status).toBe(200)
    const { tokens } = await signOn('flightiq-admins')
    for (const token of [tokens.id_token, tokens.access_token]) {
      expect((await fetch(`${sandbox.apiUrl}/v1/environments`, bearer(token))).status).toBe(401)
    }
    expect((await userinfo(worker)).status).toBe(401)
    expect(await exchange('', { grant_type: 'client_credentials' })).toMatchObject({ status: 400 })
  })

  it('writes requests of the sign-on into the log with their status', async () => {
    sandbox.resetRequests()
    await signOn('flightiq-viewers')
    const steps = sandbox.requests.map(
      ({ method, path, status }) => `${method} ${/as\/(\w+)/.exec(path)?.[1]} ${status}`,
    )
    expect(steps).toEqual([
      'GET authorize 303',
      'GET signon 200',
      'POST signon 303',
      'GET authorize 303',
      'POST token 200',
      'GET jwks 200',
    ])
  })

  const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
})

describe('what tests can change', () => {
  it('groups and claims of a person, from the next token on', async () => {
    const { id } = sandbox.signOn.person(other, 'flightiq-viewers')
    sandbox.signOn.changePerson(id, { groups: ['flightiq-admins', 'choir'] })
    expect((await signOn(id, {}, {}, other)).claims.groups).toEqual(['flightiq-admins', 'choir'])
    const visit = { browser: new BrowserMemory() }
    await signOn(id, visit, {}, other)
    const answer = await admin('PATCH', `/people/${id}`, {
      groups: ['flightiq-viewers'],
      claims: { memberOf: ['x'], email_verified: false, given_name: null },
    })
    expect(answer.status).toBe(200)
    // The session outlives the change, and a claim that nobody had before is handed out.
    const { claims } = await signOn(id, visit, { prompt: 'none' }, other)
    expect(claims).toMatchObject({ groups: ['flightiq-viewers'], memberOf: ['x'], email_verified: false })
    expect(claims).not.toHaveProperty('given_name')
  })

  it('who is there and who is disabled, at once', async () => {
    const created = await admin('POST', '/people', {
      environmentId: tenant.environmentId,
      givenName: 'Runa <b>',
      familyName: 'Strand & Co',
      email: 'runa@lumenfjord.example',
      groups: ['flightiq-viewers'],
    })
    expect(created.status).toBe(201)
    const { id } = (await created.json()) as { id: string }
    const visit = { browser: new BrowserMemory() }
    const { tokens, claims } = await signOn('runa@lumenfjord.example', visit)
    expect(claims).toMatchObject({ sub: id, name: 'Runa <b> Strand & Co' })

    const pending = attempt()
    const code = (await signOnWithoutBrowser(pending.url, id, visit)).searchParams.get('code')!
    expect((await admin('PATCH', `/people/${id}`, { enabled: false })).status).toBe(200)
    expect((await exchange(code, { code_verifier: pending.verifier })).status).toBe(400)
    expect((await userinfo(tokens.access_token)).status).toBe(401)
    const silent = await signOnWithoutBrowser(attempt({ prompt: 'none' }).url, id, visit)
    expect(silent.searchParams.get('error')).toBe('login_required')
    await expect(signOnWithoutBrowser(attempt().url, { email: 'runa@lumenfjord.example' })).rejects.toThrow(
      'This person is disabled.',
    )
  })

  it('how long an id token is good, and whether anybody is still signed on', async () => {
    expect((await admin('PATCH', '', { idTokenLifetimeSeconds: 90 })).status).toBe(200)
    const visit = { browser: new BrowserMemory() }
    const { claims } = await signOn('flightiq-admins', visit)
    expect(claims.exp! - claims.iat!).toBe(90)
    sandbox.signOn.idTokenLifetimeSeconds = 3600
    expect((await admin('DELETE', '/sessions')).status).toBe(204)
    const silent = await signOnWithoutBrowser(attempt({ prompt: 'none' }).url, 'x', visit)
    expect(silent.searchParams.get('error')).toBe('login_required')
  })

  it('whether the application is switched on', async () => {
    const { clientId } = other.loginApp
    expect((await admin('PATCH', `/applications/${clientId}`, { enabled: false })).status).toBe(200)
    await expect(signOnWithoutBrowser(attempt({}, other).url, 'x')).rejects.toThrow('client is invalid')
    expect(await exchange('x', {}, 'basic', other)).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect((await admin('PATCH', `/applications/${clientId}`, { enabled: true })).status).toBe(200)
    expect((await signOn('flightiq-admins', {}, {}, other)).claims.groups).toEqual(['flightiq-admins'])
  })

  it('and the routes for it tell no secret, and refuse what they do not understand', async () => {
    const overview = await (await admin('GET', '')).text()
    expect(overview).toContain(tenant.loginApp.clientId)
    for (const { loginApp } of [tenant, other]) expect(overview).not.toContain(loginApp.clientSecret)
    const status = await (await fetch(`${sandbox.apiUrl}/sandbox/status`)).text()
    expect(status).not.toContain(tenant.loginApp.clientSecret)
    expect((await admin('PATCH', '', { idTokenLifetimeSeconds: 0 })).status).toBe(400)
    expect((await admin('PATCH', '/people/nobody', { enabled: false })).status).toBe(404)
    expect(
      (await admin('PATCH', `/applications/${tenant.loginApp.clientId}`, { redirectUris: ['javascript:x'] })).status,
    ).toBe(400)
  })
})

describe('between starts', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sign-on-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('keeps people, applications and keys, and forgets sessions', async () => {
    const first = await startSandbox({ empty: true, dataFolder: folder })
    const { loginApp } = first.tenants[0]!
    first.signOn.addPerson(first.tenants[0]!, { givenName: 'A', familyName: 'B', email: 'a@b.example' })
    const keys = await (await fetch(`${loginApp.issuer}/jwks`)).json()
    await first.close()
    const second = await startSandbox({ dataFolder: folder })
    const again = second.tenants[0]!.loginApp
    expect([again.clientId, again.clientSecret]).toEqual([loginApp.clientId, loginApp.clientSecret])
    expect(second.signOn.peopleOf(again.environmentId)).toHaveLength(6)
    expect(await (await fetch(`${again.issuer}/jwks`)).json()).toEqual(keys)
    await second.close()
  })

  it('comes to data folders that are older than it', async () => {
    const first = await startSandbox({ demo: true, dataFolder: folder })
    const { loginApp } = first.tenants[0]!
    await first.close()
    const path = join(folder, 'sandbox.json')
    const { signOn: _signOn, ...older } = JSON.parse(await readFile(path, 'utf8'))
    await writeFile(path, JSON.stringify(older))
    const second = await startSandbox({ dataFolder: folder })
    expect(second.tenants[0]!.loginApp).toMatchObject({
      clientId: loginApp.clientId,
      clientSecret: loginApp.clientSecret,
    })
    expect(second.signOn.peopleOf(loginApp.environmentId)).toHaveLength(5)
    await second.close()
  })

  it('is the same in every demo, and of its own in every other sandbox', async () => {
    const demo = await startSandbox({ demo: true })
    const known = demo.tenants.map(({ loginApp }) => [loginApp.clientId, loginApp.clientSecret])
    await demo.close()
    const again = await startSandbox({ demo: true })
    expect(again.tenants.map(({ loginApp }) => [loginApp.clientId, loginApp.clientSecret])).toEqual(known)
    await again.close()
    expect(demo.tenants[0]!.environmentId).toBe(demoTenants[0].worker.environmentId)
    for (const { loginApp } of sandbox.tenants) {
      expect(known.flat()).not.toContain(loginApp.clientId)
      expect(known.flat()).not.toContain(loginApp.clientSecret)
    }
  })
})

it('prints nothing all the while', () => {
  for (const method of printed) expect(method).not.toHaveBeenCalled()
})
