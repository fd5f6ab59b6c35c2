import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Sandbox, startSandbox } from '@flightiq/sandbox'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { canHaveTerminal, flightiq, startFlightiq } from './support/cli.ts'
import { temporaryFolder } from './support/folder.ts'

let sandbox: Sandbox
let folder: string
let env: Record<string, string>
/** Everything that commands wrote so far. */
let written = ''

beforeAll(async () => {
  folder = await temporaryFolder()
  sandbox = await startSandbox({ empty: true })
  env = { FLIGHTIQ_DATA: join(folder, 'data') }
})
afterAll(() => sandbox.close())

async function run(args: string[], input?: string) {
  const ended = await flightiq(args, { env, cwd: folder, ...(input === undefined ? {} : { input }) })
  written += ended.stdout + ended.stderr
  return ended
}

function add(name: string, index: number, more: string[] = []): string[] {
  const { environmentId, clientId } = sandbox.tenants[index]!
  const hosts = ['--auth-url', sandbox.authUrl, '--api-url', sandbox.apiUrl]
  return [
    'tenant',
    'add',
    '--name',
    name,
    '--environment-id',
    environmentId,
    '--client-id',
    clientId,
    ...hosts,
    ...more,
  ]
}

it('is needed: without any, commands say how to add one', async () => {
  const { status, stderr } = await run(['environments'])
  expect(status).toBe(1)
  expect(stderr).toMatch(/No tenant is configured\. Add one with "flightiq tenant add"/)
})

it('is added with its secret from standard input, and tested', async () => {
  const added = await run(add('Ferries', 0), `${sandbox.tenants[0]!.clientSecret}\n`)
  expect(added.status).toBe(0)
  expect(added.stdout).toMatch(/Added tenant "Ferries" \([0-9a-f-]{36}\)/)
  expect(added.stderr).toMatch(/encrypted with a trial key .* set FLIGHTIQ_MASTER_KEY/)
  const tested = await run(['tenant', 'test'])
  expect(tested.status).toBe(0)
  expect(tested.stdout).toContain('✓')
  expect((await run(['environments'])).stdout).toContain('Production')
})

it('is refused without a secret, with an id that is none, and with a name that is taken', async () => {
  expect(await run(add('Other', 1))).toMatchObject({ status: 1, stderr: expect.stringMatching(/No secret was given/) })
  const wrong = add('Other', 1).with(5, 'abc')
  expect(await run(wrong, 'secret')).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/environmentId: .*Correct that option/),
  })
  expect(await run(add('Ferries', 1), 'secret')).toMatchObject({ status: 1, stderr: expect.stringMatching(/Ferries/) })
})

it('takes no secret as an argument', async () => {
  const { clientSecret } = sandbox.tenants[0]!
  const { status, stderr } = await flightiq([...add('Third', 0), '--client-secret', clientSecret], { env })
  expect(status).toBe(1)
  expect(stderr).toMatch(/unknown option '--client-secret'/)
})

it('says what is wrong with credentials that PingOne refuses', async () => {
  await run(add('Mistyped', 1), 'not-the-secret')
  const { status, stdout } = await run(['tenant', 'test', '--tenant', 'Mistyped'])
  expect(status).toBe(1)
  expect(stdout).toContain('✗')
  expect(stdout).toMatch(/Next: /)
})

it.skipIf(!canHaveTerminal)('takes a secret that is typed, and does not show it', async () => {
  const secret = sandbox.tenants[0]!.clientSecret
  const adding = startFlightiq(add('Typed', 0), { env, cwd: folder, terminal: true })
  await adding.says(/Backend API client secret: /)
  adding.type(secret)
  const added = await adding.ends()
  expect(added).toMatchObject({ status: 0, stdout: expect.stringContaining('Added tenant "Typed"') })
  expect(added.stdout).not.toContain(secret)
  expect(await run(['tenant', 'test', '--tenant', 'Typed'])).toMatchObject({ status: 0 })
  expect(await run(['tenant', 'remove', '--tenant', 'Typed', '--yes'])).toMatchObject({ status: 0 })
})

it('has to be chosen when there are several', async () => {
  expect(await run(['environments'])).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/There are 2 tenants: .*--tenant/),
  })
  expect(await run(['environments', '--tenant', 'Nobody'])).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/no tenant "Nobody"/),
  })
  expect(await run(['environments', '--tenant', 'Ferries'])).toMatchObject({ status: 0 })
})

it('never shows its secret, and keeps it encrypted', async () => {
  const listed = await run(['tenant', 'list', '--json'])
  expect(JSON.parse(listed.stdout)).toEqual(
    expect.arrayContaining([expect.objectContaining({ name: 'Ferries', secretSetAt: expect.any(String) })]),
  )
  const { clientSecret } = sandbox.tenants[0]!
  expect(written).not.toContain(clientSecret)
  const files = await readdir(join(folder, 'data'), { recursive: true, withFileTypes: true })
  const contents = await Promise.all(
    files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), 'latin1')),
  )
  expect(contents.some((content) => content.includes('Ferries'))).toBe(true)
  expect(contents.filter((content) => content.includes(clientSecret))).toEqual([])
})

it('is removed when asked to, once that is confirmed', async () => {
  expect(await run(['tenant', 'remove', '--tenant', 'Mistyped'])).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/Add --yes/),
  })
  expect(await run(['tenant', 'remove', '--tenant', 'Mistyped', '--yes'])).toMatchObject({ status: 0 })
  expect((await run(['tenant', 'list'])).stdout).not.toContain('Mistyped')
})
