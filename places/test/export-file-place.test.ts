import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sharedExports, sharedMaterial, sharedPath } from '../../test/support/shared.ts'
import { ExportFilePlace } from '../src/index.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flightiq-export-'))
})
afterAll(() => rm(folder, { recursive: true }))

const flow = {
  flowId: '3a1d0f0e9c8b4a7f8e6d5c4b3a291807',
  companyId: '11111111-1111-4111-8111-111111111111',
  name: 'Sign "on" 🚀',
  somethingNew: { deep: 1 },
  graphData: {
    elements: {
      nodes: [
        { data: { id: 'n1', nodeType: 'CONNECTION', connectionId: 'c1', connectorId: 'httpConnector', name: 'Http' } },
      ],
    },
  },
  variables: [
    {
      name: 'attempts##SK##company',
      context: 'company',
      type: 'property',
      fields: { type: 'number', value: '3', mutable: true },
    },
  ],
}

async function file(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

describe('an export file', () => {
  it('gives its flows, its variables, and the connector instances that its nodes imply', async () => {
    const place = await ExportFilePlace.open(await file('flow.json', JSON.stringify(flow)))
    expect(place.description).toMatchObject({ type: 'file', name: 'flow.json', writable: false })
    expect(place.description.environmentId).toBe(flow.companyId)
    expect(place.description.spec).toBe(`file:${join(folder, 'flow.json')}`)
    const inventory = await place.inventory(['flow', 'variable', 'connectorInstance', 'application'])
    expect(inventory.list('flow')).toMatchObject([
      { id: flow.flowId, name: flow.name, content: { somethingNew: { deep: 1 } } },
    ])
    expect(inventory.list('variable')).toMatchObject([{ name: 'attempts', content: { context: 'company' } }])
    expect(inventory.list('connectorInstance')).toMatchObject([{ id: 'c1', name: 'Http', implied: true }])
    expect(inventory.list('application')).toEqual([])
  })

  it('gives one artifact by its id, and says when there is none', async () => {
    const place = ExportFilePlace.fromText(JSON.stringify(flow), 'flow.json')
    expect((await place.get('flow', flow.flowId)).name).toBe(flow.name)
    await expect(place.get('flow', 'other')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'There is no flow other in flow.json.',
    })
  })

  it('of 60 MB is refused before it is read', async () => {
    const path = await file('large.json', '{')
    await truncate(path, 60 * 1024 * 1024)
    await expect(ExportFilePlace.open(path)).rejects.toMatchObject({ code: 'TOO_LARGE' })
  })

  it.each([
    ['that is no JSON', '{\n  "name": x\n}', { code: 'NOT_JSON', line: 2, column: 11 }],
    ['that is cut off', JSON.stringify(flow).slice(0, 200), { code: 'NOT_JSON', line: 1 }],
    ['that is no export', '{"hello":"world"}', { code: 'NOTHING_FOUND' }],
    ['that is a list', '[]', { code: 'NOT_AN_OBJECT' }],
    ['that is no text', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), { code: 'FILE_NOT_TEXT' }],
    ['that is empty', '', { code: 'NOT_JSON' }],
  ])('%s is refused, saying so', async (_what, text, error) => {
    await expect(ExportFilePlace.open(await file('bad.json', text))).rejects.toMatchObject(error)
  })

  it('that does not exist, or is a folder, is refused', async () => {
    await expect(ExportFilePlace.open(join(folder, 'none.json'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(ExportFilePlace.open(folder)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  })
})

describe.skipIf(!sharedMaterial)('real export files', () => {
  it.each(sharedExports())('%s is read', async (path) => {
    const place = await ExportFilePlace.open(sharedPath(path))
    expect((await place.list('flow')).length).toBeGreaterThan(0)
  })
})
