import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { platformRole } from '../src/roles/platform-roles.ts'
import { type Answer, type Client, requestToken, startClient } from './client.ts'

const roleId = (name: string) => platformRole(name)!.id

describe('over the API', () => {
  let client: Client
  let environment: (name: string) => string
  let home: string
  let own: string
  beforeEach(async () => {
    client = await startClient()
    environment = (name) => client.sandbox.state.environment(name).id
    home = `/v1/environments/${client.tenant.environmentId}`
    own = `${home}/applications/${client.tenant.clientId}`
    client.sandbox.setRoles(client.tenant.clientId, [
      { role: 'Environment Admin', scope: 'organization' },
      { role: 'DaVinci Admin', scope: 'Development' },
    ])
  })
  afterEach(() => client.stop())

  const scope = (type: string, id: string) => ({ scope: { type, id } })
  const assign = (role: string, where: object) =>
    client.call('POST', `${own}/roleAssignments`, { body: { role: { id: roleId(role) }, ...where } })

  it('roles are listed with what they allow and for what they can be given', async () => {
    const { body } = await client.call('GET', '/v1/roles')
    expect(body.count).toBe(body._embedded.roles.length)
    const one = body._embedded.roles.find(({ name }: { name: string }) => name === 'DaVinci Admin Read Only')
    expect(one).toMatchObject({ applicableTo: expect.arrayContaining(['ENVIRONMENT', 'ORGANIZATION']) })
    const ids = one.permissions.map(({ id }: { id: string }) => id)
    expect(ids).toContain('davinci:read:dvFlows')
    expect(ids).not.toContain('davinci:export:flowVersions')
    expect(one.permissions[0]).toEqual({
      id: expect.any(String),
      classifier: expect.any(String),
      description: expect.any(String),
    })
    expect((await client.call('GET', `/v1/roles/${one.id}`)).body).toEqual(one)
    expect((await client.call('GET', `/v1/roles/${crypto.randomUUID()}`)).status).toBe(404)
    expect((await client.call('GET', `/v1/roles/${encodeURIComponent(one.name)}`)).status).toBe(404)
    const known = body._embedded.roles.find(({ name }: { name: string }) => name === 'Environment Admin')
    expect(known.id).toBe('29ddce68-cd7f-4b2a-b6fc-f7a19553b496')
  })

  it("an environment's roles say who can give them, and are filtered by type", async () => {
    const { body } = await client.call('GET', `${home}/roles`)
    const one = body._embedded.roles.find(({ name }: { name: string }) => name === 'DaVinci Admin')
    expect(one.type).toBe('PLATFORM')
    expect(one.canBeAssignedBy).toEqual([{ id: roleId('Environment Admin') }, { id: roleId('DaVinci Admin') }])
    const filtered = (type: string) =>
      client.call('GET', `${home}/roles?filter=${encodeURIComponent(`(type eq "${type}")`)}`)
    expect((await filtered('PLATFORM')).body.count).toBe(body.count)
    expect((await filtered('CUSTOM')).body.count).toBe(0)
  })

  it('a worker application reads its own record, and no secret with it', async () => {
    const { body } = await client.call('GET', own)
    expect(body).toMatchObject({
      id: client.tenant.clientId,
      enabled: true,
      type: 'WORKER',
      protocol: 'OPENID_CONNECT',
      grantTypes: ['CLIENT_CREDENTIALS'],
      tokenEndpointAuthMethod: 'CLIENT_SECRET_BASIC',
    })
    expect(JSON.stringify(body)).not.toContain(client.tenant.clientSecret)
    expect((await client.call('GET', `${home}/applications`)).body._embedded.applications).toEqual([body])
    expect((await client.call('GET', `${client.in()}/applications`)).body.count).toBe(0)
    expect((await client.call('GET', `${client.in()}/applications/${client.tenant.clientId}`)).status).toBe(404)
  })

  it('a worker application reads its roles, each with its scope', async () => {
    const { body } = await client.call('GET', `${own}/roleAssignments`)
    expect(body._embedded.roleAssignments).toMatchObject([
      { role: { id: roleId('Environment Admin') }, ...scope('ORGANIZATION', client.tenant.organizationId) },
      { role: { id: roleId('DaVinci Admin') }, ...scope('ENVIRONMENT', environment('Development')), readOnly: false },
    ])
    const one = body._embedded.roleAssignments[1]
    expect(one.environment).toEqual({ id: client.tenant.environmentId })
    expect((await client.call('GET', `${own}/roleAssignments/${one.id}`)).body).toEqual(one)
    expect((await client.call('GET', `${own}/roleAssignments/${crypto.randomUUID()}`)).status).toBe(404)
  })

  it('a role is given and taken away, and acts on the same token at once', async () => {
    const flows = `${client.in('Test')}/flows`
    expect((await client.call('GET', flows)).status).toBe(403)
    const given = await assign('DaVinci Admin', scope('ENVIRONMENT', environment('Test')))
    expect(given).toMatchObject({ status: 201, body: { role: { id: roleId('DaVinci Admin') }, readOnly: false } })
    expect((await client.call('GET', flows)).status).toBe(200)
    expect((await client.call('DELETE', `${own}/roleAssignments/${given.body.id}`)).status).toBe(204)
    expect((await client.call('GET', flows)).status).toBe(403)
    expect((await client.call('DELETE', `${own}/roleAssignments/${given.body.id}`)).status).toBe(404)
  })

  it('a role is not given twice, nor below where it is given already', async () => {
    const again = await assign('DaVinci Admin', scope('ENVIRONMENT', environment('Development')))
    expect(again.status).toBe(400)
    expect(again.body.details).toEqual([
      { code: 'UNIQUENESS_VIOLATION', target: 'role', message: 'May not assign duplicate Role' },
    ])
    const below = await assign('Environment Admin', scope('ENVIRONMENT', environment('Test')))
    expect(below.body.details).toMatchObject([{ code: 'UNIQUENESS_VIOLATION', target: 'role' }])
    const above = await assign('DaVinci Admin', scope('ORGANIZATION', client.tenant.organizationId))
    expect(above.status).toBe(201)
  })

  it('a role is given only by who has one that can give it, there or above', async () => {
    const refusal = /^Must have role at the same or broader scope/
    const top = await assign('Organization Admin', scope('ORGANIZATION', client.tenant.organizationId))
    expect(top.body.details[0].message).toMatch(refusal)
    client.sandbox.setRoles(client.tenant.clientId, [
      { role: 'Client Application Developer', scope: 'Administrators' },
      { role: 'DaVinci Admin', scope: 'Development' },
    ])
    const elsewhere = await assign('DaVinci Admin', scope('ENVIRONMENT', environment('Test')))
    expect(elsewhere.body.details[0].message).toMatch(refusal)
    const wider = await assign('DaVinci Admin Read Only', scope('ORGANIZATION', client.tenant.organizationId))
    expect(wider.body.details[0].message).toMatch(refusal)
    const there = await assign('DaVinci Admin Read Only', scope('ENVIRONMENT', environment('Development')))
    expect(there.status).toBe(201)
    const { body } = await client.call('GET', `${own}/roleAssignments`)
    const [developer] = body._embedded.roleAssignments
    expect(developer).toMatchObject({ role: { id: roleId('Client Application Developer') }, readOnly: true })
    expect((await client.call('DELETE', `${own}/roleAssignments/${developer.id}`)).status).toBe(403)
  })

  it.each([
    ['an unknown role', { role: { id: crypto.randomUUID() } }, 'role'],
    ['a scope it does not have', { role: { id: roleId('DaVinci Admin') }, scope: { type: 'POPULATION' } }, 'scope'],
    ['a scope that is not there', { role: { id: roleId('DaVinci Admin') }, scope: { type: 'ENVIRONMENT' } }, 'scope'],
    ['an unknown kind of scope', { role: { id: roleId('DaVinci Admin') }, scope: { type: 'ROOM' } }, 'scope.type'],
    ['no role', {}, 'role'],
  ])('%s is refused', async (_what, body: { role?: object; scope?: object }, target) => {
    const whole = { ...body, scope: { id: crypto.randomUUID(), type: 'ENVIRONMENT', ...body.scope } }
    const answer = await client.call('POST', `${own}/roleAssignments`, { body: whole })
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_DATA', details: [{ target }] } })
  })

  it('an environment belongs to who created it, but for DaVinci', async () => {
    client.sandbox.setRoles(client.tenant.clientId, [{ role: 'Organization Admin', scope: 'organization' }])
    const { body: licences } = await client.call('GET', `/v1/organizations/${client.tenant.organizationId}/licenses`)
    const license = { id: licences._embedded.licenses[0].id }
    const body = { name: 'Staging', region: 'NA', type: 'SANDBOX', license }
    const { body: created } = await client.call('POST', '/v1/environments', { body })
    expect(client.sandbox.rolesOf(client.tenant.clientId)).toEqual([
      { role: 'Organization Admin', scope: 'organization' },
      { role: 'Environment Admin', scope: 'Staging' },
      { role: 'Identity Data Admin', scope: 'Staging' },
      { role: 'Client Application Developer', scope: 'Staging' },
    ])
    expect((await client.call('GET', `/v1/environments/${created.id}/forms`)).status).toBe(200)
    expect((await client.call('GET', `/v1/environments/${created.id}/flows`)).status).toBe(403)
    expect((await client.call('DELETE', `/v1/environments/${created.id}`)).status).toBe(204)
    expect(client.sandbox.rolesOf(client.tenant.clientId)).toHaveLength(1)
  })
})

