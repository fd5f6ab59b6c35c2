import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Guard, PlanRecord, RoleScope, Run } from '../src/index.ts'
import type { Visitor } from './support/console.ts'
import { environmentOf, flow, message } from './support/content.ts'
import { databases } from './support/databases.ts'
import { requireSignIn } from './support/people.ts'
import { startWorld, type World } from './support/world.ts'

const kinds = databases()

afterAll(async () => {
  for (const kind of kinds) await kind.stop()
})

describe.each(kinds)('roles on one environment, on $name', (kind) => {
  let world: World
  /** Reads Development, operates Test. */
  let milo: Visitor
  /** Administers Test alone. */
  let tessa: Visitor
  /** Operates everywhere. */
  let orla: Visitor
  let toTest: PlanRecord
  let toProduction: PlanRecord
  beforeAll(async () => {
    world = await startWorld(kind)
    environmentOf(world.sandbox, 'Production').insertFlow(flow('Only in Production', [message('Hidden')]))
    const people = await requireSignIn(world)
    milo = await people.join('Milo', on('viewer', 'Development'), on('operator', 'Test'))
    tessa = await people.join('Tessa', on('admin', 'Test'))
    orla = await people.join('Orla', { role: 'operator' })
    toTest = await does<PlanRecord>(milo, 'POST', world.at('/plans'), planRequest('Development', 'Test'))
    toProduction = await does<PlanRecord>(orla, 'POST', world.at('/plans'), planRequest('Development', 'Production'))
  })
  afterAll(() => world.close())

  const idOf = (name: string) => environmentOf(world.sandbox, name).id
  const on = (role: RoleScope['role'], name: string): RoleScope => ({
    role,
    tenantId: world.tenant.id,
    environmentId: idOf(name),
  })
  const planRequest = (from: string, to: string) => ({
    from: `env:${from}`,
    to: `env:${to}`,
    selection: { flows: [world.flows.sendCode] },
  })

  async function does<Body>(who: Visitor, method: string, path: string, body?: unknown): Promise<Body> {
    const said = await who.call<Body>(method, path, body)
    expect({ path, said: said.status < 300 ? 'yes' : said.body }).toEqual({ path, said: 'yes' })
    return said.body
  }

  it('show those environments, and neither name nor count of the others', async () => {
    const names = (found: { name: string }[]) => found.map(({ name }) => name)
    expect(names(await does(milo, 'GET', world.at('/environments')))).toEqual(['Development', 'Test'])
    expect(names(await does(tessa, 'GET', world.at('/environments')))).toEqual(['Test'])
    const guards = await does<Guard[]>(tessa, 'GET', world.at('/guards'))
    expect(guards.map(({ environmentName }) => environmentName)).toEqual(['Test'])
  })

  it('make an environment that may not be read look like one that is not there', async () => {
    const paths = (place: string) => [
      `/artifacts/flow?in=${place}`,
      `/artifacts/flow/${world.flows.signOn}?in=${place}`,
      `/comparison?from=env:Development&to=${place}`,
      `/comparison?from=${place}&to=env:Test`,
      `/comparison/flow?from=env:Development&to=${place}&source=${world.flows.signOn}`,
    ]
    for (const place of ['env:Production', `env:${idOf('Production')}`]) {
      for (const [index, path] of paths(place).entries()) {
        const hidden = await milo.call('GET', world.at(path))
        const absent = await milo.call('GET', world.at(paths('env:Nowhere')[index]!))
        const [name] = place.split(':').slice(1)
        expect({ path, status: hidden.status, body: hidden.body }).toEqual({
          path,
          status: 404,
          body: { ...absent.body, detail: absent.body.detail.replace('Nowhere', name!) },
        })
        expect(hidden.body.nextStep).toBe('You may read: Development, Test.')
      }
    }
    const stream = await milo.browser.request(
      new URL(world.at('/comparison/events?from=env:Development&to=env:Production'), world.server.url),
    )
    const text = await stream.text()
    expect(text).toContain('NOT_FOUND')
    expect(text).not.toContain('Only in Production')
  })

  it('let plans be made, imported and decided on for those alone', async () => {
    const plans = world.at('/plans')
    expect(await milo.outcome('POST', plans, planRequest('Development', 'Production'))).toBe('404 NOT_FOUND')
    expect(await milo.outcome('POST', plans, planRequest('Production', 'Test'))).toBe('404 NOT_FOUND')
    expect(await milo.outcome('POST', plans, planRequest('Test', 'Development'))).toBe('403 PERMISSION_MISSING')
    expect(await milo.outcome('POST', `${plans}/import`, toProduction.plan)).toBe('403 PERMISSION_MISSING')
    expect(await milo.outcome('POST', `${plans}/${toProduction.id}/choices`, { choices: [] })).toBe(
      '404 PLAN_NOT_FOUND',
    )
    // What a plan from elsewhere holds is known to who brings it; reading its source anew is another matter.
    const source = { ...toTest.plan.source, environmentId: idOf('Production') }
    const brought = await does<PlanRecord>(milo, 'POST', `${plans}/import`, { ...toTest.plan, source })
    expect(await milo.outcome('POST', `${plans}/${brought.id}/choices`, { choices: [] })).toBe('404 NOT_FOUND')
  })

  it('show plans of which both places may be read', async () => {
    const listed = async (who: Visitor) =>
      (await does<{ id: string }[]>(who, 'GET', world.at('/plans'))).map(({ id }) => id)
    expect(await listed(orla)).toContain(toProduction.id)
    expect(await listed(milo)).toContain(toTest.id)
    expect(await listed(milo)).not.toContain(toProduction.id)
    // Its source, Development, is not hers to read.
    expect(await listed(tessa)).not.toContain(toTest.id)
    expect(await tessa.outcome('GET', world.at(`/plans/${toTest.id}`))).toBe('404 PLAN_NOT_FOUND')
    expect(await milo.outcome('GET', world.at(`/plans/${toProduction.id}`))).toBe('404 PLAN_NOT_FOUND')
  })

  it('let runs be started, stopped and looked at for those alone', async () => {
    expect(await milo.outcome('POST', world.at(`/plans/${toProduction.id}/runs`))).toBe('404 PLAN_NOT_FOUND')
    const back = await does<PlanRecord>(orla, 'POST', world.at('/plans'), {
      ...planRequest('Production', 'Development'),
      selection: { flows: [[...environmentOf(world.sandbox, 'Production').flows.keys()].at(-1)] },
    })
    const elsewhere = await does<Run>(orla, 'POST', world.at(`/plans/${back.id}/runs`))
    expect((await orla.get(world.at(`/runs/${elsewhere.id}/events`))).status).toBe(200)
    for (const path of ['resume', 'cancel']) {
      // Its destination is read, not operated, by one; and neither by the other.
      expect(await milo.outcome('POST', world.at(`/runs/${elsewhere.id}/${path}`))).toBe('403 PERMISSION_MISSING')
      expect(await tessa.outcome('POST', world.at(`/runs/${elsewhere.id}/${path}`))).toBe('404 RUN_NOT_FOUND')
    }
    for (const path of ['', '/events', `/backups/${elsewhere.operations[0]!.operationId}`]) {
      expect(await tessa.outcome('GET', world.at(`/runs/${elsewhere.id}${path}`))).toBe('404 RUN_NOT_FOUND')
    }
    expect(await does(tessa, 'GET', world.at('/runs'))).toEqual([])
    expect((await does<Run[]>(milo, 'GET', world.at('/runs'))).map(({ id }) => id)).toEqual([elsewhere.id])
    const own = await does<Run>(milo, 'POST', world.at(`/plans/${toTest.id}/runs`))
    expect(own.startedBy?.name).toBe('Milo Northwind')
    expect((await milo.get(world.at(`/runs/${own.id}/events`))).status).toBe(200)
    expect((await does<Run[]>(tessa, 'GET', world.at('/runs'))).map(({ id }) => id)).toEqual([own.id])
  })

  it('let an administrator of one guard that one, and neither the tenant nor the installation', async () => {
    const guard = (name: string) => world.at(`/guards/${idOf(name)}`)
    await does<Guard>(tessa, 'PUT', guard('Test'), { protection: 'locked', reason: 'Mine' })
    expect(await tessa.outcome('PUT', guard('Production'), { protection: 'open' })).toBe('404 ENVIRONMENT_NOT_FOUND')
    expect(await tessa.outcome('DELETE', guard('Production'))).toBe('404 ENVIRONMENT_NOT_FOUND')
    expect(await milo.outcome('PUT', guard('Test'), { protection: 'open' })).toBe('403 PERMISSION_MISSING')
    expect(await tessa.outcome('PUT', '/api/write-stop', { stopped: true })).toBe('403 PERMISSION_MISSING')
    expect(await tessa.outcome('DELETE', world.at(''))).toBe('403 PERMISSION_MISSING')
    await does(tessa, 'DELETE', guard('Test'))
  })
})
