import { kindOf } from '@flightiq/core'
import pg from 'pg'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AuditService } from '../src/audit/service.ts'
import type { AuditEntry, AuditVerification, PlanRecord, Problem } from '../src/index.ts'
import { openServices } from '../src/index.ts'
import { fingerprintOf } from '../src/runs/context.ts'
import { openStorage } from '../src/storage/database.ts'
import { environmentOf, flow, message } from './support/content.ts'
import { databases } from './support/databases.ts'
import { expectStatus, loopbackHosts, masterKey, startWorld, type World } from './support/world.ts'

const kinds = databases()

afterAll(async () => {
  for (const kind of kinds) await kind.stop()
})

interface Page {
  entries: AuditEntry[]
  more: boolean
}

describe.each(kinds)('the audit log on $name', (kind) => {
  let world: World
  beforeEach(async () => {
    world = await startWorld(kind)
  })
  afterEach(() => world.close())

  const page = async (query: Record<string, string | number> = {}) => {
    const text = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]))
    return expectStatus(await world.call<Page>('GET', `/api/audit?limit=500&${text}`), 200)
  }
  const entries = async (query = {}) => (await page(query)).entries.toReversed()

  it('tells a run: each operation with the hashes of what was there and of what was written, and its end', async () => {
    const production = environmentOf(world.sandbox, 'Production')
    production.insertFlow(flow('Send code', [message('An older text')]))
    const { id, plan, hash } = await world.decidedPlan()
    world.gate.passed.length = 0
    const run = await world.ended((await world.start(id)).id)
    expect(run.state).toBe('done')
    const writing = new Set(['create', 'update'])
    const [started] = await entries({ event: 'run.started' })
    const operations = await entries({ event: 'operation.' })
    expect(operations.map(({ details }) => details?.operation)).toEqual(plan.operations.map((each) => each.id))
    for (const [nth, entry] of operations.entries()) {
      const { action, kind: kindName, name, id: operationId } = plan.operations[nth]!
      const { destinationId } = run.operations[nth]!
      expect(entry).toMatchObject({
        event: 'operation.done',
        outcome: 'done',
        actor: started!.actor,
        tenantId: world.tenant.id,
        environmentId: plan.destination.environmentId,
        subject: { kind: kindName, id: destinationId, name },
        details: { runId: run.id, operation: operationId, action },
      })
      const backup = await world.call<never>('GET', world.at(`/runs/${run.id}/backups/${operationId}`))
      expect(entry.beforeHash).toBe(backup.status === 200 ? fingerprintOf(kindName, backup.body) : undefined)
      const later = run.operations.slice(nth + 1)
      const last = !later.some((each) => each.destinationId === destinationId && writing.has(each.action))
      if (kindName === 'flow' && writing.has(action) && last) {
        const { content } = production.currentVersion(production.flows.get(destinationId!)!)
        expect(entry.afterHash).toBe(fingerprintOf(kindName, kindOf(kindName).redact(content)))
      }
    }
    expect(operations.some(({ beforeHash, afterHash }) => beforeHash !== undefined && afterHash !== beforeHash)).toBe(
      true,
    )
    expect(await entries({ event: 'run.' })).toMatchObject([
      { event: 'run.started', tenantId: world.tenant.id },
      {
        event: 'run.ended',
        outcome: 'done',
        subject: { kind: 'run', id: run.id },
        details: { state: 'done', planId: id, operations: plan.operations.length, done: plan.operations.length },
      },
    ])
    expect(hash).toMatch(/^[0-9a-f]{64}$/)
    // PingOne's own log can be laid beside ours.
    const sent = world.gate.passed.filter(({ method, path }) => method !== 'GET' && path.startsWith('/v1/'))
    const operationIds = new Set(plan.operations.map((each) => `${run.id}/${each.id}`))
    expect(new Set(sent.map(({ headers }) => headers['x-ping-external-transaction-id']))).toEqual(operationIds)
  })

  it('tells what failed with PingOne’s own id, and how the run ended', async () => {
    const { id } = await world.decidedPlan()
    const refusal = { id: 'b1c2-correlation', code: 'INVALID_DATA', message: 'Not like this', details: [] }
    world.gate.treat = ({ method, path }) =>
      method === 'POST' && path.endsWith('/flows') ? { status: 400, body: refusal } : 'pass'
    const run = await world.ended((await world.start(id)).id)
    const done = run.operations.filter(({ state }) => state === 'done').length
    expect(await entries({ event: 'operation.failed' })).toMatchObject([
      {
        outcome: 'failed',
        details: {
          runId: run.id,
          action: 'create',
          code: 'PINGONE_REFUSED',
          pingone: { status: 400, code: 'INVALID_DATA', id: 'b1c2-correlation' },
        },
      },
    ])
    expect((await entries({ event: 'run.ended' }))[0]).toMatchObject({
      outcome: 'failed',
      details: { state: 'failed', done, operations: run.operations.length, code: 'PINGONE_REFUSED' },
    })
  })

  it('has one id for a request in answer, log, entry and PingOne', async () => {
    world.gate.passed.length = 0
    const answer = await world.call('POST', world.at('/test'), undefined, { 'x-request-id': 'chosen-by-somebody' })
    const id = answer.headers.get('x-request-id')!
    expect(id).toMatch(/^[0-9a-f-]{36}$/)
    expect(await entries({ event: 'tenant.tested' })).toMatchObject([{ requestId: id }])
    expect(world.log.some((line) => line.includes(id))).toBe(true)
    const environments = await world.call('GET', world.at('/environments'))
    const told = world.gate.passed.map(({ headers }) => headers['x-ping-external-transaction-id'])
    expect(told).toContain(environments.headers.get('x-request-id'))
    const sessions = world.gate.passed.flatMap(({ headers }) => headers['x-ping-external-session-id'] ?? [])
    expect(new Set(sessions).size).toBe(1)
    expect(sessions[0]).toMatch(/^[0-9a-f]{32}$/)
    // The request in which something is read for a stream of events is told, too.
    world.gate.passed.length = 0
    const path = world.at('/comparison/events?from=env:Development&to=env:Production&refresh=true')
    const stream = await world.call('GET', path)
    const ids = world.gate.passed.map(({ headers }) => headers['x-ping-external-transaction-id'])
    expect(ids.length).toBeGreaterThan(5)
    expect(new Set(ids)).toEqual(new Set([stream.headers.get('x-request-id')]))
  })

  if (kind.shared)
    it('names a fault by the id of its request', async () => {
      const client = new pg.Client({ connectionString: world.database.settings.databaseUrl })
      await client.connect()
      await client.query('ALTER TABLE plans RENAME TO elsewhere')
      await client.end()
      const { headers, status, body } = await world.call('GET', world.at('/plans'))
      const requestId = headers.get('x-request-id')
      expect({ status, body }).toMatchObject({ status: 500, body: { code: 'INTERNAL_ERROR', requestId } })
      expect(world.log.some((line) => line.includes(`"reqId":"${requestId}"`) && line.includes('"level":50'))).toBe(
        true,
      )
    })

  it('tells when the server started and stopped', async () => {
    await world.reopen()
    const events = (await entries({ event: 'server.' })).map(({ event, actor }) => [event, actor.kind])
    expect(events).toEqual([
      ['server.started', 'server'],
      ['server.stopped', 'server'],
      ['server.started', 'server'],
    ])
  })

  it('is searched and read page by page', async () => {
    for (let nth = 1; nth <= 7; nth += 1) {
      await world.services.audit.record({
        event: nth % 2 === 0 ? 'guard.set' : 'guard.reset',
        outcome: nth === 7 ? 'failed' : 'done',
        actor: { kind: 'person', id: `id-${nth}`, name: `Ada ${nth}%_"`, from: '192.0.2.1' },
        ...(nth === 3 ? { tenantId: world.tenant.id } : {}),
        details: { reason: `Nº ${nth}: "quoted" \\ 100%` },
      })
    }
    const numbers = async (query: object) => (await entries({ event: 'guard.', ...query })).map(({ actor }) => actor.id)
    const all = [1, 2, 3, 4, 5, 6, 7].map((nth) => `id-${nth}`)
    expect(await numbers({})).toEqual(all)
    expect(await numbers({ event: 'guard.set' })).toEqual(['id-2', 'id-4', 'id-6'])
    expect(await numbers({ event: 'guard' })).toEqual([])
    expect(await numbers({ outcome: 'failed' })).toEqual(['id-7'])
    expect(await numbers({ actor: 'id-5' })).toEqual(['id-5'])
    expect(await numbers({ actor: 'ada 4%_"' })).toEqual(['id-4'])
    expect(await numbers({ actor: 'ada%4' })).toEqual([])
    expect(await numbers({ text: 'nº 6: "quoted" \\ 100%' })).toEqual(['id-6'])
    expect(await numbers({ text: 'quoted_' })).toEqual([])
    expect(await numbers({ tenantId: world.tenant.id })).toEqual(['id-3'])
    expect(await numbers({ from: '2999-01-01T00:00:00Z' })).toEqual([])
    expect(await numbers({ until: '2999-01-01T00:00:00Z' })).toEqual(all)
    const read: number[] = []
    let before: number | undefined
    for (;;) {
      const query = { event: 'guard.', limit: 3, ...(before === undefined ? {} : { before }) }
      const text = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]))
      const { entries: some, more } = expectStatus(await world.call<Page>('GET', `/api/audit?${text}`), 200)
      read.push(...some.map(({ sequence }) => sequence))
      before = some.at(-1)?.sequence
      if (!more) break
    }
    expect(read).toHaveLength(7)
    expect(read).toEqual([...read].sort((one, other) => other - one))
  })

  it('is exported whole, oldest first, in forms that read back the same, and the export is audited', async () => {
    const formula = `=HYPERLINK("http://x","a,b")`
    for (const name of [formula, '+1', '-1', '@x', 'a "quoted", one', 'two\r\nlines']) {
      await world.services.audit.record({
        event: 'guard.set',
        outcome: 'done',
        actor: { kind: 'person', id: 'one', name, from: '192.0.2.1' },
      })
    }
    const expected = await entries()
    const lines = await world.call<undefined>('GET', '/api/audit/export?format=jsonl')
    expect(lines.headers.get('content-disposition')).toContain('flightiq-audit.jsonl')
    expect(
      lines.text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(expected)
    const { text, headers } = await world.call<undefined>('GET', '/api/audit/export?format=csv&event=guard.')
    expect(headers.get('content-type')).toContain('text/csv')
    const [head = [], ...rows] = parseCsv(text)
    const guards = expected.filter(({ event }) => event === 'guard.set')
    expect(rows.map((row) => row[head.indexOf('hash')])).toEqual(guards.map(({ hash }) => hash))
    expect(rows.map((row) => row[head.indexOf('actorName')])).toEqual([
      `'${formula}`,
      "'+1",
      "'-1",
      "'@x",
      'a "quoted", one',
      'two\\u000d\\u000alines',
    ])
    const exports = await entries({ event: 'audit.exported' })
    expect(exports.map(({ details }) => details)).toEqual([
      { format: 'jsonl', filter: {} },
      { format: 'csv', filter: { event: 'guard.' } },
    ])
  })

  it('is verified on demand, which is audited, too', async () => {
    const answer = await world.call<AuditVerification>('POST', '/api/audit/verify')
    const { ok, entries: checked, head } = expectStatus(answer, 200)
    expect({ ok, last: head?.sequence }).toEqual({ ok: true, last: checked })
    expect(await entries({ event: 'audit.verified' })).toMatchObject([{ details: { ok: true, entries: checked } }])
  })

  it('keeps plans, tenants and settings apart from secrets', async () => {
    const { clientSecret } = world.sandbox.tenants[0]!
    await world.call('POST', '/api/tenants', { clientSecret })
    await world.call('PUT', world.at(''), { ...world.tenant, clientSecret })
    await world.call('POST', world.at('/test'))
    await world.decidedPlan()
    const text = JSON.stringify(await entries())
    expect(text).toContain('tenant.')
    expect(text).not.toContain(clientSecret)
    expect(text).not.toContain(Buffer.from(clientSecret).toString('base64'))
  })

  it('tells that the master key was rotated, also at a start, and stays verifiable', async () => {
    await world.server.close()
    await world.services.close()
    const next = Buffer.alloc(32, 8).toString('base64')
    const open = (masterKeyPrevious: string, newest: string) =>
      openServices({ ...world.database.settings, allowedHosts: loopbackHosts, masterKey: newest, masterKeyPrevious })
    const rotated = await open(masterKey, next)
    const { entries: told } = await rotated.audit.list('all', { event: 'masterKey.rotated', limit: 10 })
    const { version } = await rotated.keys.status()
    expect(told).toMatchObject([{ actor: { kind: 'server' }, details: { before: expect.any(String), after: version } }])
    expect(await rotated.audit.verify()).toMatchObject({ ok: true })
    await rotated.close()
    await (await open(next, masterKey)).close()
    await world.reopen()
    expect(await entries({ event: 'masterKey.' })).toHaveLength(2)
  })

  if (kind.shared)
    it('fails what it cannot be told of, and says so before anything is begun', async () => {
      const client = new pg.Client({ connectionString: world.database.settings.databaseUrl })
      await client.connect()
      const unavailable = (answer: { status: number; body: Problem }) =>
        expect(answer).toMatchObject({ status: 503, body: { code: 'AUDIT_UNAVAILABLE' } })
      try {
        await client.query('ALTER TABLE audit_entries RENAME TO elsewhere')
        unavailable(await world.call('POST', world.at('/test')))
        const before = await world.call<PlanRecord[]>('GET', world.at('/plans'))
        const request = { from: 'env:Development', to: 'env:Production', selection: { all: true }, options: {} }
        unavailable(await world.call('POST', world.at('/plans'), request))
        // The second one did not even begin; what only reads goes on.
        expect((await world.call<PlanRecord[]>('GET', world.at('/plans'))).body).toEqual(before.body)
        // Whoever may not stays refused.
        const refused = await world.call('GET', '/api/tenants', undefined, { authorization: 'Bearer nonsense' })
        expect(refused).toMatchObject({ status: 401, body: { code: 'TOKEN_INVALID' } })
        await client.query('ALTER TABLE elsewhere RENAME TO audit_entries')
        expectStatus(await world.call<Problem>('POST', world.at('/test')), 200)
        expect((await entries()).slice(-2)).toMatchObject([{ event: 'audit.resumed' }, { event: 'tenant.tested' }])
      } finally {
        await client.end()
      }
    })

  if (kind.shared)
    it('is one chain for several processes', { timeout: 60_000 }, async () => {
      const open = () => openServices({ ...world.database.settings, masterKey, allowedHosts: loopbackHosts })
      const others = await Promise.all([open(), open()])
      try {
        const actor = { kind: 'person', id: 'one', name: 'One', from: '192.0.2.1' } as const
        await Promise.all(
          [world.services, ...others].flatMap(({ audit }) =>
            Array.from({ length: 50 }, () => audit.record({ event: 'guard.set', outcome: 'done', actor })),
          ),
        )
        const { ok, fault } = await others[0]!.audit.verify()
        expect({ ok, fault }).toEqual({ ok: true })
        expect(await entries({ event: 'guard.' })).toHaveLength(150)
      } finally {
        for (const other of others) await other.close()
      }
    })
})

it('opens no database where nothing is kept', async () => {
  const storage = await openStorage({})
  const audit = new AuditService({ storage, log: () => {} })
  const actor = { kind: 'commandLine', id: 'commandLine', name: 'x', from: 'y' } as const
  await storage.close()
  // The storage is closed: whatever asked it for its database would fail.
  await audit.record({ event: 'plan.created', outcome: 'done', actor })
  expect(await audit.verify()).toEqual({ ok: true, entries: 0 })
  expect(await audit.list('all', { limit: 10 })).toEqual({ entries: [], more: false })
  await audit.close()
})

/** Reads comma-separated values as RFC 4180 says. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  const pattern = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/y
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const [, cell = '', end] = match
    row.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell)
    if (end === ',') continue
    rows.push(row)
    row = []
  }
  return rows
}
