import { type Difference, fingerprint, type Json, type JsonObject, kindOf } from '@flightiq/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyFlow } from './flow-arbitrary.ts'
import { at, condition, flowWith, nodeOf, richText } from './flow-support.ts'

const flow = kindOf('flow')

/** What a source has that the destination has otherwise. */
function compare(source: JsonObject, destination: JsonObject): Difference[] {
  return flow.compare(flow.normalise(source), flow.normalise(destination))
}

/** Section, change and id of each difference. */
function brief(differences: Difference[]): string[] {
  return differences.map(({ section, change, id }) => `${section} ${change} ${id}`)
}

/** A copy with one value set. */
function withValue(content: JsonObject, pointer: string, value: Json): JsonObject {
  const copy = structuredClone(content)
  const steps = pointer.split('/').slice(1)
  const last = steps.pop() ?? ''
  const holder = at(copy, steps.map((step) => `/${step}`).join('')) as JsonObject
  holder[last] = value
  return copy
}

const base = flowWith(
  [
    nodeOf(
      'a',
      'httpConnector',
      { customHTML: { value: '<b>\n</b>' } },
      { name: 'Http', capabilityName: 'customHTMLTemplate' },
    ),
    condition('c', { a: { value: 'anyTriggersFalse' } }),
    nodeOf('b', 'flowConnector', { subFlowId: { value: { label: 'Sub', value: 'f2' } } }),
  ],
  [
    ['a', 'c'],
    ['c', 'b'],
  ],
  { settings: { logLevel: 2 }, inputSchema: [{ propertyName: 'x', preferredDataType: 'string' }] },
)

describe('the comparable form of a flow', () => {
  it('is the same when it is made again', () => {
    fc.assert(
      fc.property(anyFlow, (content) => {
        const once = flow.normalise(content)
        expect(flow.normalise(once)).toEqual(once)
      }),
    )
  })

  it('leaves its input as it was, and shares what it does not change', () => {
    const copy = structuredClone(base)
    const normalised = flow.normalise(base)
    expect(base).toEqual(copy)
    const html = '/data/properties/customHTML'
    expect(at(normalised, `/graphData/elements/nodes/a${html}`)).toBe(at(base, `/graphData/elements/nodes/0${html}`))
  })

  it.each<[string, JsonObject, JsonObject]>([
    ['no description and an empty one', {}, { description: '' }],
    ['no description and null', {}, { description: null }],
    ['no settings and null', {}, { settings: null }],
    ['no settings and none in them', {}, { settings: {} }],
    ['switches as texts', { settings: { validateOnSave: true } }, { settings: { validateOnSave: 'true' } }],
    ['numbers as texts', { settings: { flowTimeoutInSeconds: 300 } }, { settings: { flowTimeoutInSeconds: '300' } }],
    ['the two spellings of CSP', { settings: { useCSP: true } }, { settings: { useCsp: true } }],
    [
      'the empty forms of a text',
      { settings: { intermediateLoadingScreenCSS: '' } },
      { settings: { intermediateLoadingScreenCSS: {} } },
    ],
    ['an absent and an empty text', {}, { settings: { intermediateLoadingScreenHTML: '' } }],
    ['a switch that is off and none', {}, { settings: { useCustomCSS: false } }],
    [
      'scripts by address and with options',
      { settings: { jsLinks: ['https://x/a.js'] } },
      { settings: { jsLinks: [{ label: 'https://x/a.js', value: 'https://x/a.js', defer: false, type: '' }] } },
    ],
    ['no inputs and an empty list', {}, { inputSchema: [] }],
    [
      'inputs with defaults said and unsaid',
      { inputSchema: [{ propertyName: 'x' }] },
      {
        inputSchema: [
          { propertyName: 'x', description: '', required: false, preferredControlType: 'textField', isExpanded: true },
        ],
      },
    ],
    [
      'the inputs that PingOne imposes',
      { trigger: { type: 'AUTHENTICATION' } },
      { trigger: { type: 'AUTHENTICATION' }, inputSchema: [{ propertyName: 'loginHint' }] },
    ],
    [
      'the empty forms of outputs',
      {},
      { outputSchema: { output: { type: 'object', properties: {}, additionalProperties: true } } },
    ],
    ['no outputs and null', {}, { outputSchema: null }],
    ['no trigger and an empty one', {}, { trigger: {} }],
    [
      'dates, versions, links and linter findings',
      {},
      {
        createdAt: 'x',
        updatedAt: 'y',
        currentVersion: 3,
        publishedVersion: null,
        _links: {},
        dvlinterErrorCount: 4,
        connectors: [{ id: 'x' }],
      },
    ],
    [
      'what only old exports have',
      {},
      { companyId: 'x', customerId: 'y', versionId: 3, connectorIds: [], flowColor: '#fff', savedDate: 1 },
    ],
  ])('does not tell %s apart', (_title, more, otherMore) => {
    const { settings: _settings, inputSchema: _inputs, ...plain } = base
    const [left, right] = [
      { ...plain, ...more },
      { ...plain, ...otherMore },
    ]
    expect(compare(left, right)).toEqual([])
    expect(fingerprint('flow', left)).toBe(fingerprint('flow', right))
  })

  it('does not count how the designer shows the canvas', () => {
    const shown = structuredClone(base)
    const graph = shown.graphData as JsonObject
    Object.assign(graph, {
      zoom: 3,
      pan: { x: 4, y: 5 },
      renderer: { name: 'canvas' },
      minZoom: 1,
      data: {},
      allLinterErrors: [1],
    })
    for (const list of ['nodes', 'edges']) {
      for (const item of (graph.elements as JsonObject)[list] as JsonObject[]) {
        const group = list
        Object.assign(item, {
          group,
          removed: false,
          selected: true,
          locked: true,
          grabbable: false,
          pannable: true,
          classes: '',
        })
        if (list === 'edges') item.position = { x: 0, y: 0 }
        else
          Object.assign(item.data as JsonObject, {
            idUnique: 'z',
            status: 'unconfigured',
            linterError: [1],
            isDisabled: false,
          })
      }
    }
    expect(compare(shown, base)).toEqual([])
  })

  it('keeps unknown fields, beside the ones it leaves out too', () => {
    const left = withValue(base, '/graphData/pan', { x: 1, y: 2, unknown: 1 })
    expect(brief(compare(left, base))).toEqual(['general added graphData.pan'])
  })
})

