import fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RoleGrant } from '../src/index.ts'
import { limitsWith } from '../src/limits.ts'
import { authorize, collectNeeds, needs } from '../src/roles/access.ts'
import { platformRoles } from '../src/roles/platform-roles.ts'
import { type Client, requestToken, startClient } from './client.ts'

/** What each role may do of all that the routes need; `*` stands for anything. */
const allowed: Record<string, string[]> = {
  'Organization Admin': ['orgmgt:*:*', 'permissions:read:roles'],
  'Environment Admin': [
    'orgmgt:update:environment',
    'applications:read:application',
    'permissions:*:*',
    'dir:read:population',
    'formBuilder:read:form',
    'flowPolicies:read:flowPolicy',
  ],
  'Identity Data Admin': ['dir:read:population', 'permissions:read:roles'],
  'Client Application Developer': [
    'applications:read:application',
    'permissions:*:applicationRoleAssignments',
    'dir:read:population',
    'formBuilder:read:form',
    'flowPolicies:read:flowPolicy',
  ],
  'DaVinci Admin': ['davinci:*:*', 'formBuilder:read:form'],
  'DaVinci Admin Read Only': ['davinci:read:*', 'formBuilder:read:form'],
  'Configuration Read Only': [
    'applications:read:application',
    'permissions:read:*',
    'dir:read:population',
    'formBuilder:read:form',
    'flowPolicies:read:flowPolicy',
  ],
  'Identity Data Read Only': ['dir:read:population', 'permissions:read:roles'],
  'Help Desk Admin': ['dir:read:population'],
  'Custom Roles Admin': ['permissions:read:roles'],
  'Application Owner': ['applications:read:application'],
}
const everySetting = {
  latencyMilliseconds: 0,
  rateLimitPerMinute: null,
  tokenLifetimeSeconds: 3600,
  settleMilliseconds: 0,
}
const everyRole = ['licensing:read:license', 'orgmgt:read:*']

function isAllowed(role: string, permission: string): boolean {
  const patterns = [...everyRole, ...allowed[role]!]
  return patterns.some((pattern) => new RegExp(`^${pattern.replaceAll('*', '\\w+')}$`).test(permission))
}

interface Operation {
  method: string
  path: string
  permission: string
  mediaType: string | undefined
}

/** Every operation of the API, as the running server declares it; other media types are operations of their own. */
async function operationsOf(client: Client): Promise<Operation[]> {
  const answer = await fetch(`${client.sandbox.apiUrl}/sandbox/routes`)
  const { routes } = (await answer.json()) as {
    routes: (Omit<Operation, 'mediaType'> & { byMediaType?: Record<string, string> })[]
  }
  return routes.flatMap(({ byMediaType = {}, ...route }) => [
    { ...route, mediaType: undefined },
    ...Object.entries(byMediaType).map(([mediaType, permission]) => ({ ...route, permission, mediaType })),
  ])
}

