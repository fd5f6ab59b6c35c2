import { type Sandbox, startSandbox } from '@flightiq/sandbox'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Tenant } from '../src/index.ts'
import { databases, type TestDatabase } from './support/databases.ts'
import { type Gate, startGate } from './support/gate.ts'
import { startTransparentProcess, type TransparentProcess } from './support/heap.ts'
import { killAll } from './support/processes.ts'
import { masterKey, newTenant } from './support/world.ts'

describe('the memory of a server', () => {
  let sandbox: Sandbox
  let gate: Gate
  let database: TestDatabase
  let server: TransparentProcess

  beforeEach(async () => {
    sandbox = await startSandbox({ port: 0, demo: false, rateLimitPerMinute: null })
    gate = await startGate(sandbox.apiUrl)
    database = await databases()[0]!.make()
    server = await startTransparentProcess({ ...database.settings, masterKey })
  })
  afterEach(async () => {
    await killAll()
    await server.remove()
    await gate.close()
    await sandbox.close()
    await database.remove()
  })

  it('holds no client secret after it was saved, tested and used', async () => {
    const input = newTenant({ sandbox, gate })
    const tenant = await server.call<Tenant>('POST', '/api/tenants', input)
    expect(await server.call('POST', `/api/tenants/${tenant.id}/test`)).toMatchObject({ ok: true })
    await server.call('GET', `/api/tenants/${tenant.id}/environments`)
    const token = gate.passed
      .flatMap(({ headers }) => /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? [])
      .at(-1)
    const { clientId, clientSecret } = input
    const remembered = await server.remembers({
      // These two are there: the search finds what is held.
      'the tenant id': tenant.id,
      'the token in use': token!,
      'the secret': clientSecret,
      'the secret as a form sends it': encodeURIComponent(clientSecret),
      'the secret as basic authentication sends it': Buffer.from(`${clientId}:${clientSecret}`).toString('base64'),
    })
    expect(remembered.sort()).toEqual(['the tenant id', 'the token in use'])
  })
})
