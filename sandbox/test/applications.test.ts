import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, everything, startClient } from './client.ts'

describe('DaVinci applications', () => {
  let client: Client
  beforeAll(async () => {
    client = await startClient()
  })
  afterAll(() => client.stop())
  const path = () => `${client.in()}/davinciApplications`

  it('take their name alone at creation, and get key, secret and defaults', async () => {
    const body = { name: 'Portal', oauth: { redirectUris: ['https://portal.example'] }, apiKey: { enabled: false } }
    const { status, body: created } = await client.call('POST', path(), { body })
    expect(status).toBe(201)
    expect(created).toMatchObject({
      name: 'Portal',
      apiKey: { enabled: true, value: expect.stringMatching(/.{20}/) },
      oauth: { redirectUris: [], grantTypes: ['authorizationCode'], scopes: ['openid', 'profile'] },
    })
    expect(created.id).toMatch(/^[0-9a-f]{32}$/)
  })

  it('are replaced without losing key and secret, whatever is sent for them', async () => {
    const { body: created } = await client.call('POST', path(), { body: { name: 'Shop' } })
    const { body } = await client.call('PUT', `${path()}/${created.id}`, {
      body: {
        name: 'Shop 2',
        apiKey: { enabled: false, value: 'mine' },
        oauth: {
          clientSecret: 'mine',
          redirectUris: ['https://shop.example'],
          enforceSignedRequestOpenid: false,
          x: 1,
        },
        y: { z: 1 },
      },
    })
    expect(body).toMatchObject({ name: 'Shop 2', apiKey: { enabled: false, value: created.apiKey.value }, y: { z: 1 } })
    expect(body.oauth).toMatchObject({
      clientSecret: created.oauth.clientSecret,
      redirectUris: ['https://shop.example'],
      x: 1,
    })
    expect(body.oauth).not.toHaveProperty('enforceSignedRequestOpenid')
    const bad = await client.call('PUT', `${path()}/${created.id}`, {
      body: { name: 'Shop', oauth: { scopes: ['all'] } },
    })
    expect(bad.body.details[0].target).toBe('oauth.scopes[0]')
  })

  it('get a new key and a new secret by rotation, whose body holds nothing', async () => {
    const { body: created } = await client.call('POST', path(), { body: { name: 'Rotated' } })
    const key = 'application/vnd.pingidentity.davinciApplication.rotateKey+json'
    const secret = 'application/vnd.pingidentity.davinciApplication.rotateSecret+json'
    const first = await client.call('POST', `${path()}/${created.id}/key`, { mediaType: key, body: {} })
    expect(first.status).toBe(200)
    expect(first.body.apiKey.value).not.toBe(created.apiKey.value)
    expect(first.body.oauth.clientSecret).toBe(created.oauth.clientSecret)
    const second = await client.call('POST', `${path()}/${created.id}/secret`, { mediaType: secret })
    expect(second.body.oauth.clientSecret).not.toBe(created.oauth.clientSecret)
    expect((await client.call('POST', `${path()}/${created.id}/key`, { mediaType: key, body: { a: 1 } })).status).toBe(
      400,
    )
    expect((await client.call('POST', `${path()}/${created.id}/key`, { body: {} })).status).toBe(415)
  })

  describe('have flow policies', () => {
    let policies: string
    let flow: string
    let pingOneFlow: string
    beforeAll(async () => {
      const application = await client.call('POST', path(), { body: { name: 'With policies' } })
      policies = `${path()}/${application.body.id}/flowPolicies`
      const create = async (more: object) =>
        (await client.call('POST', `${client.in()}/flows`, { body: { name: 'Policy flow', ...more } })).body.id
      flow = await create({})
      pingOneFlow = await create({ trigger: { type: 'AUTHENTICATION' } })
    })

    it('with a default name, switched on, and links to flow and version', async () => {
      const { status, body } = await client.call('POST', policies, {
        body: { flowDistributions: [{ id: flow, version: 0 }] },
      })
      expect(status).toBe(201)
      expect(body).toMatchObject({
        name: 'New Policy',
        status: 'enabled',
        flowDistributions: [{ id: flow, version: 0 }],
      })
      expect(body._links['flow.0'].href).toContain(flow)
      expect(body._links[`version.${flow}.0`].href).toMatch(/versions\/0$/)
      expect(body).not.toHaveProperty('trigger')
      expect((await client.call('GET', `${policies}/${body.id}/events`)).body._embedded.events).toEqual([])
      expect((await client.call('GET', policies)).body._embedded.flowPolicies).toHaveLength(1)
    })

    it('which are replaced, and deleted with their application', async () => {
      const body = {
        name: 'Split',
        flowDistributions: [
          { id: flow, version: -1, weight: 40, ip: ['10.0.0.0/8'] },
          { id: pingOneFlow, version: -1, weight: 60 },
        ],
      }
      const created = await client.call('POST', policies, { body })
      const { body: replaced } = await client.call('PUT', `${policies}/${created.body.id}`, {
        body: { ...body, name: 'Split again', status: 'disabled', future: true },
      })
      expect(replaced).toMatchObject({ name: 'Split again', status: 'disabled', future: true })
      const other = await client.call('POST', path(), { body: { name: 'Other' } })
      expect((await client.call('GET', `${path()}/${other.body.id}/flowPolicies/${created.body.id}`)).status).toBe(404)
      expect((await client.call('DELETE', `${policies}/${created.body.id}`)).status).toBe(204)
    })

    it('of which PingOne sees those with a flow it starts, trigger included', async () => {
      const { body } = await client.call('POST', policies, {
        body: { name: 'PingOne', flowDistributions: [{ id: pingOneFlow, version: -1 }] },
      })
      expect(body.trigger).toMatchObject({ type: 'AUTHENTICATION' })
      // DaVinci's roles don't read PingOne's view.
      expect((await client.call('GET', `${client.in()}/flowPolicies/${body.id}`)).status).toBe(403)
      client.sandbox.setRoles(client.tenant.clientId, everything)
      const seen = await client.call('GET', `${client.in()}/flowPolicies/${body.id}`)
      expect(seen.body).toMatchObject({
        id: body.id,
        name: 'PingOne',
        enabled: true,
        trigger: { type: 'AUTHENTICATION' },
      })
      const plain = await client.call('POST', policies, { body: { flowDistributions: [{ id: flow, version: -1 }] } })
      expect((await client.call('GET', `${client.in()}/flowPolicies/${plain.body.id}`)).status).toBe(404)
    })

    it.each([
      ['no distribution', { flowDistributions: [] }, 'flowDistributions'],
      ['a flow that is not there', { flowDistributions: [{ id: 'gone', version: -1 }] }, 'flowDistributions[0].id'],
      ['an unknown status', { status: 'maybe', flowDistributions: [{ id: 'gone', version: -1 }] }, 'status'],
      ['101 distributions', { flowDistributions: Array(101).fill({ id: 'x', version: 0 }) }, 'flowDistributions'],
    ])('but none with %s', async (_what, body, target) => {
      const answer = await client.call('POST', policies, { body })
      expect(answer.status).toBe(400)
      expect(answer.body.details[0].target).toBe(target)
    })
  })
})
