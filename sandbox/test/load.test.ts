import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type JsonObject, readExport } from '@flightiq/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { limitsWith } from '../src/limits.ts'
import { LoadError, loadExport, loadExportFile } from '../src/load/index.ts'
import { type EnvironmentHead, EnvironmentState } from '../src/state/environment-state.ts'

const head: EnvironmentHead = {
  id: '7c2a1f8e-3f0e-4b63-9d5b-2f1a6d1c0e11',
  name: 'Development',
  description: '',
  organizationId: '0f6a0a51-3c71-4b5d-8a3a-0d7a4a2f5f10',
  licenceId: '2b7f3b1c-9d3c-4a4e-8a7b-1f4c2d3e4f50',
  region: 'NA',
  type: 'SANDBOX',
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  products: [],
  position: 0,
}

const hex = (digit: string) => digit.repeat(32)
const node = (id: string, data: JsonObject): JsonObject => ({ data: { id, nodeType: 'CONNECTION', ...data } })
const http = (id: string, name: string, connectionId: string) =>
  node(id, { connectorId: 'httpConnector', connectionId, name })
const subflow = (id: string, flowId: string, label: string, inputs: JsonObject = {}): JsonObject =>
  node(id, {
    connectorId: 'flowConnector',
    connectionId: hex('b'),
    name: 'Flow Conductor',
    properties: { subFlowId: { value: { label, value: flowId } }, subFlowVersionId: { value: -1 }, ...inputs },
  })
const flow = (id: string, nodes: JsonObject[], more: JsonObject = {}): JsonObject => ({
  name: `Flow ${id.slice(0, 4)}`,
  flowId: id,
  companyId: '503f5f56-d442-4134-a906-8bc7c2e87910',
  currentVersion: 3,
  publishedVersion: 3,
  graphData: { elements: { nodes } },
  ...more,
})
const variable = (name: string, context: string, value: string, more: JsonObject = {}): JsonObject => ({
  name: `${name}##SK##${context}`,
  context,
  type: 'property',
  fields: { type: 'string', mutable: true, min: 0, max: 2000, value },
  ...more,
})

let environment: EnvironmentState
const load = (json: JsonObject, standIns = false) =>
  loadExport(environment, readExport(json, 'flows.json'), { standIns })
const nodeData = (flowId: string, index: number): JsonObject => {
  const stored = environment.currentVersion(environment.flows.get(flowId)!).content
  return (stored as never as { graphData: { elements: { nodes: { data: JsonObject }[] } } }).graphData.elements.nodes[
    index
  ]!.data
}

beforeEach(() => {
  environment = new EnvironmentState(head, () => Date.UTC(2026, 0, 2))
})

