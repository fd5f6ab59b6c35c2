import { accessMatrix, areas, operationsOf } from '@flightiq/core'
import { type RoleGrant, type Sandbox, type SandboxTenant, startSandbox } from '@flightiq/sandbox'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sharedMaterial } from '../../test/support/shared.ts'
import {
  createPingOneClient,
  type PingOneClient,
  type ProbedOperation,
  type ProbedThing,
  permissionsOf,
  probedOperations,
} from '../src/index.ts'
import { createOperationCheck } from './openapi.ts'
import { environmentId, json, startTinyServer, type TinyServer } from './tiny-server.ts'

/** Every trial that there is. */
const trials = areas.flatMap(({ id }) => probedOperations(id).map((operation) => [id, operation] as const))

describe('the trials', () => {
  it('are there for every operation of every area', () => {
    const wanted = areas.flatMap((area) => operationsOf(area).map((operation) => `${area.id} ${operation}`))
    expect(trials.map((trial) => trial.join(' ')).toSorted()).toEqual(wanted.toSorted())
  })
})

describe('a trial', () => {
  let tiny: TinyServer
  beforeEach(async () => {
    tiny = await startTinyServer()
  })
  afterEach(() => tiny.close())

  const refusal = (status: number, details: { code: string }[] = []) => {
    tiny.api = (_request, response) => json(response, status, { code: 'ACCESS_FAILED', message: 'x', details })
  }

  it.each([
    [200, 'allowed', 'allowed'],
    [403, 'refused', 'refused'],
    [400, 'notRefused', 'notRefused'],
    // A list that isn't there says nothing; a thing of a random id has to be missing.
    [404, 'unknown', 'notRefused'],
    [415, 'notRefused', 'notRefused'],
    [405, 'unknown', 'unknown'],
    [500, 'unknown', 'unknown'],
    [503, 'unknown', 'unknown'],
  ] as const)('answered with %i is judged by it, and not sent again', async (status, reading, removing) => {
    const client = tiny.client()
    refusal(status)
    expect(await client.probes.try(environmentId, 'flow', 'read')).toBe(reading)
    expect(await client.probes.try(environmentId, 'flow', 'delete')).toBe(removing)
    expect(await client.probes.try(environmentId, 'flow', 'create')).toBe(removing)
    expect(tiny.requests).toHaveLength(3)
  })

  it('tells what is refused by a permission from what is refused by something else', async () => {
    const client = tiny.client()
    refusal(403, [{ code: 'LICENSE_EXCEEDED' }])
    expect(await client.probes.try(environmentId, 'flow', 'create')).toBe('unknown')
    refusal(401, [{ code: 'INSUFFICIENT_PERMISSIONS' }])
    expect(await client.probes.try(environmentId, 'key', 'read')).toBe('refused')
  })

  it('is not known when no answer comes, and does not throw', async () => {
    const client = tiny.client({ timeouts: { headers: 200 } })
    tiny.api = (_request, response) => response.destroy()
    expect(await client.probes.try(environmentId, 'variable', 'create')).toBe('unknown')
    expect(await client.probes.try(environmentId, 'variable', 'read')).toBe('unknown')
    expect(tiny.requests).toHaveLength(2)
  })

  it('waits its turn in the rate budget, and can be called off there', async () => {
    const client = tiny.client({ requestsPerMinute: 2, requestsPerSecond: null })
    await client.probes.try(environmentId, 'variable', 'read')
    await client.probes.try(environmentId, 'variable', 'read')
    const controller = new AbortController()
    const onWait = () => controller.abort(new Error('enough'))
    const third = client.probes.try(environmentId, 'variable', 'delete', { signal: controller.signal, onWait })
    await expect(third).rejects.toThrow('enough')
    expect(tiny.requests).toHaveLength(2)
  })

  it('names another id each time', async () => {
    const client = tiny.client()
    for (let count = 0; count < 3; count += 1) await client.probes.try(environmentId, 'form', 'delete')
    expect(new Set(tiny.requests.map(({ path }) => path)).size).toBe(3)
  })

  it('creates nothing: what it sends to a collection is no object', async () => {
    const client = tiny.client()
    for (const [area, operation] of trials) {
      if (operation === 'create') await client.probes.try(environmentId, area, operation)
    }
    for (const { path, body, headers } of tiny.requests) {
      const action = /\.(validate|clone)\+json$/.test(String(headers['content-type']))
      expect([path, action || body === '[]']).toEqual([path, true])
    }
  })

  it.skipIf(!sharedMaterial)("is an operation of PingOne's descriptions", async () => {
    const client = tiny.client()
    for (const [area, operation] of trials) await client.probes.try(environmentId, area, operation)
    expect(tiny.requests).toHaveLength(trials.length)
    const isKnown = createOperationCheck()
    expect(tiny.requests.filter((request) => !isKnown(request)).map(({ method, path }) => `${method} ${path}`)).toEqual(
      [],
    )
  })
})

