import { readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { BrowserMemory, signOnWithoutBrowser } from '../../test/support/sign-on.ts'
import { flightiq, startFlightiq } from './support/cli.ts'
import { temporaryFolder } from './support/folder.ts'

const folder = await temporaryFolder()
const variablesIn = (text: string) =>
  Object.fromEntries([...text.matchAll(/^(FLIGHTIQ_\w+)='(.*)'$/gm)].map(([, name, value]) => [name, value]))

describe('the sandbox', () => {
  it('says what it offers, and writes the variables that lead to it for its owner alone', async () => {
    const file = join(folder, 'variables')
    const sandbox = startFlightiq(['sandbox', '--port', '0', '--env-file', file])
    try {
      await sandbox.says(/Stop it with Ctrl-C/)
      expect(sandbox.output()).toMatch(/: Development, Test, Production\n/)
      expect((await stat(file)).mode & 0o777).toBe(0o600)
      const env = variablesIn(await readFile(file, 'utf8'))
      const compared = await flightiq(['compare', '--from', 'env:Development', '--to', 'env:Production'], { env })
      expect(compared.status).toBe(2)
    } finally {
      expect(await sandbox.interrupt()).toMatchObject({ status: 0, stderr: '' })
    }
  })

  it('loads exports into an environment, with what they refer to made up, and keeps them in its folder', async () => {
    const exported = join(folder, 'odd.json')
    const name = 'A "quoted" 🛫 flow\u001b[31m\u0007'
    const call = {
      data: { id: 'call', nodeType: 'CONNECTION', connectorId: 'crmConnector', connectionId: 'c'.repeat(32) },
    }
    await writeFile(
      exported,
      JSON.stringify({ name, flowId: 'b'.repeat(32), graphData: { elements: { nodes: [call], edges: [] } } }),
    )
    const file = join(folder, 'loaded')
    const kept = ['sandbox', '--port', '0', '--empty', '--data', join(folder, 'sandbox'), '--env-file', file]
    const first = startFlightiq([...kept, '--load', `file:${exported}@Test`, '--stand-ins'])
    await first.says(/Stop it with Ctrl-C/)
    await first.interrupt()

    const second = startFlightiq(kept)
    try {
      await second.says(/Stop it with Ctrl-C/)
      const env = variablesIn(await readFile(file, 'utf8'))
      const listed = await flightiq(['list', 'flow', '--in', 'env:Test'], { env })
      // A name must not be able to write on the terminal.
      expect(listed.stdout).toMatch(/^A "quoted" 🛫 flow· /m)
      expect(listed.stdout).not.toContain('\u001b')
      const instances = await flightiq(['list', 'connectorInstance', '--in', 'env:Test', '--json'], { env })
      expect(JSON.parse(instances.stdout)).toContainEqual(expect.objectContaining({ id: 'c'.repeat(32) }))
    } finally {
      await second.interrupt()
    }
  })

  it('says that its port is taken', async () => {
    const { port, close } = await takenPort()
    const { status, stderr } = await flightiq(['sandbox', '--port', String(port)])
    await close()
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `flightiq: Port ${port} is in use, so the sandbox can't start. Choose another one (0 takes a free one), or stop what runs there.\n`,
    })
  })
})

describe('the demo', () => {
  it('serves the console with tenants that work, beside others that have its ports, and only once a folder', async () => {
    const { port, close } = await takenPort()
    const data = join(folder, 'demo')
    const args = ['demo', '--port', String(port), '--sandbox-port', '0', '--data', data]
    const demo = startFlightiq(args)
    try {
      const url = (await demo.says(/FlightIQ is ready: http:\S+/)).replace('FlightIQ is ready: ', '')
      expect(await demo.says(/Port \d+ is in use; a free one is taken instead/)).toContain(String(port))
      expect(await (await fetch(url)).text()).toContain('<title>')
      const env = { FLIGHTIQ_SERVER: url, FLIGHTIQ_TENANT: 'Lumenfjord Ferries' }
      expect(await flightiq(['tenant', 'test'], { env })).toMatchObject({ status: 0 })
      const second = await flightiq(['demo', '--port', '0', '--sandbox-port', '0', '--data', data])
      expect(second).toMatchObject({
        status: 1,
        stdout: '',
        stderr: expect.stringMatching(/in use by process .*--server/),
      })
    } finally {
      await close()
      expect(await demo.interrupt()).toMatchObject({ status: 0 })
    }
    // Started again, it is as it was left, though the sandbox is somewhere else.
    const again = startFlightiq(args)
    const url = (await again.says(/FlightIQ is ready: http:\S+/)).replace('FlightIQ is ready: ', '')
    const env = { FLIGHTIQ_SERVER: url, FLIGHTIQ_TENANT: 'Quillhaven Libraries' }
    expect(await flightiq(['tenant', 'test'], { env })).toMatchObject({ status: 0 })
    await again.interrupt()
  }, 120_000)
})