describe('by the routes of the sandbox', () => {
  let client: Client
  beforeEach(async () => {
    client = await startClient()
  })
  afterEach(() => client.stop())

  async function send(method: string, path: string, body?: object) {
    const answer = await fetch(`${client.sandbox.apiUrl}/sandbox${path}`, {
      method,
      headers: body ? { 'content-type': 'application/json' } : {},
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    return { status: answer.status, body: (await answer.json()) as Answer['body'] }
  }
  const change = (body: object) => send('PATCH', `/applications/${client.tenant.clientId}`, body)

  it('applications are listed with their roles and without their secrets', async () => {
    const { body } = await send('GET', '/applications')
    expect(body.applications[1]).toMatchObject({
      name: 'Quillhaven Libraries worker',
      roles: [{ role: 'DaVinci Admin' }, {}, { role: 'Client Application Developer', scope: 'Administrators' }],
    })
    for (const { clientSecret } of client.sandbox.tenants) expect(JSON.stringify(body)).not.toContain(clientSecret)
  })

  it('all roles are set, by the name or id of what they are for', async () => {
    const roles = [
      { role: 'DaVinci Admin', scope: client.sandbox.state.environment('Test').id },
      { role: 'Configuration Read Only', scope: 'organization' },
      { role: 'Identity Data Admin', scope: { population: 'Default', environment: 'Production' } },
    ]
    const { status, body } = await change({ roles })
    expect(status).toBe(200)
    expect(body.roles[0]).toEqual({ role: 'DaVinci Admin', scope: 'Test' })
    expect((await client.call('GET', `${client.in('Test')}/flows`)).status).toBe(200)
    expect((await client.call('GET', `${client.in()}/flows`)).status).toBe(403)
    expect((await change({ roles: body.roles })).body).toEqual(body)
  })

  it.each([
    [[{ role: 'Grand Vizier', scope: 'Test' }], 'No role is called Grand Vizier. There are: Organization Admin'],
    [[{ role: 'DaVinci Admin', scope: 'Staging' }], 'No environment is called Staging. There are: Administrators'],
    [[{ role: 'Organization Admin', scope: 'Test' }], "Organization Admin can't have the scope ENVIRONMENT."],
    [[{ role: 'Help Desk Admin', scope: { population: 'Crew', environment: 'Test' } }], 'Test has no population Crew.'],
  ])('%j is refused, and nothing changes', async (roles, sentence) => {
    const before = client.sandbox.rolesOf(client.tenant.clientId)
    const { status, body } = await change({ roles, enabled: false })
    expect(status).toBe(400)
    expect(body.details[0].message).toContain(sentence)
    expect(client.sandbox.rolesOf(client.tenant.clientId)).toEqual(before)
    expect(client.sandbox.state.worker(client.tenant.clientId).enabled).toBe(true)
  })

  it("a worker's DaVinci role is exchanged wherever it has one, and its other roles stay", async () => {
    const [, libraries] = client.sandbox.tenants
    await send('PATCH', `/applications/${libraries!.clientId}`, { role: 'DaVinci Admin Read Only' })
    expect(client.sandbox.rolesOf(libraries!.clientId)).toEqual([
      { role: 'DaVinci Admin Read Only', scope: 'Staging' },
      { role: 'DaVinci Admin Read Only', scope: 'Live' },
      { role: 'Client Application Developer', scope: 'Administrators' },
    ])
  })

  it('a secret is replaced: the old one is refused, and tokens stay good', async () => {
    const body = await change({ clientSecret: 'another one' })
    expect(JSON.stringify(body)).not.toContain('another one')
    expect(await requestToken(client.sandbox, client.tenant)).toBeUndefined()
    const tenant = client.sandbox.tenants[0]!
    expect(tenant.clientSecret).toBe('another one')
    expect(await requestToken(client.sandbox, tenant)).toEqual(expect.any(String))
    expect((await client.call('GET', '/v1/environments')).status).toBe(200)
  })

  it('requests are refused though roles allow them, until that is taken back', async () => {
    const details = [{ code: 'CONSTRAINT_VIOLATION', message: 'A gateway depends on it', target: 'connector' }]
    const { status } = await send('PUT', '/denials', {
      denials: [
        { environment: 'Development', method: 'POST', path: '/connectorInstances' },
        { method: 'PUT', path: '/flows/*', status: 400, message: 'Not now', details },
        { environment: client.sandbox.state.environment('Production').id, path: '/**' },
      ],
    })
    expect(status).toBe(200)
    const instance = { name: 'I', connector: { id: 'httpConnector' } }
    const create = (environment: string) =>
      client.call('POST', `${client.in(environment)}/connectorInstances`, { body: instance })
    expect(await create('Development')).toMatchObject({ status: 403, body: { code: 'ACCESS_FAILED' } })
    expect((await client.call('GET', `${client.in()}/connectorInstances`)).status).toBe(200)
    expect((await create('Test')).status).toBe(201)
    expect((await create('Production')).status).toBe(403)
    expect((await client.call('GET', `${client.in('Production')}`)).status).toBe(403)
    const flow = await client.call('POST', `${client.in()}/flows`, { body: { name: 'A' } })
    const path = `${client.in()}/flows/${flow.body.id}`
    const replaced = await client.call('PUT', path, { body: { name: 'B' } })
    expect(replaced).toMatchObject({ status: 400, body: { code: 'INVALID_DATA', message: 'Not now', details } })
    expect((await client.call('PUT', `${path}/enabled`, { body: { enabled: true } })).status).toBe(200)

    client.sandbox.setDenials([])
    expect((await send('GET', '/denials')).body).toEqual({ denials: [] })
    expect((await create('Development')).status).toBe(201)
  })

  it('a refusal that makes no sense is refused itself', async () => {
    for (const denial of [
      { path: 'flows' },
      { path: '/flows', status: 500 },
      { path: '/flows', environment: 'Nowhere' },
    ]) {
      expect((await send('PUT', '/denials', { denials: [denial] })).status).toBe(400)
    }
    expect(() => client.sandbox.setDenials([{ path: '/', environment: 'Nowhere' }])).toThrow(RangeError)
  })
})