describe('comparing flows', () => {
  it('finds nothing between a flow and itself, however its keys, nodes and lines are ordered', () => {
    fc.assert(
      fc.property(anyFlow, (content) => {
        expect(compare(content, shuffled(content) as JsonObject)).toEqual([])
      }),
    )
  })

  it('finds something exactly when the fingerprints differ', () => {
    fc.assert(
      fc.property(anyFlow, anyFlow, (left, right) => {
        expect(compare(left, right).length === 0).toBe(fingerprint('flow', left) === fingerprint('flow', right))
      }),
    )
  })

  it('reports a field that nobody knows, wherever only one side has it', () => {
    fc.assert(
      fc.property(anyFlow, fc.nat(), (content, choice) => {
        const holders = objectsIn(content)
        const pointer = holders[choice % holders.length] ?? ''
        const injected = withValue(content, `${pointer}/nobodyKnows`, { deep: [1] })
        expect(compare(injected, content), pointer).toHaveLength(1)
        expect(compare(content, injected), pointer).toHaveLength(1)
        expect(compare(injected, structuredClone(injected))).toEqual([])
      }),
    )
  })

  it('tells nodes added and removed, from the destination to the source', () => {
    const more = flowWith(
      [...nodes(base), nodeOf('d', 'httpConnector', {}, { label: 'New', name: 'Http', capabilityName: 'x' })],
      [
        ['a', 'c'],
        ['c', 'b'],
      ],
      rest(base),
    )
    const [added] = compare(more, base)
    expect(added).toEqual({ section: 'node', change: 'added', id: 'd', label: 'Node "New" (Http · x)', properties: [] })
    expect(brief(compare(base, more))).toEqual(['node removed d'])
  })

  it('tells a moved node from a changed one', () => {
    const moved = withValue(base, '/graphData/elements/nodes/0/position', { x: 99, y: 20 })
    const [difference] = compare(moved, base)
    expect(difference).toMatchObject({
      section: 'node',
      change: 'moved',
      id: 'a',
      properties: [{ pointer: '/position', before: { x: 10, y: 20 }, after: { x: 99, y: 20 } }],
    })
    const both = withValue(moved, '/graphData/elements/nodes/0/data/label', 'Other')
    expect(brief(compare(both, base))).toEqual(['node changed a'])
  })

  it('tells what became of each property, and how to show it', () => {
    const html = '/graphData/elements/nodes/0/data/properties'
    const changed = withValue(withValue(base, `${html}/customHTML/value`, '<i>\n</i>'), `${html}/customScript`, {
      value: 'go()',
    })
    expect(compare(changed, base)[0]?.properties).toEqual([
      {
        pointer: '/properties/customHTML/value',
        label: 'Custom HTML',
        change: 'changed',
        before: '<b>\n</b>',
        after: '<i>\n</i>',
        text: 'html',
      },
      {
        pointer: '/properties/customScript/value',
        label: 'Custom script',
        change: 'added',
        after: 'go()',
        text: 'javascript',
      },
    ])
  })

  it.each([
    ['customCSS', 'css'],
    ['code', 'javascript'],
    ['message', 'text'],
  ])('shows %s as %s', (property, kind) => {
    const side = (text: string) =>
      flowWith([nodeOf('a', 'x', { [property]: { value: richText('{{local.a.b}}', `${text}\nmore`) } })])
    expect(compare(side('one'), side('two'))[0]?.properties[0]?.text).toBe(kind)
  })

  it('takes a rich text for the same, however its JSON is laid out', () => {
    const text = richText('{{local.a.b}}', 'Hello')
    const side = (value: string) => flowWith([nodeOf('a', 'x', { message: { value: [{ value }] } })])
    expect(compare(side(text), side(JSON.stringify(JSON.parse(text))))).toEqual([])
    expect(compare(side(text), side(richText('{{local.a.c}}', 'Hello')))).toHaveLength(1)
  })

  it('tells a changed condition by the line that it stands on', () => {
    const changed = withValue(base, '/graphData/elements/nodes/1/data/properties/a', { value: 'always' })
    expect(compare(changed, base)).toMatchObject([
      {
        section: 'node',
        id: 'c',
        label: 'Condition of the line from "a" to "b"',
        properties: [{ label: 'Condition for "a"', before: 'anyTriggersFalse', after: 'always' }],
      },
    ])
  })

  it('knows lines by what they connect, and counts them', () => {
    const lines = (...ends: [string, string][]) => flowWith(nodes(base), ends)
    const once = lines(['a', 'c'], ['c', 'b'])
    const renamed = withValue(once, '/graphData/elements/edges/0/data/id', 'drawn-again')
    expect(compare(renamed, once)).toEqual([])
    const twice = lines(['a', 'c'], ['c', 'b'], ['a', 'c'])
    expect(brief(compare(twice, once))).toEqual(['edge added a→c (2)'])
    expect(compare(lines(['a', 'b']), lines(['a', 'gone']))).toMatchObject([
      { change: 'added', label: 'Line from "a" to "b"' },
      { change: 'removed', label: 'Line from "a" to the missing node gone' },
    ])
  })

  it('tells lines of several answers apart, by the answer', () => {
    const asking = nodeOf('a', 'functionsConnector', { rightValueMultiple: { value: [{ id: 'v1', value: 'EMAIL' }] } })
    const answer = (multiValueSourceId: string): JsonObject => ({
      graphData: {
        elements: {
          nodes: [asking, nodeOf('b', 'x', {})],
          edges: [{ data: { id: 'e', source: 'a', target: 'b', multiValueSourceId } }],
        },
      },
    })
    expect(compare(answer('v1'), answer('-1')).map(({ label }) => label)).toEqual([
      'Line from "a" to "b" for "EMAIL"',
      'Line from "a" to "b" when nothing matches',
    ])
  })

  it('pairs nodes that have another id and are the same in all else', () => {
    const renamed = JSON.parse(JSON.stringify(talking('n1', 'n2', 'c1'))) as JsonObject
    expect(compare(renamed, talking('m1', 'm2', 'k1'))).toEqual([])
    const edited = withValue(talking('n1', 'n2', 'c1'), '/graphData/elements/nodes/0/data/label', 'Edited')
    const found = compare(edited, talking('m1', 'n2', 'c1'))
    expect(brief(found)).toContain('node added n1')
    expect(brief(found)).toContain('node removed m1')
  })

  it('ignores a name and an instance that PingOne fills in', () => {
    const filled = flowWith([nodeOf('a', 'httpConnector', {}, { name: 'Http' })])
    const bare = flowWith([
      {
        data: { id: 'a', nodeType: 'CONNECTION', connectorId: 'httpConnector', label: 'a', properties: {} },
        position: { x: 10, y: 20 },
      },
    ])
    expect(compare(bare, filled)).toEqual([])
    expect(compare(filled, flowWith([nodeOf('a', 'httpConnector', {}, { name: 'Other' })]))).toHaveLength(1)
  })

  it('tells settings, inputs, outputs, trigger and head one by one', () => {
    const other: JsonObject = {
      ...base,
      name: 'Other',
      enabled: false,
      settings: { logLevel: 3, css: 'a {}' },
      inputSchema: [{ propertyName: 'y', preferredDataType: 'string' }],
      outputSchema: { output: { properties: { a: { type: 'string' } } } },
      trigger: { type: 'SCHEDULE' },
    }
    expect(brief(compare(other, base)).sort()).toEqual([
      'general changed enabled',
      'general changed name',
      'inputSchema added y',
      'inputSchema removed x',
      'outputSchema added outputSchema',
      'settings added css',
      'settings changed logLevel',
      'trigger added trigger',
    ])
  })

  it('compares variables only where both sides carry them', () => {
    const carrying = (value: string) => ({ ...base, variables: [{ id: value, name: 'a', context: 'company', value }] })
    expect(compare(carrying('1'), base)).toEqual([])
    expect(compare(carrying('1'), carrying('2'))).toMatchObject([
      { section: 'variable', label: 'Variable "a" (company)' },
    ])
  })

  it('sums up in one line', () => {
    const other = withValue(withValue(base, '/graphData/elements/nodes/0/position', { x: 0, y: 0 }), '/name', 'Other')
    const more = withValue(other, '/graphData/elements/nodes/2/data/label', 'Edited')
    expect(flow.gist?.(compare(more, base))).toBe('1 node changed, 1 node moved, name changed')
  })
})

