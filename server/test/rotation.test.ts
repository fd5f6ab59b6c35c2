import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, watch, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { serverItself } from '../src/authorization/caller.ts'
import type { MasterKeyStatus, Tenant, TenantTest } from '../src/index.ts'
import { openServices } from '../src/index.ts'
import { databases } from './support/databases.ts'
import { killAll, startProcess } from './support/processes.ts'
import { expectStatus, loopbackHosts, newTenant, startWorld, type World } from './support/world.ts'

const kinds = databases()
const newKey = () => randomBytes(32).toString('base64')

afterAll(async () => {
  for (const kind of kinds) await kind.stop()
})

let folder: string
let keyFile: string
let world: World

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flightiq-rotation-'))
  keyFile = join(folder, 'key')
  await writeFile(keyFile, `${newKey()}\n`)
})
afterEach(async () => {
  await killAll()
  await rm(folder, { recursive: true, force: true })
})

const keysInFile = async () => (await readFile(keyFile, 'utf8')).trim().split('\n')

async function rotate(): Promise<MasterKeyStatus> {
  return expectStatus(await world.call<MasterKeyStatus>('POST', '/api/master-key/rotate'), 200)
}

/** Every stored secret opens, and is the right one: PingOne takes it. */
async function expectAllWork(): Promise<number> {
  const tenants = expectStatus(await world.call<Tenant[]>('GET', '/api/tenants'), 200)
  for (const { id } of tenants) expect(await world.services.tenants.test(serverItself, id)).toMatchObject({ ok: true })
  return tenants.length
}

describe.each(kinds)('a master key in a file, on $name', (kind) => {
  beforeEach(async () => {
    world = await startWorld(kind, { masterKey: undefined, masterKeyFile: keyFile })
  })
  afterEach(() => world.close())

  it('is rotated in the middle of a load, and nothing is lost', { timeout: 120_000 }, async () => {
    const before = await keysInFile()
    let rotating = true
    let made = 0
    const load = async (worker: number) => {
      for (let nth = 0; rotating || nth < 3; nth += 1) {
        const input = newTenant(world, `Tenant ${worker} ${nth}`)
        const { id } = expectStatus(await world.call<Tenant>('POST', '/api/tenants', input), 201)
        made += 1
        expectStatus(
          await world.call('PUT', `/api/tenants/${id}`, { ...input, clientSecret: 'wrong for a moment' }),
          200,
        )
        expectStatus(await world.call('PUT', `/api/tenants/${id}`, input), 200)
        expect(await world.services.tenants.test(serverItself, id)).toMatchObject({ ok: true })
        expectStatus(await world.call('GET', `/api/tenants/${id}/environments`), 200)
      }
    }
    const versions = new Set<string>()
    const rotations = async () => {
      for (let nth = 0; nth < 4; nth += 1) {
        while (made < nth * 4) await world.call('GET', '/api/status')
        versions.add((await rotate()).version)
      }
      rotating = false
    }
    await Promise.all([rotations(), ...[1, 2, 3, 4].map(load)])
    expect(versions.size).toBe(4)
    const status = expectStatus(await world.call<MasterKeyStatus>('GET', '/api/master-key'), 200)
    expect(status).toMatchObject({ origin: 'configured', source: 'file', older: 0, spare: false })
    expect(status.secrets).toBeGreaterThanOrEqual(made)
    const after = await keysInFile()
    expect(after).toHaveLength(1)
    expect(after).not.toEqual(before)
    await world.reopen()
    expect(await expectAllWork()).toBe(made + 1)
    await world.server.close()
    await world.services.close()
    const dump = await world.database.dump()
    expect(dump).toContain(status.version)
    for (const old of versions) if (old !== status.version) expect(dump).not.toContain(`"key_version":"${old}"`)
    await world.reopen()
  })

  it('is rotated by two people at once', async () => {
    await Promise.all([rotate(), rotate(), rotate()])
    expect(await keysInFile()).toHaveLength(1)
    await world.reopen()
    expect(await expectAllWork()).toBe(1)
  })

  it('stays as it is when its file cannot be written', async () => {
    const [before] = await keysInFile()
    await rm(folder, { recursive: true })
    const refused = await world.call('POST', '/api/master-key/rotate')
    expect(refused).toMatchObject({ status: 409, body: { code: 'MASTER_KEY_UNWRITABLE' } })
    await expectAllWork()
    const services = { masterKey: before, masterKeyFile: undefined }
    await world.server.close()
    await world.services.close()
    await (await openServices({ ...world.database.settings, ...services })).close()
    folder = await mkdtemp(join(tmpdir(), 'flightiq-rotation-'))
    keyFile = join(folder, 'key')
    await writeFile(keyFile, `${before}\n`)
  })

  it('goes on at the next start where a crash broke its rotation off', async () => {
    const [old = ''] = await keysInFile()
    // The new key is in the file, and nothing is wrapped with it yet.
    const next = newKey()
    await writeFile(keyFile, `${next}\n${old}\n`)
    await world.reopen()
    expect(await expectAllWork()).toBe(1)
    expect(await keysInFile()).toEqual([next])
    // All is wrapped, and the old key is still in the file.
    await writeFile(keyFile, `${next}\n${old}\n`)
    await world.reopen()
    expect(await expectAllWork()).toBe(1)
    expect(await keysInFile()).toEqual([next])
  })

  it('is whole after a kill in the middle of its rotation', { timeout: 60_000 }, async () => {
    const settings = { ...world.database.settings, masterKeyFile: keyFile, client: { requestsPerMinute: null } }
    await world.server.close()
    await world.services.close()
    const victim = await startProcess(settings)
    const [old] = await keysInFile()
    const written = (async () => {
      for await (const _ of watch(folder)) if ((await keysInFile())[0] !== old) return
    })()
    // Where others can hold a row, the rotation stands still at it; else the kill comes as early as it can.
    const holder = kind.shared ? new pg.Client({ connectionString: world.database.settings.databaseUrl }) : undefined
    await holder?.connect()
    await holder?.query('BEGIN')
    await holder?.query('SELECT * FROM secrets FOR UPDATE')
    const cut = victim.call('POST', '/api/master-key/rotate').catch(() => 'cut')
    await written
    await victim.kill()
    if (holder) expect(await cut).toBe('cut')
    await holder?.end()
    if (holder) expect(await keysInFile()).toHaveLength(2)
    await world.reopen()
    expect(await expectAllWork()).toBe(1)
    const [now, ...others] = await keysInFile()
    expect(now).not.toBe(old)
    expect(others).toEqual([])
  })

  if (kind.shared)
    it('reaches other processes, which read its file again', async () => {
      const settings = { ...world.database.settings, masterKeyFile: keyFile, allowedHosts: loopbackHosts }
      const other = await openServices(settings)
      try {
        expect(await other.tenants.test(serverItself, world.tenant.id)).toMatchObject({ ok: true })
        await rotate()
        expect(await other.tenants.test(serverItself, world.tenant.id)).toMatchObject({ ok: true })
        await rotate()
        // What the other one writes is sealed with the key in use, not with the one that it began with.
        const { id } = await other.tenants.create(serverItself, newTenant(world, 'Written elsewhere'))
        const test = await world.call<TenantTest>('POST', `/api/tenants/${id}/test`)
        expect(expectStatus(test, 200)).toMatchObject({ ok: true })
        expect((await other.keys.rotate()).older).toBe(0)
        expect(await expectAllWork()).toBe(2)
      } finally {
        await other.close()
      }
    })
})

