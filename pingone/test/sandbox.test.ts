import { type Sandbox, type SandboxTenant, startSandbox } from '@flightiq/sandbox'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createPingOneClient, type PingOneClient, testCredentials } from '../src/index.ts'

let sandbox: Sandbox
let tenant: SandboxTenant
let later = 0
const clients: PingOneClient[] = []

beforeAll(async () => {
  sandbox = await startSandbox({ demo: false, rateLimitPerMinute: null, now: () => Date.now() + later })
  tenant = sandbox.tenants[0]!
})
afterAll(async () => {
  for (const client of clients) client.close()
  await sandbox.close()
})
beforeEach(() => sandbox.resetRequests())

const hosts = () => ({ authUrl: sandbox.authUrl, apiUrl: sandbox.apiUrl })
const credentials = ({ environmentId, clientId, clientSecret }: SandboxTenant) => ({
  environmentId,
  clientId,
  clientSecret,
})
const workerOf = ({ clientId }: SandboxTenant) => sandbox.state.workers.find((worker) => worker.clientId === clientId)!
const tokensAsked = () => sandbox.requests.filter(({ path }) => path.endsWith('/as/token')).length
const development = () => tenant.environments.find(({ name }) => name === 'Development')!.id

function newClient(of = tenant): PingOneClient {
  const client = createPingOneClient({ hosts: hosts(), ...credentials(of), requestsPerMinute: null })
  clients.push(client)
  return client
}

describe('against the sandbox, the client', () => {
  it('reaches every tenant, whichever method its worker app takes', async () => {
    for (const one of sandbox.tenants) {
      const client = newClient(one)
      const seen = (await client.environments.list()).map(({ id }) => id).sort()
      expect(seen).toEqual(one.environments.map(({ id }) => id).sort())
      expect(client.authMethod()).toBe(one.authMethod)
    }
  })

  it('goes on with a new token when its token is revoked in the middle of a run', async () => {
    const client = newClient()
    await client.flows.list(development())
    sandbox.revokeTokens()
    await Promise.all(Array.from({ length: 10 }, () => client.connectors.list(development())))
    expect(tokensAsked()).toBe(client.authMethod() === 'client_secret_basic' ? 2 : 3)
  })

  it('goes on with a new token when its token expired unnoticed', async () => {
    const client = newClient()
    await client.flows.list(development())
    later += 2 * 3600 * 1000
    const variable = { name: 'late', context: 'company', dataType: 'string', mutable: true, value: 'x' }
    const made = await client.variables.create(development(), variable)
    await client.variables.remove(development(), made.id)
  })

  it('reads all variables, whatever the size of a page', async () => {
    const client = newClient()
    for (let index = 0; index < 25; index += 1) {
      await client.variables.create(development(), {
        name: `paged-${index}`,
        context: 'company',
        dataType: 'number',
        mutable: true,
        value: String(index),
      })
    }
    sandbox.resetRequests()
    const names: unknown[] = []
    for await (const variable of client.variables.pages(development(), { limit: 10 })) names.push(variable.name)
    expect(names.filter((name) => String(name).startsWith('paged-'))).toHaveLength(25)
    expect(new Set(names).size).toBe(names.length)
    expect(sandbox.requests.length).toBe(Math.ceil(names.length / 10))
  })
})

describe('against the sandbox, testing credentials', () => {
  const test = (changes: Partial<Parameters<typeof testCredentials>[0]> = {}) =>
    testCredentials({ hosts: hosts(), ...credentials(tenant), ...changes })

  it('finds method and environments of every tenant', async () => {
    for (const one of sandbox.tenants) {
      expect(await test(credentials(one))).toMatchObject({
        ok: true,
        authMethod: one.authMethod,
        environments: one.environments.length,
      })
    }
  })

  it('names each cause of failure', async () => {
    const worker = workerOf(tenant)
    expect(await test({ clientSecret: 'wrong' })).toMatchObject({ ok: false, cause: 'secret' })
    expect(await test({ clientId: crypto.randomUUID() })).toMatchObject({ ok: false, cause: 'clientId' })
    expect(await test({ environmentId: crypto.randomUUID() })).toMatchObject({ ok: false, cause: 'environmentId' })
    worker.enabled = false
    expect(await test()).toMatchObject({ ok: false, cause: 'disabled' })
    worker.enabled = true
    const grants = worker.grantTypes
    worker.grantTypes = []
    expect(await test()).toMatchObject({ ok: false, cause: 'grant' })
    worker.grantTypes = grants
    const other = tenant.authMethod === 'client_secret_basic' ? 'client_secret_post' : 'client_secret_basic'
    expect(await test({ authMethod: other })).toMatchObject({
      ok: false,
      cause: 'authMethod',
      authMethod: tenant.authMethod,
    })
    expect(await test()).toMatchObject({ ok: true })
  })
})
