import { createCipheriv, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { format, inspect } from 'node:util'
import { serialize } from 'node:v8'
import fastify, { type FastifyBaseLogger } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loggerOptions } from '../src/http/logging.ts'
import { openServices, ProblemError, problemOf, Secret, startServer } from '../src/index.ts'
import { loadMasterKey } from '../src/secrets/master-key.ts'
import { rewrap, type SealedSecret, seal, unseal } from '../src/secrets/sealing.ts'

const value = 'the-client-secret-in-clear'
const key = (byte: number) => Buffer.alloc(32, byte).toString('base64')

describe('a secret', () => {
  const secret = new Secret(value)
  const deep = { showHidden: true, depth: 20, getters: true, showProxy: true }
  const ways: Record<string, () => unknown> = {
    template: () => `${secret}`,
    concatenation: () => `${['a', secret]} ${secret as unknown as string}`,
    JSON: () => JSON.stringify({ secret, list: [secret] }),
    inspection: () => inspect({ secret }, deep),
    format: () => format('%s %o %O %j', secret, secret, secret, { secret }),
    spread: () =>
      inspect({ ...secret, own: Object.getOwnPropertyNames(secret), entries: Object.entries(secret) }, deep),
    clone: () => inspect(structuredClone({ secret }), deep),
    serialization: () => serialize({ secret }).toString('latin1'),
    'cause of an error': () => inspect(new Error('failed', { cause: { secret } }), deep),
    'a problem': () =>
      JSON.stringify(problemOf(new ProblemError({ status: 500, code: 'X', detail: `${secret}`, cause: secret }))),
    query: () => new URLSearchParams({ secret: secret as unknown as string }).toString(),
    log: () =>
      logged((log) => log.info({ secret, err: new Error('failed', { cause: secret }) }, '%s %j', secret, secret)),
  }

  it.each(Object.entries(ways))('does not show itself by %s', async (_name, show) => {
    expect(String(await show())).not.toContain(value)
  })

  it('gives itself to whoever asks for it', () => {
    expect(secret.reveal()).toBe(value)
  })

  it('comes back from its seal, which is another one each time', async () => {
    const masterKey = await loadMasterKey({ masterKey: key(1) })
    const owner = { recordId: 'a', kind: 'tenant.clientSecret' }
    const [one, two] = [0, 1].map(() => seal(new Secret(value), owner, masterKey.newest)) as [
      SealedSecret,
      SealedSecret,
    ]
    expect(one.sealed).not.toBe(two.sealed)
    expect(JSON.stringify(one)).not.toContain(value)
    expect(unseal(one, owner, masterKey).reveal()).toBe(value)
  })

  it('is not opened for another record, another kind, after a change, or with another master key', async () => {
    const masterKey = await loadMasterKey({ masterKey: key(1) })
    const owner = { recordId: 'a', kind: 'tenant.clientSecret' }
    const sealed = seal(new Secret(value), owner, masterKey.newest)
    const damaged = { code: 'SECRET_DAMAGED' }
    const attempt =
      (...[stored, of]: [typeof sealed, typeof owner]) =>
      () =>
        unseal(stored, of, masterKey)
    expect(attempt(sealed, { ...owner, recordId: 'b' })).toThrow(expect.objectContaining(damaged))
    expect(attempt(sealed, { ...owner, kind: 'other' })).toThrow(expect.objectContaining(damaged))
    const bent = Buffer.from(sealed.sealed, 'base64')
    bent[30] = (bent[30] ?? 0) ^ 1
    expect(attempt({ ...sealed, sealed: bent.toString('base64') }, owner)).toThrow(expect.objectContaining(damaged))
    const other = await loadMasterKey({ masterKey: key(2) })
    expect(() => unseal(sealed, owner, other)).toThrow(expect.objectContaining({ code: 'MASTER_KEY_DIFFERS' }))
  })
})

/** What the server's log writes. */
async function logged(write: (log: FastifyBaseLogger) => void): Promise<string> {
  const lines: string[] = []
  const stream = { write: (line: string) => void lines.push(line) }
  write(fastify({ logger: loggerOptions({ level: 'debug', stream }) }).log)
  expect(lines).toHaveLength(1)
  return lines.join('')
}

