import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, everything, startClient } from './client.ts'

describe('organizations and environments', () => {
  let client: Client
  beforeAll(async () => {
    client = await startClient()
  })
  afterAll(() => client.stop())
  const names = (body: { _embedded: { environments: { name: string }[] } }) =>
    body._embedded.environments.map(({ name }) => name)

  it('are seen by a worker as far as it has a role: its own organization, and not the environment it lives in', async () => {
    const { body } = await client.call('GET', '/v1/environments')
    expect(names(body)).toEqual(['Development', 'Test', 'Production'])
    expect(body).toMatchObject({ count: 3, size: 3 })
    const organizations = await client.call('GET', '/v1/organizations')
    await client.call('GET', `/v1/organizations/${client.tenant.organizationId}/licenses`)
    await client.call('GET', `/v1/organizations/${client.tenant.organizationId}`)
    expect(organizations.body._embedded.organizations).toMatchObject([{ id: client.tenant.organizationId }])
    const other = client.sandbox.tenants[1]!
    expect((await client.call('GET', `/v1/organizations/${other.organizationId}`)).status).toBe(403)
    expect((await client.call('GET', `/v1/environments/${other.environments[0]!.id}`)).status).toBe(404)
    expect((await client.call('GET', `/v1/environments/${client.tenant.environmentId}`)).status).toBe(403)
  })

  it('are filtered, ordered, paged and expanded', async () => {
    const list = async (query: Record<string, string>) =>
      (await client.call('GET', `/v1/environments?${new URLSearchParams(query)}`)).body
    expect(names(await list({ filter: 'name sw "Pro"' }))).toEqual(['Production'])
    expect(names(await list({ filter: `organization.id eq "${client.tenant.organizationId}"` }))).toHaveLength(3)
    expect(names(await list({ order: '-name' }))).toEqual(['Test', 'Production', 'Development'])
    expect(
      (await list({ expand: 'billOfMaterials' }))._embedded.environments[0].billOfMaterials.products,
    ).toContainEqual({
      type: 'PING_ONE_DAVINCI',
    })
    const first = await list({ limit: '2' })
    expect(names(first)).toEqual(['Development', 'Test'])
    const next = new URL(first._links.next.href)
    const second = await client.call('GET', `${next.pathname}${next.search}`)
    expect(names(second.body)).toEqual(['Production'])
    expect(second.body._links).not.toHaveProperty('next')
  })

  it('refuse a filter by what they can not be filtered by, and say by what they can', async () => {
    const { status, body } = await client.call('GET', `/v1/environments?filter=${encodeURIComponent('region eq "NA"')}`)
    expect(status).toBe(400)
    expect(body.details[0]).toMatchObject({ code: 'INVALID_FILTER', target: 'filter' })
    expect(body.details[0].innerError.supportedAttributes).toContain('name')
  })

  it('answer 404 for an environment that is not there, and 403 for all below it', async () => {
    const id = crypto.randomUUID()
    const { status, body } = await client.call('GET', `/v1/environments/${id}`)
    expect(status).toBe(404)
    expect(body).toMatchObject({ code: 'NOT_FOUND', message: `Unable to find environment with ID: '${id}'` })
    for (const path of ['flows', 'variables', 'connectors', 'forms', 'davinciApplications']) {
      expect((await client.call('GET', `/v1/environments/${id}/${path}`)).status).toBe(403)
    }
    expect((await client.call('GET', '/v1/environments/not-a-uuid/flows')).status).toBe(400)
  })

  it('hold what PingOne puts into each, with the ids that are the same everywhere', async () => {
    const instancesOf = async (environment: string) =>
      (await client.call('GET', `${client.in(environment)}/connectorInstances`)).body._embedded.connectorInstances as {
        id: string
        connector: { id: string }
      }[]
    const [here, there] = [await instancesOf('Development'), await instancesOf('Production')]
    const idOf = (list: typeof here, connector: string) => list.find((one) => one.connector.id === connector)!.id
    expect(idOf(here, 'httpConnector')).toBe('867ed4363b2bc21c860085ad2baa817d')
    expect(idOf(here, 'pingOneSSOConnector')).toBe('94141bf2f1b9b59a5f5365ff135e02bb')
    expect(idOf(there, 'httpConnector')).toBe(idOf(here, 'httpConnector'))
    for (const connector of ['nodeConnector', 'flowConnector', 'errorConnector', 'challengeConnector']) {
      expect(idOf(there, connector)).not.toBe(idOf(here, connector))
    }
    const applications = await client.call('GET', `${client.in()}/davinciApplications`)
    expect(applications.body._embedded.davinciApplications).toMatchObject([{ name: 'PingOne SSO Connection' }])
  })
})

