import { writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { type Sandbox, startSandbox } from '@flightiq/sandbox'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ended, flightiq, variablesOf } from './support/cli.ts'
import { temporaryFolder } from './support/folder.ts'

let sandbox: Sandbox
let folder: string
let env: Record<string, string>

beforeAll(async () => {
  folder = await temporaryFolder()
  sandbox = await startSandbox({ empty: true })
  env = variablesOf(sandbox, join(folder, 'data'))
})
afterAll(() => sandbox.close())

const run = (args: string[], more: Record<string, string> = {}) =>
  flightiq(args, { env: { ...env, ...more }, cwd: folder })

/** One line with what is wrong and what to do; nothing of where in the code it happened; nothing on standard output. */
function expectPlain({ status, stdout, stderr }: Ended, what: RegExp): void {
  expect(stderr).toMatch(what)
  expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  expect(stderr).toMatch(/^flightiq: .+[.!)"]\n$/)
  expect(stderr).not.toMatch(/\bat .+:\d+:\d+|node_modules|\.ts\b|undefined|\[object/)
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
}

/** A flow of one node as an export has it. */
function exported(more: object = {}): string {
  const nodes = [{ data: { id: 'first', nodeType: 'CONNECTION', connectorId: 'httpConnector' } }]
  return JSON.stringify({ name: 'One', flowId: 'a'.repeat(32), graphData: { elements: { nodes, edges: [] } }, ...more })
}

const edge = { data: { id: 'e1', source: 'first', target: 'nobody' } }
const nodes = [{ data: { id: 'first', nodeType: 'CONNECTION' } }]

describe('a file that is no good as a source', () => {
  it.each([
    ['is not there', undefined, /There is no file .*\. Check the path\./],
    ['is no JSON', 'DaVinci', /not valid JSON: line 1, column 1/],
    ['was cut off', exported().slice(0, 60), /ends in the middle of its JSON, at line 1, column 61/],
    ['is no export', '{"hello":"world"}', /in\.json/],
    ['has 60 MB', ' '.repeat(60_000_000), /58 MiB; the most that is read is 50 MiB/],
    ['has an edge into nothing', exported({ graphData: { elements: { nodes, edges: [edge] } } }), /nobody/],
    ['has a name of 300 characters', exported({ name: 'x'.repeat(300) }), /has 300 characters; PingOne takes 256/],
  ])('%s', async (_what, content, message) => {
    const name = content === undefined ? 'absent.json' : 'in.json'
    if (content !== undefined) await writeFile(join(folder, name), content)
    expectPlain(await run(['compare', '--from', `file:${name}`, '--to', 'env:Production']), message)
  })
})

describe('a file that is no good as a plan', () => {
  it.each([
    ['is not there', undefined, /there is no such file.*flightiq plan/],
    ['is no JSON', 'not\njson', /is not valid JSON.*flightiq plan/],
    ['is something else', '{"version":2}', /is not a plan, at version.*flightiq plan/],
  ])('%s', async (_what, content, message) => {
    const name = content === undefined ? 'absent.json' : 'plan.json'
    if (content !== undefined) await writeFile(join(folder, name), content)
    expectPlain(await run(['apply', name, '--yes']), message)
  })

  it('is a map that names nothing known', async () => {
    await writeFile(join(folder, 'map.json'), '{"connectorInstanze":{"a":"create"}}')
    const plan = ['plan', '--from', 'env:Development', '--to', 'env:Production', '--all']
    expectPlain(await run([...plan, '--map', 'map.json']), /map\.json is not right at .*Write \{ "connectorInstance"/)
  })
})

describe('a call that makes no sense', () => {
  const to = ['--to', 'env:Production']
  it.each([
    ['a place of no sort', ['compare', '--from', 'Development', ...to], /says no sort of place.*env:/],
    [
      'an environment that is not there',
      ['compare', '--from', 'env:Nowhere', ...to],
      /no environment "Nowhere".*sees:/,
    ],
    ['an unknown kind', ['list', 'flowz', '--in', 'env:Test'], /no kind "flowz".*The kinds are:/],
    ['nothing selected', ['plan', '--from', 'env:Development', ...to], /Nothing was selected.*--flow, --kind or --all/],
    ['an unknown mode', ['plan', '--from', 'env:Test', ...to, '--all', '--mode', 'x'], /no mode "x".*--mode upgrade/],
    ['a flow that is not there', ['plan', '--from', 'env:Test', ...to, '--flow', 'X'], /no flow "X".*flightiq list/],
    ['a run id that is none', ['runs', 'resume', 'abc'], /"abc" is no id of a run.*flightiq runs/],
    ['a run that is not there', ['runs', '7d9d1b0c-0000-4000-8000-000000000000'], /no run with this id/],
    ['a config file that is not there', ['environments', '--config', 'x.json'], /config file x\.json can't be read/],
    ['a console that is not there', ['environments', '--server', 'http://127.0.0.1:9'], /does not answer.*--server/],
    ['listening for all without a key', ['serve', '--host', '0.0.0.0'], /FLIGHTIQ_MASTER_KEY/],
    ['a port that is none', ['sandbox', '--port', '99999'], /--port takes a whole number from 0 to 65535/],
    ['a load that says no environment', ['sandbox', '--port', '0', '--load', 'file:x.json'], /file:flows\.json@Dev/],
  ])('%s', async (_what, args, message) => {
    expectPlain(await run(args), message)
  })

  it('an unknown option or command', async () => {
    for (const args of [['compare', '--nonsense'], ['nonsense'], ['compare', '--from', 'env:Test']]) {
      const { status, stderr } = await run(args)
      expect(status).toBe(1)
      expect(stderr).toMatch(/^error: .*\n\(flightiq help <command> tells more\)\n$/)
    }
  })
})

describe('a tenant that does not work', () => {
  it.each([
    [
      'an id that is none',
      { FLIGHTIQ_ENVIRONMENT_ID: 'abc' },
      /FLIGHTIQ_ENVIRONMENT_ID: Invalid UUID.*as PingOne shows/,
    ],
    ['a lacking secret', { FLIGHTIQ_CLIENT_SECRET: '' }, /lacks FLIGHTIQ_CLIENT_SECRET/],
    ['a wrong secret', { FLIGHTIQ_CLIENT_SECRET: 'wrong' }, /secret/],
    ['one address of two', { FLIGHTIQ_API_URL: '' }, /lacks FLIGHTIQ_API_URL/],
    ['an unencrypted address', { FLIGHTIQ_AUTH_URL: 'http://auth.example.com' }, /https:\/\//],
  ])('%s', async (_what, variables, message) => {
    expectPlain(await run(['environments'], variables), message)
  })

  it('a host that does not answer', async () => {
    const silent = createServer((socket) => socket.on('error', () => {}).destroy())
    const port = await listen(silent)
    const address = `http://127.0.0.1:${port}`
    const ended = await run(['environments'], { FLIGHTIQ_AUTH_URL: address, FLIGHTIQ_API_URL: address })
    await new Promise((resolve) => silent.close(resolve))
    expectPlain(ended, new RegExp(`${address}.*try again`))
  }, 60_000)
})

it('tells where an unexpected error came from only when asked to', async () => {
  const { stderr } = await run(['compare', '--from', 'Development', '--to', 'env:Production', '--verbose'])
  expect(stderr).toMatch(/^flightiq: .*\n.*\n {4}at /)
})

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
  })
}