describe('the demo with sign-in', () => {
  it('lets the people of the sandbox in by their groups, until it is started without', async () => {
    const args = ['demo', '--port', '0', '--sandbox-port', '0', '--data', join(folder, 'demo-sign-in')]
    const demo = startFlightiq([...args, '--sign-in'])
    try {
      const url = (await demo.says(/FlightIQ is ready: http:\S+/)).replace('FlightIQ is ready: ', '')
      await demo.says(/Stop it with Ctrl-C/)
      expect(demo.output()).toMatch(/Torsten Vikane +admin\n/)
      expect((await fetch(`${url}/api/tenants`)).status).toBe(401)
      const browser = new BrowserMemory()
      const begun = await browser.request(new URL('/auth/sign-in', url))
      const callback = await signOnWithoutBrowser(begun.headers.get('location') ?? '', 'Eirik Nordvik', { browser })
      expect((await browser.request(callback)).headers.get('location')).toBe('/')
      const session = await (await browser.request(new URL('/api/session', url))).json()
      expect(session).toMatchObject({ caller: { name: 'Eirik Nordvik', roles: [{ role: 'operator' }] } })
    } finally {
      expect(await demo.interrupt()).toMatchObject({ status: 0 })
    }
    const open = startFlightiq(args)
    const url = (await open.says(/FlightIQ is ready: http:\S+/)).replace('FlightIQ is ready: ', '')
    expect((await fetch(`${url}/api/tenants`)).status).toBe(200)
    await open.interrupt()
  }, 120_000)
})

describe('the console', () => {
  it('starts without any tenant, and ends on Ctrl-C', async () => {
    const console = startFlightiq(['serve', '--port', '0', '--data', join(folder, 'console')])
    const url = (await console.says(/FlightIQ serves at http:\S+/)).replace('FlightIQ serves at ', '')
    expect(await (await fetch(`${url}/api/tenants`)).json()).toEqual([])
    expect((await fetch(`${url}/settings`)).headers.get('content-type')).toContain('text/html')
    expect(await console.interrupt()).toMatchObject({ status: 0 })
  })
})

describe('the console for others than this machine', () => {
  const surroundings = { FLIGHTIQ_MASTER_KEY: Buffer.alloc(32, 3).toString('base64') }
  const serve = ['serve', '--host', '0.0.0.0', '--port', '0', '--data', join(folder, 'exposed')]
  const started = async (more: string[] = [], env: Record<string, string> = {}) => {
    const console = startFlightiq([...serve, ...more], { env: { ...surroundings, ...env } })
    const said = await console.says(/FlightIQ serves at http\S+/)
    const [, port = ''] = /:(\d+)$/.exec(said) ?? []
    return { console, url: `http://127.0.0.1:${port}` }
  }
  const tokenIn = (output: string) => /^ {2}([\w-]{43})$/m.exec(output)?.[1] ?? ''

  it('prints a token to set it up, which is in no line of its log, and takes API tokens from then on', async () => {
    const { console, url } = await started()
    try {
      await console.says(/enter this one-time token at \S+\/sign-in/)
      await console.says(/^ {2}[\w-]{43}$/m)
      const token = tokenIn(console.output())
      expect(console.output().split(token)).toHaveLength(2)
      const refused = await flightiq(['tenant', 'list', '--server', url])
      expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('Nobody is signed in.') })
      expect(refused.stderr).toContain('FLIGHTIQ_TOKEN')

      const browser = new BrowserMemory()
      const post = (path: string, body: object) =>
        browser.request(new URL(path, url), {
          method: 'POST',
          headers: { 'x-flightiq': '1', 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
      expect((await post('/api/session/local-administrator', { token })).status).toBe(200)
      const wanted = { name: 'Pipeline', roles: [{ role: 'viewer' }], expiresInDays: 1 }
      const made = (await (await post('/api/tokens', wanted)).json()) as { token: string }
      const env = { FLIGHTIQ_SERVER: url, FLIGHTIQ_TOKEN: made.token }
      expect(await flightiq(['tenant', 'list', '--json'], { env })).toMatchObject({ status: 0, stdout: '[]\n' })
      const beyond = await flightiq(['keys', 'rotate'], { env })
      expect(beyond).toMatchObject({ status: 1, stderr: expect.stringContaining('you have: viewer') })
      const wrong = await flightiq(['tenant', 'list'], { env: { ...env, FLIGHTIQ_TOKEN: 'fiq_wrong' } })
      expect(wrong.stderr).toContain('The API token is not known here.')
    } finally {
      await console.interrupt()
    }
  }, 60_000)

  it('asks nobody when its operator says so', async () => {
    const { console, url } = await started([], { FLIGHTIQ_ALLOW_NO_SIGN_IN: '1' })
    try {
      expect((await fetch(`${url}/api/tenants`)).status).toBe(200)
      expect(tokenIn(console.output())).toBe('')
    } finally {
      await console.interrupt()
    }
  }, 60_000)

  it('prints a token on this machine, too, when it is asked for', async () => {
    const { console } = await started(['--host', '127.0.0.1', '--local-admin'])
    await console.says(/^ {2}[\w-]{43}$/m)
    await console.interrupt()
  }, 60_000)
})

async function takenPort(): Promise<{ port: number; close: () => Promise<void> }> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return { port, close: () => new Promise((resolve) => server.close(() => resolve())) }
}
