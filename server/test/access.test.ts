import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AccessAdvice, AccessEvent, AccessMatrix, ChecklistEvent, ChecklistItem, Guard } from '../src/index.ts'
import { environmentOf } from './support/content.ts'
import { databases } from './support/databases.ts'
import { expectStatus, startWorld, type World } from './support/world.ts'

const kinds = databases()

afterAll(async () => {
  for (const kind of kinds) await kind.stop()
})

describe.each(kinds)('what the worker app may do, on $name', (kind) => {
  let world: World
  beforeEach(async () => {
    world = await startWorld(kind)
  })
  afterEach(() => world.close())

  const clientId = () => world.sandbox.tenants[0]!.clientId
  const idOf = (name: string) => environmentOf(world.sandbox, name).id
  const own = { role: 'Client Application Developer', scope: 'Administrators' }

  const eventsOf = async <Event>(path: string): Promise<Event[]> => {
    const { status, text } = await world.call('GET', world.at(path))
    expect(status).toBe(200)
    const data = text.split('\n').flatMap((line) => (line.startsWith('data: ') ? [line.slice(6)] : []))
    return data.map((line) => JSON.parse(line) as Event)
  }
  const matrixOf = async (query = ''): Promise<AccessMatrix> => {
    const last = (await eventsOf<AccessEvent>(`/access/events?${query}`)).at(-1)
    if (last?.type !== 'matrix') throw new Error('The stream ended without a matrix.')
    return last.matrix
  }
  const cell = (matrix: AccessMatrix, environment: string, area: string, operation: 'read' | 'create') =>
    matrix.environments.find(({ name }) => name === environment)?.cells[area]?.[operation]

  it('is told from its roles where it may read them, and follows them at once', async () => {
    world.sandbox.setRoles(clientId(), [
      own,
      { role: 'DaVinci Admin', scope: 'Development' },
      { role: 'DaVinci Admin Read Only', scope: 'Production' },
    ])
    const matrix = await matrixOf('probe=none')
    expect(matrix.rolesKnown).toBe(true)
    expect(cell(matrix, 'Development', 'flow', 'create')).toMatchObject({ state: 'granted', roles: ['DaVinci Admin'] })
    expect(cell(matrix, 'Production', 'flow', 'read')).toMatchObject({ state: 'granted', basis: 'roles' })
    expect(cell(matrix, 'Production', 'flow', 'create')).toMatchObject({ state: 'denied', basis: 'roles' })
    expect(matrix.environments.map(({ name }) => name)).not.toContain('Test')

    world.sandbox.setRoles(clientId(), [own, { role: 'DaVinci Admin', scope: 'Production' }])
    expect(cell(await matrixOf('probe=none'), 'Production', 'flow', 'create')).toMatchObject({ state: 'granted' })
  })

  it('is told from trials where its roles cannot be read, and these change nothing', async () => {
    const before = JSON.stringify([...world.sandbox.state.environments.values()].map((one) => one.toStored()))
    const events = await eventsOf<AccessEvent>('/access/events?probe=all')
    expect(events.filter(({ type }) => type === 'progress').length).toBeGreaterThan(3)
    const last = events.at(-1)
    const matrix = last?.type === 'matrix' ? last.matrix : undefined
    expect(matrix).toMatchObject({
      rolesKnown: false,
      rolesNote: expect.stringContaining('Client Application Developer'),
    })
    expect(cell(matrix!, 'Production', 'variable', 'create')).toMatchObject({ state: 'granted', basis: 'probe' })
    expect(cell(matrix!, 'Production', 'population', 'read')).toMatchObject({ state: 'denied', basis: 'probe' })
    expect(JSON.stringify([...world.sandbox.state.environments.values()].map((one) => one.toStored()))).toBe(before)
  })

  it('is held against what jobs need, whether its roles can be read or not', async () => {
    const grants = [
      { role: 'DaVinci Admin', scope: 'Development' },
      { role: 'DaVinci Admin Read Only', scope: 'Production' },
    ]
    const path = `/access/advice?jobs=migrateFlows&sources=${idOf('Development')}&destinations=${idOf('Production')}`
    for (const roles of [grants, [...grants, own]]) {
      world.sandbox.setRoles(clientId(), roles)
      const advice = expectStatus(await world.call<AccessAdvice>('GET', world.at(path)), 200)
      expect(advice.missing).toMatchObject([{ role: 'DaVinci Admin', scope: 'Production' }])
      const beyond = advice.excess.map(({ role, scope }) => `${role} on ${scope}`)
      if (roles.length === 3) expect(beyond).toContain('DaVinci Admin on Development')
    }
    const unknown = await world.call('GET', world.at('/access/advice?jobs=makeCoffee'))
    expect([unknown.status, unknown.body.code]).toEqual([400, 'ACCESS_JOB_UNKNOWN'])
  })

  it('passes the checklist when all is well, and a trial write leaves nothing behind', async () => {
    const events = await eventsOf<ChecklistEvent>('/checklist/events')
    const outcomes = events.flatMap((event) => (event.type === 'item' ? [event.item.outcome] : []))
    expect(outcomes).toEqual(['passed', 'passed', 'passed', 'passed', 'passed', 'passed', 'skipped'])
    expect(events.at(-1)).toEqual({ type: 'end', ok: true })

    const development = environmentOf(world.sandbox, 'Development')
    const before = [...development.variables.keys()]
    const tried = await world.call<ChecklistItem>('POST', world.at('/checklist/write'), {
      environmentId: development.id,
    })
    expect(expectStatus(tried, 200)).toMatchObject({ id: 'write', outcome: 'passed' })
    expect([...development.variables.keys()]).toEqual(before)
  })

  it('writes no trial to production, nor to what is locked or protected', async () => {
    const attempt = async (name: string) => {
      const { status, body } = await world.call('POST', world.at('/checklist/write'), { environmentId: idOf(name) })
      return [status, body.code]
    }
    expect(await attempt('Production')).toEqual([422, 'ENVIRONMENT_IS_PRODUCTION'])
    for (const [protection, code] of [
      ['locked', 'ENVIRONMENT_LOCKED'],
      ['protected', 'PLAN_NEEDED'],
    ]) {
      const guard = { protection, approvals: 1, freezes: [] }
      expectStatus(await world.call<Guard>('PUT', world.at(`/guards/${idOf('Test')}`), guard), 200)
      expect(await attempt('Test')).toEqual([409, code])
    }
    expect(environmentOf(world.sandbox, 'Test').variables.size).toBe(0)
  })
})
