import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ExportError,
  equal,
  isObject,
  type Json,
  type JsonObject,
  maximumExportBytes,
  parseExportText,
  readExport,
} from '../src/index.ts'

const node = (id: string, data: JsonObject = {}): JsonObject => ({
  data: { id, nodeType: 'CONNECTION', connectorId: 'httpConnector', connectionId: 'aa11', name: 'Http', ...data },
  position: { x: 277.1234567890123, y: -0.5 },
})
const edge = (id: string, source: string, target: string): JsonObject => ({ data: { id, source, target } })

const legacyFlow: JsonObject = {
  name: '\u00a0Sign on 🔐',
  description: '',
  flowId: '0123456789abcdef0123456789abcdef',
  companyId: '6d2cd0a8-6e6a-4f6b-8f0c-0c5c3f3f3a55',
  customerId: 'c'.repeat(32),
  flowStatus: 'disabled',
  flowColor: '#AFD5FF',
  currentVersion: 7,
  publishedVersion: null,
  versionId: 7,
  createdDate: 1710248924269,
  updatedDate: 1710248924732,
  savedDate: 1710248924060,
  connectorIds: ['httpConnector'],
  authTokenExpireIds: [],
  timeouts: 'null',
  orx: '{}',
  isOutputSchemaSaved: false,
  isInputSchemaSaved: true,
  inputSchemaCompiled: { parameters: {} },
  inputSchema: [{ propertyName: 'userId', preferredDataType: 'string' }],
  outputSchemaCompiled: { output: { type: 'object', properties: {}, additionalProperties: true } },
  settings: { useCsp: true, pingOneFlow: true, logLevel: 2 },
  graphData: {
    elements: {
      nodes: [node('n1'), node('n2', { name: 'Pages' }), node('n3', { name: 'Pages' })],
      edges: [edge('e1', 'n1', 'n2')],
    },
    minZoom: 1e-50,
    maxZoom: 1e50,
  },
  variables: [
    {
      name: 'step##SK##flow##SK##0123456789abcdef0123456789abcdef',
      context: 'flow',
      flowId: '0123456789abcdef0123456789abcdef',
      type: 'property',
      visibility: 'private',
      companyId: '6d2cd0a8-6e6a-4f6b-8f0c-0c5c3f3f3a55',
      createdDate: 1710248924269,
      fields: { type: 'number', displayName: null, mutable: true, min: 0, max: 20, value: '3' },
    },
  ],
  connections: [
    { connectorId: 'codeSnippetConnector', connectionId: 'cc33', name: 'Format', properties: { code: { value: 'x' } } },
  ],
}