describe('against the sandbox, trials', () => {
  let sandbox: Sandbox
  let tenant: SandboxTenant
  let client: PingOneClient
  /** What the sandbox has; the rest of the identity configuration it answers 404 for. */
  const served: [ProbedThing, ProbedOperation][] = trials
    .filter(([id, operation]) => {
      if (areas.find((area) => area.id === id)!.domain === 'orchestration') return true
      if (id === 'roleAssignment') return true
      return operation === 'read' && ['form', 'population', 'pingOneApplication'].includes(id)
    })
    .map(([id, operation]) => [id, operation])

  beforeAll(async () => {
    sandbox = await startSandbox({ rateLimitPerMinute: null })
    tenant = sandbox.tenants[0]!
    const { authUrl, apiUrl } = sandbox
    const { environmentId: home, clientId, clientSecret } = tenant
    client = createPingOneClient({
      hosts: { authUrl, apiUrl },
      environmentId: home,
      clientId,
      clientSecret,
      requestsPerMinute: null,
    })
  })
  afterAll(async () => {
    client.close()
    await sandbox.close()
  })

  const idOf = (name: string) => tenant.environments.find((environment) => environment.name === name)!.id
  const give = (...roles: RoleGrant[]) => sandbox.setRoles(tenant.clientId, roles)

  it.each<[string, RoleGrant[]]>([
    ['nothing', [{ role: 'Identity Data Admin', scope: 'Test' }]],
    ['DaVinci Admin', [{ role: 'DaVinci Admin', scope: 'Development' }]],
    ['DaVinci Admin Read Only', [{ role: 'DaVinci Admin Read Only', scope: 'organization' }]],
    ['Environment Admin', [{ role: 'Environment Admin', scope: 'Development' }]],
    ['Configuration Read Only', [{ role: 'Configuration Read Only', scope: 'Development' }]],
    [
      'both admins',
      [
        { role: 'DaVinci Admin', scope: 'organization' },
        { role: 'Environment Admin', scope: 'Development' },
      ],
    ],
    ['a population', [{ role: 'Identity Data Admin', scope: { population: 'Default', environment: 'Development' } }]],
  ])('agree with what the roles allow: %s', async (_what, grants) => {
    const admin = { role: 'Environment Admin', scope: tenant.environmentId }
    give(...grants, admin)
    const [organization] = await client.organizations.list()
    const definitions = (await client.roles.list()).map((role) => ({
      id: role.id,
      name: role.name,
      permissions: permissionsOf(role) ?? ('unknown' as const),
      applicableTo: [],
    }))
    const given = await client.applicationRoleAssignments.list(tenant.environmentId, tenant.clientId)
    expect(given).toHaveLength(grants.length + 1)
    const assignments = given.map(({ role, scope }) => ({
      roleId: role.id,
      scope: scope as { id: string; type: 'ENVIRONMENT' },
    }))
    give(...grants)
    const development = { id: idOf('Development'), name: 'Development', type: 'SANDBOX', parts: [] }
    const matrix = accessMatrix({
      organizationId: organization!.id,
      environments: [development],
      assignments: assignments.filter(({ scope }) => scope.id !== tenant.environmentId),
      roles: definitions,
      probes: [],
    })
    for (const [area, operation] of served) {
      const result = await client.probes.try(development.id, area, operation)
      const { state } = matrix.environments[0]!.cells[area]![operation]!
      const expected = state === 'granted' ? expect.stringMatching(/^(allowed|notRefused)$/) : 'refused'
      expect([area, operation, result]).toEqual([area, operation, expected])
    }
  })

  it('change nothing, whatever is allowed', async () => {
    give({ role: 'DaVinci Admin', scope: 'organization' }, { role: 'Environment Admin', scope: 'organization' })
    const development = idOf('Development')
    const everything = async () => ({
      flows: await client.flows.list(development),
      instances: await client.connectorInstances.list(development),
      variables: await client.variables.list(development),
      applications: await client.applications.list(development),
      roles: await client.applicationRoleAssignments.list(tenant.environmentId, tenant.clientId),
      populations: await client.populations.list(development),
    })
    const before = await everything()
    expect(before.flows.length).toBeGreaterThan(0)
    const results = new Set<string>()
    for (const [area, operation] of trials) results.add(await client.probes.try(development, area, operation))
    expect(results).not.toContain('refused')
    expect(await everything()).toEqual(before)
  })

  it('show a change of roles at once, with the same token', async () => {
    give({ role: 'DaVinci Admin Read Only', scope: 'Development' })
    expect(await client.probes.try(idOf('Development'), 'flow', 'deploy')).toBe('refused')
    expect(await client.probes.try(idOf('Development'), 'flow', 'read')).toBe('allowed')
    expect(await client.probes.try(idOf('Test'), 'flow', 'read')).toBe('refused')
    give({ role: 'DaVinci Admin', scope: 'Development' })
    expect(await client.probes.try(idOf('Development'), 'flow', 'deploy')).toBe('notRefused')
  })

  it('are not all that can be read: the worker app finds its own record where a role lets it', async () => {
    give({ role: 'Client Application Developer', scope: tenant.environmentId })
    const record = await client.workerApplication.get(tenant.environmentId, tenant.clientId)
    expect(record).toMatchObject({
      id: tenant.clientId,
      type: 'WORKER',
      enabled: true,
      grantTypes: ['CLIENT_CREDENTIALS'],
      tokenEndpointAuthMethod: tenant.authMethod.toUpperCase(),
    })
    expect(await client.roles.list()).toContainEqual(expect.objectContaining({ name: 'DaVinci Admin' }))
    await expect(client.roles.ofEnvironment(tenant.environmentId)).rejects.toMatchObject({ status: 403 })
    give({ role: 'Environment Admin', scope: tenant.environmentId })
    const known = await client.roles.ofEnvironment(tenant.environmentId)
    expect(permissionsOf(known.find(({ name }) => name === 'DaVinci Admin')!)).toContain('davinci:read:dvFlows')
    give({ role: 'DaVinci Admin', scope: 'Development' })
    await expect(client.applicationRoleAssignments.list(tenant.environmentId, tenant.clientId)).rejects.toMatchObject({
      status: 403,
      code: 'ACCESS_FAILED',
    })
  })
})
