import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ComparisonEvent, ComparisonReport, PlanRecord, Tenant, TenantTest } from '../src/index.ts'
import { openServices, type Services, startServer } from '../src/index.ts'
import { environmentOf, flow, message } from './support/content.ts'
import { databases } from './support/databases.ts'
import { eventsIn, expectStatus, newTenant, startWorld, type World } from './support/world.ts'

const kinds = databases()

afterAll(async () => {
  for (const kind of kinds) await kind.stop()
})

describe.each(kinds)('the API on $name', (kind) => {
  let world: World
  beforeAll(async () => {
    world = await startWorld(kind)
  })
  afterAll(() => world.close())

  it('tells what runs', async () => {
    const database = kind.shared ? 'postgresql' : 'embedded'
    const status = await world.call('GET', '/api/status')
    expect(status.body).toMatchObject({ tenants: 1, database, masterKey: 'configured', demo: false })
  })

  describe('for tenants', () => {
    it('adds, changes and removes one, and never answers its secret', async () => {
      const input = newTenant(world, 'Second')
      const made = expectStatus(await world.call<Tenant>('POST', '/api/tenants', input), 201)
      expect(made).not.toHaveProperty('clientSecret')
      expect(made).toMatchObject({ name: 'Second', secretSetAt: expect.any(String) })
      const { clientSecret: _secret, ...change } = { ...input, name: 'Renamed' }
      const path = `/api/tenants/${made.id}`
      const changed = expectStatus(await world.call<Tenant>('PUT', path, change), 200)
      expect(changed).toMatchObject({ name: 'Renamed', secretSetAt: made.secretSetAt })
      expectStatus(await world.call<TenantTest>('POST', `${path}/test`), 200)
      expectStatus(await world.call('DELETE', path), 204)
      expect(expectStatus(await world.call('GET', `${path}/environments`), 404).code).toBe('TENANT_NOT_FOUND')
    })

    it('refuses a second one of the same name', async () => {
      const refused = await world.call('POST', '/api/tenants', newTenant(world, 'NORTHWIND'))
      expect(expectStatus(refused, 409)).toMatchObject({ code: 'TENANT_NAME_TAKEN', errors: [{ pointer: '/name' }] })
    })

    it('sends a stored secret to no new host', async () => {
      const { clientSecret: _secret, ...change } = newTenant(world)
      const hosts = { authUrl: 'http://127.0.0.1:9', apiUrl: 'http://127.0.0.1:9' }
      const refused = await world.call('PUT', world.at(''), { ...change, hosts })
      expect(expectStatus(refused, 422)).toMatchObject({
        code: 'SECRET_NEEDED',
        errors: [{ pointer: '/clientSecret' }],
      })
    })

    it('tests the credentials, tells the cause of a failure, and remembers the authentication method', async () => {
      const test = expectStatus(await world.call<TenantTest>('POST', world.at('/test')), 200)
      expect(test).toMatchObject({ ok: true, cause: 'none', environments: 3 })
      const listed = expectStatus(await world.call<Tenant[]>('GET', '/api/tenants'), 200)
      expect(listed.find(({ id }) => id === world.tenant.id)!.authMethod).toBe(test.authMethod)
      const wrong = { ...newTenant(world, 'Wrong'), clientSecret: 'not-the-secret' }
      const { id } = expectStatus(await world.call<Tenant>('POST', '/api/tenants', wrong), 201)
      const failed = expectStatus(await world.call<TenantTest>('POST', `/api/tenants/${id}/test`), 200)
      expect(failed).toMatchObject({ ok: false, cause: 'secret', nextStep: expect.any(String) })
      const refused = await world.call('GET', `/api/tenants/${id}/environments`)
      expect(expectStatus(refused, 502)).toMatchObject({ code: 'TOKEN_CREDENTIALS', pingone: { status: 401 } })
      expectStatus(await world.call('DELETE', `/api/tenants/${id}`), 204)
    })

    it('names an address that does not answer', async () => {
      const hosts = { authUrl: 'http://127.0.0.1:9', apiUrl: 'http://127.0.0.1:9' }
      const input = { ...newTenant(world, 'Silent'), hosts }
      const { id } = expectStatus(await world.call<Tenant>('POST', '/api/tenants', input), 201)
      const failed = expectStatus(await world.call<TenantTest>('POST', `/api/tenants/${id}/test`), 200)
      expect(failed).toMatchObject({ ok: false, cause: 'unreachable' })
      expectStatus(await world.call('DELETE', `/api/tenants/${id}`), 204)
    })

    it('lists environments and tells the rate budget', async () => {
      const environments = await world.call<{ name: string; davinci: boolean }[]>('GET', world.at('/environments'))
      expect(environments.body.map(({ name }) => name)).toEqual(['Development', 'Test', 'Production'])
      expect(environments.body.every(({ davinci }) => davinci)).toBe(true)
      const budget = await world.call('GET', world.at('/rate-budget'))
      expect(budget.body).toMatchObject({ used: expect.any(Number), waiting: 0, learned: false })
    })
  })

  describe('answers wrong input', () => {
    it('with the fields that are wrong', async () => {
      const input = { ...newTenant(world, ''), environmentId: 'no-uuid', clientSecret: '' }
      const problem = expectStatus(await world.call('POST', '/api/tenants', input), 400)
      expect(problem.code).toBe('VALIDATION_FAILED')
      expect(problem.errors!.map(({ pointer }) => pointer)).toEqual(['/name', '/environmentId', '/clientSecret'])
      const bad = expectStatus(await world.call('GET', '/api/tenants/no-uuid/environments'), 400)
      expect(bad.errors).toMatchObject([{ pointer: '/params/tenantId' }])
      const missing = expectStatus(await world.call('GET', world.at('/comparison?from=env:Development')), 400)
      expect(missing.errors).toMatchObject([{ pointer: '/query/to' }])
    })

    it('as problem details, whatever it is', async () => {
      const answers = [
        [await world.call('POST', '/api/tenants', '{"name":'), 400],
        [await world.call('POST', '/api/tenants', '"text"', { 'content-type': 'text/plain' }), 415],
        [await world.call('POST', '/api/tenants', { ...newTenant(world), name: 'x'.repeat(2_000_000) }), 413],
        [await world.call('GET', '/api/nothing'), 404],
        [await world.call('GET', world.at('/comparison?from=env:Nowhere&to=env:Production')), 404],
        [await world.call('GET', world.at('/comparison?from=nonsense&to=env:Production')), 422],
        [await world.call('GET', world.at('/comparison?from=file:/etc/passwd&to=env:Production')), 422],
        [await world.call('GET', world.at('/comparison?from=env:Test&to=env:Production&kinds=nonsense')), 400],
        [await world.call('GET', world.at('/artifacts/flow/unknown?in=env:Test')), 404],
        [await world.call('GET', world.at('/plans/3f0c1f6e-3f0d-4f0e-8f0f-000000000000')), 404],
        [await world.call('GET', world.at('/runs/3f0c1f6e-3f0d-4f0e-8f0f-000000000000')), 404],
        [await world.call('GET', world.at('/runs/3f0c1f6e-3f0d-4f0e-8f0f-000000000000/events')), 404],
        [await world.call('POST', world.at('/plans/import'), { version: 1 }), 400],
        [await world.call('POST', world.at('/plans'), { from: 'env:Test', to: 'env:Production', selection: {} }), 422],
      ] as const
      for (const [answer, status] of answers) {
        const { code, detail } = expectStatus(answer, status)
        expect(answer.headers.get('content-type')).toContain('application/problem+json')
        expect({ code, detail }).toEqual({ code: expect.stringMatching(/^[A-Z_]+$/), detail: expect.any(String) })
        expect(answer.text).not.toMatch(/\.ts:\d+|node_modules|at [A-Za-z.]+ \(/)
      }
    })

    it('with what PingOne said, when it was PingOne that refused', async () => {
      const said = {
        id: 'abc',
        code: 'ACCESS_FAILED',
        message: 'No role',
        details: [{ code: 'INSUFFICIENT_PERMISSIONS' }],
      }
      world.gate.treat = ({ path }) => (path.endsWith('/variables') ? { status: 403, body: said } : 'pass')
      const refused = await world.call('GET', world.at('/artifacts/variable?in=env:Test'))
      world.gate.treat = () => 'pass'
      expect(expectStatus(refused, 422)).toMatchObject({
        code: 'PINGONE_REFUSED',
        nextStep: expect.stringContaining('role'),
        pingone: { status: 403, id: 'abc', code: 'ACCESS_FAILED', details: said.details },
      })
    })
  })

  describe('compares', () => {
    it('two environments row by row, with what is worth a column', async () => {
      const { rows, source, requests } = await world.compare()
      const row = (name: string) => rows.find((candidate) => candidate.source?.name === name)!
      expect(source).toMatchObject({ name: 'Development', type: 'environment' })
      expect(requests).toBeGreaterThan(5)
      expect(row('Sign on')).toMatchObject({ kind: 'flow', state: 'onlyInSource', source: { nodes: 3, version: 1 } })
      expect(row('CRM')).toMatchObject({
        state: 'identical',
        basis: 'name',
        source: { facts: { connector: 'genericConnector' } },
      })
      expect(row('region')).toMatchObject({ source: { facts: { context: 'company', value: 'EU' } } })
    })

    it('a pair, with its dependencies, at no new reading', async () => {
      await world.compare()
      const before = world.gate.passed.length
      const path = world.at(`/comparison/flow?from=env:Development&to=env:Production&source=${world.flows.signOn}`)
      const pair = await world.call<{ dependencies: { name: string; state: string }[] }>('GET', path)
      expect(pair.body).toMatchObject({ row: { state: 'onlyInSource' }, source: { name: 'Sign on' } })
      const states = Object.fromEntries(pair.body.dependencies.map(({ name, state }) => [name, state]))
      expect(states).toMatchObject({ CRM: 'identical', 'Send code': 'onlyInSource', region: 'onlyInSource' })
      expect(world.gate.passed.length).toBe(before)
    })

    it('property by property', async () => {
      const [here, there] = ['Test', 'Production'].map((name) => environmentOf(world.sandbox, name))
      const source = here!.insertFlow(flow('Banner', [message('New text')]))
      const destination = there!.insertFlow(flow('Banner', [message('Old text')]))
      await world.compare('Test')
      const path = world.at(`/comparison/flow?from=env:Test&to=env:Production&destination=${destination.id}`)
      const pair = await world.call<{ comparison: { differences: unknown[] } }>('GET', path)
      expect(pair.body).toMatchObject({ row: { state: 'different', source: { id: source.id } } })
      expect(JSON.stringify(pair.body.comparison.differences)).toMatch(/Old text.*New text/)
      there!.removeFlow(destination)
      here!.removeFlow(source)
    })

    it('as a stream of events: progress, then the report', async () => {
      const path = world.at('/comparison/events?from=env:Development&to=env:Production&refresh=true')
      const answer = await world.call('GET', path)
      expect(answer.headers.get('content-type')).toContain('text/event-stream')
      const events = eventsIn<ComparisonEvent>(answer.text)
      expect(events[0]).toMatchObject({ type: 'progress', progress: { label: expect.any(String) } })
      expect(events.at(-1)).toMatchObject({ type: 'done', report: { rows: expect.any(Array) } })
      const failed = await world.call('GET', world.at('/comparison/events?from=env:Nowhere&to=env:Production'))
      expect(eventsIn<ComparisonEvent>(failed.text)).toMatchObject([{ type: 'failed', problem: { status: 404 } }])
    })

    it('no further once the reader of the stream has gone', async () => {
      world.gate.treat = ({ path }) => (path.endsWith('/flows') ? 'hold' : 'pass')
      const leave = new AbortController()
      const path = world.at('/comparison/events?from=env:Development&to=env:Production&refresh=true')
      const response = await fetch(world.server.url + path, { signal: leave.signal })
      await world.gate.held()
      leave.abort()
      await expect(response.text()).rejects.toThrow()
      await world.gate.abandoned
      world.gate.treat = () => 'pass'
      world.gate.open()
      const before = world.gate.passed.length
      // Another comparison does its own reading to the end; what was left reads nothing beside it.
      const { requests } = await world.compare('Test')
      expect(world.gate.passed.length - before).toBe(requests)
    })
  })

  describe('makes plans', () => {
    it('that are kept with the hash of what they are', async () => {
      const made = await world.plan({ flows: [world.flows.signOn] })
      expect(made.hash).toMatch(/^[0-9a-f]{64}$/)
      const read = expectStatus(await world.call<PlanRecord>('GET', world.at(`/plans/${made.id}`)), 200)
      expect(read).toEqual(made)
      const summaries = await world.call<{ id: string }[]>('GET', world.at('/plans'))
      expect(summaries.body[0]).toMatchObject({ id: made.id, source: 'Development', destination: 'Production' })
    })

    it('that can be taken elsewhere and imported, with the same hash', async () => {
      const made = await world.plan({ flows: [world.flows.signOn] })
      const imported = await world.call<PlanRecord>('POST', world.at('/plans/import'), made.plan)
      expect(expectStatus(imported, 201).hash).toBe(made.hash)
      expect(imported.body.plan).toEqual(made.plan)
    })

    it('but imports none that can not be run', async () => {
      const { plan } = await world.plan({ flows: [world.flows.signOn] })
      const [first] = plan.operations
      const doubled = { ...plan, operations: [first, first] }
      const nameless = { ...plan, operations: [{ ...first, id: '\u0000' }] }
      const elsewhere = { ...plan, destination: { ...plan.destination, environmentId: 'nowhere' } }
      const toFile = { ...plan, destination: { ...plan.destination, writable: false } }
      const attempts = [
        [doubled, 400, '/operations/1/id'],
        [nameless, 400, '/operations/0/id'],
        [elsewhere, 400, '/destination/environmentId'],
        [toFile, 422, undefined],
      ] as const
      for (const [input, status, pointer] of attempts) {
        const problem = expectStatus(await world.call('POST', world.at('/plans/import'), input), status)
        expect(problem.errors?.[0]?.pointer).toBe(pointer)
      }
    })

    it('and new ones with choices, leaving the old one as it is', async () => {
      const made = await world.plan({ flows: [world.flows.signOn] })
      const choice = { action: 'keep', kind: 'flow', sourceId: world.flows.sendCode }
      const path = world.at(`/plans/${made.id}/choices`)
      const chosen = expectStatus(await world.call<PlanRecord>('POST', path, { choices: [choice] }), 201)
      expect(chosen.plan.options.choices).toEqual([choice])
      expect(chosen.plan.operations.some(({ name, action }) => name === 'Send code' && action === 'create')).toBe(false)
      expect((await world.call<PlanRecord>('GET', world.at(`/plans/${made.id}`))).body).toEqual(made)
    })
  })

  it('keeps its records over a restart', async () => {
    const { id } = await world.plan({ flows: [world.flows.signOn] })
    await world.reopen()
    expect((await world.call<PlanRecord>('GET', world.at(`/plans/${id}`))).body.id).toBe(id)
    expectStatus(await world.call<ComparisonReport>('GET', world.at('/environments')), 200)
  })

  it('does not open with another master key than the secrets were sealed with', async () => {
    await world.server.close()
    await world.services.close()
    const other = Buffer.alloc(32, 9).toString('base64')
    const opened = openServices({ ...world.database.settings, masterKey: other })
    await expect(opened).rejects.toMatchObject({ code: 'MASTER_KEY_DIFFERS' })
    await world.reopen()
  })
})

describe('the server', () => {
  let services: Services
  let folder: string
  let server: Awaited<ReturnType<typeof startServer>>
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'flightiq-web-'))
    await mkdir(join(folder, 'assets'))
    await writeFile(join(folder, 'index.html'), '<!doctype html><title>FlightIQ</title>')
    await writeFile(join(folder, 'assets', 'app-1a2b.js'), 'export {}')
    services = await openServices()
    server = await startServer({
      services,
      port: 0,
      webFolder: folder,
      requestsPerMinute: 40,
      log: { level: 'silent' },
    })
  })
  afterAll(async () => {
    await server.close()
    await services.close()
    await rm(folder, { recursive: true, force: true })
  })

  /** A request with headers that fetch doesn't let one set. */
  function send(
    method: string,
    path: string,
    headers: Record<string, string>,
  ): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const sent = request(server.url + path, { method, headers }, async (response) => {
        const chunks: Buffer[] = []
        for await (const chunk of response) chunks.push(chunk as Buffer)
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() })
      })
      sent.on('error', reject).end()
    })
  }

  it('refuses calls that a foreign page could make a browser send', async () => {
    const id = '3f0c1f6e-3f0d-4f0e-8f0f-000000000000'
    const host = new URL(server.url).host
    const refused = [
      [await send('GET', '/api/status', { host: 'evil.example' }), 421, 'HOST_NOT_SERVED'],
      [await send('DELETE', `/api/tenants/${id}`, {}), 403, 'HEADER_MISSING'],
      [
        await send('DELETE', `/api/tenants/${id}`, { 'x-flightiq': '1', origin: 'http://evil.example' }),
        403,
        'ORIGIN_FOREIGN',
      ],
      [
        await send('DELETE', `/api/tenants/${id}`, { 'x-flightiq': '1', 'sec-fetch-site': 'cross-site' }),
        403,
        'ORIGIN_FOREIGN',
      ],
      [
        await send('DELETE', `/api/tenants/${id}`, { 'x-flightiq': '1', origin: `http://${host}` }),
        404,
        'TENANT_NOT_FOUND',
      ],
    ] as const
    for (const [answer, status, code] of refused) {
      expect({ status: answer.status, code: JSON.parse(answer.text).code }).toEqual({ status, code })
    }
  })

  it('serves the web app under all its addresses, with a strict policy and nothing of the API kept', async () => {
    for (const path of ['/', '/flows/abc']) {
      const page = await fetch(server.url + path)
      expect(await page.text()).toContain('<title>FlightIQ</title>')
      expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
      expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
      expect(page.headers.get('cache-control')).toBe('no-store')
    }
    const asset = await fetch(`${server.url}/assets/app-1a2b.js`)
    expect(asset.headers.get('cache-control')).toContain('immutable')
    expect((await fetch(`${server.url}/assets/gone.js`)).status).toBe(404)
    expect((await fetch(`${server.url}/api/status`)).headers.get('cache-control')).toBe('no-store')
  })

  it('answers too many calls with a problem', async () => {
    const answers = await Promise.all(Array.from({ length: 60 }, () => fetch(`${server.url}/api/kinds`)))
    const refused = answers.find(({ status }) => status === 429)!
    expect(await refused.json()).toMatchObject({ code: 'RATE_LIMITED', status: 429 })
    expect(refused.headers.get('content-type')).toContain('application/problem+json')
  })
})
