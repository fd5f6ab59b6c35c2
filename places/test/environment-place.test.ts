import { type JsonObject, kindNames, kindOf, type ReadProgress } from '@flightiq/core'
import { createPingOneClient, OutcomeUnknownError, type PingOneClient } from '@flightiq/pingone'
import { type Sandbox, startSandbox } from '@flightiq/sandbox'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createRequestCheck } from '../../pingone/test/openapi.ts'
import { sharedMaterial } from '../../test/support/shared.ts'
import { EnvironmentPlace, MemoryArtifactCache, NotFoundError } from '../src/index.ts'
import { type Relay, startRelay } from './relay.ts'

let sandbox: Sandbox
let relay: Relay
let client: PingOneClient
let environmentId: string
let place: EnvironmentPlace

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, demo: false, rateLimitPerMinute: null })
  relay = await startRelay(sandbox.apiUrl)
  const tenant = sandbox.tenants[0]!
  client = createPingOneClient({
    hosts: { authUrl: relay.url, apiUrl: relay.url },
    environmentId: tenant.environmentId,
    clientId: tenant.clientId,
    clientSecret: tenant.clientSecret,
    requestsPerMinute: null,
    retry: { baseMilliseconds: 1 },
  })
  environmentId = tenant.environments.find(({ name }) => name === 'Development')!.id
  for (const name of ['Sign on', 'Reset', 'Verify']) await client.flows.create(environmentId, flowNamed(name))
})
afterAll(async () => {
  client.close()
  await relay.close()
  await sandbox.close()
})
beforeEach(() => {
  relay.tamper = () => undefined
  place = new EnvironmentPlace({ client, environmentId, environmentName: 'Development', looksAfter: [1, 1] })
  relay.passed.length = 0
})

function flowNamed(name: string, text = 'Hello'): JsonObject {
  const properties = { message: { value: text }, somethingNew: { value: { deep: ['kept'] } } }
  const data = {
    id: 'n000000001',
    nodeType: 'CONNECTION',
    connectorId: 'httpConnector',
    capabilityName: 'x',
    properties,
  }
  return { name, graphData: { elements: { nodes: [{ data, position: { x: 1, y: 2 } }], edges: [] } }, unknownField: 1 }
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('It did not fail.')
}

const allKinds = ['connector', 'connectorInstance', 'variable', 'flow', 'application', 'flowPolicy'] as const