describe('the master key', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'flightiq-key-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('of a trial is made once beside the data, for its owner alone', async () => {
    const first = await loadMasterKey({ dataFolder: folder })
    const path = first.madeAt!
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    const second = await loadMasterKey({ dataFolder: folder })
    expect(second).toMatchObject({ origin: 'trial', newest: { version: first.newest.version } })
    expect(second.madeAt).toBeUndefined()
    expect(await readFile(path, 'utf8')).toContain(first.newest.key.export().toString('base64'))
  })

  it('shows itself in no text, no JSON and no inspection', async () => {
    const masterKey = await loadMasterKey({ masterKey: key(65), masterKeyPrevious: key(66) })
    const shown = [
      inspect(masterKey, { showHidden: true, depth: 20, getters: true }),
      JSON.stringify(masterKey),
      JSON.stringify(masterKey.keys),
      inspect(structuredClone({ ...masterKey })),
      await logged((log) => log.info({ masterKey, keys: masterKey.keys }, 'a key')),
    ].join()
    expect(shown).toContain(masterKey.newest.version)
    for (const byte of [65, 66]) {
      const bytes = Buffer.alloc(32, byte)
      for (const encoding of ['base64', 'hex', 'latin1'] as const) expect(shown).not.toContain(bytes.toString(encoding))
      expect(shown).not.toContain([...bytes].join(', '))
    }
  })

  it('can come from a file, and is refused when it is not 32 bytes', async () => {
    const path = join(folder, 'key')
    await writeFile(path, `${randomBytes(32).toString('base64')}\n`)
    expect(await loadMasterKey({ masterKeyFile: path })).toMatchObject({ origin: 'configured' })
    await expect(loadMasterKey({ masterKey: 'short' })).rejects.toMatchObject({ code: 'MASTER_KEY_INVALID' })
    await expect(loadMasterKey({ masterKeyFile: join(folder, 'none') })).rejects.toMatchObject({
      code: 'MASTER_KEY_UNREADABLE',
    })
  })

  it('of a trial is not enough to listen beyond this machine', async () => {
    const trial = await openServices()
    await expect(startServer({ services: trial, host: '0.0.0.0', port: 0 })).rejects.toMatchObject({
      code: 'MASTER_KEY_NEEDED',
    })
    await trial.close()
    const configured = await openServices({ masterKey: key(1) })
    const server = await startServer({ services: configured, host: '0.0.0.0', port: 0, log: { level: 'silent' } })
    expect((await fetch(server.url.replace('0.0.0.0', '127.0.0.1'))).status).toBe(200)
    await server.close()
    await configured.close()
  })
})

describe('a secret sealed before rotation was known', () => {
  it('opens, and is bound to its owner alone once it is wrapped anew', async () => {
    const [old, next] = [
      await loadMasterKey({ masterKey: key(1) }),
      await loadMasterKey({ masterKey: key(2), masterKeyPrevious: key(1) }),
    ]
    const owner = { recordId: 'a', kind: 'tenant.clientSecret' }
    const stored = sealedAsBefore(value, owner, key(1), old.newest.version)
    expect(unseal(stored, owner, old).reveal()).toBe(value)
    const wrapped = rewrap(stored, owner, next, next.newest)
    expect(wrapped.keyVersion).toBe(next.newest.version)
    const alone = await loadMasterKey({ masterKey: key(2) })
    expect(unseal(wrapped, owner, alone).reveal()).toBe(value)
    expect(() => unseal(wrapped, { ...owner, recordId: 'b' }, alone)).toThrow(/integrity/)
    const again = rewrap(
      wrapped,
      owner,
      await loadMasterKey({ masterKey: key(3), masterKeyPrevious: key(2) }),
      old.newest,
    )
    expect(again.sealed).toBe(wrapped.sealed)
    expect(again.wrappedKey).not.toBe(wrapped.wrappedKey)
  })
})

/** How secrets were sealed at first: the value was bound to the version of the master key, like its data key. */
function sealedAsBefore(text: string, owner: { recordId: string; kind: string }, master: string, keyVersion: string) {
  const bound = Buffer.from(JSON.stringify([owner.recordId, owner.kind, keyVersion]))
  const encrypt = (plain: Buffer, with_: Buffer) => {
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', with_, nonce).setAAD(bound)
    const encrypted = Buffer.concat([cipher.update(plain), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), encrypted]).toString('base64')
  }
  const dataKey = randomBytes(32)
  const wrappedKey = encrypt(dataKey, Buffer.from(master, 'base64'))
  return { keyVersion, wrappedKey, sealed: encrypt(Buffer.from(text), dataKey) }
}
