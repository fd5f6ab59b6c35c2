import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DataFolderError, startSandbox } from '../src/index.ts'
import { type Client, everything, graph, requestToken, startClient } from './client.ts'

describe('the server', () => {
  let client: Client
  beforeAll(async () => {
    client = await startClient()
  })
  afterAll(() => client.stop())

  it('refuses a body that is not JSON, is no object, or is missing', async () => {
    const path = `${client.in()}/flows`
    for (const body of ['{"name": ', '[]', '"x"', '']) {
      const answer = await client.call('POST', path, { body, mediaType: 'application/json' })
      expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } })
    }
  })

  it('refuses a body of 60 MB with an answer, and goes on', async () => {
    const answer = await client.call('POST', `${client.in()}/flows`, {
      body: 'x'.repeat(60 * 1024 * 1024),
      mediaType: 'application/json',
    })
    expect(answer.status).toBe(413)
    expect(answer.body).toMatchObject({ code: 'INVALID_REQUEST', details: [{ code: 'SIZE_LIMIT_EXCEEDED' }] })
    expect((await client.call('GET', '/v1/environments')).status).toBe(200)
  })

  it('answers in the same shape for paths and methods that are not there', async () => {
    expect(await client.call('GET', `${client.in()}/nonsense`)).toMatchObject({
      status: 404,
      body: { code: 'NOT_FOUND' },
    })
    expect(await client.call('DELETE', `${client.in()}/flows`)).toMatchObject({
      status: 405,
      body: { code: 'INVALID_REQUEST' },
    })
    expect(await client.call('GET', `${client.in()}/flows/%zz`)).toMatchObject({
      status: 400,
      body: { code: 'INVALID_REQUEST' },
    })
    expect((await client.call('GET', `${client.in()}/flows/${'f'.repeat(32)}`)).status).toBe(404)
  })

  it('logs what was asked and answered, its own routes excepted', async () => {
    client.sandbox.resetRequests()
    await client.call('GET', `${client.in()}/flows?attributes=id`)
    await client.call('GET', `${client.in()}/flows/none`)
    await fetch(`${client.sandbox.apiUrl}/sandbox/status`)
    expect(client.sandbox.requests).toMatchObject([
      { method: 'GET', path: `${client.in()}/flows?attributes=id`, status: 200 },
      { method: 'GET', path: `${client.in()}/flows/none`, status: 404 },
    ])
    const over = await fetch(`${client.sandbox.apiUrl}/sandbox/requests`)
    expect(await over.json()).toEqual({ requests: client.sandbox.requests })
    await fetch(`${client.sandbox.apiUrl}/sandbox/requests`, { method: 'DELETE' })
    expect(client.sandbox.requests).toHaveLength(0)
  })

  it('tells no secret on its own routes', async () => {
    const status = await (await fetch(`${client.sandbox.apiUrl}/sandbox/status`)).text()
    expect(JSON.parse(status).environments.map(({ name }: { name: string }) => name)).toContain('Development')
    for (const { clientSecret } of client.sandbox.tenants) expect(status).not.toContain(clientSecret)
  })

  it('holds each answer back as long as it is told, from the start or later', async () => {
    const setting = (body: object) =>
      fetch(`${client.sandbox.apiUrl}/sandbox/settings`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    expect((await setting({ latencyMilliseconds: 60 })).status).toBe(200)
    const started = performance.now()
    await client.call('GET', '/v1/environments')
    expect(performance.now() - started).toBeGreaterThan(55)
    expect((await setting({ latencyMilliseconds: -1 })).status).toBe(400)
    client.sandbox.change({ latencyMilliseconds: 0 })
  })
})

describe('the rate limit', () => {
  it('lets so many requests a minute through for a whole licence, and says when to come back', async () => {
    let now = Date.UTC(2026, 0, 2)
    const client = await startClient({ now: () => now, rateLimitPerMinute: 5 })
    const get = () => client.call('GET', `${client.in('Test')}/flows`)
    for (let index = 0; index < 5; index += 1) {
      expect((await get()).status).toBe(200)
      now += 1000
    }
    now += 500
    const refused = await get()
    expect(refused.status).toBe(429)
    expect(refused.body).toMatchObject({ code: 'REQUEST_LIMITED', details: [{ code: 'LIMIT_EXCEEDED' }] })
    // The first of the five was 5.5 seconds ago, so its place is free in 54.5.
    expect(refused.headers.get('retry-after')).toBe('55')
    expect((await client.call('GET', `${client.in('Production')}/flows`)).status).toBe(429)
    const other = client.sandbox.tenants[1]!
    const staging = other.environments.find(({ name }) => name === 'Staging')!
    const token = await requestToken(client.sandbox, other)
    expect((await client.call('GET', `/v1/environments/${staging.id}/flows`, { token })).status).toBe(200)
    now += 54_000
    expect((await get()).status).toBe(429)
    now += 1000
    expect((await get()).status).toBe(200)
    expect((await get()).status).toBe(429)
    client.sandbox.change({ rateLimitPerMinute: null })
    expect((await get()).status).toBe(200)
    await client.stop()
  })

  it('is 600 a minute unless it is told otherwise', async () => {
    const sandbox = await startSandbox({ empty: true })
    const status = (await (await fetch(`${sandbox.apiUrl}/sandbox/status`)).json()) as { settings: object }
    expect(status.settings).toMatchObject({ rateLimitPerMinute: 600, tokenLifetimeSeconds: 3600 })
    await sandbox.close()
  })
})