describe('reading an environment', () => {
  it('costs one list for each kind, and one request for each flow that the list gives without its graph', async () => {
    const inventory = await place.inventory(['flow', 'variable', 'connectorInstance'])
    const flows = inventory.list('flow')
    expect(flows.map(({ name }) => name)).toEqual(expect.arrayContaining(['Sign on', 'Reset', 'Verify']))
    expect(flows.every(({ content, partial }) => content.graphData !== undefined && !partial)).toBe(true)
    expect(relay.api()).toHaveLength(3 + flows.length)
  })

  it('costs only the lists the second time', async () => {
    await place.inventory(['flow', 'variable'])
    relay.passed.length = 0
    const inventory = await place.inventory(['flow', 'variable'])
    expect(relay.api()).toHaveLength(2)
    expect(inventory.list('flow').every(({ content }) => content.graphData !== undefined)).toBe(true)
  })

  it('shares what was read with another place on the same cache', async () => {
    const cache = new MemoryArtifactCache()
    const options = { client, environmentId, environmentName: 'Development', cache }
    await new EnvironmentPlace(options).inventory(['flow'])
    relay.passed.length = 0
    await new EnvironmentPlace(options).inventory(['flow'])
    expect(relay.api()).toHaveLength(1)
  })

  it('reads again just the flow that somebody changed, deployed or switched off meanwhile', async () => {
    const before = (await place.inventory(['flow'])).list('flow').find(({ name }) => name === 'Reset')!
    const changes = [
      () => client.flows.replace(environmentId, before.id, flowNamed('Reset', 'Changed')),
      () => client.flows.deploy(environmentId, before.id),
      () => client.flows.setEnabled(environmentId, before.id, false),
    ]
    for (const change of changes) {
      await change()
      relay.passed.length = 0
      const after = (await place.inventory(['flow'])).get('flow', before.id)!
      expect(relay.api().map(({ path }) => path.split('/').slice(4).join('/'))).toEqual(['flows', `flows/${before.id}`])
      expect(after.content).toEqual(await client.flows.get(environmentId, before.id))
    }
  })

  it('marks flows without graph as partial in a list, and gives those it knows whole', async () => {
    expect((await place.list('flow')).every(({ partial }) => partial === true)).toBe(true)
    await place.inventory(['flow'])
    expect((await place.list('flow')).every(({ partial }) => partial === undefined)).toBe(true)
  })

  it('reads a flow version once and never again', async () => {
    const [flow] = await place.list('flow')
    const [version] = await place.listVersions(flow!.id)
    const first = await place.get('flowVersion', version!.id)
    relay.passed.length = 0
    expect(await place.get('flowVersion', version!.id)).toEqual(first)
    expect(first.content.graphData).toBeDefined()
    expect(relay.api()).toHaveLength(0)
  })

  it('reads the policies of every application, and a single one without being told its application', async () => {
    const application = await client.applications.create(environmentId, { name: 'Portal' })
    const [flow] = await client.flows.list(environmentId)
    const distribution = { flowDistributions: [{ id: flow!.id, version: -1, weight: 100 }], name: 'Login' }
    const made = await client.flowPolicies.create(environmentId, application.id, distribution)
    const inventory = await place.inventory(['application', 'flowPolicy'])
    expect(inventory.get('flowPolicy', made.id)?.content.application).toMatchObject({ id: application.id })
    expect(relay.api().filter(({ path }) => path.endsWith('/davinciApplications'))).toHaveLength(2)
    const other = new EnvironmentPlace({ client, environmentId, environmentName: 'Development' })
    expect((await other.get('flowPolicy', made.id)).name).toBe('Login')
    await place.remove('flowPolicy', made.id)
    await place.remove('application', application.id)
    expect(await failure(other.get('flowPolicy', made.id))).toBeInstanceOf(NotFoundError)
  })

  it('tells its progress up to the end, with the requests sent', async () => {
    const told: ReadProgress[] = []
    await place.inventory(['flow', 'variable'], { onProgress: (progress) => told.push(progress) })
    const last = told.at(-1)!
    expect(last.done).toBe(last.total)
    expect(last.requests).toBe(relay.api().length)
    expect(told.map(({ label }) => label)).toContain('Flows of Development')
  })

  it('tells how long the rate budget makes it wait', async () => {
    const tenant = sandbox.tenants[0]!
    const slow = createPingOneClient({
      ...{ environmentId: tenant.environmentId, clientId: tenant.clientId, clientSecret: tenant.clientSecret },
      hosts: { authUrl: relay.url, apiUrl: relay.url },
      requestsPerMinute: 2,
      rateWindowMilliseconds: 400,
    })
    const told: ReadProgress[] = []
    const waiting = new EnvironmentPlace({ client: slow, environmentId, environmentName: 'Development' })
    await waiting.inventory(['flow'], { onProgress: (progress) => told.push(progress) })
    expect(told.some(({ waitingSeconds }) => waitingSeconds === 1)).toBe(true)
    expect(told.at(-1)?.waitingSeconds).toBeUndefined()
    slow.close()
  })

  it('ends when it is cancelled, with the reason given', async () => {
    const cancel = new AbortController()
    relay.tamper = ({ path }) => {
      if (/\/flows\/./.test(path)) cancel.abort(new Error('enough'))
      return undefined
    }
    const error = await failure(place.inventory(['flow'], { signal: cancel.signal }))
    expect(error).toMatchObject({ message: 'enough' })
  })

  it('stops the rest of the reading when one part fails', async () => {
    relay.tamper = ({ path }) =>
      path.endsWith('/variables')
        ? { answer: { status: 400, body: { code: 'INVALID_DATA', message: 'no' } } }
        : undefined
    expect(await failure(place.inventory(['variable', 'flow']))).toMatchObject({ code: 'INVALID_DATA' })
  })

  it('says that an artifact is not there', async () => {
    const error = await failure(place.get('flow', '00000000000000000000000000000000'))
    expect(error).toBeInstanceOf(NotFoundError)
    expect((error as Error).message).toBe('There is no flow 00000000000000000000000000000000 in Development.')
  })

  it('says that an environment is gone where PingOne answers 403', async () => {
    const gone = '99999999-9999-4999-8999-999999999999'
    const missing = new EnvironmentPlace({ client, environmentId: gone, environmentName: 'Gone' })
    const error = await failure(missing.list('flow'))
    expect(error).toBeInstanceOf(NotFoundError)
    expect((error as Error).message).toBe('The environment Gone is gone.')
  })
})

