import { isObject, type Json, type JsonObject, readExport } from '@flightiq/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sharedExports, sharedMaterial, sharedText } from '../../test/support/shared.ts'
import { type Sandbox, startSandbox } from '../src/index.ts'
import { requestToken } from './client.ts'

/** A copy with a field more in every object. */
function injected(value: Json): Json {
  if (Array.isArray(value)) return value.map(injected)
  if (!isObject(value)) return value
  const copy = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, injected(item)]))
  return { ...copy, injectedField: { level: ['deep', { er: null }] } }
}

describe.skipIf(!sharedMaterial)('real exports', () => {
  let sandbox: Sandbox
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into answers freely
  let call: (method: string, path: string, body?: unknown, mediaType?: string) => Promise<{ status: number; body: any }>
  beforeAll(async () => {
    sandbox = await startSandbox({
      empty: true,
      rateLimitPerMinute: null,
      limits: { flows: 10_000, variables: 10_000 },
    })
    const token = await requestToken(sandbox, sandbox.tenants[0]!)
    const environment = sandbox.tenants[0]!.environments.find(({ name }) => name === 'Production')!
    call = async (method, path, body, mediaType = 'application/json') => {
      const answer = await fetch(`${sandbox.apiUrl}/v1/environments/${environment.id}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': mediaType } : {}) },
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
      return { status: answer.status, body: await answer.json() }
    }
  })
  afterAll(() => sandbox.close())

  it.each(sharedExports())('%s is created by the API with all it holds', async (path) => {
    for (const flow of readExport(JSON.parse(sharedText(path)), path).flows) {
      const created = await call('POST', '/flows', flow)
      expect(created.status, JSON.stringify(created.body).slice(0, 500)).toBe(201)
      const { body } = await call('GET', `/flows/${created.body.id}`)
      expect(body.name).toBe(flow.name)
      const sent = JSON.parse(JSON.stringify(flow.graphData ?? {}))
      expect(body.graphData).toMatchObject(sent)
      const replaced = await call('PUT', `/flows/${created.body.id}`, body)
      expect(replaced.status).toBe(200)
      expect(replaced.body.graphData).toEqual(body.graphData)
    }
  })

  it('keep fields that nobody knows yet, injected into every object of them, in every way they are read', async () => {
    for (const path of sharedExports()) {
      const [flow] = readExport(JSON.parse(sharedText(path)), path).flows
      const { id: _id, environment: _environment, connectors: _connectors, ...content } = flow!
      const sent = injected(content) as JsonObject
      const created = await call('POST', '/flows', sent)
      expect(created.status, `${path} ${JSON.stringify(created.body).slice(0, 300)}`).toBe(201)
      const dates = ['createdAt', 'updatedAt', 'deployedAt', 'currentVersion', 'publishedVersion', 'enabled']
      const kept = Object.fromEntries(Object.entries(sent).filter(([key]) => !dates.includes(key)))
      // PingOne chooses the parameters of the flows that it starts itself.
      if ((sent.trigger as JsonObject | undefined)?.type === 'AUTHENTICATION') delete kept.inputSchema
      const { name: _name, ...detail } = kept
      const at = `/flows/${created.body.id}`
      expect((await call('GET', at)).body, path).toMatchObject(kept)
      expect((await call('GET', `${at}/versions/0/details`)).body, path).toMatchObject(detail)
      const vendor = 'application/vnd.pingidentity.'
      expect((await call('POST', `${at}/versions/0`, {}, `${vendor}flowversion.export+json`)).body, path).toMatchObject(
        detail,
      )
      expect((await call('POST', at, {}, `${vendor}flow.clone+json`)).body, path).toMatchObject(detail)
      expect((await call('PUT', at, sent)).body, path).toMatchObject(kept)
    }
  })

  it('are imported by the older way with their subflows, deployed, and described', async () => {
    const path = 'packs/bxi-device-management-2-flows.json'
    const file = JSON.parse(sharedText(`flows/${path}`))
    const mapping = Object.fromEntries(
      file.flows.map((flow: { flowId: string; name: string }) => [flow.flowId, `${flow.name} imported`]),
    )
    const body = { name: 'Imported', flowInfo: file, flowNameMapping: mapping }
    const { status, body: main } = await call(
      'POST',
      '/flows',
      body,
      'application/vnd.pingidentity.flow.import.legacy+json',
    )
    expect(status).toBe(201)
    expect(main).toMatchObject({ version: 0, publishedVersion: 0, flow: { name: mapping[file.flows[0].flowId] } })
    expect(main.description).toBeTruthy()
    expect(main._embedded).toHaveLength(1)
    expect(main.flow.id).not.toBe(file.flows[0].flowId)
    expect(JSON.stringify(main.graphData)).toContain(main._embedded[0].flow.id)
    expect(JSON.stringify(main.graphData)).not.toContain(file.flows[1].flowId)
    const again = await call('POST', '/flows', body, 'application/vnd.pingidentity.flow.import.legacy+json')
    expect(again.status).toBe(201)
  })

  it('that are cut short, or lead nowhere, are refused by the import with the spot', async () => {
    const flowInfo = {
      name: 'x',
      graphData: { elements: { nodes: [], edges: [{ data: { id: 'e', source: 'a', target: 'b' } }] } },
    }
    const answer = await call(
      'POST',
      '/flows',
      { name: 'x', flowInfo, flowNameMapping: {} },
      'application/vnd.pingidentity.flow.import+json',
    )
    expect(answer.status).toBe(400)
    expect(answer.body.details[0].target).toBe('flowInfo.graphData.elements.edges.0.data.source')
  })
})