describe.each(kinds)('a master key in a variable, on $name', (kind) => {
  const [first, second] = [newKey(), newKey()]
  const open = async (settings: { masterKey: string; masterKeyPrevious?: string }) => {
    const services = await openServices({ ...world.database.settings, allowedHosts: loopbackHosts, ...settings })
    return services
  }

  it('is replaced at a start that gives the one before, too', async () => {
    world = await startWorld(kind, { masterKey: first })
    expect(await world.call('POST', '/api/master-key/rotate')).toMatchObject({
      status: 409,
      body: { code: 'MASTER_KEY_NOT_IN_FILE', nextStep: expect.stringContaining('FLIGHTIQ_MASTER_KEY_PREVIOUS') },
    })
    await world.server.close()
    await world.services.close()
    await expect(open({ masterKey: second })).rejects.toMatchObject({ code: 'MASTER_KEY_DIFFERS' })
    const both = await open({ masterKey: second, masterKeyPrevious: first })
    expect(both.masterKey.spare).toBe(true)
    expect(await both.keys.status()).toMatchObject({ source: 'variable', older: 0, spare: true })
    expect(await both.tenants.test(serverItself, world.tenant.id)).toMatchObject({ ok: true })
    await both.close()
    await expect(open({ masterKey: first })).rejects.toMatchObject({ code: 'MASTER_KEY_DIFFERS' })
    const alone = await open({ masterKey: second })
    expect(alone.masterKey.spare).toBe(false)
    expect(await alone.tenants.test(serverItself, world.tenant.id)).toMatchObject({ ok: true })
    await alone.close()
    // The world takes its leave with the key that it knows.
    await (await open({ masterKey: first, masterKeyPrevious: second })).close()
    await world.reopen()
    await world.close()
  })
})