describe('what a role allows', () => {
  let client: Client
  let token: string
  let operations: Operation[]
  beforeAll(async () => {
    client = await startClient()
    token = await requestToken(client.sandbox, client.tenant)
    operations = await operationsOf(client)
    // An environment of this type is not deleted just so, which keeps them all where they are.
    for (const { head } of client.sandbox.state.environments.values()) head.type = 'PRODUCTION'
  })
  afterAll(() => client.stop())

  const environment = (name: string) => client.sandbox.state.environment(name).id
  const give = (...roles: RoleGrant[]) => client.sandbox.setRoles(client.tenant.clientId, roles)

  /** Sends an operation without a body and for things that aren't there: what is let through fails with another status. */
  async function send({ method, path, mediaType }: Operation, ids: Record<string, string>) {
    const known: Record<string, string> = { organizationId: client.tenant.organizationId, ...ids }
    const filled = path.replaceAll(/:(\w+)/g, (_match, name: string) => known[name] ?? crypto.randomUUID())
    const type = method === 'GET' || method === 'DELETE' ? {} : { 'content-type': mediaType ?? 'application/json' }
    const answer = await fetch(`${client.sandbox.apiUrl}${filled}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...type },
    })
    const text = await answer.text()
    return { status: answer.status, body: text === '' ? {} : JSON.parse(text) }
  }

  async function refused(operation: Operation, ids: Record<string, string>): Promise<boolean> {
    const { status, body } = await send(operation, ids)
    if (status !== 403) return false
    expect(body).toMatchObject({ code: 'ACCESS_FAILED', details: [{ code: 'INSUFFICIENT_PERMISSIONS' }] })
    return true
  }

  const named = ({ method, path, permission }: Operation) => `${method} ${path} (${permission})`
  const isBelow = ({ path }: Operation) => path.startsWith('/v1/environments/:')

  /** The operations that are refused on an environment, by name. */
  async function refusals(environmentName: string, some: Operation[], ids: Record<string, string> = {}) {
    const found: string[] = []
    for (const operation of some) {
      if (await refused(operation, { environmentId: environment(environmentName), ...ids }))
        found.push(named(operation))
    }
    return found
  }

  it('there is an expectation for each role', () => {
    expect(platformRoles.map(({ name }) => name).toSorted()).toEqual(Object.keys(allowed).toSorted())
    expect(operations.length).toBeGreaterThan(60)
  })

  const atEnvironment = platformRoles.filter(({ applicableTo }) => applicableTo.includes('ENVIRONMENT'))
  const atOrganization = platformRoles.filter(({ applicableTo }) => applicableTo.includes('ORGANIZATION'))

  it.each(atEnvironment.map(({ name }) => name))(
    '%s on an environment: its own there, nothing elsewhere',
    async (role) => {
      give({ role, scope: 'Development' })
      const below = operations.filter(isBelow)
      const expected = below.filter(({ permission }) => !isAllowed(role, permission)).map(named)
      expect(await refusals('Development', below)).toEqual(expected)
      expect(await refusals('Test', below)).toEqual(below.map(named))
      // What belongs to the organization is read with any role; making environments is for the whole organization.
      const above = operations.filter((operation) => !isBelow(operation))
      expect(await refusals('Test', above)).toEqual(['POST /v1/environments (orgmgt:create:environment)'])
    },
  )

  it.each(atOrganization.map(({ name }) => name))('%s on the organization: its own everywhere', async (role) => {
    give({ role, scope: 'organization' })
    const expected = operations.filter(({ permission }) => !isAllowed(role, permission)).map(named)
    for (const name of ['Development', 'Administrators']) expect(await refusals(name, operations)).toEqual(expected)
  })

  it.each(['Identity Data Admin', 'Identity Data Read Only', 'Help Desk Admin'])(
    '%s on a population: the population, and that its environment is there',
    async (role) => {
      give({ role, scope: { population: 'Default', environment: 'Development' } })
      const list = await client.call('GET', `${client.in()}/populations`)
      const populationId = list.body._embedded.populations[0].id
      const open = ({ permission }: Operation) =>
        ['dir:read:population', 'orgmgt:read:environment'].includes(permission)
      const below = operations.filter(isBelow)
      const closed = below.filter((one) => !open(one)).map(named)
      expect(await refusals('Development', below, { populationId })).toEqual(closed)
      expect((await client.call('GET', `${client.in()}/populations/${crypto.randomUUID()}`)).status).toBe(403)
      expect(await refusals('Test', below, { populationId })).toEqual(below.map(named))
      const { body } = await client.call('GET', '/v1/environments')
      expect(body._embedded.environments).toMatchObject([{ name: 'Development' }])
    },
  )

  it('Application Owner on an application: that application', async () => {
    const { clientId: application, environmentId } = client.tenant
    give({ role: 'Application Owner', scope: { application, environment: 'Administrators' } })
    const path = `/v1/environments/${environmentId}/applications`
    expect((await client.call('GET', `${path}/${application}`)).body).toMatchObject({ id: application })
    expect((await client.call('GET', path)).body.count).toBe(1)
    expect((await client.call('GET', `${path}/${crypto.randomUUID()}`)).status).toBe(403)
    expect((await client.call('GET', `${path}/${application}/roleAssignments`)).status).toBe(403)
    const flows = operations.filter(({ permission }) => permission.startsWith('davinci:'))
    expect(await refusals('Administrators', flows)).toEqual(flows.map(named))
  })

  it('several roles add up, each for its own environment', async () => {
    give({ role: 'DaVinci Admin Read Only', scope: 'Development' }, { role: 'DaVinci Admin', scope: 'Test' })
    const body = { name: 'Made' }
    expect((await client.call('POST', `${client.in()}/flows`, { body })).status).toBe(403)
    expect((await client.call('POST', `${client.in('Test')}/flows`, { body })).status).toBe(201)
    expect((await client.call('GET', `${client.in()}/flows`)).status).toBe(200)
    give({ role: 'DaVinci Admin Read Only', scope: 'organization' }, { role: 'DaVinci Admin', scope: 'Test' })
    expect((await client.call('POST', `${client.in('Test')}/flows`, { body })).status).toBe(201)
    expect((await client.call('POST', `/v1/environments/${environment('Production')}/flows`, { body })).status).toBe(
      403,
    )
  })

  it('without any role nothing is read, and the list of environments is empty', async () => {
    give()
    expect(await refusals('Development', operations)).toEqual(
      operations.filter(({ method, path }) => `${method} ${path}` !== 'GET /v1/environments').map(named),
    )
    expect((await client.call('GET', '/v1/environments')).body).toMatchObject({ count: 0 })
    expect(client.sandbox.tenants[0]!.environments).toEqual([])
  })

  it('all of the organization is nothing in another one, nor in an environment that is not there', async () => {
    give({ role: 'Environment Admin', scope: 'organization' }, { role: 'DaVinci Admin', scope: 'organization' })
    const staging = client.sandbox.tenants[1]!.environments.find(({ name }) => name === 'Staging')!.id
    for (const environmentId of [crypto.randomUUID(), staging]) {
      for (const operation of operations.filter(isBelow)) {
        const { status } = await send(operation, { environmentId })
        const ofItself = /environmentId(\/billOfMaterials)?$/.test(operation.path)
        expect([named(operation), status]).toEqual([named(operation), ofItself ? 404 : 403])
      }
    }
    for (const operation of operations.filter(isBelow)) {
      expect((await send(operation, { environmentId: 'no-uuid' })).status).toBe(400)
    }
  })

  it('older services say it in another sentence', async () => {
    give({ role: 'DaVinci Admin', scope: 'Development' })
    const older = 'The actor attempting to perform the request is not authorized.'
    const newer = 'The request could not be completed. You do not have access to this resource.'
    expect((await client.call('GET', `${client.in()}/roles`)).body.message).toBe(older)
    const assignments = `${client.in()}/applications/${client.tenant.clientId}/roleAssignments`
    expect((await client.call('GET', assignments)).body.message).toBe(older)
    expect((await client.call('GET', `${client.in()}/applications`)).body.message).toBe(newer)
    expect((await client.call('GET', `${client.in('Test')}/flows`)).body.message).toBe(newer)
  })
})

describe('a route that does not say what it needs', () => {
  it('can not be added', () => {
    const app = fastify()
    const collected = collectNeeds(app)
    app.get('/v1/told', needs('davinci:read:dvFlows'), () => '')
    app.get('/elsewhere', () => '')
    expect(() => app.get('/v1/untold', () => '')).toThrow('GET /v1/untold')
    expect(collected).toEqual([{ method: 'GET', path: '/v1/told', need: { permission: 'davinci:read:dvFlows' } }])
  })
})

describe('a route whose need depends on the media type', () => {
  it('needs for each what it says', async () => {
    const client = await startClient()
    const { clientId } = client.tenant
    client.sandbox.setRoles(clientId, [{ role: 'DaVinci Admin Read Only', scope: 'Development' }])
    const { state } = client.sandbox
    const settings = { ...everySetting, limits: limitsWith() }
    const app = fastify()
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', (_request, _payload, done) => done(null))
    app.addHook('onRequest', async (request) => {
      authorize(request, state.worker(clientId), { state, settings, denials: [] })
    })
    const byMediaType = { 'application/vnd.x+json': 'davinci:export:flowVersions' } as const
    app.post(
      '/v1/environments/:environmentId/things',
      needs('davinci:read:flowVersions', { byMediaType }),
      () => 'done',
    )
    const post = async (type: string) =>
      (await app.inject({ method: 'POST', url: `${client.in()}/things`, headers: { 'content-type': type } })).statusCode
    expect(await post('application/json')).toBe(200)
    expect(await post('Application/vnd.X+json; charset=utf-8')).toBe(403)
    await client.stop()
  })
})

describe('the roles of the tenants', () => {
  it('are DaVinci Admin on each environment, and for one of them its own application too', async () => {
    const client = await startClient()
    const [ferries, libraries] = client.sandbox.tenants.map(({ clientId }) => client.sandbox.rolesOf(clientId))
    const admin = (scope: string) => ({ role: 'DaVinci Admin', scope })
    expect(ferries).toEqual([admin('Development'), admin('Test'), admin('Production')])
    const developer = { role: 'Client Application Developer', scope: 'Administrators' }
    expect(libraries).toEqual([admin('Staging'), admin('Live'), developer])
    const own = (index: number) => client.sandbox.tenants[index]!
    const assignments = (index: number) =>
      `/v1/environments/${own(index).environmentId}/applications/${own(index).clientId}/roleAssignments`
    expect((await client.call('GET', assignments(0))).status).toBe(403)
    const token = await requestToken(client.sandbox, own(1))
    expect((await client.call('GET', assignments(1), { token })).body.count).toBe(3)
    await client.stop()
  })
})
