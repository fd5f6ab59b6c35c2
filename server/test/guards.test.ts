import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Guard, GuardChange, PlanRecord, Run, RunPermission, Tenant, WriteStop } from '../src/index.ts'
import { environmentOf } from './support/content.ts'
import { databases } from './support/databases.ts'
import { expectStatus, newTenant, startWorld, type World } from './support/world.ts'

const kinds = databases()

afterAll(async () => {
  for (const kind of kinds) await kind.stop()
})

describe.each(kinds)('guards on $name', (kind) => {
  let world: World
  let now: Date | undefined
  beforeEach(async () => {
    now = undefined
    world = await startWorld(kind, { now: () => now ?? new Date() })
  })
  afterEach(() => world.close())

  const production = () => environmentOf(world.sandbox, 'Production').id
  const writes = () => world.gate.passed.filter(({ method, path }) => method !== 'GET' && path.startsWith('/v1/'))
  const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()
  const guardPath = () => world.at(`/guards/${production()}`)

  async function guard(change: Partial<GuardChange>): Promise<Guard> {
    return expectStatus(await world.call<Guard>('PUT', guardPath(), { protection: 'open', ...change }), 200)
  }

  async function stopWrites(stopped: boolean, reason?: string): Promise<WriteStop> {
    return expectStatus(await world.call<WriteStop>('PUT', '/api/write-stop', { stopped, reason }), 200)
  }

  async function permission({ id }: PlanRecord): Promise<RunPermission> {
    return expectStatus(await world.call<RunPermission>('GET', world.at(`/plans/${id}/run-permission`)), 200)
  }

  /** A run that is held while it creates its first flow, and then goes on until it ends. */
  async function whileRunning(set: () => Promise<unknown>): Promise<Run> {
    const { id } = await world.decidedPlan()
    world.gate.treat = ({ method, path }) => (method === 'POST' && path.endsWith('/flows') ? 'hold' : 'pass')
    const run = await world.start(id)
    await world.gate.held()
    await set()
    world.gate.treat = () => 'pass'
    world.gate.open()
    return world.ended(run.id)
  }

  const refusals: [string, () => Promise<unknown>, () => Promise<unknown>, string][] = [
    ['a lock', () => guard({ protection: 'locked', reason: 'Incident 7' }), () => guard({}), 'ENVIRONMENT_LOCKED'],
    [
      'a freeze',
      () => guard({ freezes: [{ type: 'once', reason: 'Launch', from: inHours(-1), until: inHours(1) }] }),
      () => guard({}),
      'ENVIRONMENT_FROZEN',
    ],
    ['the stop of all writes', () => stopWrites(true, 'Incident 7'), () => stopWrites(false), 'WRITES_STOPPED'],
  ]

  it.each(refusals)('%s keeps a run from starting: nothing is sent', async (_name, set, lift, code) => {
    const plan = await world.decidedPlan()
    await set()
    const refused = expectStatus(await world.call('POST', world.at(`/plans/${plan.id}/runs`)), 409)
    expect(refused).toMatchObject({
      code,
      detail: expect.stringMatching(/Incident 7|Launch/),
      nextStep: expect.any(String),
    })
    expect(await permission(plan)).toMatchObject({ mayRun: false, obstacles: [{ code, detail: refused.detail }] })
    expect((await world.call<Run[]>('GET', world.at('/runs'))).body).toEqual([])
    expect(writes()).toEqual([])
    await lift()
    expect(await permission(plan)).toMatchObject({ mayRun: true, obstacles: [] })
    expect(await world.ended((await world.start(plan.id)).id)).toMatchObject({ state: 'done' })
  })

  it.each(refusals)('%s that is set during a run stops it after its operation', async (_name, set, lift, code) => {
    const run = await whileRunning(set)
    expect(run).toMatchObject({ state: 'cancelled', problem: { code, nextStep: expect.any(String) } })
    const states = run.operations.map(({ state }) => state)
    expect(new Set(states)).toEqual(new Set(['done', 'pending']))
    const sent = writes().length
    const refused = await world.call('POST', world.at(`/runs/${run.id}/resume`))
    expect(expectStatus(refused, 409).code).toBe(code)
    expect(writes().length).toBe(sent)
    await lift()
    expectStatus(await world.call('POST', world.at(`/runs/${run.id}/resume`)), 202)
    expect(await world.ended(run.id)).toMatchObject({ state: 'done', verification: { different: [] } })
  })

  it('hold for a run that lost its process: it is not taken up', async () => {
    const { id } = await world.decidedPlan()
    world.gate.treat = ({ method, path }) => (method === 'POST' && path.endsWith('/flows') ? 'hold' : 'pass')
    const run = await world.start(id)
    await world.gate.held()
    await stopWrites(true)
    const reopened = world.reopen()
    world.gate.treat = () => 'pass'
    world.gate.open()
    await reopened
    const sent = writes().length
    expect(await world.ended(run.id)).toMatchObject({ state: 'cancelled', problem: { code: 'WRITES_STOPPED' } })
    expect(writes().length).toBe(sent)
  })

  it('of every week know when the clocks are changed', async () => {
    const freeze = { type: 'weekly', reason: 'Weekend', fromDay: 5, fromTime: '17:00', untilDay: 1, untilTime: '07:00' }
    const freezes = [{ ...freeze, timeZone: 'Europe/Oslo' } as const] as GuardChange['freezes']
    const plan = await world.decidedPlan()
    now = new Date('2026-10-23T14:59:00Z')
    expect((await guard({ freezes })).frozen).toBeUndefined()
    // Friday 17:00 in summer time; Monday 07:00 is an hour later in UTC than it was the week before.
    now = new Date('2026-10-23T15:00:00Z')
    const { body } = await world.call<Guard[]>('GET', world.at('/guards'))
    expect(body.find(({ environmentName }) => environmentName === 'Production')!.frozen).toEqual({
      reason: 'Weekend',
      until: '2026-10-26T06:00:00.000Z',
    })
    now = new Date('2026-10-26T05:59:59Z')
    const refused = await world.call('POST', world.at(`/plans/${plan.id}/runs`))
    expect(expectStatus(refused, 409)).toMatchObject({
      code: 'ENVIRONMENT_FROZEN',
      detail: 'Production is frozen until 2026-10-26 06:00 UTC: Weekend.',
    })
    now = new Date('2026-10-26T06:00:00Z')
    await world.start(plan.id)
  })

  it('are open by default where nobody signs in, and go back to that', async () => {
    const of = async () => expectStatus(await world.call<Guard[]>('GET', world.at('/guards')), 200)
    expect(
      (await of()).map(({ environmentType, protection, byDefault }) => [environmentType, protection, byDefault]),
    ).toEqual([
      ['SANDBOX', 'open', true],
      ['SANDBOX', 'open', true],
      ['PRODUCTION', 'open', true],
    ])
    const set = await guard({ protection: 'locked', reason: 'Audit week' })
    expect(set).toMatchObject({ protection: 'locked', reason: 'Audit week', byDefault: false, setBy: 'This console' })
    expect((await of())[2]).toEqual(set)
    const reset = expectStatus(await world.call<Guard>('DELETE', guardPath()), 200)
    expect(reset).toMatchObject({ protection: 'open', byDefault: true })
    expect(reset).not.toHaveProperty('reason')
  })

  it('are refused for an environment that is not there, and with a freeze that never begins', async () => {
    const nowhere = world.at('/guards/3f0c1f6e-3f0d-4f0e-8f0f-000000000000')
    const missing = await world.call('PUT', nowhere, { protection: 'locked' })
    expect(expectStatus(missing, 404).code).toBe('ENVIRONMENT_NOT_FOUND')
    const freezes = [{ type: 'once', reason: 'x', from: inHours(2), until: inHours(1) }]
    const wrong = await world.call('PUT', guardPath(), { protection: 'open', freezes })
    expect(expectStatus(wrong, 400).errors).toMatchObject([{ pointer: '/freezes/0/until' }])
  })

  it('hold through every tenant that reaches the environment', async () => {
    const plan = await world.decidedPlan()
    const other = expectStatus(await world.call<Tenant>('POST', '/api/tenants', newTenant(world, 'Other way')), 201)
    const path = `/api/tenants/${other.id}/guards/${production()}`
    expectStatus(await world.call('PUT', path, { protection: 'locked' }), 200)
    const refused = await world.call('POST', world.at(`/plans/${plan.id}/runs`))
    expect(expectStatus(refused, 409).code).toBe('ENVIRONMENT_LOCKED')
    // With the tenant goes what was set through it.
    expectStatus(await world.call('DELETE', `/api/tenants/${other.id}`), 204)
    await world.start(plan.id)
  })

  it('that protect an environment let nobody run to it where nobody signs in, and say what to do', async () => {
    const plan = await world.decidedPlan()
    await guard({ protection: 'protected' })
    const refused = expectStatus(await world.call('POST', world.at(`/plans/${plan.id}/runs`)), 403)
    expect(refused).toMatchObject({ code: 'PERSON_NEEDED', nextStep: expect.stringContaining('Set up sign-in') })
    expect(await permission(plan)).toMatchObject({
      mayRun: false,
      mayAskForApproval: false,
      mayDecide: false,
      obstacles: [{ code: 'PERSON_NEEDED' }],
    })
    const asked = await world.call('POST', world.at(`/plans/${plan.id}/approval`), {})
    expect(expectStatus(asked, 403).code).toBe('PERSON_NEEDED')
    expect(writes()).toEqual([])
  })

  it('that protect an environment during a run stop it: nobody has approved it', async () => {
    const run = await whileRunning(() => guard({ protection: 'protected' }))
    expect(run).toMatchObject({ state: 'cancelled', problem: { code: 'PERSON_NEEDED' } })
    expect(run.operations.some(({ state }) => state === 'pending')).toBe(true)
  })
})
