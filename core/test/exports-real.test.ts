import { describe, expect, it } from 'vitest'
import { sharedExports, sharedMaterial, sharedText } from '../../test/support/shared.ts'
import { arrayAt, isObject, type JsonObject, objectAt, parseExportText, readExport } from '../src/index.ts'

const flowsIn = (json: JsonObject): JsonObject[] => {
  const inner = isObject(json.flowInfo) ? json.flowInfo : json
  return arrayAt(inner, 'flows').length > 0 ? (arrayAt(inner, 'flows') as JsonObject[]) : [inner]
}

describe.skipIf(!sharedMaterial)('every real export', () => {
  it.each(sharedExports())('%s is read whole', (path) => {
    const json = parseExportText(sharedText(path), path) as JsonObject
    const content = readExport(json, path)
    const originals = flowsIn(json)
    expect(content.flows.map(({ name }) => name)).toEqual(originals.map(({ name }) => name))
    expect(content.flows.map(({ id }) => id)).toEqual(originals.map(({ flowId }) => flowId))
    expect(content.unknown).toEqual({})
    for (const [index, flow] of content.flows.entries()) {
      const original = originals[index] as JsonObject
      expect(flow.graphData).toEqual(original.graphData)
      expect(flow.inputSchema).toEqual(original.inputSchema)
      const settings = new Set(Object.keys(objectAt(original, 'settings') ?? {}))
      settings.delete('pingOneFlow')
      for (const key of settings) expect(flow.settings).toHaveProperty([key])
    }
    const names = new Set(content.variables.map(({ name }) => name))
    for (const variable of originals.flatMap((flow) => arrayAt(flow, 'variables'))) {
      expect(names).toContain((variable as JsonObject).name?.toString().split('##SK##')[0])
    }
    // Each connection that a node uses is either in the file or implied.
    const known = new Set([...content.connectorInstances, ...content.impliedConnectorInstances].map(({ id }) => id))
    for (const flow of originals) {
      for (const node of arrayAt(objectAt(flow.graphData, 'elements'), 'nodes') as JsonObject[]) {
        const data = node.data as JsonObject
        if (data.connectionId && data.connectorId) expect(known).toContain(data.connectionId)
      }
    }
    expect(readExport(json, path)).toEqual(content)
  })
})