/** Two nodes with a condition between them, in which each id stands wherever ids can. */
function talking(first: string, second: string, line: string): JsonObject {
  return flowWith(
    [
      nodeOf(first, 'httpConnector', { message: { value: 'x' } }, { label: 'First' }),
      condition(line, { [first]: { value: 'always' } }),
      nodeOf(
        second,
        'nodeConnector',
        { nodeInstanceId: { value: first }, a: { value: richText(`{{local.${first}.x}}`) } },
        { label: 'Second' },
      ),
    ],
    [
      [first, line],
      [line, second],
    ],
  )
}

function nodes(content: JsonObject): JsonObject[] {
  return at(content, '/graphData/elements/nodes') as JsonObject[]
}

function rest(content: JsonObject): JsonObject {
  const { graphData: _graph, ...others } = content
  return others
}

/** The same with the keys of every object, and nodes and lines, in reverse. */
function shuffled(value: Json, key = ''): Json {
  if (Array.isArray(value)) {
    const items = value.map((item) => shuffled(item))
    return key === 'nodes' || key === 'edges' || key === 'inputSchema' ? items.reverse() : items
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, item]) => [name, shuffled(item, name)]),
  )
}

/** Pointers of the objects in a flow that have fields of their own: not those in texts of settings or unknown parts. */
function objectsIn(content: JsonObject): string[] {
  const elements = at(content, '/graphData/elements') as { nodes: JsonObject[]; edges: JsonObject[] }
  return [
    '',
    '/graphData',
    '/graphData/pan',
    '/graphData/elements',
    ...elements.nodes.flatMap((node, index) => {
      const pointer = `/graphData/elements/nodes/${index}`
      const properties = (node.data as JsonObject).properties as JsonObject
      const wrapped = Object.keys(properties).filter(
        (key) => typeof properties[key] === 'object' && key !== 'externalIdentityProvider',
      )
      return [pointer, `${pointer}/data`, ...wrapped.map((key) => `${pointer}/data/properties/${key}`)]
    }),
    ...elements.edges.flatMap((_edge, index) => [
      `/graphData/elements/edges/${index}`,
      `/graphData/elements/edges/${index}/data`,
    ]),
    ...(typeof content.settings === 'object' && content.settings !== null ? ['/settings'] : []),
  ]
}
