import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Sandbox, startSandbox } from '@flightiq/sandbox'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { serverItself } from '../src/authorization/caller.ts'
import {
  openServices,
  type Run,
  type RunEvent,
  type ServiceSettings,
  type Services,
  type Tenant,
} from '../src/index.ts'
import { environmentOf, fill, flow, message } from './support/content.ts'
import { type Gate, startGate } from './support/gate.ts'
import { newTenant } from './support/world.ts'

describe('services without a server', () => {
  let sandbox: Sandbox
  let gate: Gate
  let flows: ReturnType<typeof fill>
  let folder: string
  let services: Services
  let tenant: Tenant

  beforeEach(async () => {
    sandbox = await startSandbox({ port: 0, demo: false, rateLimitPerMinute: null })
    flows = fill(sandbox)
    gate = await startGate(sandbox.apiUrl)
    folder = await mkdtemp(join(tmpdir(), 'flightiq-'))
  })
  afterEach(async () => {
    gate.open()
    await services.close()
    await gate.close()
    await sandbox.close()
    await rm(folder, { recursive: true, force: true })
  })

  async function open(settings: ServiceSettings = {}): Promise<void> {
    services = await openServices({ client: { requestsPerMinute: null }, filePlaces: true, ...settings })
    tenant = await services.tenants.useTransient(newTenant({ sandbox, gate }))
  }

  async function ended(runId: string): Promise<Run> {
    const events: RunEvent[] = []
    for await (const event of services.runs.watch(serverItself, tenant.id, runId)) events.push(event)
    return services.runs.get(serverItself, tenant.id, runId)
  }

  const request = () => ({ from: 'env:Development', to: 'env:Production', selection: { flows: [flows.signOn] } })

  it('compare with a tenant that is held in memory, and start no database for it', async () => {
    await open()
    const began = process.memoryUsage().rss
    const { rows } = await services.comparison.compare(serverItself, tenant.id, {
      from: 'env:Development',
      to: 'env:Production',
    })
    expect(rows.length).toBeGreaterThan(5)
    expect(await services.tenants.list(serverItself)).toEqual([tenant])
    expect(process.memoryUsage().rss - began).toBeLessThan(200_000_000)
  })

  it('look at a pair of two exports of one environment, which are neither each other nor that environment', async () => {
    await open()
    const { id: environmentId } = environmentOf(sandbox, 'Development')
    const [before, after] = [join(folder, 'before.json'), join(folder, 'after.json')]
    const exported = (text: string) => ({
      ...flow('Sign on', [message(text)]),
      id: flows.signOn,
      environment: { id: environmentId },
    })
    await writeFile(before, JSON.stringify(exported('Good day')))
    await writeFile(after, JSON.stringify(exported('Good evening')))
    const inDevelopment = { from: 'env:Development', to: `file:${before}` }
    for (const places of [{ from: `file:${after}`, to: `file:${before}` }, inDevelopment]) {
      for (let look = 1; look <= 2; look++) {
        const { comparison } = await services.comparison.comparePair(serverItself, tenant.id, 'flow', {
          ...places,
          source: flows.signOn,
          destination: flows.signOn,
        })
        expect({ places, look, state: comparison.state }).toEqual({ places, look, state: 'different' })
      }
    }
  })

  it('decide on a plan whose source is an export: it is made of the export again', async () => {
    await open({ dataFolder: folder })
    const { id: environmentId } = environmentOf(sandbox, 'Development')
    const path = join(folder, 'export.json')
    const exported = flow('Only in the file', [message('Hello')])
    await writeFile(path, JSON.stringify({ ...exported, id: 'f'.repeat(32), environment: { id: environmentId } }))
    const selection = { flows: ['f'.repeat(32)] }
    const first = await services.plans.create(serverItself, tenant.id, {
      from: `file:${path}`,
      to: 'env:Production',
      selection,
    })
    const { plan } = await services.plans.choose(serverItself, tenant.id, first.id, { choices: [] })
    expect(plan.source.type).toBe('file')
    expect(plan.operations.map(({ action, name }) => [action, name])).toEqual([
      ['create', 'Only in the file'],
      ['deploy', 'Only in the file'],
    ])
  })

  it('take an export file as source, and say what is wrong with one that is none', async () => {
    await open({ dataFolder: folder })
    const path = join(folder, 'export.json')
    const exported = {
      ...flow('From a file', [message('Hello')]),
      id: 'f'.repeat(32),
      environment: { id: 'somewhere' },
    }
    await writeFile(path, JSON.stringify(exported))
    const places = { from: `file:${path}`, to: 'env:Production' }
    const { rows } = await services.comparison.compare(serverItself, tenant.id, { ...places, kinds: ['flow'] })
    expect(rows).toMatchObject([{ state: 'onlyInSource', source: { name: 'From a file' } }])
    const { id } = await services.plans.create(serverItself, tenant.id, {
      ...places,
      selection: { flows: [rows[0]!.source!.id] },
    })
    expect(await ended((await services.runs.start(serverItself, tenant.id, id)).id)).toMatchObject({
      state: 'done',
      verification: { identical: 1, different: [] },
    })
    await writeFile(path, '{"flows": [')
    await expect(services.comparison.compare(serverItself, tenant.id, places)).rejects.toMatchObject({
      nextStep: expect.any(String),
    })
  })

  it('find the plans and runs of the same worker app again', async () => {
    await open({ dataFolder: folder })
    const { id } = await services.plans.create(serverItself, tenant.id, request())
    await services.close()
    await open({ dataFolder: folder })
    expect((await services.plans.list(serverItself, tenant.id)).map((plan) => plan.id)).toEqual([id])
  })

  it('let go of a run after its operation when they are closed, and resume it only when asked to', async () => {
    await open({ dataFolder: folder })
    const { id } = await services.plans.create(serverItself, tenant.id, request())
    gate.treat = ({ method, path }) => (method === 'POST' && path.endsWith('/flows') ? 'hold' : 'pass')
    const { id: runId } = await services.runs.start(serverItself, tenant.id, id)
    await gate.held()
    const closed = services.close()
    gate.treat = () => 'pass'
    gate.open()
    await closed

    await open({ dataFolder: folder })
    const left = await services.runs.get(serverItself, tenant.id, runId)
    expect(left.state).toBe('interrupted')
    const states = left.operations.map(({ state }) => state)
    expect(states.filter((state) => state !== 'done' && state !== 'pending')).toEqual([])
    expect(states).toContain('pending')
    const another = await services.plans.create(serverItself, tenant.id, request())
    await expect(services.runs.start(serverItself, tenant.id, another.id)).rejects.toMatchObject({
      code: 'DESTINATION_BUSY',
      message: expect.stringContaining(runId),
      nextStep: expect.stringContaining('Resume or cancel'),
    })
    await services.runs.resume(serverItself, tenant.id, runId)
    expect(await ended(runId)).toMatchObject({ state: 'done', verification: { different: [] } })
    expect(environmentOf(sandbox, 'Production').flows.size).toBe(3)
  })
})