describe('loading an export', () => {
  it('keeps the ids of its flows, so that references from other files fit', () => {
    load(flow(hex('1'), [subflow('n1', hex('2'), 'Log')]))
    load(flow(hex('2'), []))
    expect([...environment.flows.keys()]).toEqual([hex('1'), hex('2')])
    expect(nodeData(hex('1'), 0).properties).toMatchObject({ subFlowId: { value: { label: 'Log', value: hex('2') } } })
  })

  it('gives flows of old tenants new ids, and rewrites what names them', () => {
    const old = 'eoKSh9tBRPMcY2QMB87cB9RDMKsKJeaY'
    const own = variable('step', 'flow', '1', { name: `step##SK##flow##SK##${old}`, flowId: old })
    const file = { flows: [flow(hex('1'), [subflow('n1', old, 'Old')]), flow(old, [], { variables: [own] })] }
    const { flows } = load(file)
    const given = flows.created.find((id) => id !== hex('1')) ?? ''
    expect(given).toMatch(/^[0-9a-f]{32}$/)
    expect(nodeData(hex('1'), 0).properties).toMatchObject({ subFlowId: { value: { value: given } } })
    expect([...environment.variables.values()].map(({ content }) => content.flow)).toEqual([{ id: given }])
    expect(load(file).flows).toEqual({ created: [], replaced: [hex('1'), given] })
  })

  it('replaces a flow that is there with a new version', () => {
    load(flow(hex('1'), [http('n1', 'Http', hex('a'))]))
    const { flows } = load(flow(hex('1'), [http('n2', 'Http', hex('a'))], { name: 'Renamed', flowStatus: 'disabled' }))
    expect(flows).toEqual({ created: [], replaced: [hex('1')] })
    const stored = environment.flows.get(hex('1'))!
    expect(stored).toMatchObject({ enabled: false, currentVersion: 4, publishedVersion: 4 })
    expect(environment.currentVersion(stored).content.name).toBe('Renamed')
    expect(nodeData(hex('1'), 0).id).toBe('n2')
  })

  it('takes flows of the same name beside each other', () => {
    load({ flows: [flow(hex('1'), [], { name: 'Same' }), flow(hex('2'), [], { name: 'Same' })] })
    expect(environment.flows.size).toBe(2)
  })

  it('leaves the value of a company variable that is there, and brings other variables up to date', () => {
    environment.insertVariable({ name: 'theme', context: 'company', dataType: 'string', mutable: true, value: 'dark' })
    const variables = [variable('theme', 'company', 'light'), variable('theme', 'flowInstance', '1')]
    expect(load(flow(hex('1'), [], { variables })).variables).toMatchObject({
      created: [expect.any(String)],
      replaced: [],
    })
    const changed = [variable('theme', 'company', 'blue'), variable('theme', 'flowInstance', '2')]
    load(flow(hex('1'), [], { variables: changed }))
    const values = [...environment.variables.values()].map(({ content }) => [content.context, content.value])
    expect(values).toEqual([
      ['company', 'dark'],
      ['flowInstance', '2'],
    ])
  })

  it('stores no mask as the value of a secret', () => {
    const secret = variable('key', 'company', '******', { fields: { type: 'secret', mutable: true, value: '******' } })
    load(flow(hex('1'), [], { variables: [secret] }))
    expect([...environment.variables.values()][0]?.content).not.toHaveProperty('value')
  })

  it('keeps unknown fields of flows, nodes, variables and forms', () => {
    const variables = [variable('a', 'company', '1', { novel: { deep: [1e-50] } })]
    const form = { id: '0a0b8bde-7f05-4d16-9a5e-2f8a0e8b2a10', name: 'Form', novel: null }
    load(flow(hex('1'), [http('n1', 'Http', hex('a'))], { variables, novel: '\u0000', forms: { [form.id]: form } }))
    expect(environment.currentVersion(environment.flows.get(hex('1'))!).content.novel).toBe('\u0000')
    expect([...environment.variables.values()][0]?.content.novel).toEqual({ deep: [1e-50] })
    expect([...environment.forms.values()][0]?.content).toEqual({ name: 'Form', novel: null })
  })

  it('leaves dangling what is not there', () => {
    const before = environment.connectorInstances.size
    const { standIns } = load(flow(hex('1'), [http('n1', 'Ours', hex('a')), subflow('n2', hex('2'), 'Log')]))
    expect(standIns).toEqual({ flows: [], connectorInstances: [], variables: [] })
    expect(environment.connectorInstances.size).toBe(before)
    expect(environment.flows.size).toBe(1)
  })

  it('creates the connector instances that the file holds whole', () => {
    const connections = [
      {
        connectionId: hex('c'),
        connectorId: 'codeSnippetConnector',
        name: 'Format',
        properties: { code: { value: 'x' } },
      },
    ]
    load(flow(hex('1'), [], { connections }))
    expect(environment.connectorInstances.get(hex('c'))?.content).toEqual({
      name: 'Format',
      connector: { id: 'codeSnippetConnector' },
      properties: { code: { value: 'x' } },
    })
    expect(load(flow(hex('1'), [], { connections })).connectorInstances).toEqual({ created: [], kept: [hex('c')] })
  })
})