describe('opening an environment', () => {
  it('takes its name or its id', async () => {
    const byName = await EnvironmentPlace.open(client, 'Development')
    expect(byName.description).toMatchObject({ spec: 'env:Development', environmentId, writable: true })
    expect((await EnvironmentPlace.open(client, environmentId.toUpperCase())).description.name).toBe('Development')
  })

  it('names those that there are when there is none of that name', async () => {
    const error = await failure(EnvironmentPlace.open(client, 'Staging'))
    expect(error).toBeInstanceOf(NotFoundError)
    expect((error as NotFoundError).nextStep).toContain('Production')
  })
})

describe('writing to an environment', () => {
  it('creates, replaces, deploys, switches off and removes a flow, and keeps what nobody knows', async () => {
    const made = await place.create('flow', flowNamed('New'))
    expect(made).toMatchObject({ kind: 'flow', name: 'New', content: { unknownField: 1 } })
    expect(relay.api().map(({ method }) => method)).toEqual(['POST', 'GET'])
    const replaced = await place.replace('flow', made.id, { ...made.content, ...flowNamed('Newer', 'Bye') })
    expect(replaced).toMatchObject({ id: made.id, name: 'Newer' })
    const deployed = await place.deploy(made.id)
    expect(deployed.content.publishedVersion).toBe(deployed.content.currentVersion)
    await place.setEnabled(made.id, false)
    expect((await place.get('flow', made.id)).content).toMatchObject({ enabled: false, unknownField: 1 })
    await place.remove('flow', made.id)
    expect(await failure(place.get('flow', made.id))).toBeInstanceOf(NotFoundError)
  })

  it('writes variables, connector instances, applications and flow policies', async () => {
    const variable = await place.create('variable', {
      name: 'attempts',
      context: 'company',
      dataType: 'number',
      mutable: true,
      value: '0',
    })
    await place.replace('variable', variable.id, { ...variable.content, value: '3' })
    expect(String((await place.get('variable', variable.id)).content.value)).toBe('3')
    const instance = await place.create('connectorInstance', { name: 'My Http', connector: { id: 'httpConnector' } })
    await place.replace('connectorInstance', instance.id, { ...instance.content, name: 'Our Http' })
    expect((await place.get('connectorInstance', instance.id)).name).toBe('Our Http')
    const application = await place.create('application', {
      name: 'Shop',
      oauth: { grantTypes: ['authorizationCode'], redirectUris: ['https://shop.example.com/back'] },
    })
    expect(application.content.oauth).toMatchObject({ redirectUris: ['https://shop.example.com/back'] })
    const flow = await place.create('flow', flowNamed('Shop sign on'))
    const policy = await place.create('flowPolicy', {
      name: 'Shop login',
      application: { id: application.id },
      flowDistributions: [{ id: flow.id, version: -1, weight: 100 }],
    })
    await place.replace('flowPolicy', policy.id, { ...policy.content, name: 'Shop log-in' })
    expect((await place.get('flowPolicy', policy.id)).name).toBe('Shop log-in')
    await place.remove('flowPolicy', policy.id)
    await place.remove('application', application.id)
    await place.remove('flow', flow.id)
    await place.remove('connectorInstance', instance.id)
    await place.remove('variable', variable.id)
  })

  it('replaces a flow right after its create when PingOne lost detail of its nodes', async () => {
    relay.tamper = ({ method, path, body }) => {
      if (method !== 'POST' || !path.endsWith('/flows')) return undefined
      return { body: body.replace('"message":{"value":"Hello"},', '') }
    }
    const made = await place.create('flow', flowNamed('Complete'))
    expect(JSON.stringify(made.content)).toContain('"message":{"value":"Hello"}')
    expect(relay.api().map(({ method }) => method)).toEqual(['POST', 'GET', 'PUT'])
    await place.remove('flow', made.id)
  })

  it('sends no input schema with a flow that signs people in to PingOne, which has its own', async () => {
    const inputSchema = [{ propertyName: 'mine', preferredDataType: 'string', preferredControlType: 'textField' }]
    const made = await place.create('flow', {
      ...flowNamed('PingOne'),
      trigger: { type: 'AUTHENTICATION' },
      inputSchema,
    })
    expect(JSON.parse(relay.api()[0]!.body)).not.toHaveProperty('inputSchema')
    await place.remove('flow', made.id)
  })

  it('finds what a create made whose answer was lost, instead of making it twice', async () => {
    await place.list('flow')
    let dropped = false
    relay.tamper = ({ method, path }) => {
      if (dropped || method !== 'POST' || !path.endsWith('/flows')) return undefined
      dropped = true
      return { dropAnswer: true }
    }
    const made = await place.create('flow', flowNamed('Once'))
    const all = (await place.list('flow')).filter(({ name }) => name === 'Once')
    expect(all.map(({ id }) => id)).toEqual([made.id])
    await place.remove('flow', made.id)
  })

  it('says that the outcome is unknown when it finds nothing, or cannot tell two apart', async () => {
    await place.list('variable')
    relay.tamper = ({ method }) => (method === 'POST' ? { answer: { status: 502, body: {} } } : undefined)
    const content = { name: 'never', context: 'company', dataType: 'string', mutable: true, value: 'x' }
    expect(await failure(place.create('variable', content))).toBeInstanceOf(OutcomeUnknownError)
  })

  it('brings a variable of a flow in line that PingOne made with the flow, and refuses other doubles', async () => {
    const flow = await place.create('flow', flowNamed('Counting'))
    const content = { name: 'count', dataType: 'number', mutable: true, value: '1' }
    const ofFlow = { ...content, context: 'flow', flow: { id: flow.id } }
    const first = await place.create('variable', ofFlow)
    const second = await place.create('variable', { ...ofFlow, value: '2' })
    expect(second.id).toBe(first.id)
    expect(String(second.content.value)).toBe('2')
    const shared = await place.create('variable', { ...content, context: 'company' })
    expect(await failure(place.create('variable', { ...content, context: 'company' }))).toMatchObject({ status: 400 })
    for (const { id } of [first, shared]) await place.remove('variable', id)
    await place.remove('flow', flow.id)
  })

  it('refuses kinds that PingOne makes itself', async () => {
    const error = await failure((async () => place.create('connector', {}))())
    expect(error).toMatchObject({ code: 'KIND_NOT_WRITABLE' })
  })
})

describe.skipIf(!sharedMaterial)("PingOne's OpenAPI document", () => {
  it('allows every request that reading and writing sends', async () => {
    await place.inventory(allKinds)
    const made = await place.create('flow', flowNamed('Contract'))
    await place.replace('flow', made.id, made.content)
    await place.deploy(made.id)
    await place.setEnabled(made.id, true)
    await place.remove('flow', made.id)
    const variable = { name: 'contract', context: 'company', dataType: 'boolean', mutable: true, value: 'false' }
    await place.remove('variable', (await place.create('variable', variable)).id)
    const problemsOf = createRequestCheck()
    expect(relay.api().flatMap((request) => problemsOf(request))).toEqual([])
  })
})

it('knows how to reach every kind', () => {
  expect(kindNames.filter((name) => kindOf(name).writable).every((name) => allKinds.includes(name as never))).toBe(true)
})
