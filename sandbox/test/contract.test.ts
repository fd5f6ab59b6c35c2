import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { sharedMaterial, sharedText } from '../../test/support/shared.ts'
import { type Client, everything, graph, startClient } from './client.ts'
import { isDescribed } from './contract.ts'

/** Every operation of DaVinci's admin API in the official description, as `POST /flows/{flowID}#deploy+json`. */
function describedOperations(): string[] {
  const { paths } = JSON.parse(sharedText('openapi/pingone-platform.json')) as { paths: Record<string, object> }
  const resources = /^\/environments\/\{environmentID\}\/(connector|davinci|flow|variables)/
  return Object.entries(paths)
    .filter(([path]) => resources.test(path))
    .flatMap(([path, item]) =>
      Object.keys(item)
        .filter((key) => key !== 'parameters')
        .map((method) => `${method.toUpperCase()} ${path.replace('/environments/{environmentID}', '')}`),
    )
}

/** The permission of each operation that one of the descriptions names; `{}` stands for each parameter. */
function describedPermissions(): { method: string; path: string; permission: string }[] {
  type Paths = Record<string, Record<string, { 'x-permission'?: string }>>
  const documents = [
    JSON.parse(sharedText('openapi/pingone-platform.json')) as { paths: Paths },
    parse(sharedText('openapi/pingone-go-client.yaml')) as { paths: Paths },
  ]
  return documents.flatMap(({ paths }) =>
    Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).flatMap(([method, { 'x-permission': permission }]) =>
        permission ? [{ method: method.toUpperCase(), path: path.replaceAll(/\{\w+\}/g, '{}'), permission }] : [],
      ),
    ),
  )
}

const vendor = (action: string) => `application/vnd.pingidentity.${action}+json`

