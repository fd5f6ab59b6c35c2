import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Run, RunEvent } from '../src/index.ts'
import { environmentOf, flow, message } from './support/content.ts'
import { databases } from './support/databases.ts'
import { eventsIn, expectStatus, startWorld, type World } from './support/world.ts'

const kinds = databases()

afterAll(async () => {
  for (const kind of kinds) await kind.stop()
})

describe.each(kinds)('runs on $name', (kind) => {
  let world: World
  beforeEach(async () => {
    world = await startWorld(kind)
  })
  afterEach(() => world.close())

  const writes = () => world.gate.passed.filter(({ method, path }) => method !== 'GET' && path.startsWith('/v1/'))
  const states = (run: Run) => run.operations.map(({ state }) => state)

  it('bring everything over, so that both places are identical and the next plan is empty', async () => {
    const { id, plan } = await world.decidedPlan()
    expect(plan.operations.map(({ action }) => action)).toContain('create')
    const run = await world.ended((await world.start(id)).id)
    expect(run).toMatchObject({ state: 'done', verification: { different: [] } })
    expect(run.verification!.identical).toBeGreaterThan(5)
    expect(run.problem).toBeUndefined()
    const states = (await world.compare()).rows.map((row) => row.state)
    expect(new Set(states)).toEqual(new Set(['identical']))
    expect((await world.plan()).plan.operations).toEqual([])
  })

  it('take names and texts as strange as they come', async () => {
    const names = [`It's "quoted" & more`, '🔐 émoji', 'x'.repeat(256), 'null\u0000byte']
    const development = environmentOf(world.sandbox, 'Development')
    const strange = [...names, '\ud800 lone', '__proto__', '\\u0000'].join(' ')
    const flows = names.map((name) => development.insertFlow(flow(name, [message(strange)])).id)
    const { id } = await world.decidedPlan({ flows })
    const run = await world.ended((await world.start(id)).id)
    expect(run.problem).toBeUndefined()
    expect(run).toMatchObject({ state: 'done', verification: { identical: 4, different: [] } })
    const { rows } = await world.compare()
    for (const name of names) expect(rows.find(({ source }) => source?.name === name)?.state).toBe('identical')
  })

  it('are told as they go on: the run, each operation, and the run at its end', async () => {
    const { id } = await world.decidedPlan()
    const { id: runId, operations } = await world.start(id)
    const events = eventsIn<RunEvent>((await world.call('GET', world.at(`/runs/${runId}/events`))).text)
    expect(events[0]).toMatchObject({ type: 'run' })
    expect(events.at(-1)).toMatchObject({ type: 'run', run: { id: runId, state: 'done' } })
    const last = new Map(
      events.flatMap((event) =>
        event.type === 'operation' ? [[event.operation.operationId, event.operation.state]] : [],
      ),
    )
    for (const operation of events[0]!.type === 'run' ? events[0]!.run.operations : []) {
      if (operation.state !== 'done') expect(last.get(operation.operationId)).toBe('done')
    }
    expect(operations.length).toBeGreaterThan(5)
  })

  it('stop at the first failure with the rest untouched, and go on from there when resumed', async () => {
    const { id } = await world.decidedPlan()
    const refusal = {
      id: 'b1c2',
      code: 'INVALID_DATA',
      message: 'Not like this',
      details: [{ code: 'X', target: 'name', message: 'Bad' }],
    }
    let creates = 0
    world.gate.treat = ({ method, path }) =>
      method === 'POST' && path.endsWith('/flows') && ++creates === 2 ? { status: 400, body: refusal } : 'pass'
    const failed = await world.ended((await world.start(id)).id)
    expect(failed).toMatchObject({
      state: 'failed',
      problem: {
        code: 'PINGONE_REFUSED',
        nextStep: expect.any(String),
        pingone: { status: 400, id: 'b1c2', code: 'INVALID_DATA', details: refusal.details },
      },
    })
    const at = states(failed).indexOf('failed')
    expect(states(failed).slice(0, at)).toEqual(Array(at).fill('done'))
    expect(
      states(failed)
        .slice(at + 1)
        .every((state) => state === 'pending'),
    ).toBe(true)
    expect(environmentOf(world.sandbox, 'Production').flows.size).toBe(1)

    world.gate.treat = () => 'pass'
    expectStatus(await world.call('POST', world.at(`/runs/${failed.id}/resume`)), 202)
    const run = await world.ended(failed.id)
    expect(run).toMatchObject({ state: 'done', verification: { different: [] } })
    expect(environmentOf(world.sandbox, 'Production').flows.size).toBe(3)
    expect(run.operations.slice(0, at)).toEqual(failed.operations.slice(0, at))
  })

  it('keep what they replace', async () => {
    const production = environmentOf(world.sandbox, 'Production')
    production.insertFlow(flow('Send code', [message('An older text')]))
    const { id, plan } = await world.decidedPlan()
    const update = plan.operations.find(({ action, name }) => action === 'update' && name === 'Send code')!
    const run = await world.ended((await world.start(id)).id)
    expect(run.state).toBe('done')
    const backup = await world.call('GET', world.at(`/runs/${run.id}/backups/${update.id}`))
    expect(backup.text).toContain('An older text')
    for (const unknown of ['op-none', '%00']) {
      const none = await world.call('GET', world.at(`/runs/${run.id}/backups/${unknown}`))
      expect(expectStatus(none, 404)).toMatchObject({ code: 'BACKUP_NOT_FOUND' })
    }
  })

  it('overwrite nothing that was changed after the plan was made', async () => {
    const production = environmentOf(world.sandbox, 'Production')
    const theirs = production.insertFlow(flow('Send code', [message('An older text')]))
    const { id } = await world.decidedPlan()
    production.saveFlow(
      theirs,
      flow('Send code', [message('Mended by hand in the night'), message('More', 'more000001')]),
    )
    const run = await world.ended((await world.start(id)).id)
    expect(run).toMatchObject({ state: 'failed', problem: { code: 'DESTINATION_CHANGED' } })
    expect(run.problem!.detail).toContain('version 1 became 2')
    expect(JSON.stringify(production.currentVersion(theirs).content)).toContain('Mended by hand')
  })

  it('create no second one of what somebody else has created since', async () => {
    const { id } = await world.decidedPlan({ kinds: ['variable'] })
    const production = environmentOf(world.sandbox, 'Production')
    production.insertVariable({ name: 'region', context: 'company', dataType: 'string', value: 'US', mutable: true })
    const run = await world.ended((await world.start(id)).id)
    expect(run).toMatchObject({ state: 'failed', problem: { code: 'DESTINATION_CHANGED' } })
    expect([...production.variables.values()].filter(({ content }) => content.name === 'region')).toHaveLength(1)
  })

  it('are the only one that writes to an environment', async () => {
    const [first, second] = [await world.decidedPlan(), await world.decidedPlan({ kinds: ['variable'] })]
    world.gate.treat = ({ method }) => (method === 'GET' ? 'pass' : 'hold')
    const { id } = await world.start(first.id)
    await world.gate.held()
    const refused = await world.call('POST', world.at(`/plans/${second.id}/runs`))
    expect(expectStatus(refused, 409)).toMatchObject({ code: 'DESTINATION_BUSY', detail: expect.stringContaining(id) })
    world.gate.treat = () => 'pass'
    world.gate.open()
    expect((await world.ended(id)).state).toBe('done')
  })

  it('stop after the operation under way when cancelled, and can be resumed', async () => {
    const { id } = await world.decidedPlan()
    world.gate.treat = ({ method }) => (method === 'POST' ? 'hold' : 'pass')
    const { id: runId } = await world.start(id)
    await world.gate.held()
    expectStatus(await world.call('POST', world.at(`/runs/${runId}/cancel`)), 202)
    world.gate.treat = () => 'pass'
    world.gate.open()
    const cancelled = await world.ended(runId)
    expect(cancelled.state).toBe('cancelled')
    expect(states(cancelled).filter((state) => state === 'done')).toHaveLength(1)
    expect(writes()).toHaveLength(1)
    expectStatus(await world.call('POST', world.at(`/runs/${runId}/resume`)), 202)
    expect(await world.ended(runId)).toMatchObject({ state: 'done', verification: { different: [] } })
  })

  it('survive that all tokens are revoked in the middle', async () => {
    const { id } = await world.decidedPlan()
    let count = 0
    world.gate.treat = ({ method }) => {
      if (method === 'POST' && ++count === 3) world.sandbox.revokeTokens()
      return 'pass'
    }
    expect(await world.ended((await world.start(id)).id)).toMatchObject({
      state: 'done',
      verification: { different: [] },
    })
  })

  it('tell when the worker app was shut out in the middle, and go on once it is let in again', async () => {
    const { id } = await world.decidedPlan()
    let count = 0
    const worker = world.sandbox.state.workers[0]!
    world.gate.treat = ({ method, path }) => {
      if (method === 'POST' && path.startsWith('/v1/') && ++count === 3) {
        worker.enabled = false
        world.sandbox.revokeTokens()
      }
      return 'pass'
    }
    const failed = await world.ended((await world.start(id)).id)
    expect(failed).toMatchObject({ state: 'failed', problem: { code: 'TOKEN_DISABLED', nextStep: expect.any(String) } })
    worker.enabled = true
    expectStatus(await world.call('POST', world.at(`/runs/${failed.id}/resume`)), 202)
    expect(await world.ended(failed.id)).toMatchObject({ state: 'done', verification: { different: [] } })
  })

  it('find out by looking whether a create happened whose answer was lost', async () => {
    const { id } = await world.decidedPlan()
    let dropped = 0
    world.gate.treat = ({ method, path }) => {
      const flows = path.endsWith('/flows')
      if (method === 'POST' && flows && dropped++ === 0) return 'dropAnswer'
      return 'pass'
    }
    const run = await world.ended((await world.start(id)).id)
    const end = run.state === 'failed' ? await resumed(run) : run
    expect(end).toMatchObject({ state: 'done', verification: { different: [] } })
    const names = [...environmentOf(world.sandbox, 'Production').flows.values()].length
    expect(names).toBe(3)
  })

  it('run a plan once', async () => {
    const { id } = await world.decidedPlan()
    await world.ended((await world.start(id)).id)
    const again = await world.call('POST', world.at(`/plans/${id}/runs`))
    expect(expectStatus(again, 409)).toMatchObject({ code: 'PLAN_ALREADY_RUN' })
  })

  it('refuse a plan in which something is still to be decided', async () => {
    environmentOf(world.sandbox, 'Production').connectorInstances.clear()
    const { id } = await world.plan({ flows: [world.flows.signOn] })
    const refused = await world.call('POST', world.at(`/plans/${id}/runs`))
    expect(expectStatus(refused, 409)).toMatchObject({ code: 'PLAN_HAS_BLOCKERS', nextStep: expect.any(String) })
  })

  async function resumed(run: Run): Promise<Run> {
    expectStatus(await world.call('POST', world.at(`/runs/${run.id}/resume`)), 202)
    return world.ended(run.id)
  }
})
