import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadMasterKey, type MasterKey } from '../src/secrets/master-key.ts'
import { rotateMasterKey } from '../src/secrets/rotation.ts'
import { openSigner } from '../src/secrets/signing.ts'
import { type Database, openStorage, type Storage } from '../src/storage/database.ts'

describe('a signature', () => {
  let folder: string
  let storage: Storage
  let database: Database
  let masterKey: MasterKey

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'flightiq-signing-'))
    storage = await openStorage({})
    database = await storage.queries()
    masterKey = await loadMasterKey({ dataFolder: folder })
  })
  afterAll(async () => {
    await storage.close()
    await rm(folder, { recursive: true })
  })

  it('is known again by every signer of the installation, for its purpose and its bytes alone', async () => {
    const [one, other] = await Promise.all([openSigner(database, masterKey), openSigner(database, masterKey)])
    const signed = one.sign('audit', 'entry 7')
    expect(signed.keyVersion).toBe(one.keyVersion)
    expect(other.verify('audit', 'entry 7', signed)).toBe(true)
    expect(other.verify('audit', 'entry 8', signed)).toBe(false)
    expect(other.verify('session', 'entry 7', signed)).toBe(false)
    expect(other.verify('audit', 'entry 7', { ...signed, keyVersion: 'another' })).toBe(false)
    expect(other.verify('audit', 'entry 7', { ...signed, signature: 'AAAA' })).toBe(false)
    expect(other.sign('session', 'entry 7').signature).not.toBe(signed.signature)
  })

  it('outlives rotations of the master key', async () => {
    const signed = (await openSigner(database, masterKey)).sign('audit', 'entry 7')
    const before = masterKey.newest.version
    expect(await rotateMasterKey(database, masterKey)).toMatchObject({ older: 0, spare: false })
    const after = await loadMasterKey({ dataFolder: folder })
    expect(after.keys.map(({ version }) => version)).not.toContain(before)
    expect((await openSigner(database, after)).verify('audit', 'entry 7', signed)).toBe(true)
  })

  it('can be made by nobody who has the database without the master key', async () => {
    const foreign = await loadMasterKey({ masterKey: Buffer.alloc(32, 9).toString('base64') })
    await expect(openSigner(database, foreign)).rejects.toMatchObject({ code: 'MASTER_KEY_DIFFERS' })
  })
})
