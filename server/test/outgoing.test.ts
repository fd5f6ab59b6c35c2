import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { serverItself } from '../src/authorization/caller.ts'
import { HostPolicy, openServices, type Tenant } from '../src/index.ts'
import { type GuardedFetch, guardedFetch } from '../src/outgoing/guarded-fetch.ts'
import { allowedHostsIn } from '../src/outgoing/host-policy.ts'
import { databases } from './support/databases.ts'
import { expectStatus, masterKey, newTenant, startWorld, type World } from './support/world.ts'

const notAllowed = expect.objectContaining({ code: 'HOST_NOT_ALLOWED', status: 422 })

describe('the policy on hosts', () => {
  const policy = new HostPolicy(
    allowedHostsIn(' login.example.com, *.corp.example ,127.0.0.1:4700,[::1]:*, bücher.example '),
  )

  it.each([
    'https://auth.pingone.com',
    'https://API.PingOne.eu/v1/environments?x=1',
    'https://api.pingone.com.au',
    'https://auth.pingone.eu:443/as',
    'https://login.example.com/as',
    'https://a.corp.example',
    'https://a.b.corp.example',
    'http://127.0.0.1:4700',
    'http://[::1]:9/x',
    'https://xn--bcher-kva.example',
  ])('allows %s', (url) => {
    expect(policy.check(url).origin).toBe(new URL(url).origin)
  })

  it.each([
    'https://pingone.com',
    'https://auth.pingone.com.evil.example',
    'https://evil-auth.pingone.com',
    'https://x.auth.pingone.com',
    'https://auth.pingone.com.',
    'https://auth.pingone.com:8443',
    'https://corp.example',
    'https://evilcorp.example',
    'https://login.example.com:444',
    'http://127.0.0.1:4701',
    'http://127.0.0.1',
    'http://localhost:4700',
    'http://127.0.0.2:4700',
    'https://[::ffff:127.0.0.1]:4700',
  ])('does not allow %s', (url) => {
    expect(() => policy.check(url)).toThrow(/may not call|is refused/)
  })

  it.each([
    'http://auth.pingone.com',
    'https://me:secret@auth.pingone.com',
    'https://169.254.169.254/latest/meta-data',
    'https://10.0.0.1',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'auth.pingone.com',
    '',
  ])('refuses "%s" whatever is allowed', (url) => {
    const generous = new HostPolicy(['auth.pingone.com:*', '169.254.169.254:*', '10.0.0.1:*'])
    expect(() => generous.check(url)).toThrow(expect.objectContaining({ code: 'HOST_REFUSED' }))
  })

  it.each(['https://login.example.com', 'a/b', '*', '*.*.example.com', 'me@host', 'host:port', 'a b'])(
    'takes no "%s" as a host',
    (entry) => {
      expect(() => new HostPolicy([entry])).toThrow(expect.objectContaining({ code: 'ALLOWED_HOSTS_INVALID' }))
    },
  )
})

describe('a guarded call', () => {
  let server: Server
  let origin: string
  let call: GuardedFetch
  let answer: (request: IncomingMessage, response: ServerResponse) => void

  beforeAll(async () => {
    server = createServer((request, response) => answer(request, response))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    call = guardedFetch(new HostPolicy([new URL(origin).host, 'localhost.:*']))
  })
  afterAll(() => server.close())

  it('sends and answers as fetch does', async () => {
    answer = async (request, response) => {
      const { method, url, headers } = request
      const body = await text(request)
      response
        .writeHead(201, { 'content-type': 'application/json', 'set-cookie': ['a=1', 'b=2'] })
        .end(JSON.stringify({ method, url, type: headers['content-type'], given: headers['x-given'], body }))
    }
    const form = new URLSearchParams({ grant_type: 'authorization_code', code: 'ä' })
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'X-Given': 'yes' }
    const response = await call(`${origin}/as/token?x=1`, { method: 'POST', headers, body: form })
    expect(response.status).toBe(201)
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(await response.json()).toEqual({
      method: 'POST',
      url: '/as/token?x=1',
      type: 'application/x-www-form-urlencoded',
      given: 'yes',
      body: form.toString(),
    })
    answer = (_request, empty) => empty.writeHead(204).end()
    expect(await (await call(new URL(origin))).text()).toBe('')
  })

  it('follows no redirect', async () => {
    let asked = 0
    answer = (_request, response) => {
      asked += 1
      response.writeHead(302, { location: `${origin}/inner` }).end()
    }
    await expect(call(origin)).rejects.toMatchObject({ code: 'REDIRECT_REFUSED' })
    expect(asked).toBe(1)
  })

  it('takes no endless answer', async () => {
    answer = (_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(100_000)));
      }
      response.on('drain', more)
      more()
    }
    await expect(call(origin)).rejects.toMatchObject({ code: 'ANSWER_TOO_LARGE' })
  })

  it('can be broken off', async () => {
    const abort = new AbortController()
    answer = () => abort.abort(new Error('enough'))
    await expect(call(origin, { signal: abort.signal })).rejects.toThrow('enough')
  })

  it('reaches no host that is not allowed, and no inner address behind an allowed name', async () => {
    answer = () => expect.unreachable()
    await expect(call(origin.replace('127.0.0.1', 'localhost'))).rejects.toEqual(notAllowed)
    const { port } = new URL(origin)
    const inner = await call(`https://localhost.:${port}`).catch((error: unknown) => error)
    expect(['ADDRESS_REFUSED', 'UNREACHABLE']).toContain((inner as { code: string }).code)
  })
})

describe('a tenant on a host that nobody allowed', () => {
  const [kind] = databases()
  let world: World
  beforeEach(async () => {
    world = await startWorld(kind!)
  })
  afterEach(() => world.close())
  afterAll(() => kind!.stop())

  it('is not saved', async () => {
    const hosts = { authUrl: 'https://auth.pingone.eu', apiUrl: 'https://api.evil.example' }
    const refusal = { code: 'HOST_NOT_ALLOWED', errors: [{ pointer: '/hosts/apiUrl' }] }
    const added = await world.call('POST', '/api/tenants', { ...newTenant(world, 'Evil'), hosts })
    expect(expectStatus(added, 422)).toMatchObject(refusal)
    const changed = await world.call('PUT', world.at(''), { ...newTenant(world), hosts })
    expect(expectStatus(changed, 422)).toMatchObject(refusal)
    expect(changed.body.nextStep).toContain('FLIGHTIQ_ALLOWED_HOSTS')
    expect((await world.call<Tenant[]>('GET', '/api/tenants')).body).toHaveLength(1)
  })

  it('is not called, though it was saved when it was allowed', async () => {
    await world.server.close()
    await world.services.close()
    const services = await openServices({ ...world.database.settings, masterKey })
    const asked = world.gate.passed.length
    await expect(services.tenants.test(serverItself, world.tenant.id)).rejects.toEqual(notAllowed)
    await expect(services.tenants.listEnvironments(serverItself, world.tenant.id)).rejects.toEqual(notAllowed)
    expect(world.gate.passed.length).toBe(asked)
    await services.close()
    await world.reopen()
  })
})