describe('stand-ins', () => {
  it('are created for connector instances, each under a name of its own within its connector', () => {
    const nodes = [
      http('n1', 'Http', hex('a')),
      http('n2', 'Pages', hex('c')),
      http('n3', 'Pages', hex('d')),
      http('n4', 'Odd', 'not / an id'),
    ]
    const { standIns } = load(flow(hex('1'), nodes), true)
    const created = standIns.connectorInstances.map((id) => environment.connectorInstances.get(id)?.content.name)
    expect(created).toEqual(['Http 2', 'Pages', 'Pages 2', 'Odd'])
    expect(standIns.connectorInstances.slice(0, 3)).toEqual([hex('a'), hex('c'), hex('d')])
    expect(nodeData(hex('1'), 3).connectionId).toBe(standIns.connectorInstances[3])
  })

  it('are created for subflows, with the label as name and the inputs that are passed', () => {
    const calls = [
      subflow('n1', hex('2'), 'Log', { userId: { value: '' } }),
      subflow('n2', hex('2'), 'Log', { email: { value: '' } }),
    ]
    load(flow(hex('1'), calls), true)
    const standIn = environment.flows.get(hex('2'))!
    const { content } = environment.currentVersion(standIn)
    expect(content.name).toBe('Log')
    expect((content.inputSchema as JsonObject[]).map(({ propertyName }) => propertyName)).toEqual(['userId', 'email'])
    expect(standIn.publishedVersion).toBe(0)
  })

  it('are created for variables whose context the flow tells, and for no others', () => {
    const saved = [{ name: 'step', value: '1', label: 'step (number - flowInstance)', type: 'number' }]
    const nodes = [
      node('n1', {
        connectorId: 'variablesConnector',
        connectionId: hex('b'),
        properties: { saveVariables: { value: saved } },
      }),
      node('n2', {
        connectorId: 'httpConnector',
        properties: { a: { value: '{{global.company.variables.theme.colour}}' } },
      }),
      node('n3', { connectorId: 'httpConnector', properties: { a: { value: '{{global.flow.variables.tries}}' } } }),
      node('n4', { connectorId: 'httpConnector', properties: { a: { value: '{{global.variables.leftover}}' } } }),
      node('n5', { connectorId: 'httpConnector', properties: { a: { value: '{{global.company.variables.listed}}' } } }),
    ]
    load(flow(hex('1'), nodes, { variables: [variable('listed', 'company', '1')] }), true)
    const found = [...environment.variables.values()].map(({ content }) => [
      content.name,
      content.context,
      content.dataType,
    ])
    expect(found).toEqual([
      ['listed', 'company', 'string'],
      ['step', 'flowInstance', 'number'],
      ['theme', 'company', 'string'],
      ['tries', 'flow', 'string'],
    ])
  })

  it('are not created twice when a file is loaded again', () => {
    const file = flow(hex('1'), [http('n1', 'Http', hex('a')), subflow('n2', 'oldFlowId', 'Log')])
    load(file, true)
    expect(load(file, true).standIns).toEqual({ flows: [], connectorInstances: [], variables: [] })
    expect(environment.flows.size).toBe(2)
  })
})

describe('limits', () => {
  it('refuse a load as a whole, naming what is too many', () => {
    const limits = limitsWith({ flows: 1 })
    const content = readExport({ flows: [flow(hex('1'), []), flow(hex('2'), [])] }, 'flows.json')
    expect(() => loadExport(environment, content, { limits })).toThrow(
      /flows\.json would bring Development to 2 flows; 1 are allowed/,
    )
    expect(environment.flows.size).toBe(0)
    expect(() => loadExport(environment, content, { limits: limitsWith({ flows: 2 }) })).not.toThrow()
    expect(() => loadExport(environment, content, { limits })).not.toThrow(LoadError)
  })

  it('refuse a variable that is too large', () => {
    const content = readExport(
      flow(hex('1'), [], { variables: [variable('big', 'company', 'x'.repeat(200))] }),
      'flows.json',
    )
    expect(() => loadExport(environment, content, { limits: limitsWith({ variableBytes: 100 }) })).toThrow(
      /Variable big/,
    )
    expect(environment.flows.size).toBe(0)
  })
})

describe('a file', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'flightiq-load-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('is read and loaded', async () => {
    const path = join(folder, 'flow.json')
    await writeFile(path, JSON.stringify(flow(hex('1'), [])))
    expect((await loadExportFile(environment, path)).flows.created).toEqual([hex('1')])
  })

  it('that is not there, cut off or too large is told so, and nothing is loaded', async () => {
    const path = join(folder, 'flow.json')
    await expect(loadExportFile(environment, path)).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      message: expect.stringContaining(path),
    })
    await writeFile(path, '{"name": "Cut')
    await expect(loadExportFile(environment, path)).rejects.toMatchObject({ code: 'NOT_JSON', line: 1 })
    await writeFile(path, Buffer.alloc(51 * 1024 * 1024, ' '))
    await expect(loadExportFile(environment, path)).rejects.toMatchObject({ code: 'TOO_LARGE' })
    expect(environment.flows.size).toBe(0)
  })
})
