import { type JsonObject, kindOf, type Need, planOptionsSchema } from '@flightiq/core'
import { describe, expect, it } from 'vitest'
import { condition, flowWith, nodeOf, richText } from './flow-support.ts'

const flow = kindOf('flow')

describe('the body that a flow is written with', () => {
  it('leaves out what only answers have, and keeps what nobody knows', () => {
    const graphData: JsonObject = {
      elements: { nodes: [nodeOf('a', 'httpConnector', {}, { idUnique: 'x', outcomes: [{ id: 'o' }] })], edges: [] },
      zoom: 2,
      unknown: 1,
    }
    const content: JsonObject = {
      _links: {},
      environment: { id: 'e' },
      id: 'f1',
      name: 'Sign on',
      description: '',
      color: '#AFD5FF',
      enabled: true,
      connectors: [{ id: 'httpConnector' }],
      createdAt: 'x',
      updatedAt: 'x',
      deployedAt: 'x',
      currentVersion: 3,
      publishedVersion: 2,
      dvlinterErrorCount: 1,
      dvlinterWarningCount: 2,
      variables: [],
      unknown: { deep: true },
      settings: { logLevel: 2, unknown: 1 },
      inputSchema: [{ propertyName: 'x' }],
      graphData,
    }
    expect(flow.toRequest(content)).toEqual({
      name: 'Sign on',
      description: '',
      color: '#AFD5FF',
      unknown: { deep: true },
      settings: { logLevel: 2, unknown: 1 },
      inputSchema: [{ propertyName: 'x' }],
      graphData,
    })
    expect(flow.toRequest(content).graphData).toBe(graphData)
  })

  it('has no findings of the linter', () => {
    const content = flowWith([nodeOf('a', 'httpConnector', {}, { linterError: [{ code: 'x' }] })])
    Object.assign(content.graphData as JsonObject, { allLinterErrors: [1], linterError: [2] })
    expect(JSON.stringify(flow.toRequest(content))).not.toContain('inter')
  })

  it('has no inputs for a flow that PingOne starts, which brings its own', () => {
    const inputs = { inputSchema: [{ propertyName: 'loginHint' }] }
    expect(flow.toRequest({ ...inputs, trigger: { type: 'AUTHENTICATION' } })).not.toHaveProperty('inputSchema')
    expect(flow.toRequest({ ...inputs, trigger: { type: 'SCHEDULE' } })).toHaveProperty('inputSchema')
  })

  it('says nothing in place of null', () => {
    expect(flow.toRequest({ name: 'x', settings: null, description: null, trigger: {}, unknown: null })).toEqual({
      name: 'x',
      unknown: null,
    })
  })
})

describe('notes on a flow', () => {
  const notes = (content: JsonObject) => flow.notes?.(content) ?? []

  it('are none for a sound one', () => {
    const nodes = [nodeOf('a', 'httpConnector', {}), condition('c', { a: {} }), nodeOf('b', 'httpConnector', {})]
    const lines: [string, string][] = [
      ['a', 'c'],
      ['c', 'b'],
    ]
    expect(notes(flowWith(nodes, lines, { connectors: [{ id: 'httpConnector' }], variables: [] }))).toEqual([])
  })

  it('name the spot of a line that dangles and of an id that stands twice', () => {
    const content = flowWith([nodeOf('a', 'httpConnector', {}), nodeOf('a', 'httpConnector', {})], [['a', 'gone']])
    expect(notes(content)).toEqual([
      { code: 'DUPLICATE_NODE_ID', message: expect.stringContaining('"a"'), pointer: '/graphData/elements/nodes/1' },
      {
        code: 'DANGLING_EDGE',
        message: expect.stringContaining('"gone"'),
        pointer: '/graphData/elements/edges/0/data/target',
      },
    ])
  })

  it('tell each node that is gone once, and stale conditions together', () => {
    const message = { value: richText('{{local.gone.payload.output.x}}') }
    const content = flowWith([
      nodeOf('a', 'httpConnector', { message }, { label: 'Greet' }),
      nodeOf('b', 'nodeConnector', { nodeInstanceId: { value: 'gone' } }, { label: 'Jump' }),
      condition('c', { old: {}, older: {} }),
    ])
    expect(notes(content)).toEqual([
      {
        code: 'STALE_NODE_REFERENCE',
        message: 'Node "gone" is gone, and still named by "Greet", "Jump".',
        pointer: '/graphData/elements/nodes/0/data/properties/message/value',
      },
      {
        code: 'STALE_CONDITION_KEY',
        message: '2 entries of conditions name nodes that are gone.',
        pointer: '/graphData/elements/nodes/2/data/properties',
      },
    ])
  })

  it('tell what is used and not listed, where the flow has lists', () => {
    const nodes = [nodeOf('a', 'httpConnector', { body: { value: '{{global.variables.x}}{{global.variables.y}}' } })]
    const listing = { connectors: [], variables: [{ name: 'y##SK##company' }] }
    expect(notes(flowWith(nodes, [], listing)).map(({ code, message }) => [code, message])).toEqual([
      ['UNLISTED_VARIABLE', 'The flow uses the variable "x" and does not list it.'],
      ['UNLISTED_CONNECTOR', 'The flow uses the connector "httpConnector" and does not list it.'],
    ])
    expect(notes(flowWith(nodes))).toEqual([])
  })
})

describe('a flow', () => {
  it('is deployed in a version, and switched on unless it says otherwise', () => {
    expect(flow.deployment?.({ currentVersion: 3, publishedVersion: 2 })).toEqual({
      enabled: true,
      currentVersion: 3,
      publishedVersion: 2,
    })
    expect(flow.deployment?.({ enabled: false, publishedVersion: null })).toEqual({ enabled: false })
  })

  it('is updated as a subflow only when subflows are taken along', () => {
    const treatment = (need: Need, withSubflows: boolean) =>
      flow.treatment({}, planOptionsSchema.parse({ withSubflows }), need).different
    expect(treatment('dependency', false)).toBe('leave')
    expect(treatment('dependency', true)).toBe('update')
    expect(treatment('selected', false)).toBe('update')
  })

  it('takes its name and its trigger first when flows call each other in a circle', () => {
    const trigger = { type: 'AUTHENTICATION', configuration: { mfa: { enabled: true } } }
    expect(flow.placeholder?.({ name: 'Sign on', trigger, graphData: {} })).toEqual({ name: 'Sign on', trigger })
  })

  it('counts its nodes for lists, conditions aside, when it was read whole', () => {
    const content = flowWith([nodeOf('a', 'x', {}), condition('c')], [], { trigger: { type: 'SCHEDULE' } })
    expect(flow.facts?.(content)).toEqual({ nodes: '1', trigger: 'SCHEDULE' })
    expect(flow.facts?.({ name: 'Sign on' })).toEqual({})
  })
})