/** One successful call of everything there is, by the names that describedOperations() gives. */
async function tour(client: Client): Promise<string[]> {
  const done: string[] = []
  const call = async (template: string, ids: Record<string, string> = {}, body?: unknown) => {
    const [method = '', rest = ''] = template.split(' ')
    const [path = '', action] = rest.split('#')
    const filled = path.replaceAll(/\{(\w+)\}/g, (_match, name: string) => ids[name] ?? 'missing')
    const owner = path.startsWith('/flows') ? 'flow' : 'connectorInstance'
    const rotation = path.endsWith('/key') ? 'rotateKey' : path.endsWith('/secret') ? 'rotateSecret' : undefined
    const mediaType = action
      ? vendor(`${owner}.${action.replace('+json', '')}`)
      : rotation
        ? vendor(`davinciApplication.${rotation}`)
        : path === '/connectorInstances/{connectorInstanceID}' && method === 'POST'
          ? vendor('connectorInstance.clone')
          : undefined
    const answer = await client.call(method, `${client.in()}${filled}`, {
      ...(body === undefined ? {} : { body }),
      ...(mediaType ? { mediaType } : {}),
    })
    expect(answer.status, template).toBeLessThan(300)
    expect(isDescribed(client.exchanges.at(-1)!), template).toBe(true)
    done.push(template)
    return answer.body
  }

  await call('GET /connectors')
  await call('GET /connectors/{connectorID}', { connectorID: 'flowConnector' })
  await call('GET /connectors/{connectorID}/details', { connectorID: 'flowConnector' })

  const properties = { clientSecret: { value: 'x' }, list: { value: [{ a: 1 }] } }
  const instance = await call(
    'POST /connectorInstances',
    {},
    { name: 'I', connector: { id: 'httpConnector' }, properties },
  )
  const connectorInstanceID = instance.id
  await call('GET /connectorInstances')
  await call('GET /connectorInstances/{connectorInstanceID}', { connectorInstanceID })
  await call(
    'PUT /connectorInstances/{connectorInstanceID}',
    { connectorInstanceID },
    { name: 'J', connector: { id: 'httpConnector' } },
  )
  await call('POST /connectorInstances/{connectorInstanceID}', { connectorInstanceID }, {})
  await call('DELETE /connectorInstances/{connectorInstanceID}', { connectorInstanceID })

  const variable = { name: 'greeting', context: 'company', dataType: 'object', mutable: true, value: { a: 1 } }
  const variableID = (await call('POST /variables', {}, variable)).id
  await call('GET /variables')
  await call('GET /variables/{variableID}', { variableID })
  await call('PUT /variables/{variableID}', { variableID }, { ...variable, displayName: 'Shown' })

  const flow = {
    name: 'Tour',
    description: 'All there is',
    color: '#AFD5FF',
    graphData: graph(),
    settings: { csp: 'x', logLevel: 2, useCustomCSS: 'true', intermediateLoadingScreenCSS: {} },
    inputSchema: [{ propertyName: 'userId', preferredDataType: 'string' }],
    outputSchema: { output: { type: 'object', properties: {}, additionalProperties: true } },
    trigger: { type: 'SCHEDULE' },
  }
  const flowID = (await call('POST /flows', {}, flow)).id
  await call('GET /flows')
  await call('GET /flows/{flowID}', { flowID })
  await call('PUT /flows/{flowID}', { flowID }, flow)
  await call('PUT /flows/{flowID}/enabled', { flowID }, { enabled: true })
  await call('POST /flows/{flowID}#deploy+json', { flowID }, {})
  await call('POST /flows/{flowID}#validate+json', { flowID }, { graphData: graph() })
  const cloneID = (await call('POST /flows/{flowID}#clone+json', { flowID }, {})).id

  await call('GET /flows/{flowID}/versions', { flowID })
  const version = { flowID, versionID: '0' }
  await call('GET /flows/{flowID}/versions/{versionID}', version)
  await call('GET /flows/{flowID}/versions/{versionID}/details', version)
  await call('PUT /flows/{flowID}/versions/{versionID}/alias', version, { alias: 'First' })
  await call('DELETE /flows/{flowID}/versions/{versionID}', version)

  const davinciApplicationID = (await call('POST /davinciApplications', {}, { name: 'App' })).id
  const one = { davinciApplicationID }
  await call('GET /davinciApplications')
  await call('GET /davinciApplications/{davinciApplicationID}', one)
  const oauth = { grantTypes: ['implicit'], scopes: ['openid'], redirectUris: ['https://x.example'], logoutUris: [] }
  await call('PUT /davinciApplications/{davinciApplicationID}', one, { name: 'App', apiKey: { enabled: true }, oauth })
  await call('POST /davinciApplications/{davinciApplicationID}/key', one, {})
  await call('POST /davinciApplications/{davinciApplicationID}/secret', one, {})

  const policies = '/davinciApplications/{davinciApplicationID}/flowPolicies'
  await client.call('PUT', `${client.in()}/flows/${flowID}`, { body: { ...flow, trigger: { type: 'AUTHENTICATION' } } })
  const policy = {
    name: 'Policy',
    flowDistributions: [{ id: flowID, version: -1, successNodes: [{ id: 'pagenode01' }] }],
  }
  const flowPolicyID = (await call(`POST ${policies}`, one, policy)).id
  const both = { davinciApplicationID, flowPolicyID }
  await call(`GET ${policies}`, one)
  await call(`GET ${policies}/{flowPolicyID}`, both)
  await call(`PUT ${policies}/{flowPolicyID}`, both, { ...policy, status: 'disabled' })
  await call(`GET ${policies}/{flowPolicyID}/events`, both)
  await call('GET /flowPolicies/{flowPolicyID}', both)
  await call(`DELETE ${policies}/{flowPolicyID}`, both)
  await call('DELETE /davinciApplications/{davinciApplicationID}', one)
  await call('DELETE /flows/{flowID}', { flowID: cloneID })
  await call('DELETE /variables/{variableID}', { variableID })
  return done
}

