import { type Inventory, makePlan, type Plan, type PlanOptions, type PlanSelection } from '@flightiq/core'
import { describe, expect, it } from 'vitest'
import { artifact, call, flow, instance, inventory, node, place, variable } from './builders.ts'

const conductor = instance('conductor', 'Flow Conductor', 'flowConnector')

function plan(
  source: Inventory,
  destination: Inventory,
  selection: PlanSelection,
  options: Partial<PlanOptions> = {},
): Plan {
  return makePlan({
    source: { description: place('Development'), inventory: source },
    destination: { description: place('Production'), inventory: destination },
    selection,
    options,
  })
}

function steps(made: Plan): string[] {
  return made.operations.map(
    (operation) => `${operation.action}${operation.placeholder ? ' shell' : ''} ${operation.name}`,
  )
}

describe('a plan', () => {
  it('creates subflows before the flows that call them, and deploys when everything is written', () => {
    const source = inventory(
      conductor,
      flow('top', 'Top', [call('n1', 'mid', 'Middle')]),
      flow('mid', 'Middle', [call('n1', 'low', 'Low')]),
      flow('low', 'Low'),
    )
    const made = plan(source, inventory(conductor), { flows: ['top'] })
    expect(steps(made)).toEqual([
      'create Low',
      'create Middle',
      'create Top',
      'deploy Low',
      'deploy Middle',
      'deploy Top',
    ])
  })

  it('gives flows that call each other their names first, then their content', () => {
    const source = inventory(
      conductor,
      flow('a', 'Ping', [call('n1', 'b', 'Pong')]),
      flow('b', 'Pong', [call('n1', 'a', 'Ping')]),
    )
    const made = plan(source, inventory(conductor), { flows: ['a'] }, { deploy: false })
    const shells = steps(made).filter((step) => step.includes('shell'))
    expect(shells.toSorted()).toEqual(['create shell Ping', 'create shell Pong'])
    expect(steps(made).slice(0, 2)).toEqual(shells)
    expect(steps(made).slice(2).toSorted()).toEqual(['update Ping', 'update Pong'])
  })

  it('points nodes to the matching instance of the destination, and says why', () => {
    const source = inventory(
      instance('dev-http', 'Orders API'),
      flow('f', 'Flow', [node({ id: 'n1', connectionId: 'dev-http', label: 'Call it' })]),
    )
    const made = plan(source, inventory(instance('prod-http', 'Orders API')), { flows: ['f'] })
    expect(made.references.find((reference) => reference.kind === 'connectorInstance')).toMatchObject({
      resolution: { to: 'existing', destinationId: 'prod-http', basis: 'name' },
      usedBy: [{ node: { id: 'n1', label: 'Call it' } }],
    })
    expect(made.mapping.connectorInstance).toEqual({ 'dev-http': 'prod-http' })
  })

  it('asks about a missing instance, naming the nodes that need it and those it could be mapped to', () => {
    const secret = { token: { value: '******' } }
    const source = inventory(
      instance('dev', 'Orders API', 'httpConnector', secret),
      flow('f', 'Flow', [node({ id: 'n1', connectionId: 'dev', label: 'Place order' })]),
    )
    const destination = inventory(instance('other', 'Invoices API', 'httpConnector', secret))
    const open = plan(source, destination, { flows: ['f'] })
    expect(open.notes[0]).toMatchObject({ severity: 'blocker', code: 'REFERENCE_MISSING' })
    expect(open.notes[0]?.message).toContain('Place order')
    expect(open.references.find((reference) => reference.kind === 'connectorInstance')?.resolution).toMatchObject({
      to: 'unresolved',
      candidates: [{ id: 'other' }],
      choices: ['create', 'map', 'keep'],
    })

    const created = plan(
      source,
      destination,
      { flows: ['f'] },
      { choices: [{ action: 'create', kind: 'connectorInstance', sourceId: 'dev' }] },
    )
    expect(steps(created)[0]).toBe('create Orders API')
    expect(created.operations[0]?.followUp[0]).toContain('token')
    expect(created.notes.filter((note) => note.severity === 'blocker')).toEqual([])

    const mapped = plan(
      source,
      destination,
      { flows: ['f'] },
      {
        choices: [{ action: 'map', kind: 'connectorInstance', sourceId: 'dev', destinationId: 'other' }],
      },
    )
    expect(mapped.mapping.connectorInstance).toEqual({ dev: 'other' })
    expect(steps(mapped)).toEqual(['create Flow', 'deploy Flow'])
  })

  it('refuses to map an instance to one of another connector', () => {
    const source = inventory(instance('dev', 'A', 'httpConnector'))
    const choice = { action: 'map', kind: 'connectorInstance', sourceId: 'dev', destinationId: 'p' } as const
    expect(() =>
      plan(source, inventory(instance('p', 'A', 'smtpConnector')), { all: true }, { choices: [choice] }),
    ).toThrow(/can't be mapped/)
  })

  it('is empty when both sides agree', () => {
    const both = inventory(
      conductor,
      flow('top', 'Top', [call('n1', 'low', 'Low')]),
      flow('low', 'Low'),
      variable('v', 'limit'),
    )
    expect(plan(both, both, { all: true }).operations).toEqual([])
    expect(plan(both, both, { flows: ['top'] }).operations).toEqual([])
  })

  it('follows an unchanged flow to a subflow that changed', () => {
    const source = inventory(
      conductor,
      flow('top', 'Top', [call('n1', 'low', 'Low')]),
      flow('low', 'Low', [], { description: 'new' }),
    )
    const destination = inventory(conductor, flow('top', 'Top', [call('n1', 'low', 'Low')]), flow('low', 'Low'))
    expect(steps(plan(source, destination, { flows: ['top'] }))).toEqual(['update Low', 'deploy Low'])
    expect(steps(plan(source, destination, { flows: ['top'] }, { withSubflows: false }))).toEqual([])
  })

  it('creates missing variables and leaves values that differ, unless they are to follow', () => {
    const uses = (name: string) =>
      node({
        id: name,
        connectionId: 'conductor',
        properties: { x: { value: `{{global.company.variables.${name}}}` } },
      })
    const source = inventory(
      conductor,
      flow('f', 'Flow', [uses('host'), uses('limit')]),
      variable('1', 'host', { value: 'dev' }),
      variable('2', 'limit'),
    )
    const destination = inventory(conductor, variable('9', 'host', { value: 'prod' }))
    const careful = plan(source, destination, { flows: ['f'] }, { deploy: false })
    expect(steps(careful)).toEqual(['create limit', 'create Flow'])
    expect(careful.notes).toContainEqual(expect.objectContaining({ code: 'LEFT_ALONE', severity: 'info' }))
    expect(steps(plan(source, destination, { flows: ['f'] }, { updateVariables: true, deploy: false }))).toContain(
      'update host',
    )
  })

  it('creates a variable of flow context after its flow', () => {
    const own = variable('1', 'retries', { context: 'flow', flow: { id: 'f' } })
    const uses = node({
      id: 'n',
      connectionId: 'conductor',
      properties: { x: { value: '{{global.flow.variables.retries}}' } },
    })
    const made = plan(
      inventory(conductor, flow('f', 'Flow', [uses]), own),
      inventory(conductor),
      { flows: ['f'] },
      { deploy: false },
    )
    expect(steps(made)).toEqual(['create Flow', 'create retries'])
  })

  it('carries over what the source itself has lost, with a warning', () => {
    const source = inventory(flow('f', 'Flow', [node({ id: 'n', connectionId: 'gone' })]))
    const made = plan(source, inventory(), { flows: ['f'] })
    expect(made.references.find((reference) => reference.target === 'gone')?.resolution).toEqual({
      to: 'unchanged',
      why: 'staleInSource',
    })
    expect(made.notes).toContainEqual(expect.objectContaining({ severity: 'warning', code: 'STALE_REFERENCE' }))
  })

  it('copies a bundle as new under a name of its own', () => {
    const both = inventory(conductor, flow('top', 'Top', [call('n1', 'low', 'Low')]), flow('low', 'Low'))
    const made = plan(both, both, { flows: ['top'] }, { mode: 'copy', deploy: false })
    expect(steps(made)).toEqual(['create Low - Copy', 'create Top - Copy'])
    expect(made.mapping.flow).toBeUndefined()
  })

  it('writes a flow policy only when the flows it sends people to run', () => {
    const source = inventory(
      flow('f', 'Flow'),
      artifact('application', { id: 'app', name: 'Web' }),
      artifact('flowPolicy', {
        id: 'p',
        name: 'Default',
        application: { id: 'app' },
        flowDistributions: [{ id: 'f', version: -1 }],
      }),
    )
    const made = plan(source, inventory(), { all: true })
    expect(steps(made)).toEqual(['create Flow', 'create Web', 'deploy Flow', 'create Default'])
  })

  it('switches a flow off where the source has it off, without writing what agrees', () => {
    const destination = inventory(flow('f', 'Flow'))
    expect(steps(plan(inventory(flow('f', 'Flow', [], { enabled: false })), destination, { flows: ['f'] }))).toEqual([
      'disable Flow',
    ])
  })

  it('deploys a selected flow that agrees but whose agreeing version does not run', () => {
    const destination = inventory(flow('f', 'Flow', [], { currentVersion: 4, publishedVersion: 3 }))
    expect(steps(plan(inventory(flow('f', 'Flow')), destination, { flows: ['f'] }))).toEqual(['deploy Flow'])
  })

  it('blocks when the destination would hold more than PingOne keeps', () => {
    const full = inventory(...Array.from({ length: 100 }, (_, index) => flow(`p${index}`, `Flow ${index}`)))
    const made = plan(inventory(flow('f', 'One more')), full, { flows: ['f'] })
    expect(made.notes).toContainEqual(expect.objectContaining({ severity: 'blocker', code: 'LIMIT_EXCEEDED' }))
  })

  it.each([
    [{}, 'NOTHING_SELECTED'],
    [{ flows: ['nobody'] }, 'FLOW_NOT_FOUND'],
    [{ kinds: ['connector'] }, 'NOT_WRITABLE'],
  ] as [PlanSelection, string][])('is refused for %j', (selection, code) => {
    expect(() => plan(inventory(), inventory(), selection)).toThrow(expect.objectContaining({ code }))
  })
})
