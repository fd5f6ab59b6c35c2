import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, startClient } from './client.ts'

describe('connector instances', () => {
  let client: Client
  beforeAll(async () => {
    client = await startClient()
  })
  afterAll(() => client.stop())
  const path = () => `${client.in()}/connectorInstances`
  const stored = (id: string) => client.sandbox.state.environment('Development').connectorInstances.get(id)!.content

  const openId = {
    name: 'Google',
    connector: { id: 'googleConnector' },
    properties: {
      openId: {
        properties: {
          clientId: { value: 'visible', displayName: 'Client ID' },
          clientSecret: { value: 'hush', secure: true, displayName: 'Client Secret', newKey: { a: 1 } },
        },
      },
      urls: { value: [{ name: 'one', url: 'https://one.example', token: 'hush' }] },
      plain: { type: 'number', value: 0 },
    },
  }

  it('answer with secrets masked at any depth, and with everything else as it was sent', async () => {
    const { status, body } = await client.call('POST', path(), { body: openId })
    expect(status).toBe(201)
    expect(body.properties.openId.properties.clientSecret).toEqual({
      value: '******',
      secure: true,
      displayName: 'Client Secret',
      newKey: { a: 1 },
    })
    expect(body.properties.openId.properties.clientId.value).toBe('visible')
    expect(body.properties.plain).toEqual({ type: 'number', value: 0 })
    expect(body).toMatchObject({ connector: { id: 'googleConnector' }, metadata: { type: 'service' } })
    const everything = await client.call('GET', path())
    expect(JSON.stringify(everything.body)).not.toContain('hush')
  })

  it('keep a secret whose mask is sent back, and take a new one', async () => {
    const { body } = await client.call('POST', path(), { body: openId })
    const echo = { name: 'Renamed', connector: { id: 'googleConnector' }, properties: body.properties }
    await client.call('PUT', `${path()}/${body.id}`, { body: echo })
    expect(stored(body.id)).toMatchObject({ ...openId, name: 'Renamed' })
    const properties = { openId: { properties: { clientSecret: { value: 'new' } } } }
    await client.call('PUT', `${path()}/${body.id}`, { body: { ...echo, properties } })
    expect(stored(body.id).properties).toEqual(properties)
  })

  it('never store a mask for a secret they do not have', async () => {
    const body = {
      name: 'New',
      connector: { id: 'pingOneMfaConnector' },
      properties: { clientSecret: { value: '******' } },
    }
    const created = await client.call('POST', path(), { body })
    expect(stored(created.body.id).properties).toEqual({ clientSecret: {} })
  })

  it('stay with their connector whatever a replace says, even with an empty id', async () => {
    const { body } = await client.call('POST', path(), { body: { name: 'A', connector: { id: 'httpConnector' } } })
    expect(body).not.toHaveProperty('properties')
    for (const id of ['', 'smtpConnector']) {
      const { body: after } = await client.call('PUT', `${path()}/${body.id}`, {
        body: id === '' ? JSON.stringify({ name: 'A', connector: { id } }) : { name: 'A', connector: { id } },
        mediaType: 'application/json',
      })
      expect(after.connector).toEqual({ id: 'httpConnector' })
    }
  })

  it('are cloned with their secrets under a name of their own', async () => {
    const { body } = await client.call('POST', path(), { body: { ...openId, name: 'Original' } })
    const mediaType = 'application/vnd.pingidentity.connectorInstance.clone+json'
    const { status, body: copy } = await client.call('POST', `${path()}/${body.id}`, { mediaType, body: {} })
    expect(status).toBe(201)
    expect(copy.name).toBe('Original - Copy')
    expect(stored(copy.id).properties).toEqual(openId.properties)
  })

  it('may be of a connector that nobody knows yet, but not of none', async () => {
    const body = {
      name: 'Tomorrow',
      connector: { id: 'tomorrowConnector' },
      properties: { a: { value: { b: [] } } },
      novel: 1,
    }
    const { body: created } = await client.call('POST', path(), { body })
    expect(created).toMatchObject(body)
    const refused = await client.call('POST', path(), { body: { name: 'None' } })
    expect(refused.body.details[0]).toMatchObject({ code: 'REQUIRED_VALUE', target: 'connector' })
  })

  it('are deleted though flows use them, and then the flows say so', async () => {
    const { body: instance } = await client.call('POST', path(), {
      body: { name: 'Used', connector: { id: 'httpConnector' } },
    })
    const node = { data: { id: 'a', nodeType: 'CONNECTION', connectorId: 'httpConnector', connectionId: instance.id } }
    const flows = `${client.in()}/flows`
    const { body: flow } = await client.call('POST', flows, {
      body: { name: 'User', graphData: { elements: { nodes: [node] } } },
    })
    expect(flow.dvlinterErrorCount).toBe(0)
    expect((await client.call('DELETE', `${path()}/${instance.id}`)).status).toBe(204)
    expect((await client.call('GET', `${flows}/${flow.id}`)).body.dvlinterErrorCount).toBe(1)
  })

  it('are limited in number', async () => {
    const small = await startClient({ limits: { connectorInstances: 16 } })
    const body = { name: 'One too many', connector: { id: 'httpConnector' } }
    const refused = await small.call('POST', `${small.in()}/connectorInstances`, { body })
    expect(refused.status).toBe(403)
    await small.stop()
  })
})
