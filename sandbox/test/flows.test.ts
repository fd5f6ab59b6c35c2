import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, graph, startClient } from './client.ts'

const clone = 'application/vnd.pingidentity.flow.clone+json'
const deploy = 'application/vnd.pingidentity.flow.deploy+json'
const validate = 'application/vnd.pingidentity.flow.validate+json'

describe('flows', () => {
  let client: Client
  beforeAll(async () => {
    client = await startClient()
  })
  afterAll(() => client.stop())

  const flows = () => `${client.in()}/flows`
  const create = async (more: object = {}) =>
    (await client.call('POST', flows(), { body: { name: 'Sign on', graphData: graph(), ...more } })).body

  it('are created enabled, at version 0 and not deployed', async () => {
    const { status, body } = await client.call('POST', flows(), { body: { name: 'New', graphData: graph() } })
    expect(status).toBe(201)
    expect(body).toMatchObject({ name: 'New', enabled: true, currentVersion: 0 })
    expect(body.id).toMatch(/^[0-9a-f]{32}$/)
    expect(body).not.toHaveProperty('publishedVersion')
    expect(body.connectors).toEqual([{ id: 'httpConnector' }])
  })

  it('are listed without their graph, and with the asked fields alone', async () => {
    const { id } = await create({ name: 'Listed' })
    const all = await client.call('GET', flows())
    const listed = all.body._embedded.flows.find((flow: { id: string }) => flow.id === id)
    expect(listed).toMatchObject({ name: 'Listed', currentVersion: 0 })
    expect(listed).not.toHaveProperty('graphData')
    expect(all.body.count).toBe(all.body._embedded.flows.length)
    const asked = await client.call('GET', `${flows()}?attributes=id,name,updatedAt`)
    const keys = Object.keys(asked.body._embedded.flows[0]).toSorted()
    expect(keys).toEqual(['_links', 'environment', 'id', 'name', 'updatedAt'])
  })

  it('keep unknown fields at every depth, and numbers of every size', async () => {
    const content = {
      name: 'Unknown fields',
      later: { deep: [{ er: true }] },
      settings: { newSetting: { a: 1 } },
      graphData: {
        ...graph(),
        minZoom: 1e-50,
        maxZoom: 1e50,
        aurora: 'x',
        elements: {
          ...(graph().elements as object),
          nodes: [
            {
              data: {
                id: 'n1',
                nodeType: 'EVAL',
                outcomes: [{ id: 'o', label: 'O', result: 'submit', more: 1 }],
                x: { y: null },
              },
              halo: 2,
            },
          ],
          edges: [{ data: { id: 'e1', source: 'n1', target: 'n1', multiValueSourceId: '-1' }, glow: [1] }],
          groups: [],
        },
      },
    }
    const { id } = await create(content)
    const { body } = await client.call('GET', `${flows()}/${id}`)
    expect(body).toMatchObject(content)
    const replaced = await client.call('PUT', `${flows()}/${id}`, { body: { ...content, later: 'changed' } })
    expect(replaced.body).toMatchObject({ ...content, later: 'changed' })
  })

  it('get the defaults of the canvas, and what their nodes lack', async () => {
    const bare = {
      elements: {
        nodes: [{ data: { id: 'a', nodeType: 'CONNECTION', connectorId: 'errorConnector' } }],
        edges: [{ data: { id: 'e', source: 'a', target: 'a' } }],
      },
    }
    const { graphData } = await create({ graphData: bare })
    expect(graphData).toMatchObject({ zoom: 1, pan: { x: 0, y: 0 }, maxZoom: 1e50, renderer: { name: 'null' } })
    const instances = await client.call('GET', `${client.in()}/connectorInstances`)
    const errors = instances.body._embedded.connectorInstances.find(
      (one: { connector: { id: string } }) => one.connector.id === 'errorConnector',
    )
    expect(graphData.elements.nodes[0]).toMatchObject({ group: 'nodes', pannable: false, position: { x: 0, y: 0 } })
    expect(graphData.elements.nodes[0].data).toMatchObject({ connectionId: errors.id, name: 'Error Message' })
    expect(graphData.elements.nodes[0].data.idUnique).toEqual(expect.any(String))
    expect(graphData.elements.edges[0]).toMatchObject({ group: 'edges', pannable: true })
  })

  it('are replaced as a whole: what is left out is gone, and the version rises', async () => {
    const { id } = await create({ description: 'first', settings: { logLevel: 2 } })
    const { body } = await client.call('PUT', `${flows()}/${id}`, { body: { name: 'Renamed', graphData: graph() } })
    expect(body).toMatchObject({ id, name: 'Renamed', currentVersion: 1 })
    expect(body).not.toHaveProperty('description')
    expect(body).not.toHaveProperty('settings')
  })

  it('ignore what only the server writes', async () => {
    const { id } = await create()
    const own = {
      id: 'f'.repeat(32),
      currentVersion: 77,
      publishedVersion: 3,
      enabled: false,
      createdAt: '2001-01-01T00:00:00.000Z',
      dvlinterErrorCount: 9,
      _links: {},
      connectors: [{ id: 'x' }],
    }
    const body = { ...own, name: 'Same', graphData: graph() }
    const replaced = await client.call('PUT', `${flows()}/${id}`, { body })
    expect(replaced.body).toMatchObject({ id, currentVersion: 1, enabled: true, connectors: [{ id: 'httpConnector' }] })
    const created = await client.call('POST', flows(), { body })
    expect(created.body).toMatchObject({ currentVersion: 0, enabled: true })
    expect(created.body.id).not.toBe(own.id)
    expect(created.body.createdAt).not.toBe(own.createdAt)
    expect(created.body).not.toHaveProperty('publishedVersion')
  })

  it('are deployed at their current version, and stay behind after the next save', async () => {
    const { id } = await create()
    await client.call('PUT', `${flows()}/${id}`, { body: { name: 'v1', graphData: graph() } })
    const deployed = await client.call('POST', `${flows()}/${id}`, { mediaType: deploy, body: {} })
    expect(deployed.status).toBe(201)
    expect(deployed.body).toMatchObject({ currentVersion: 1, publishedVersion: 1 })
    expect(deployed.body.deployedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    const saved = await client.call('PUT', `${flows()}/${id}`, { body: { name: 'v2', graphData: graph() } })
    expect(saved.body).toMatchObject({ currentVersion: 2, publishedVersion: 1 })
    const again = await client.call('POST', `${flows()}/${id}`, { mediaType: deploy })
    expect(again.body).toMatchObject({ publishedVersion: 2 })
  })

  it('are cloned under a name of their own, not deployed', async () => {
    const { id } = await create({ name: 'Original', description: 'kept' })
    await client.call('POST', `${flows()}/${id}`, { mediaType: deploy, body: {} })
    const first = await client.call('POST', `${flows()}/${id}`, { mediaType: clone, body: {} })
    const second = await client.call('POST', `${flows()}/${id}`, { mediaType: clone })
    expect(first.status).toBe(201)
    expect(first.body).toMatchObject({ name: 'Original - Copy', description: 'kept', currentVersion: 0 })
    expect(first.body).not.toHaveProperty('publishedVersion')
    expect(second.body.name).toBe('Original - Copy 2')
    expect(first.body.id).not.toBe(id)
  })

  it('are switched off and on by a resource of its own, without a new version', async () => {
    const { id } = await create()
    const off = await client.call('PUT', `${flows()}/${id}/enabled`, { body: { enabled: false } })
    expect(off.body).toMatchObject({ enabled: false })
    expect((await client.call('GET', `${flows()}/${id}/enabled`)).body.enabled).toBe(false)
    expect((await client.call('GET', `${flows()}/${id}`)).body).toMatchObject({ enabled: false, currentVersion: 0 })
    expect((await client.call('PUT', `${flows()}/${id}/enabled`, { body: { enabled: 'no' } })).status).toBe(400)
  })

  it('report what they point at and is not there, and leave it untouched', async () => {
    const nodes = [
      { data: { id: 'a', nodeType: 'CONNECTION', connectorId: 'httpConnector', connectionId: 'f'.repeat(32) } },
      {
        data: {
          id: 'b',
          nodeType: 'CONNECTION',
          connectorId: 'flowConnector',
          properties: {
            subFlowId: { value: { label: 'Gone', value: 'e'.repeat(32) } },
            note: { value: '{{global.variables.nobody}}' },
          },
        },
      },
    ]
    const { id } = await create({ graphData: { elements: { nodes } } })
    const { body } = await client.call('GET', `${flows()}/${id}`)
    expect(body).toMatchObject({ dvlinterErrorCount: 2, dvlinterWarningCount: 1 })
    expect(body.graphData.elements.nodes[0].data.connectionId).toBe('f'.repeat(32))
    expect(body.graphData.elements.nodes[0].data.linterError[0]).toMatchObject({
      type: 'error',
      nodeId: 'a',
      flowId: id,
    })
    expect(body.graphData.allLinterErrors).toHaveLength(3)
    // Sent back with the findings, it is kept without them.
    await client.call('POST', `${client.in()}/variables`, {
      body: { name: 'nobody', context: 'company', dataType: 'string', mutable: true },
    })
    const { body: after } = await client.call('PUT', `${flows()}/${id}`, { body })
    expect(after).toMatchObject({ dvlinterErrorCount: 2, dvlinterWarningCount: 0 })
    expect(after.graphData.allLinterErrors).toHaveLength(2)
  })

  it('are validated without being changed', async () => {
    const { id } = await create()
    const broken = {
      elements: { nodes: [{ data: { id: 'a', nodeType: 'CONNECTION', connectorId: 'x', connectionId: 'y' } }] },
    }
    const answer = await client.call('POST', `${flows()}/${id}`, { mediaType: validate, body: { graphData: broken } })
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ id, dvlinterErrorCount: 1, currentVersion: 0 })
    expect((await client.call('GET', `${flows()}/${id}`)).body.graphData.elements.nodes).toHaveLength(2)
  })

  it('started by PingOne get its parameters, whatever the client sends', async () => {
    const body = await create({
      trigger: { type: 'AUTHENTICATION' },
      inputSchema: [{ propertyName: 'mine', preferredDataType: 'string' }],
    })
    expect(body.inputSchema.map(({ propertyName }: { propertyName: string }) => propertyName)).toEqual([
      'loginHint',
      'maxSecondsSinceLastSignOn',
      'authorizationRequest',
      'samlRequest',
      'wsFedRequest',
      'application',
      'relayState',
    ])
  })

  it.each([
    ['a missing name', {}, 'REQUIRED_VALUE', 'name'],
    ['a name with <', { name: 'Sign <on>' }, 'INVALID_VALUE', 'name'],
    ['a name that begins with a quote', { name: '"quoted"' }, 'INVALID_VALUE', 'name'],
    ['a name of 257 characters', { name: 'n'.repeat(257) }, 'INVALID_VALUE', 'name'],
    ['a description of 1025 characters', { name: 'n', description: 'd'.repeat(1025) }, 'INVALID_VALUE', 'description'],
    [
      'a node without nodeType',
      { name: 'n', graphData: { elements: { nodes: [{ data: { id: 'a' } }] } } },
      'REQUIRED_VALUE',
      'graphData.elements.nodes[0].data.nodeType',
    ],
    [
      'an edge to nowhere',
      {
        name: 'n',
        graphData: {
          elements: {
            nodes: [{ data: { id: 'a', nodeType: 'EVAL' } }],
            edges: [{ data: { id: 'e', source: 'a', target: 'gone' } }],
          },
        },
      },
      'INVALID_VALUE',
      'graphData.elements.edges[0].data.target',
    ],
    ['a log level of 9', { name: 'n', settings: { logLevel: 9 } }, 'OUT_OF_RANGE', 'settings.logLevel'],
  ])('are refused with %s, and the answer names the spot', async (_what, body, code, target) => {
    const answer = await client.call('POST', flows(), { body })
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({ code: 'INVALID_DATA', details: [{ code, target }] })
  })

  it.each(['🚀 Sign on', ' [draft] it’s', '\u00a0Leading no-break space', '😀'.repeat(256)])(
    'may be called %s',
    async (name) => {
      expect((await create({ name })).name).toBe(name)
    },
  )

  it('are deleted with the variables of their own context', async () => {
    const { id } = await create()
    const variable = { name: 'inside', context: 'flow', dataType: 'string', mutable: true, flow: { id } }
    const created = await client.call('POST', `${client.in()}/variables`, { body: variable })
    expect((await client.call('DELETE', `${flows()}/${id}`)).status).toBe(204)
    expect((await client.call('GET', `${flows()}/${id}`)).status).toBe(404)
    expect((await client.call('GET', `${client.in()}/variables/${created.body.id}`)).status).toBe(404)
  })

  it('are not deleted while a policy names them', async () => {
    const { id } = await create()
    const application = await client.call('POST', `${client.in()}/davinciApplications`, { body: { name: 'App' } })
    const policies = `${client.in()}/davinciApplications/${application.body.id}/flowPolicies`
    const policy = await client.call('POST', policies, { body: { flowDistributions: [{ id, version: -1 }] } })
    const refused = await client.call('DELETE', `${flows()}/${id}`)
    expect(refused.status).toBe(400)
    expect(refused.body.details[0]).toMatchObject({
      code: 'CONSTRAINT_VIOLATION',
      message: 'This Flow is in a Application Flow Policy',
    })
    await client.call('DELETE', `${policies}/${policy.body.id}`)
    expect((await client.call('DELETE', `${flows()}/${id}`)).status).toBe(204)
  })

  it('answer 415 to an action that does not exist', async () => {
    const { id } = await create()
    const unknown = 'application/vnd.pingidentity.flow.explode+json'
    expect((await client.call('POST', `${flows()}/${id}`, { mediaType: unknown, body: {} })).status).toBe(415)
    expect((await client.call('POST', flows(), { mediaType: 'text/plain', body: '{}' })).status).toBe(415)
  })
})

describe('the limit of flows', () => {
  it('refuses one more, created or cloned', async () => {
    const client = await startClient({ limits: { flows: 2 } })
    const flows = `${client.in()}/flows`
    const { body } = await client.call('POST', flows, { body: { name: 'one' } })
    await client.call('POST', flows, { body: { name: 'two' } })
    const refused = await client.call('POST', flows, { body: { name: 'three' } })
    expect(refused.status).toBe(403)
    expect(refused.body.details[0]).toMatchObject({ code: 'LICENSE_EXCEEDED', innerError: { quotaLimit: 2 } })
    expect((await client.call('POST', `${flows}/${body.id}`, { mediaType: clone, body: {} })).status).toBe(403)
    await client.stop()
  })
})