/** The error that reading throws. */
function failure(read: () => unknown): ExportError {
  try {
    read()
  } catch (error) {
    if (error instanceof ExportError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('a flow of the older model', () => {
  const content = readExport(legacyFlow, 'flow.json')
  const [flow] = content.flows

  it('is given in the form in which the API answers', () => {
    expect(flow).toEqual({
      environment: { id: '6d2cd0a8-6e6a-4f6b-8f0c-0c5c3f3f3a55' },
      id: '0123456789abcdef0123456789abcdef',
      name: '\u00a0Sign on 🔐',
      description: '',
      color: '#AFD5FF',
      connectors: [{ id: 'httpConnector' }],
      enabled: false,
      currentVersion: 7,
      createdAt: '2024-03-12T13:08:44.269Z',
      updatedAt: '2024-03-12T13:08:44.732Z',
      inputSchema: legacyFlow.inputSchema,
      outputSchema: legacyFlow.outputSchemaCompiled,
      settings: { useCSP: true, logLevel: 2 },
      trigger: { type: 'AUTHENTICATION' },
      graphData: legacyFlow.graphData,
    })
  })

  it('brings its variables without the context in their names', () => {
    expect(content.variables).toEqual([
      {
        environment: { id: '6d2cd0a8-6e6a-4f6b-8f0c-0c5c3f3f3a55' },
        id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
        name: 'step',
        context: 'flow',
        flow: { id: '0123456789abcdef0123456789abcdef' },
        dataType: 'number',
        mutable: true,
        min: 0,
        max: 20,
        value: '3',
        createdAt: '2024-03-12T13:08:44.269Z',
      },
    ])
  })

  it('tells the instances that it holds from those that it only names, which get the name most nodes give', () => {
    expect(content.connectorInstances).toEqual([
      { id: 'cc33', name: 'Format', connector: { id: 'codeSnippetConnector' }, properties: { code: { value: 'x' } } },
    ])
    expect(content.impliedConnectorInstances).toEqual([
      { id: 'aa11', name: 'Pages', connector: { id: 'httpConnector' } },
    ])
  })

  it('is read when nodes, edges, variables or settings are missing or null', () => {
    const bare = readExport(
      {
        name: 'Bare',
        flowId: 'f1',
        settings: null,
        variables: null,
        graphData: { elements: { nodes: null, edges: null } },
      },
      'bare.json',
    )
    expect(bare.flows[0]).toEqual({ id: 'f1', name: 'Bare', graphData: { elements: {} } })
    expect(bare.warnings).toEqual([])
  })

  it('keeps old ids of other forms', () => {
    const id = 'eoKSh9tBRPMcY2QMB87cB9RDMKsKJeaY'
    const graphData = { elements: { nodes: [node('n1', { connectionId: 'pingOneSSOConnector' })] } }
    const old = readExport({ name: 'Old', flowId: id, companyId: id, graphData }, 'old.json')
    expect(old.flows[0]).toMatchObject({ id, environment: { id } })
    expect(old.impliedConnectorInstances[0]?.id).toBe('pingOneSSOConnector')
  })

  it('names instances that only identity provider lists mention', () => {
    const idpList = { value: [{ connectionId: 'pp1', connectorId: 'pingOneAuthenticationConnector' }] }
    const externalIdentityProvider = { pp2: { identityProvider: [] } }
    const graphData = { elements: { nodes: [node('n1', { properties: { idpList, externalIdentityProvider } })] } }
    const implied = readExport({ name: 'Social', flowId: 'f', graphData }, 'social.json').impliedConnectorInstances
    expect(implied.map(({ id }) => id)).toEqual(['aa11', 'pp1', 'pp2'])
    expect(implied[2]).toMatchObject({ connector: { id: 'pingOneAuthenticationConnector' } })
  })

  it('warns of a trigger that PingOne does not know, and keeps it', () => {
    const odd = readExport({ name: 'Odd', flowId: 'f', graphData: {}, trigger: { type: 'dogs' } }, 'odd.json')
    expect(odd.flows[0]?.trigger).toEqual({ type: 'dogs' })
    expect(odd.warnings).toMatchObject([{ code: 'UNKNOWN_TRIGGER', pointer: '/trigger' }])
  })
})

describe('the other forms of an export', () => {
  const second = { ...legacyFlow, flowId: 'f'.repeat(32), name: 'Second', variables: [], connections: [] }

  it('gives every flow of a file of several, and the fields around them that nobody knows', () => {
    const content = readExport(
      { flows: [legacyFlow, second], companyId: '', customerId: 'x', forms: { a: { name: 'F' } }, novel: 1 },
      'two.json',
    )
    expect(content.flows.map(({ name }) => name)).toEqual([legacyFlow.name, 'Second'])
    expect(content.forms).toEqual([{ id: 'a', name: 'F' }])
    expect(content.unknown).toEqual({ novel: 1 })
  })

  it('names flows as the body of an import says', () => {
    const flowNameMapping = { [String(legacyFlow.flowId)]: 'Sign on (new)', [second.flowId]: 'Second (new)' }
    const several = { name: 'Both', description: 'd', flowInfo: { flows: [legacyFlow, second] }, flowNameMapping }
    expect(readExport(several, 'import.json').flows.map(({ name }) => name)).toEqual(['Sign on (new)', 'Second (new)'])
    const one = readExport({ name: 'Renamed', description: 'Imported', flowInfo: second }, 'import.json')
    expect(one.flows).toMatchObject([{ name: 'Renamed', description: 'Imported' }])
    expect(readExport({ flowsInfo: [second] }, 'import.json').flows).toHaveLength(1)
  })

  it('gives a version that the API exported with its subflows and variables', () => {
    const subflow = {
      environment: { id: 'env' },
      flow: { id: 'sub', name: 'Log' },
      version: 1,
      publishedVersion: -1,
      graphData: { elements: { nodes: [] } },
    }
    const variable = {
      id: '229b519c-867d-4423-aeea-178c15c73d5f',
      name: 'theme',
      context: 'company',
      dataType: 'string',
      mutable: true,
    }
    const content = readExport(
      {
        _links: {},
        environment: { id: 'env' },
        flow: { id: 'main', name: 'Main' },
        version: 4,
        publishedVersion: 2,
        enabled: true,
        graphData: { elements: { nodes: [] } },
        variables: [variable],
        _embedded: [subflow, subflow],
        novel: { a: 1 },
      },
      'version.json',
    )
    expect(content.environmentId).toBe('env')
    expect(content.flows).toEqual([
      {
        environment: { id: 'env' },
        id: 'main',
        name: 'Main',
        currentVersion: 4,
        publishedVersion: 2,
        enabled: true,
        graphData: { elements: { nodes: [] } },
        novel: { a: 1 },
      },
      { environment: { id: 'env' }, id: 'sub', name: 'Log', currentVersion: 1, graphData: { elements: { nodes: [] } } },
    ])
    expect(content.variables).toEqual([variable])
    expect(content.warnings).toEqual([])
  })

  it('gives the lists of the API as they are', () => {
    const instance = { id: 'i', name: 'Http', connector: { id: 'httpConnector' }, novel: true }
    const variable = { id: 'v', name: 'theme', context: 'user', dataType: 'object', value: { a: [1] } }
    const flow = {
      id: 'f',
      name: 'Flow',
      environment: { id: 'e' },
      graphData: { elements: { nodes: [] } },
      enabled: true,
    }
    const embedded = { connectorInstances: [instance], variables: [variable], flows: [{ ...flow, _links: {} }] }
    const content = readExport({ _links: {}, _embedded: embedded, count: 3, size: 3 }, 'lists.json')
    expect(content).toMatchObject({ connectorInstances: [instance], variables: [variable], flows: [flow], unknown: {} })
    expect(content.flows[0]).not.toHaveProperty('_links')
  })

  it('takes one of what it holds twice, and warns where the two differ', () => {
    const variables = [{ name: 'a', context: 'company', dataType: 'string', value: '1' }]
    const other = [{ name: 'a', context: 'company', dataType: 'string', value: '2' }]
    const flow = { flowId: 'f', name: 'F', graphData: {} }
    const content = readExport(
      {
        flows: [
          { ...flow, variables },
          { ...flow, name: 'G', variables: other },
        ],
      },
      'twice.json',
    )
    expect(content.flows).toHaveLength(1)
    expect(content.variables).toMatchObject([{ value: '1' }])
    expect(content.warnings.map(({ code }) => code)).toEqual(['FLOW_TWICE', 'VARIABLE_TWICE'])
  })
})

describe('what is no export', () => {
  it('is told by what the file holds instead', () => {
    expect(failure(() => readExport([], 'a.json')).code).toBe('NOT_AN_OBJECT')
    expect(failure(() => readExport('text', 'a.json')).code).toBe('NOT_AN_OBJECT')
    expect(failure(() => readExport({ flows: [] }, 'a.json')).code).toBe('NOTHING_FOUND')
    expect(failure(() => readExport({ anything: 1 }, 'a.json')).message).toContain('a.json')
  })

  it('names the spot of a value that has the wrong form', () => {
    const wrong = failure(() =>
      readExport({ flows: [{ name: 'A', graphData: { elements: { edges: [{ data: {} }] } } }] }, 'a.json'),
    )
    expect(wrong).toMatchObject({ code: 'UNREADABLE', pointer: '/flows/0/graphData/elements/edges/0/data/source' })
    expect(failure(() => readExport({ flows: ['A'] }, 'a.json'))).toMatchObject({ pointer: '/flows/0' })
    expect(failure(() => readExport({ flows: {} }, 'a.json'))).toMatchObject({ pointer: '/flows' })
  })

  it('names flow, edge and node when an edge leads to a node that is not there', () => {
    const graphData = { elements: { nodes: [node('n1')], edges: [edge('e7', 'n1', 'gone')] } }
    const wrong = failure(() =>
      readExport({ flows: [legacyFlow, { name: 'Say “hi”', flowId: 'f', graphData }] }, 'a.json'),
    )
    expect(wrong).toMatchObject({ code: 'DANGLING_EDGE', pointer: '/flows/1/graphData/elements/edges/0/data/target' })
    expect(wrong.message).toMatch(/Say “hi”.*e7.*gone/)
  })

  it('is a flow without a name, or with one longer than PingOne takes', () => {
    expect(failure(() => readExport({ flowId: 'f', graphData: {} }, 'a.json'))).toMatchObject({
      code: 'FLOW_WITHOUT_NAME',
      pointer: '/name',
    })
    const named = (name: string) => readExport({ flowId: 'f', name, graphData: {} }, 'a.json')
    expect(failure(() => named(`Long ${'x'.repeat(252)}`))).toMatchObject({
      code: 'NAME_TOO_LONG',
      message: expect.stringContaining('Long xx'),
    })
    expect(named('🔐'.repeat(256)).flows).toHaveLength(1)
  })

  it('is told by line and column when the text is no JSON', () => {
    const text = JSON.stringify(legacyFlow, null, 2)
    const cut = failure(() => parseExportText(text.slice(0, text.length / 2), 'cut.json'))
    expect(cut).toMatchObject({ code: 'NOT_JSON', line: text.slice(0, text.length / 2).split('\n').length })
    expect(cut.message).toContain('cut.json ends in the middle')
    expect(failure(() => parseExportText('{\n  "a": 1,\n  b: 2\n}', 'a.json'))).toMatchObject({ line: 3, column: 3 })
    expect(failure(() => parseExportText('', 'a.json'))).toMatchObject({ line: 1, column: 1 })
    expect(parseExportText('\uFEFF{"a":"\\u0000"}', 'a.json')).toEqual({ a: '\u0000' })
  })

  it('is a text beyond the largest size', () => {
    expect(failure(() => parseExportText(' '.repeat(maximumExportBytes + 1), 'huge.json')).code).toBe('TOO_LARGE')
  })

  it('names a place within the text, whatever was broken in it', () => {
    const text = JSON.stringify(legacyFlow)
    fc.assert(
      fc.property(
        fc.nat(text.length - 1),
        fc.constantFrom('', '"', '}', ']', ',', '\\', '\n', 'x', ':', '-'),
        (at, put) => {
          const broken = text.slice(0, at) + put + text.slice(at + 1)
          let valid = true
          try {
            JSON.parse(broken)
          } catch {
            valid = false
          }
          if (valid) return
          const wrong = failure(() => parseExportText(broken, 'a.json'))
          const lines = broken.split('\n')
          expect(wrong.line).toBeLessThanOrEqual(lines.length)
          expect(wrong.column).toBeLessThanOrEqual((lines[(wrong.line ?? 1) - 1]?.length ?? 0) + 1)
        },
      ),
    )
  })
})

/** Every object within a value, outermost first. */
function objectsIn(value: Json): JsonObject[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn)
  return isObject(value) ? [value, ...Object.values(value).flatMap(objectsIn)] : []
}

describe('whatever an export holds', () => {
  // Within a record of a version everything is a copy of what stands in the flow; the rest is dropped knowingly.
  const dropped = new Set(['outputSchemaCompiled', 'inputSchemaCompiled', 'orx'])
  const strange = fc.oneof(fc.jsonValue(), fc.constantFrom(1e-50, 1e50, 277.1234567890123, '\u00a0', '\u0000', '🔐'))

  it('keeps unknown fields, at every depth', () => {
    const file: JsonObject = {
      flows: [legacyFlow],
      forms: { a: { id: 'a', components: { fields: [{ type: 'TEXT' }] } } },
    }
    const count = objectsIn(file).length
    fc.assert(
      fc.property(fc.nat(count - 1), strange, (at, value) => {
        const copy = structuredClone(file)
        const target = objectsIn(copy)[at] as JsonObject
        const compiled = objectsIn(copy).flatMap((one) => [...dropped].flatMap((key) => objectsIn(one[key] ?? null)))
        if (compiled.includes(target)) return
        // An entry of `forms` is a form, and so must be an object.
        const added: Json = target === copy.forms ? { added: value as Json } : (value as Json)
        target['novel-field'] = added
        const content = readExport(copy, 'novel.json')
        const found = objectsIn(content as unknown as Json).some(
          (one) =>
            (Object.hasOwn(one, 'novel-field') && equal(one['novel-field'], added)) ||
            (target === copy.forms && one.id === 'novel-field'),
        )
        expect(found).toBe(true)
      }),
      { numRuns: 400 },
    )
  })

  it('reads the same twice, and leaves what it was given as it was', () => {
    const before = structuredClone(legacyFlow)
    expect(readExport(legacyFlow, 'a.json')).toEqual(readExport(legacyFlow, 'a.json'))
    expect(legacyFlow).toEqual(before)
  })
})
