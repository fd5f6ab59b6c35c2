import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, graph, requestToken, startClient } from './client.ts'

/** Any JSON, and bodies that have the right names with any JSON behind them. */
const body = fc.oneof(
  fc.jsonValue(),
  fc.record(
    {
      name: fc.oneof(fc.constant('Name'), fc.jsonValue()),
      description: fc.jsonValue(),
      connector: fc.oneof(fc.constant({ id: 'httpConnector' }), fc.jsonValue()),
      properties: fc.jsonValue(),
      context: fc.oneof(fc.constant('company'), fc.jsonValue()),
      dataType: fc.oneof(fc.constant('string'), fc.jsonValue()),
      mutable: fc.jsonValue(),
      value: fc.jsonValue(),
      flow: fc.jsonValue(),
      enabled: fc.jsonValue(),
      alias: fc.jsonValue(),
      oauth: fc.jsonValue(),
      apiKey: fc.jsonValue(),
      trigger: fc.jsonValue(),
      settings: fc.jsonValue(),
      inputSchema: fc.jsonValue(),
      flowDistributions: fc.oneof(fc.jsonValue(), fc.array(fc.record({ id: fc.jsonValue(), version: fc.jsonValue() }))),
      flowInfo: fc.oneof(fc.jsonValue(), fc.record({ name: fc.jsonValue(), graphData: fc.jsonValue() })),
      flowNameMapping: fc.oneof(fc.constant({}), fc.jsonValue()),
      graphData: fc.oneof(
        fc.jsonValue(),
        fc.record({ elements: fc.record({ nodes: fc.jsonValue(), edges: fc.jsonValue() }) }),
        fc.record({
          elements: fc.record({
            nodes: fc.array(
              fc.record({ data: fc.record({ id: fc.string(), nodeType: fc.string(), properties: fc.jsonValue() }) }),
            ),
          }),
        }),
      ),
    },
    { requiredKeys: [] },
  ),
)

describe('whatever is sent', () => {
  let client: Client
  const ids: Record<string, string> = {}
  beforeAll(async () => {
    client = await startClient({ limits: { flows: 100_000, connectorInstances: 100_000, variables: 100_000 } })
    const create = async (path: string, content: object) =>
      (await client.call('POST', `${client.in()}${path}`, { body: content })).body.id
    ids.flow = await create('/flows', { name: 'Flow', graphData: graph() })
    ids.instance = await create('/connectorInstances', { name: 'I', connector: { id: 'httpConnector' } })
    ids.variable = await create('/variables', { name: 'v', context: 'company', dataType: 'string', mutable: true })
    ids.application = await create('/davinciApplications', { name: 'App' })
  })
  afterAll(() => client.stop())

  it.each([
    ['POST', '/flows'],
    ['POST', '/flows', 'flow.import'],
    ['POST', '/flows', 'flow.import.legacy'],
    ['PUT', '/flows/:flow'],
    ['PUT', '/flows/:flow/enabled'],
    ['POST', '/flows/:flow', 'flow.validate'],
    ['PUT', '/flows/:flow/versions/0/alias'],
    ['POST', '/flows/:flow/versions/0', 'flowversion.export'],
    ['POST', '/connectorInstances'],
    ['PUT', '/connectorInstances/:instance'],
    ['POST', '/variables'],
    ['PUT', '/variables/:variable'],
    ['POST', '/davinciApplications'],
    ['PUT', '/davinciApplications/:application'],
    ['POST', '/davinciApplications/:application/flowPolicies'],
  ] as [string, string, string?][])(
    'is taken by %s %s %s or answered with what is wrong, and nothing breaks',
    async (method, path, action) => {
      const filled = path.replaceAll(/:(\w+)/g, (_match, name: string) => ids[name] ?? '')
      const mediaType = action ? `application/vnd.pingidentity.${action}+json` : 'application/json'
      const token = await requestToken(client.sandbox, client.tenant)
      await fc.assert(
        fc.asyncProperty(body, async (content) => {
          const answer = await fetch(`${client.sandbox.apiUrl}${client.in()}${filled}`, {
            method,
            headers: { authorization: `Bearer ${token}`, 'content-type': mediaType },
            body: JSON.stringify(content),
          })
          const answered = (await answer.json()) as { code?: string }
          expect([200, 201, 400]).toContain(answer.status)
          if (answer.status === 400) expect(answered.code).toMatch(/^INVALID_(DATA|REQUEST)$/)
        }),
        { numRuns: 150, seed: 20_260_102 },
      )
      for (const list of ['/flows', '/connectorInstances', '/variables?limit=500', '/davinciApplications']) {
        expect((await client.call('GET', `${client.in()}${list}`)).status).toBe(200)
      }
      expect((await client.call('GET', `${client.in()}/flows/${ids.flow}`)).status).toBe(200)
    },
  )
})
