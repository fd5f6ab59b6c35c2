import { arrayAt, type JsonObject, objectAt, readExport, stringAt } from '@flightiq/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoFlowId, demoTenants, flowNames } from '../src/demo/index.ts'
import { loadExport } from '../src/load/index.ts'
import { type Sandbox, startSandbox } from '../src/start-sandbox.ts'

describe('the demo over HTTP', () => {
  let sandbox: Sandbox

  beforeAll(async () => {
    sandbox = await startSandbox({ rateLimitPerMinute: null })
  })
  afterAll(() => sandbox.close())

  async function client(tenantName: string) {
    const tenant = sandbox.tenants.find(({ name }) => name === tenantName)!
    const { clientId, clientSecret } = tenant
    const basic = tenant.authMethod === 'client_secret_basic'
    const token = await fetch(`${sandbox.authUrl}/${tenant.environmentId}/as/token`, {
      method: 'POST',
      headers: basic ? { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` } : {},
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        ...(basic ? {} : { client_id: clientId, client_secret: clientSecret }),
      }),
    })
    const { access_token } = (await token.json()) as { access_token: string }
    return async (
      method: string,
      path: string,
      body?: JsonObject,
      type = 'application/json',
    ): Promise<{ status: number; body: JsonObject }> => {
      const answer = await fetch(`${sandbox.apiUrl}/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${access_token}`, ...(body ? { 'content-type': type } : {}) },
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
      return { status: answer.status, body: (await answer.json()) as JsonObject }
    }
  }

  it.each(demoTenants.map(({ name }) => name))('%s shows its environments and their content', async (name) => {
    const call = await client(name)
    const { body } = await call('GET', '/environments')
    const environments = arrayAt(objectAt(body, '_embedded'), 'environments') as JsonObject[]
    const own = demoTenants.find((one) => one.name === name)!.environments.map((one) => one.name)
    // One of the workers has a role on the environment that it lives in too, where it can't do much.
    const home = name === 'Quillhaven Libraries' ? ['Administrators'] : []
    expect(environments.map((one) => one.name)).toEqual([...home, ...own])
    for (const { id } of environments.filter((one) => own.includes(String(one.name)))) {
      for (const list of ['flows', 'variables', 'connectorInstances', 'davinciApplications']) {
        const answer = await call('GET', `/environments/${id}/${list}`)
        expect(answer.status).toBe(200)
        expect(Number(answer.body.count)).toBeGreaterThan(0)
      }
    }
  })

  it('takes every flow, variable and connector instance back as it gave it', async () => {
    for (const tenant of demoTenants) {
      const call = await client(tenant.name)
      const { body } = await call('GET', '/environments')
      const environments = arrayAt(objectAt(body, '_embedded'), 'environments') as JsonObject[]
      for (const environment of environments.filter((one) => one.name !== 'Administrators')) {
        for (const kind of ['flows', 'variables', 'connectorInstances']) {
          const base = `/environments/${environment.id}/${kind}`
          const list = await call('GET', kind === 'variables' ? `${base}?limit=500` : base)
          for (const item of arrayAt(objectAt(list.body, '_embedded'), kind) as JsonObject[]) {
            const path = `${base}/${item.id}`
            const { body: content } = await call('GET', path)
            const answer = await call('PUT', path, content)
            const said = `${stringAt(content, 'name')}: ${JSON.stringify(answer.body.details ?? '')}`
            expect([answer.status, said]).toEqual([200, `${stringAt(content, 'name')}: ""`])
          }
        }
      }
    }
  })

  it('tells no secret of a connector instance or variable', async () => {
    const call = await client(demoTenants[0].name)
    for (const { id } of sandbox.tenants[0]!.environments) {
      const instances = await call('GET', `/environments/${id}/connectorInstances`)
      const variables = await call('GET', `/environments/${id}/variables?limit=500`)
      const secret = (arrayAt(objectAt(variables.body, '_embedded'), 'variables') as JsonObject[]).find(
        ({ dataType }) => dataType === 'secret',
      )
      expect(secret?.value).toBe('******')
      expect(JSON.stringify(instances.body)).not.toContain('sandbox-only')
    }
  })

  it('can be exported with subflows and variables, and loaded into another tenant without a loss', async () => {
    const tenant = sandbox.tenants[0]!
    const call = await client(tenant.name)
    const development = sandbox.state.environment('Development')
    const live = sandbox.state.environment('Live')
    const id = demoFlowId('Development', 'sign-on')
    const { currentVersion } = development.flows.get(id)!
    const exported = await call(
      'POST',
      `/environments/${development.id}/flows/${id}/versions/${currentVersion}`,
      { includeSubFlows: true, includeVariableValues: true },
      'application/vnd.pingidentity.flowversion.export+json',
    )
    expect(exported.status).toBe(200)
    const content = readExport(exported.body, 'sign-on.json')
    expect(content.warnings).toEqual([])
    expect(content.flows.map(({ name }) => name)).toEqual(
      expect.arrayContaining([flowNames['sign-on'], flowNames['risk-check'], flowNames.notify, flowNames['audit-log']]),
    )
    const report = loadExport(live, content, { standIns: true })
    expect(report.standIns.flows).toEqual([])
    for (const flow of report.flows.created) {
      const { name, graphData, settings } = live.currentVersion(live.flows.get(flow)!).content
      const original = development.currentVersion(development.flows.get(flow)!).content
      expect({ name, graphData, settings }).toEqual({
        name: original.name,
        graphData: original.graphData,
        settings: original.settings,
      })
    }
  })
})
