import { randomBytes } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Sandbox, startSandbox } from '@flightiq/sandbox'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { flightiq, startFlightiq } from './support/cli.ts'
import { temporaryFolder } from './support/folder.ts'

const newKey = () => randomBytes(32).toString('base64')

let sandbox: Sandbox
let folder: string
let keyFile: string

beforeAll(async () => {
  folder = await temporaryFolder()
  keyFile = join(folder, 'key')
  sandbox = await startSandbox({ empty: true })
})
afterAll(() => sandbox.close())

const run = (args: string[], env: Record<string, string>, input = '') =>
  flightiq(args, { env: { FLIGHTIQ_DATA: join(folder, 'data'), ...env }, input })

function add(env: Record<string, string>) {
  const { environmentId, clientId, clientSecret } = sandbox.tenants[0]!
  const hosts = ['--auth-url', sandbox.authUrl, '--api-url', sandbox.apiUrl]
  const ids = ['--environment-id', environmentId, '--client-id', clientId]
  return run(['tenant', 'add', '--name', 'Ferries', ...ids, ...hosts], env, `${clientSecret}\n`)
}

it('of other hosts than PingOne, tenants are added only when the operator allows them', async () => {
  const { status, stderr } = await add({ FLIGHTIQ_ALLOWED_HOSTS: '' })
  expect(status).toBe(1)
  expect(stderr).toContain(`add ${new URL(sandbox.authUrl).host} to FLIGHTIQ_ALLOWED_HOSTS`)
})

it('of a trial is replaced by one of your own, which has to be told the one before', { timeout: 60_000 }, async () => {
  expect((await add({})).stderr).toContain('trial key')
  await writeFile(keyFile, `${newKey()}\n`)
  const env = { FLIGHTIQ_MASTER_KEY_FILE: keyFile }
  const trialFile = join(folder, 'data', 'trial-master-key')
  const refused = await run(['tenant', 'test'], env)
  expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining(`(it is in ${trialFile})`) })
  const FLIGHTIQ_MASTER_KEY_PREVIOUS = await readFile(trialFile, 'utf8')
  expect((await run(['tenant', 'test'], { ...env, FLIGHTIQ_MASTER_KEY_PREVIOUS })).status).toBe(0)
  await rm(trialFile)
  expect((await run(['tenant', 'test'], env)).status).toBe(0)
})

it('in a file is told and rotated, alone and by a running console', { timeout: 60_000 }, async () => {
  const first = (await readFile(keyFile, 'utf8')).trim()
  const env = { FLIGHTIQ_MASTER_KEY_FILE: keyFile }
  const before = JSON.parse((await run(['keys', 'status', '--json'], env)).stdout)
  expect(before).toMatchObject({ origin: 'configured', source: 'file', older: 0, spare: false })
  expect(before.secrets).toBeGreaterThan(0)
  const rotated = await run(['keys', 'rotate'], env)
  expect(rotated.stdout).toMatch(/The master key [0-9a-f]{16} \(in its file\) .*\nIt seals (\d+) of \1 stored secret/)
  const second = (await readFile(keyFile, 'utf8')).trim()
  expect(second).not.toBe(first)
  expect((await run(['tenant', 'test'], env)).status).toBe(0)

  const console = startFlightiq(['serve', '--port', '0'], { env: { FLIGHTIQ_DATA: join(folder, 'data'), ...env } })
  const url = /http:\S+/.exec(await console.says(/serves at http:\S+/))![0]
  const busy = await run(['keys', 'rotate'], env)
  expect(busy.stderr).toContain('--server')
  const remote = JSON.parse((await run(['keys', 'rotate', '--json', '--server', url], env)).stdout)
  expect(remote.version).not.toBe(before.version)
  expect((await run(['tenant', 'test', '--server', url], env)).status).toBe(0)
  await console.interrupt()
  expect(await readFile(keyFile, 'utf8')).not.toContain(second)
  expect((await run(['tenant', 'test'], env)).status).toBe(0)
})

it('in a variable is replaced by giving the one before, which can be removed then', { timeout: 60_000 }, async () => {
  const FLIGHTIQ_MASTER_KEY_PREVIOUS = (await readFile(keyFile, 'utf8')).trim()
  const FLIGHTIQ_MASTER_KEY = newKey()
  const env = { FLIGHTIQ_MASTER_KEY, FLIGHTIQ_MASTER_KEY_PREVIOUS }
  const done = await run(['keys', 'rotate'], env)
  expect(done.stdout).toMatch(/It seals (\d+) of \1 stored/)
  expect(done.stdout).toContain('remove FLIGHTIQ_MASTER_KEY_PREVIOUS')
  const more = await run(['keys', 'rotate'], { FLIGHTIQ_MASTER_KEY })
  expect(more).toMatchObject({ status: 1, stderr: expect.stringContaining('Restart with a new FLIGHTIQ_MASTER_KEY') })
  expect((await run(['tenant', 'test'], { FLIGHTIQ_MASTER_KEY })).status).toBe(0)
})
