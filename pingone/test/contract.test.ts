import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sharedMaterial } from '../../test/support/shared.ts'
import { createOperationCheck, createRequestCheck } from './openapi.ts'
import { environmentId, json, startTinyServer, type TinyServer } from './tiny-server.ts'

let tiny: TinyServer
beforeEach(async () => {
  tiny = await startTinyServer()
})
afterEach(() => tiny.close())

const id = '3a1d0f0e9c8b4a7f8e6d5c4b3a291807'
const variableId = '33333333-3333-4333-8333-333333333333'
const graphData = {
  elements: {
    nodes: [
      { data: { id: '8bnj41592a', nodeType: 'CONNECTION', unknownField: { deep: true } }, position: { x: 1, y: 2 } },
    ],
    edges: [{ data: { id: '1qrl4o3wrp', source: '8bnj41592a', target: '8bnj41592a' } }],
  },
}
const flow = { name: 'Sign on', graphData, settings: { logLevel: 2, useCSP: 'true', somethingNew: 1 } }
const policy = { name: 'Policy', status: 'enabled', flowDistributions: [{ id, version: -1, weight: 100 }] }
const application = { name: 'App', apiKey: { enabled: true }, oauth: { grantTypes: ['authorizationCode'] } }
const variable = { name: 'attempts', context: 'company', dataType: 'number', mutable: true, value: '0' }
const instance = {
  name: 'Http',
  connector: { id: 'httpConnector' },
  properties: { url: { value: 'https://example.com' } },
}

describe.skipIf(!sharedMaterial)("PingOne's OpenAPI document", () => {
  it('allows every request of every resource', async () => {
    // What is answered is of no interest here, only that each call gets through its schema.
    tiny.api = (_request, response) => {
      const answer = { id: 'x', name: 'x', version: 1, enabled: true, alias: 'x', count: 0 }
      json(response, 200, answer)
    }
    const client = tiny.client({ concurrency: 1 })
    const calls = [
      () => client.environments.list(),
      () => client.environments.get(environmentId),
      () => client.organizations.list(),
      () => client.organizations.get(environmentId),
      () => client.flows.list(environmentId),
      () => client.flows.list(environmentId, { attributes: ['id', 'name'] }),
      () => client.flows.get(environmentId, id),
      () => client.flows.create(environmentId, flow),
      () => client.flows.replace(environmentId, id, flow),
      () => client.flows.remove(environmentId, id),
      () => client.flows.deploy(environmentId, id),
      () => client.flows.clone(environmentId, id),
      () => client.flows.validate(environmentId, id, graphData),
      () => client.flows.setEnabled(environmentId, id, false),
      () => client.flows.import(environmentId, { name: 'x', flowInfo: flow, names: { [id]: 'x' } }),
      () => client.flows.import(environmentId, { name: 'x', flowInfo: flow, names: { [id]: 'x' }, legacy: true }),
      () => client.flowVersions.list(environmentId, id),
      () => client.flowVersions.get(environmentId, id, 0),
      () => client.flowVersions.details(environmentId, id, 3),
      () => client.flowVersions.setAlias(environmentId, id, 3, 'before the summer'),
      () => client.flowVersions.remove(environmentId, id, 3),
      () => client.flowVersions.export(environmentId, id, 3, { includeSubFlows: true }),
      () => client.flowVersions.revert(environmentId, id, 3),
      () => client.connectors.list(environmentId),
      () => client.connectors.get(environmentId, 'httpConnector'),
      () => client.connectors.details(environmentId, 'httpConnector'),
      () => client.connectorInstances.list(environmentId),
      () => client.connectorInstances.get(environmentId, 'defaultUserPool'),
      () => client.connectorInstances.create(environmentId, instance),
      () => client.connectorInstances.replace(environmentId, id, instance),
      () => client.connectorInstances.remove(environmentId, id),
      () => client.connectorInstances.clone(environmentId, id),
      () => client.variables.list(environmentId),
      () => client.variables.get(environmentId, variableId),
      () => client.variables.create(environmentId, variable),
      () => client.variables.replace(environmentId, variableId, variable),
      () => client.variables.remove(environmentId, variableId),
      () => client.applications.list(environmentId),
      () => client.applications.get(environmentId, id),
      () => client.applications.create(environmentId, { name: 'App' }),
      () => client.applications.replace(environmentId, id, application),
      () => client.applications.remove(environmentId, id),
      () => client.applications.rotateKey(environmentId, id),
      () => client.applications.rotateSecret(environmentId, id),
      () => client.flowPolicies.list(environmentId, id),
      () => client.flowPolicies.get(environmentId, id, id),
      () => client.flowPolicies.create(environmentId, id, policy),
      () => client.flowPolicies.replace(environmentId, id, id, policy),
      () => client.flowPolicies.remove(environmentId, id, id),
      () => client.flowPolicies.events(environmentId, id, id),
    ]
    for (const call of calls) await call()
    expect(tiny.requests).toHaveLength(calls.length)
    const problemsOf = createRequestCheck()
    expect(tiny.requests.flatMap((request) => problemsOf(request))).toEqual([])
  })

  it('of the platform API knows every request for roles, role assignments, worker apps and populations', async () => {
    tiny.api = (_request, response) => json(response, 200, { id: 'x', count: 0 })
    const client = tiny.client({ concurrency: 1 })
    await client.roles.list()
    await client.roles.ofEnvironment(environmentId)
    await client.applicationRoleAssignments.list(environmentId, variableId)
    await client.workerApplication.get(environmentId, variableId)
    await client.populations.list(environmentId)
    const isKnown = createOperationCheck()
    expect(tiny.requests.map((request) => [request.path, isKnown(request)])).toEqual(
      tiny.requests.map(({ path }) => [path, true]),
    )
    expect(tiny.requests.map(({ query }) => query).join('')).toBe('')
    expect(isKnown({ method: 'POST', path: '/v1/roles' })).toBe(false)
  })

  it('is really asked: a wrong path, body, parameter or content type is noticed', () => {
    const problemsOf = createRequestCheck()
    const path = `/v1/environments/${environmentId}/variables`
    const wrong = { method: 'GET', path, query: '', headers: {}, body: '' }
    expect(problemsOf(wrong)).toEqual([])
    expect(problemsOf({ ...wrong, path: `${path}s` })).not.toEqual([])
    expect(problemsOf({ ...wrong, query: '?limit=501' })).not.toEqual([])
    expect(problemsOf({ ...wrong, query: '?page=1' })).not.toEqual([])
    const post = { ...wrong, method: 'POST', headers: { 'content-type': 'application/json' } }
    expect(problemsOf({ ...post, body: JSON.stringify(variable) })).toEqual([])
    expect(problemsOf({ ...post, body: '{"name":"x"}' })).not.toEqual([])
    expect(problemsOf({ ...post, headers: { 'content-type': 'text/plain' }, body: '{}' })).not.toEqual([])
    expect(problemsOf({ ...wrong, path: path.replace(environmentId, 'not-a-uuid') })).not.toEqual([])
  })
})