describe.skipIf(!sharedMaterial)('against the description of the API', () => {
  it('every operation of DaVinci is there, and answers as described', async () => {
    const client = await startClient()
    // DaVinci Admin alone doesn't read PingOne's own view of flow policies.
    client.sandbox.setRoles(client.tenant.clientId, everything)
    const done = await tour(client)
    expect(done.toSorted()).toEqual(describedOperations().toSorted())
    await client.stop()
  })

  it('every route needs the permission that the descriptions name', async () => {
    const client = await startClient()
    const answer = await fetch(`${client.sandbox.apiUrl}/sandbox/routes`)
    const { routes } = (await answer.json()) as {
      routes: { method: string; path: string; permission: string; byMediaType?: Record<string, string> }[]
    }
    const compared: string[] = []
    for (const { method, path, permission } of describedPermissions()) {
      const [plain = '', action] = path.split('#')
      const same = (other: string) => other.replace('/v1', '').replaceAll(/:\w+/g, '{}') === plain
      const route = routes.find((one) => one.method === method && same(one.path))
      if (!route) continue
      const mediaTypes = Object.entries(route.byMediaType ?? {})
      const byAction = action && mediaTypes.find(([mediaType]) => mediaType.endsWith(`.${action}`))?.[1]
      expect([method, path, byAction || route.permission]).toEqual([method, path, permission])
      compared.push(`${method} ${path}`)
    }
    expect(new Set(compared).size).toBeGreaterThanOrEqual(50)
    await client.stop()
  })

  it('roles, applications, assignments and populations answer as described', async () => {
    const client = await startClient()
    const { clientId, environmentId, organizationId } = client.tenant
    client.sandbox.setRoles(clientId, everything)
    const home = `/v1/environments/${environmentId}`
    const described = async (method: string, path: string, body?: object) => {
      const answer = await client.call(method, path, body ? { body } : {})
      expect([path, answer.status]).toEqual([path, method === 'POST' ? 201 : method === 'DELETE' ? 204 : 200])
      expect(isDescribed(client.exchanges.at(-1)!), `${method} ${path}`).toBe(true)
      return answer.body
    }
    const { _embedded } = await described('GET', '/v1/roles')
    for (const { id } of _embedded.roles) await described('GET', `/v1/roles/${id}`)
    await described('GET', `${home}/roles`)
    await described('GET', `${home}/applications`)
    await described('GET', `${home}/applications/${clientId}`)
    const populations = await described('GET', `${home}/populations`)
    await described('GET', `${home}/populations/${populations._embedded.populations[0].id}`)
    const assignments = `${home}/applications/${clientId}/roleAssignments`
    const role = _embedded.roles.find(({ name }: { name: string }) => name === 'DaVinci Admin Read Only')
    const scope = { id: organizationId, type: 'ORGANIZATION' }
    const given = await described('POST', assignments, { role: { id: role.id }, scope })
    await described('GET', assignments)
    await described('GET', `${assignments}/${given.id}`)
    await described('DELETE', `${assignments}/${given.id}`)
    await client.stop()
  })

  it('all of the demo answers as described', async () => {
    const client = await startClient({ empty: false })
    for (const { name } of client.tenant.environments) {
      const at = client.in(name)
      for (const list of ['connectorInstances', 'variables?limit=500', 'forms', 'davinciApplications']) {
        expect((await client.call('GET', `${at}/${list}`)).status).toBe(200)
      }
      const { body } = await client.call('GET', `${at}/flows`)
      expect(body.count).toBeGreaterThanOrEqual(12)
      for (const { id, currentVersion } of body._embedded.flows) {
        expect((await client.call('GET', `${at}/flows/${id}`)).body.graphData.elements.nodes.length).toBeGreaterThan(0)
        await client.call('GET', `${at}/flows/${id}/versions/${currentVersion}/details`)
      }
      const applications = await client.call('GET', `${at}/davinciApplications`)
      for (const { id } of applications.body._embedded.davinciApplications) {
        await client.call('GET', `${at}/davinciApplications/${id}/flowPolicies`)
      }
    }
    await client.stop()
  })

  it('a checker that sees nothing would be no use: it does see a missing link and a wrong type', async () => {
    const client = await startClient()
    const { contractProblems } = await import('./contract.ts')
    await client.call('POST', `${client.in()}/flows`, { body: { name: 'Seen' } })
    const exchange = client.exchanges.at(-1)!
    const spoilt = structuredClone(exchange) as { answer: { _links: Record<string, object>; enabled: unknown } }
    delete spoilt.answer._links['flow.deploy']
    spoilt.answer.enabled = 'yes'
    const problems = contractProblems({ ...exchange, answer: spoilt.answer })
    expect(problems.some((problem) => problem.includes('flow.deploy'))).toBe(true)
    expect(problems.some((problem) => problem.includes('/enabled'))).toBe(true)
    await client.stop()
  })
})