describe('environments that a worker writes', () => {
  it('are created with what PingOne puts into each, and not known to DaVinci at once', async () => {
    let now = Date.UTC(2026, 0, 2)
    const client = await startClient({ now: () => now, settleMilliseconds: 30_000 })
    client.sandbox.setRoles(client.tenant.clientId, everything)
    const licences = await client.call('GET', `/v1/organizations/${client.tenant.organizationId}/licenses`)
    const license = { id: licences.body._embedded.licenses[0].id }
    const body = { name: 'Staging', region: 'NA', type: 'SANDBOX', license }
    const { status, body: created } = await client.call('POST', '/v1/environments', { body })
    expect(status).toBe(201)
    expect(created).toMatchObject({ name: 'Staging', organization: { id: client.tenant.organizationId } })
    const instances = `/v1/environments/${created.id}/connectorInstances`
    expect((await client.call('GET', instances)).status).toBe(403)
    now += 30_000
    expect((await client.call('GET', instances)).body._embedded.connectorInstances.length).toBeGreaterThan(10)
    expect(client.sandbox.tenants[0]!.environments.map(({ name }) => name)).toContain('Staging')
    const again = await client.call('POST', '/v1/environments', { body })
    expect(again.body.details[0]).toMatchObject({ code: 'UNIQUENESS_VIOLATION', target: 'name' })
    await client.stop()
  })

  it('are renamed, stay in their region and in production, and are deleted once that is prepared', async () => {
    const client = await startClient()
    const path = client.in('Production')
    client.sandbox.setRoles(client.tenant.clientId, everything)
    const body = { name: 'Live', region: 'EU', type: 'PRODUCTION' }
    expect((await client.call('PUT', path, { body })).body).toMatchObject({ name: 'Live', status: 'ACTIVE' })
    expect((await client.call('PUT', path, { body: { ...body, region: 'NA' } })).body.details[0].target).toBe('region')
    expect((await client.call('PUT', path, { body: { ...body, type: 'SANDBOX' } })).body.details[0].target).toBe('type')
    expect((await client.call('DELETE', path)).status).toBe(400)
    await client.call('PUT', path, { body: { ...body, status: 'DELETE_PENDING' } })
    expect((await client.call('DELETE', path)).status).toBe(204)
    expect((await client.call('GET', path)).status).toBe(404)
    expect((await client.call('GET', `${path}/flows`)).status).toBe(403)
    await client.stop()
  })

  it('have no DaVinci without its product', async () => {
    const client = await startClient()
    client.sandbox.setRoles(client.tenant.clientId, everything)
    const body = { products: [{ type: 'PING_ONE_BASE' }] }
    const { status } = await client.call('PUT', `${client.in('Test')}/billOfMaterials`, { body })
    expect(status).toBe(200)
    expect((await client.call('GET', `${client.in('Test')}/flows`)).status).toBe(403)
    expect((await client.call('GET', `${client.in('Test')}/billOfMaterials`)).body.products).toEqual(body.products)
    await client.stop()
  })
})

describe('a worker that may only read', () => {
  it('reads, and is refused all else, exports included', async () => {
    const client = await startClient()
    const { body: flow } = await client.call('POST', `${client.in()}/flows`, { body: { name: 'There' } })
    await fetch(`${client.sandbox.apiUrl}/sandbox/applications/${client.tenant.clientId}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ role: 'DaVinci Admin Read Only' }),
    })
    expect((await client.call('GET', `${client.in()}/flows/${flow.id}`)).status).toBe(200)
    const mediaType = 'application/vnd.pingidentity.flowversion.export+json'
    const exported = await client.call('POST', `${client.in()}/flows/${flow.id}/versions/0`, { mediaType, body: {} })
    expect(exported).toMatchObject({ status: 403, body: { details: [{ code: 'INSUFFICIENT_PERMISSIONS' }] } })
    expect((await client.call('DELETE', `${client.in()}/flows/${flow.id}`)).status).toBe(403)
    await client.stop()
  })
})

describe('forms', () => {
  it('are read as they were loaded', async () => {
    const client = await startClient()
    const content = {
      id: '0d9d7c5e-5b5e-4f0e-9c3c-0d2a4c3f1a11',
      name: 'Sign on',
      category: 'CUSTOM',
      cols: 4,
      markOptional: true,
      markRequired: false,
      translationMethod: 'TRANSLATE',
      components: {
        fields: [{ type: 'SUBMIT_BUTTON', position: { row: 0, col: 0 }, key: 'go', label: 'Go', novel: 1 }],
      },
    }
    client.sandbox.state.environment('Development').insertForm(content)
    const one = await client.call('GET', `${client.in()}/forms/${content.id}`)
    expect(one.body).toMatchObject(content)
    const all = await client.call('GET', `${client.in()}/forms`)
    expect(all.body._embedded.forms).toEqual([one.body])
    expect((await client.call('GET', `${client.in('Test')}/forms/${content.id}`)).status).toBe(404)
    await client.stop()
  })
})

describe('connectors', () => {
  it('are a catalogue with properties and capabilities', async () => {
    const client = await startClient()
    const { body } = await client.call('GET', `${client.in()}/connectors`)
    expect(body._embedded.connectors.length).toBeGreaterThanOrEqual(45)
    const one = await client.call('GET', `${client.in()}/connectors/httpConnector`)
    expect(one.body).toMatchObject({ id: 'httpConnector', metadata: { type: 'core' } })
    const details = await client.call('GET', `${client.in()}/connectors/httpConnector/details`)
    expect(details.body.properties).toHaveProperty('customHTML')
    expect(Object.keys(details.body.capabilities)).toContain('customHTMLTemplate')
    expect((await client.call('GET', `${client.in()}/connectors/noSuchConnector`)).status).toBe(404)
    await client.stop()
  })
})