describe('a PingOne that takes its time', () => {
  it('does not find at once what was created, and holds on to flows whose policy is gone', async () => {
    let now = Date.UTC(2026, 0, 2)
    const client = await startClient({ now: () => now, settleMilliseconds: 1000 })
    const { body: flow } = await client.call('POST', `${client.in()}/flows`, { body: { name: 'Young' } })
    expect((await client.call('GET', `${client.in()}/flows/${flow.id}`)).status).toBe(404)
    now += 1000
    expect((await client.call('GET', `${client.in()}/flows/${flow.id}`)).status).toBe(200)
    const { body: application } = await client.call('POST', `${client.in()}/davinciApplications`, {
      body: { name: 'App' },
    })
    const policies = `${client.in()}/davinciApplications/${application.id}/flowPolicies`
    const body = { flowDistributions: [{ id: flow.id, version: -1 }] }
    const { body: policy } = await client.call('POST', policies, { body })
    await client.call('DELETE', `${policies}/${policy.id}`)
    expect((await client.call('DELETE', `${client.in()}/flows/${flow.id}`)).status).toBe(400)
    now += 1000
    expect((await client.call('DELETE', `${client.in()}/flows/${flow.id}`)).status).toBe(204)
    await client.stop()
  })
})

describe('a data folder', () => {
  it('brings everything back after a restart: flows, secrets, tokens and keys', async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'sandbox-'))
    const first = await startClient({ dataFolder })
    const token = await requestToken(first.sandbox, first.tenant)
    const { body: flow } = await first.call('POST', `${first.in()}/flows`, {
      body: { name: 'Kept', graphData: graph(), x: 1 },
    })
    await first.call('PUT', `${first.in()}/flows/${flow.id}`, { body: { name: 'Kept too', graphData: graph() } })
    const secret = { name: 's', context: 'company', dataType: 'secret', mutable: true, value: 'hush' }
    const { body: variable } = await first.call('POST', `${first.in()}/variables`, { body: secret })
    const before = await first.call('GET', `${first.in()}/flows/${flow.id}`)
    first.sandbox.setRoles(first.tenant.clientId, everything)
    await first.call('DELETE', first.in('Test'))
    const roles = [{ role: 'DaVinci Admin', scope: 'Development' }]
    first.sandbox.setRoles(first.tenant.clientId, [...roles, { role: 'DaVinci Admin', scope: 'Production' }])
    await first.stop()

    const second = await startClient({ dataFolder, port: first.sandbox.port })
    expect(second.tenant.environments.map(({ name }) => name)).toEqual(['Development', 'Production'])
    expect({ ...second.tenant, environments: [] }).toEqual({ ...first.tenant, environments: [] })
    const after = await second.call('GET', `${second.in()}/flows/${flow.id}`, { token })
    expect(after).toMatchObject({ status: 200, body: before.body })
    expect((await second.call('GET', `${second.in()}/flows/${flow.id}/versions`)).body.count).toBe(2)
    expect(second.sandbox.state.environment('Development').variables.get(variable.id)!.content.value).toBe('hush')
    const next = await second.call('POST', `${second.in()}/variables`, { body: { ...secret, name: 't' } })
    expect(next.status).toBe(201)
    expect((await second.call('GET', `${second.in()}/variables`)).body.count).toBe(2)
    await second.stop()
    await rm(dataFolder, { recursive: true })
  })

  it('keeps roles, and of an earlier version makes roles of what it knew', async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'sandbox-'))
    const first = await startSandbox({ dataFolder, empty: true })
    const roles = [
      { role: 'Environment Admin', scope: 'organization' },
      { role: 'Identity Data Admin', scope: { population: 'Default', environment: 'Test' } },
    ]
    const { clientId } = first.tenants[0]!
    const ids = ['Development', 'Production'].map((name) => first.state.environment(name).id)
    first.setRoles(clientId, [{ role: 'DaVinci Admin', scope: 'Test' }])
    first.setRoles(first.tenants[1]!.clientId, roles.slice(0, 1))
    await first.close()

    const file = join(dataFolder, 'sandbox.json')
    const stored = JSON.parse(await readFile(file, 'utf8'))
    const { roleAssignments: _roles, createdAt: _created, updatedAt: _updated, ...worker } = stored.workers[0]
    stored.workers[0] = { ...worker, role: 'DaVinci Admin Read Only', environmentIds: ids }
    await writeFile(file, JSON.stringify(stored))
    const second = await startSandbox({ dataFolder })
    expect(second.tenants[0]!.environments.map(({ name }) => name)).toEqual(['Development', 'Production'])
    const readOnly = (scope: string) => ({ role: 'DaVinci Admin Read Only', scope })
    expect(second.rolesOf(clientId)).toEqual([readOnly('Development'), readOnly('Production')])
    expect(second.rolesOf(second.tenants[1]!.clientId)).toEqual(roles.slice(0, 1))
    second.setRoles(clientId, roles)
    await second.close()

    const third = await startSandbox({ dataFolder })
    const populationId = third.state.worker(clientId).roleAssignments[1]!.scope.id
    const population = { population: populationId, environment: 'Test' }
    expect(third.rolesOf(clientId)).toEqual([roles[0], { role: 'Identity Data Admin', scope: population }])
    await third.close()
    await rm(dataFolder, { recursive: true })
  })

  it('with a damaged file is refused by name', async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'sandbox-'))
    await (await startSandbox({ empty: true, dataFolder })).close()
    await writeFile(join(dataFolder, 'sandbox.json'), '{"organizations": [')
    await expect(startSandbox({ dataFolder })).rejects.toThrow(DataFolderError)
    await expect(startSandbox({ dataFolder })).rejects.toThrow(/sandbox\.json/)
    await rm(dataFolder, { recursive: true })
  })
})
