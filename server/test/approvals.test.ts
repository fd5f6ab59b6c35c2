import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import type {
  Approval,
  Guard,
  GuardChange,
  Person,
  PlanRecord,
  RoleScope,
  Run,
  RunPermission,
  Tenant,
} from '../src/index.ts'
import { openChoices } from './support/choices.ts'
import type { Visitor } from './support/console.ts'
import { environmentOf, flow, message } from './support/content.ts'
import { databases } from './support/databases.ts'
import { emailOf, type People, requireSignIn, tokenOf } from './support/people.ts'
import { newTenant, startWorld, type World } from './support/world.ts'

const kinds = databases()

afterAll(async () => {
  for (const kind of kinds) await kind.stop()
})

const operator: RoleScope = { role: 'operator' }
const approver: RoleScope = { role: 'approver' }

describe.each(kinds)('approvals on $name', (kind) => {
  let world: World
  let people: People
  let milo: Visitor
  let beatrix: Visitor
  let ahead: number
  beforeEach(async () => {
    ahead = 0
    world = await startWorld(kind, { now: () => new Date(Date.now() + ahead) })
    people = await requireSignIn(world)
    milo = await people.join('Milo', operator)
    beatrix = await people.join('Beatrix', approver)
  })
  afterEach(() => world.close())

  const writes = () => world.gate.passed.filter(({ method, path }) => method !== 'GET' && path.startsWith('/v1/'))
  const production = () => environmentOf(world.sandbox, 'Production').id

  /** A call that is to succeed. */
  async function does<Body>(who: Visitor, method: string, path: string, body?: unknown): Promise<Body> {
    const said = await who.call<Body>(method, path, body)
    expect({ said: said.status < 300 ? 'yes' : said.body }).toEqual({ said: 'yes' })
    return said.body
  }

  async function planBy(who: Visitor, to = 'Production'): Promise<PlanRecord> {
    const body = { from: 'env:Development', to: `env:${to}`, selection: { all: true }, options: {} }
    const record = await does<PlanRecord>(who, 'POST', world.at('/plans'), body)
    const choices = openChoices(record.plan)
    if (choices.length === 0) return record
    return does<PlanRecord>(who, 'POST', world.at(`/plans/${record.id}/choices`), { choices })
  }

  const ask = (who: Visitor, { id }: PlanRecord) =>
    does<Approval>(who, 'POST', world.at(`/plans/${id}/approval`), { comment: 'For the launch' })
  const decisions = ({ id }: Approval) => world.at(`/approvals/${id}/decisions`)
  const decide = (who: Visitor, approval: Approval, decision: 'approved' | 'declined' = 'approved') =>
    does<Approval>(who, 'POST', decisions(approval), { decision, planHash: approval.planHash, comment: 'Looked at it' })
  const deciding = (who: Visitor, approval: Approval, decision: 'approved' | 'declined' = 'approved') =>
    who.outcome('POST', decisions(approval), { decision, planHash: approval.planHash })
  const run = (who: Visitor, { id }: PlanRecord) => does<Run>(who, 'POST', world.at(`/plans/${id}/runs`))
  const running = (who: Visitor, { id }: PlanRecord) => who.outcome('POST', world.at(`/plans/${id}/runs`))
  const permission = (who: Visitor, { id }: PlanRecord) =>
    does<RunPermission>(who, 'GET', world.at(`/plans/${id}/run-permission`))
  const setGuard = (change: Partial<GuardChange>) =>
    does<Guard>(people.owner, 'PUT', world.at(`/guards/${production()}`), { protection: 'protected', ...change })

  async function ended(who: Visitor, { id }: Run): Promise<Run> {
    expect((await who.get(world.at(`/runs/${id}/events`))).status).toBe(200)
    return does<Run>(who, 'GET', world.at(`/runs/${id}`))
  }

  async function approvedPlan(): Promise<{ plan: PlanRecord; approval: Approval }> {
    const plan = await planBy(milo)
    return { plan, approval: await decide(beatrix, await ask(milo, plan)) }
  }

  it('are needed for PRODUCTION environments where people sign in, and let a run start once', async () => {
    const guards = await does<Guard[]>(milo, 'GET', world.at('/guards'))
    expect(
      guards.map(({ environmentName, protection, byDefault }) => [environmentName, protection, byDefault]),
    ).toEqual([
      ['Development', 'open', true],
      ['Test', 'open', true],
      ['Production', 'protected', true],
    ])
    const plan = await planBy(milo)
    expect(plan.createdBy?.name).toBe('Milo Northwind')
    expect(await running(milo, plan)).toBe('409 APPROVAL_NEEDED')
    expect(await permission(milo, plan)).toMatchObject({
      mayRun: false,
      mayAskForApproval: true,
      mayDecide: false,
      obstacles: [{ code: 'APPROVAL_NEEDED', nextStep: expect.any(String) }],
    })
    const asked = await ask(milo, plan)
    expect(asked).toMatchObject({
      state: 'open',
      needed: 1,
      decisions: [],
      planHash: plan.hash,
      comment: 'For the launch',
      requestedBy: { name: 'Milo Northwind' },
      source: 'Development',
      destination: 'Production',
    })
    expect(await running(milo, plan)).toBe('409 APPROVAL_NEEDED')
    expect(await permission(beatrix, plan)).toMatchObject({
      mayRun: false,
      mayDecide: true,
      approval: { state: 'open' },
    })
    expect(writes()).toEqual([])
    const approved = await decide(beatrix, asked)
    expect(approved).toMatchObject({
      state: 'approved',
      decisions: [{ by: { name: 'Beatrix Northwind' }, decision: 'approved', comment: 'Looked at it' }],
    })
    expect(await permission(milo, plan)).toMatchObject({ mayRun: true, mayAskForApproval: false, obstacles: [] })
    const started = await run(milo, plan)
    expect(started.startedBy?.name).toBe('Milo Northwind')
    expect(await ended(milo, started)).toMatchObject({ state: 'done', verification: { different: [] } })
    const [listed] = await does<Approval[]>(milo, 'GET', world.at('/approvals'))
    expect(listed).toMatchObject({ id: asked.id, state: 'used', why: expect.stringContaining(started.id) })
    expect(await permission(milo, plan)).toMatchObject({ mayRun: false, obstacles: [{ code: 'PLAN_ALREADY_RUN' }] })
  })

  it('are not asked for where none is needed, nor twice, nor for a plan with something left to decide', async () => {
    expect(await milo.outcome('POST', world.at(`/plans/${(await planBy(milo, 'Test')).id}/approval`), {})).toBe(
      '409 APPROVAL_NOT_NEEDED',
    )
    const plan = await planBy(milo)
    await ask(milo, plan)
    expect(await milo.outcome('POST', world.at(`/plans/${plan.id}/approval`), {})).toBe('409 APPROVAL_ASKED')
    environmentOf(world.sandbox, 'Production').connectorInstances.clear()
    const body = { from: 'env:Development', to: 'env:Production', selection: { flows: [world.flows.signOn] } }
    const open = await does<PlanRecord>(milo, 'POST', world.at('/plans'), body)
    expect(await milo.outcome('POST', world.at(`/plans/${open.id}/approval`), {})).toBe('409 PLAN_HAS_BLOCKERS')
    await setGuard({ protection: 'locked' })
    expect(await milo.outcome('POST', world.at(`/plans/${plan.id}/approval`), {})).toBe('409 ENVIRONMENT_LOCKED')
  })

  it('come from somebody else: neither from who made the plan, nor who asked, nor through their API tokens', async () => {
    const orla = await people.join('Orla', operator, approver)
    const vera = await people.join('Vera', operator, approver)
    const plan = await planBy(orla)
    const approval = await ask(vera, plan)
    for (const who of [orla, vera, await tokenOf(orla, approver), await tokenOf(vera, operator, approver)]) {
      expect(await deciding(who, approval)).toBe('403 OWN_PLAN')
    }
    expect(await deciding(milo, approval)).toBe('403 PERMISSION_MISSING')
    expect((await permission(orla, plan)).mayDecide).toBe(false)
    expect(await running(orla, plan)).toBe('409 APPROVAL_NEEDED')
    expect(await decide(beatrix, approval)).toMatchObject({ state: 'approved' })
  })

  it('are not given by who runs the plan, nor by the maker of the token that runs it', async () => {
    const plan = await planBy(milo)
    const vera = await people.join('Vera', operator, approver)
    await decide(vera, await ask(milo, plan))
    for (const who of [vera, await tokenOf(vera, operator)]) {
      expect(await running(who, plan)).toBe('403 OWN_PLAN')
      expect((await permission(who, plan)).obstacles).toMatchObject([{ code: 'OWN_PLAN' }])
    }
    expect(writes()).toEqual([])
    await run(await tokenOf(milo, operator), plan)
  })

  it('are needed from as many persons as the guard says', async () => {
    await setGuard({ approvals: 2 })
    const vera = await people.join('Vera', approver)
    const plan = await planBy(milo)
    const approval = await ask(milo, plan)
    expect(await decide(beatrix, approval)).toMatchObject({ state: 'open', needed: 2 })
    // The same person again, at a script, is no second one.
    expect(await decide(await tokenOf(beatrix, approver), approval)).toMatchObject({ state: 'open' })
    expect((await permission(milo, plan)).obstacles).toMatchObject([
      { code: 'APPROVAL_NEEDED', detail: expect.stringContaining('1 of 2') },
    ])
    expect(await decide(vera, approval)).toMatchObject({ state: 'approved' })
    await run(milo, plan)
  })

  it('are of exactly one plan: another hash is refused, and a plan that changed needs its own', async () => {
    const { plan, approval } = await approvedPlan()
    const decision = { decision: 'approved', planHash: plan.hash.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) }
    expect(await beatrix.outcome('POST', decisions(approval), decision)).toBe('409 PLAN_DIFFERS')
    const choices = [{ action: 'keep', kind: 'flow', sourceId: world.flows.sendCode }]
    const changed = await does<PlanRecord>(milo, 'POST', world.at(`/plans/${plan.id}/choices`), { choices })
    expect(changed.hash).not.toBe(plan.hash)
    expect(await running(milo, changed)).toBe('409 APPROVAL_NEEDED')
    // The same plan brought in again is another one, too: its approval was of the first.
    const twin = await does<PlanRecord>(milo, 'POST', world.at('/plans/import'), plan.plan)
    expect(twin.hash).toBe(plan.hash)
    expect(await running(milo, twin)).toBe('409 APPROVAL_NEEDED')
    await run(milo, plan)
  })

  it('are void once the guard of the environment is set anew, though it says the same', async () => {
    await setGuard({})
    const { plan } = await approvedPlan()
    const open = await ask(milo, await planBy(milo, 'Production').then((other) => changed(other)))
    await setGuard({})
    expect(await running(milo, plan)).toBe('409 APPROVAL_VOID')
    expect(await deciding(beatrix, open)).toBe('409 APPROVAL_VOID')
    expect((await does<Approval[]>(milo, 'GET', world.at('/approvals'))).map(({ state }) => state)).toEqual([
      'void',
      'void',
    ])
    await decide(beatrix, await ask(milo, plan))
    await does(people.owner, 'DELETE', world.at(`/guards/${production()}`))
    expect(await running(milo, plan)).toBe('409 APPROVAL_VOID')
    await decide(beatrix, await ask(milo, plan))
    await run(milo, plan)
  })

  it('are void once the worker app leads elsewhere', async () => {
    const { plan } = await approvedPlan()
    const change = { ...newTenant(world), hosts: { authUrl: world.gate.url, apiUrl: world.sandbox.apiUrl } }
    await does<Tenant>(people.owner, 'PUT', world.at(''), change)
    expect(await running(milo, plan)).toBe('409 APPROVAL_VOID')
  })

  it('that are declined block the plan, whoever else approves and under whatever id it is imported', async () => {
    const vera = await people.join('Vera', approver)
    const plan = await planBy(milo)
    const approval = await ask(milo, plan)
    await decide(vera, approval)
    expect(await decide(beatrix, approval, 'declined')).toMatchObject({ state: 'declined' })
    expect(await running(milo, plan)).toBe('409 APPROVAL_DECLINED')
    expect(await milo.outcome('POST', world.at(`/plans/${plan.id}/approval`), {})).toBe('409 APPROVAL_DECLINED')
    const twin = await does<PlanRecord>(milo, 'POST', world.at('/plans/import'), plan.plan)
    expect(await milo.outcome('POST', world.at(`/plans/${twin.id}/approval`), {})).toBe('409 APPROVAL_DECLINED')
    expect((await permission(milo, plan)).obstacles).toMatchObject([
      { code: 'APPROVAL_DECLINED', detail: 'Beatrix Northwind declined this plan: Looked at it.' },
    ])
    // Who declined can think better of it.
    expect(await decide(beatrix, approval)).toMatchObject({ state: 'approved' })
    await run(milo, plan)
  })

  it('are good for a day from the request', async () => {
    const { plan } = await approvedPlan()
    const late = await ask(milo, await changed(plan))
    ahead = 24 * 3_600_000
    const again = await signedInAgain()
    expect(await running(again.milo, plan)).toBe('409 APPROVAL_EXPIRED')
    expect(await deciding(again.beatrix, late)).toBe('409 APPROVAL_EXPIRED')
    await decide(again.beatrix, await ask(again.milo, plan))
    await run(again.milo, plan)
  })

  it('stay with the run that started on them: it can be resumed, until the day is over', async () => {
    const { plan } = await approvedPlan()
    let refused = 0
    world.gate.treat = ({ method, path }) =>
      method === 'POST' && path.endsWith('/flows') && refused++ === 0
        ? { status: 400, body: { code: 'INVALID_DATA', message: 'Not now', details: [] } }
        : 'pass'
    const failed = await ended(milo, await run(milo, plan))
    expect(failed.state).toBe('failed')
    const resume = world.at(`/runs/${failed.id}/resume`)
    expect(await beatrix.outcome('POST', resume)).toBe('403 PERMISSION_MISSING')
    const vera = await people.join('Vera', operator)
    const resumed = await does<Run>(vera, 'POST', resume)
    expect(resumed.startedBy?.name).toBe('Vera Northwind')
    expect(await ended(vera, resumed)).toMatchObject({ state: 'done' })
  })

  it('of a run that was stopped over their day have to be given again', async () => {
    const { plan } = await approvedPlan()
    world.gate.treat = ({ method, path }) => (method === 'POST' && path.endsWith('/flows') ? 'hold' : 'pass')
    const started = await run(milo, plan)
    await world.gate.held()
    await does(milo, 'POST', world.at(`/runs/${started.id}/cancel`))
    world.gate.treat = () => 'pass'
    world.gate.open()
    expect(await ended(milo, started)).toMatchObject({ state: 'cancelled' })
    ahead = 24 * 3_600_000
    const again = await signedInAgain()
    const resume = world.at(`/runs/${started.id}/resume`)
    expect(await again.milo.outcome('POST', resume)).toBe('409 APPROVAL_EXPIRED')
    await decide(again.beatrix, await ask(again.milo, plan))
    await does(again.milo, 'POST', resume)
    expect(await ended(again.milo, started)).toMatchObject({ state: 'done' })
  })

  it('that become void during a run stop it after its operation', async () => {
    const { plan } = await approvedPlan()
    world.gate.treat = ({ method, path }) => (method === 'POST' && path.endsWith('/flows') ? 'hold' : 'pass')
    const started = await run(milo, plan)
    await world.gate.held()
    await setGuard({ approvals: 2 })
    world.gate.treat = () => 'pass'
    world.gate.open()
    const stopped = await ended(milo, started)
    expect(stopped).toMatchObject({ state: 'cancelled', problem: { code: 'APPROVAL_VOID' } })
    expect(stopped.operations.some(({ state }) => state === 'pending')).toBe(true)
  })

  it('of somebody who may not approve any more do not count', async () => {
    const { plan } = await approvedPlan()
    const person = await personCalled('Beatrix Northwind')
    await does(people.owner, 'PATCH', `/api/people/${person.id}`, { disabled: true })
    expect(await running(milo, plan)).toBe('409 APPROVAL_NEEDED')
    await does(people.owner, 'PATCH', `/api/people/${person.id}`, { disabled: false })
    expect((await permission(milo, plan)).mayRun).toBe(true)
    await does(people.owner, 'DELETE', `/api/grants/${person.roles[0]!.grantId}`)
    expect(await running(milo, plan)).toBe('409 APPROVAL_NEEDED')
  })

  it('or none: a run stops after its operation when whoever started it is shut out, and somebody else resumes it', async () => {
    const plan = await planBy(milo, 'Test')
    world.gate.treat = ({ method, path }) => (method === 'POST' && path.endsWith('/flows') ? 'hold' : 'pass')
    const started = await run(milo, plan)
    await world.gate.held()
    const { id } = await personCalled('Milo Northwind')
    await does(people.owner, 'PATCH', `/api/people/${id}`, { disabled: true })
    world.gate.treat = () => 'pass'
    world.gate.open()
    const stopped = await ended(beatrix, started)
    expect(stopped).toMatchObject({ state: 'cancelled', problem: { code: 'PERMISSION_MISSING' } })
    expect(stopped.operations.some(({ state }) => state === 'pending')).toBe(true)
    const vera = await people.join('Vera', operator)
    await does(vera, 'POST', world.at(`/runs/${started.id}/resume`))
    expect(await ended(vera, started)).toMatchObject({ state: 'done' })
  })

  it('take people who are known by name: not the local administrator, who may do all else', async () => {
    const plan = await planBy(milo)
    const approval = await ask(milo, plan)
    expect(await deciding(people.owner, approval)).toBe('403 PERSON_NEEDED')
    await decide(beatrix, approval)
    expect(await running(people.owner, plan)).toBe('403 PERSON_NEEDED')
    const made = await planBy(people.owner)
    expect(await milo.outcome('POST', world.at(`/plans/${made.id}/approval`), {})).toBe('403 PERSON_NEEDED')
    expect((await permission(milo, made)).obstacles).toMatchObject([
      { code: 'PERSON_NEEDED', nextStep: 'Sign in, and make the plan again.' },
    ])
  })

  it('are known to those alone who may read the plan', async () => {
    const { approval, plan } = await approvedPlan()
    const tenantId = world.tenant.id
    const here: RoleScope = { role: 'approver', tenantId, environmentId: environmentOf(world.sandbox, 'Test').id }
    const there: RoleScope = { role: 'approver', tenantId, environmentId: production() }
    for (const [name, role] of Object.entries({ Here: here, There: there })) {
      const stranger = await people.join(name, role)
      expect(await does(stranger, 'GET', world.at('/approvals'))).toEqual([])
      expect(await deciding(stranger, approval)).toBe('404 APPROVAL_NOT_FOUND')
      expect(await stranger.outcome('GET', world.at(`/plans/${plan.id}/run-permission`))).toBe('404 PLAN_NOT_FOUND')
    }
  })

  async function personCalled(wanted: string): Promise<Person> {
    return (await does<Person[]>(people.owner, 'GET', '/api/people')).find(({ name }) => name === wanted)!
  }

  /** Another plan of the same places. */
  async function changed({ id }: PlanRecord): Promise<PlanRecord> {
    const development = environmentOf(world.sandbox, 'Development')
    development.insertFlow(flow(`Another ${Math.random()}`, [message('Hello')]))
    return does<PlanRecord>(milo, 'POST', world.at(`/plans/${id}/choices`), { choices: [] })
  }

  /** After a day all sessions are over. */
  async function signedInAgain(): Promise<{ milo: Visitor; beatrix: Visitor }> {
    for (const who of [milo, beatrix]) who.browser.forget()
    await milo.signIn(emailOf('Milo'))
    await beatrix.signIn(emailOf('Beatrix'))
    return { milo, beatrix }
  }
})
