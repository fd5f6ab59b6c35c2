import { type Sandbox, startSandbox } from '@flightiq/sandbox'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ComparisonReport, PlanRecord, Run, Tenant } from '../src/index.ts'
import { environmentOf, fill } from './support/content.ts'
import { databases, type TestDatabase } from './support/databases.ts'
import { type Gate, type Passing, startGate, type Treatment } from './support/gate.ts'
import { killAll, type ServerProcess, startProcess } from './support/processes.ts'
import { masterKey, newTenant } from './support/world.ts'

const kinds = databases()

afterAll(async () => {
  for (const kind of kinds) await kind.stop()
})

describe.each(kinds)('a server process that is killed, on $name', (kind) => {
  let sandbox: Sandbox
  let gate: Gate
  let database: TestDatabase
  let flows: ReturnType<typeof fill>

  beforeEach(async () => {
    sandbox = await startSandbox({ port: 0, demo: false, rateLimitPerMinute: null })
    flows = fill(sandbox)
    gate = await startGate(sandbox.apiUrl)
    database = await kind.make()
  })
  afterEach(async () => {
    await killAll()
    gate.open()
    await gate.close()
    await sandbox.close()
    await database.remove()
  })

  const start = () =>
    startProcess({ ...database.settings, masterKey, client: { requestsPerMinute: null }, leaseSeconds: 2 })

  /** A tenant, and a plan for all flows. */
  async function prepare(server: ServerProcess): Promise<{ tenant: Tenant; planId: string }> {
    const tenant = await server.call<Tenant>('POST', '/api/tenants', newTenant({ sandbox, gate }))
    const { id, plan } = await server.call<PlanRecord>('POST', `/api/tenants/${tenant.id}/plans`, {
      from: 'env:Development',
      to: 'env:Production',
      selection: { flows: [flows.signOn] },
    })
    expect(plan.operations.length).toBeGreaterThan(6)
    return { tenant, planId: id }
  }

  async function expectIdentical(server: ServerProcess, tenant: Tenant): Promise<void> {
    const path = `/api/tenants/${tenant.id}/comparison?from=env:Development&to=env:Production&refresh=true`
    const { rows } = await server.call<ComparisonReport>('GET', path)
    const taken = rows.filter((row) => row.kind === 'flow')
    expect(taken.map(({ state }) => state)).toEqual(['identical', 'identical', 'identical'])
    expect(environmentOf(sandbox, 'Production').flows.size).toBe(3)
  }

  /** Stops the nth write on its way. */
  function stopAt(nth: number, treatment: Treatment): void {
    let count = 0
    gate.treat = ({ method, path }: Passing) =>
      method !== 'GET' && path.startsWith('/v1/') && ++count === nth ? treatment : 'pass'
  }

  it.each([
    ['before its request arrived', 'hold'],
    ['after its request was carried out, before it knew', 'holdAnswer'],
  ] as const)('leaves its run to another one, which finds out where it stood: killed %s', async (_when, treatment) => {
    const first = await start()
    const { tenant, planId } = await prepare(first)
    stopAt(2, treatment)
    const { id } = await first.call<Run>('POST', `/api/tenants/${tenant.id}/plans/${planId}/runs`)
    await gate.held()
    const before = await first.call<Run>('GET', `/api/tenants/${tenant.id}/runs/${id}`)
    expect(before.operations.map(({ state }) => state).slice(0, 3)).toEqual(['done', 'sending', 'pending'])
    const waiting = kind.shared ? await start() : undefined
    await first.kill()
    const second = waiting ?? (await start())
    const run = await second.ended(tenant.id, id)
    expect(run).toMatchObject({ state: 'done', verification: { different: [] } })
    if (treatment === 'holdAnswer') expect(run.operations[1]!.note).toContain('found by looking')
    else expect(run.operations[1]!.note).toBeUndefined()
    await expectIdentical(second, tenant)
  })

  it('loses nothing when it is killed again and again, at creates, updates and deploys', async () => {
    let server = await start()
    const { tenant, planId } = await prepare(server)
    stopAt(1, 'holdAnswer')
    const { id } = await server.call<Run>('POST', `/api/tenants/${tenant.id}/plans/${planId}/runs`)
    for (const treatment of ['holdAnswer', 'hold', 'holdAnswer', 'holdAnswer'] as const) {
      await gate.held()
      await server.kill()
      stopAt(2, treatment)
      gate.open()
      server = await start()
    }
    await gate.held()
    gate.treat = () => 'pass'
    gate.open()
    expect(await server.ended(tenant.id, id)).toMatchObject({ state: 'done', verification: { different: [] } })
    await expectIdentical(server, tenant)
  })

  // What only one of the databases can do is no test of the other.
  if (kind.shared)
    it('writes nothing any more after it was only frozen and another one took over', async () => {
      const first = await start()
      const { tenant, planId } = await prepare(first)
      stopAt(2, 'holdAnswer')
      const { id } = await first.call<Run>('POST', `/api/tenants/${tenant.id}/plans/${planId}/runs`)
      await gate.held()
      const second = await start()
      first.signal('SIGSTOP')
      const run = await second.ended(tenant.id, id)
      expect(run).toMatchObject({ state: 'done', verification: { different: [] } })
      const writes = () => gate.passed.filter(({ method }) => method !== 'GET').length
      const before = writes()
      gate.open()
      first.signal('SIGCONT')
      expect(await first.ended(tenant.id, id)).toEqual(run)
      expect(writes()).toBe(before)
      await expectIdentical(second, tenant)
    })

  if (kind.shared)
    it('shares runs: what one was asked for is seen, and may be carried out, by the other', async () => {
      const [first, second] = [await start(), await start()]
      const { tenant, planId } = await prepare(first)
      const { id } = await first.call<Run>('POST', `/api/tenants/${tenant.id}/plans/${planId}/runs`)
      expect(await second.ended(tenant.id, id)).toMatchObject({ state: 'done', verification: { different: [] } })
    })

  if (!kind.shared)
    it('has its data folder to itself, and leaves it free', async () => {
      const first = await start()
      const refused = start()
      await expect(refused).rejects.toMatchObject({ code: 'DATA_FOLDER_LOCKED' })
      await expect(refused).rejects.toThrow(`process ${first.pid}`)
      await expect(refused).rejects.toMatchObject({ nextStep: expect.stringContaining(`--server ${first.url}`) })
      await first.kill()
      const second = await start()
      expect(await second.call('GET', '/api/tenants')).toEqual([])
    })
})
