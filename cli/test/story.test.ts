import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { planSchema } from '@flightiq/core'
import { type Sandbox, startSandbox } from '@flightiq/sandbox'
import { openServices, runSchema, type Services, serverItself, startServer } from '@flightiq/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canHaveTerminal, flightiq, startFlightiq, variablesOf } from './support/cli.ts'
import { temporaryFolder } from './support/folder.ts'

const places = ['--from', 'env:Development', '--to', 'env:Production']
const minutes = 120_000

/** How the commands reach FlightIQ: inside the process, or in a console that runs elsewhere. */
const ways = {
  'alone, with a tenant from variables': async (sandbox: Sandbox, folder: string) => ({
    env: variablesOf(sandbox, join(folder, 'data')),
    close: async () => {},
  }),
  'through a running console': async (sandbox: Sandbox) => {
    const services: Services = await openServices({
      client: { requestsPerMinute: null },
      allowedHosts: ['127.0.0.1:*'],
    })
    const { environmentId, clientId, clientSecret } = sandbox.tenants[0]!
    const hosts = { authUrl: sandbox.authUrl, apiUrl: sandbox.apiUrl }
    await services.tenants.create(serverItself, { name: 'Ferries', environmentId, clientId, clientSecret, hosts })
    const server = await startServer({ services, port: 0, log: { level: 'silent' } })
    return {
      env: { FLIGHTIQ_SERVER: server.url },
      close: async () => {
        await server.close()
        await services.close()
      },
    }
  },
}

describe.each(Object.entries(ways))('a migration %s', (_name, open) => {
  let sandbox: Sandbox
  let folder: string
  let env: Record<string, string>
  let close: () => Promise<void>

  beforeAll(async () => {
    folder = await temporaryFolder()
    sandbox = await startSandbox({ rateLimitPerMinute: null })
    ;({ env, close } = await open(sandbox, folder))
  })
  afterAll(async () => {
    await close()
    await sandbox.close()
  })

  /** Everything that commands wrote. */
  let written = ''
  const run = async (...args: string[]) => {
    const ended = await flightiq(args, { env, cwd: folder })
    written += ended.stdout + ended.stderr
    return ended
  }

  it('shows the environments and what is in them', async () => {
    const environments = await run('environments')
    expect(environments).toMatchObject({ status: 0, stderr: '' })
    expect(environments.stdout).toMatch(/Development +SANDBOX.*Production +PRODUCTION/s)

    const flows = await run('list', 'flows', '--in', 'env:Development', '--name', 'passkey*', '--json')
    const names = (JSON.parse(flows.stdout) as { name: string }[]).map(({ name }) => name)
    expect(names.sort()).toEqual(['Passkey Enrolment Subflow', 'Passkey Sign-On'])

    const shown = await run('show', 'flow', 'Passkey Sign-On', '--in', 'env:Development')
    expect(JSON.parse(shown.stdout)).toMatchObject({ name: 'Passkey Sign-On', graphData: { elements: {} } })
  })

  it(
    'leads from a difference over a plan and a run to identical flows',
    async () => {
      const named = ['--kind', 'flow', '--name', 'Profile Management']
      const before = await run('compare', ...places, ...named, '--details')
      expect(before.status).toBe(2)
      expect(before.stdout).toMatch(/≠ +Flow +Profile Management +different/)
      expect(before.stdout).toContain('1 different')
      expect(before.stdout).toMatch(/^ +~ /m)
      const listed = await run(
        'compare',
        '--from',
        'env:Test',
        '--to',
        'env:Production',
        '--kind',
        'application',
        '--details',
      )
      expect(listed.stdout).toMatch(/redirectUris 0: "\S+" → "\S+"/)

      const planned = await run('plan', ...places, '--flow', 'Profile Management', '--out', 'plan.json')
      expect(planned.status).toBe(2)
      expect(planned.stdout).toMatch(/op-1 +update +Flow +Profile Management/)
      expect(planned.stderr).toContain('flightiq apply plan.json')
      expect(planSchema.parse(JSON.parse(await readFile(join(folder, 'plan.json'), 'utf8'))).operations).toHaveLength(2)

      const applied = await run('apply', 'plan.json', '--yes')
      expect(applied).toMatchObject({ status: 0, stderr: '' })
      expect(applied.stdout).toContain('✓ update flow "Profile Management"')
      expect(applied.stdout).toContain('1 read back and identical')

      expect((await run('compare', ...places, ...named)).status).toBe(0)
      const again = await run('plan', ...places, '--flow', 'Profile Management')
      expect(again.status).toBe(0)
      expect(again.stdout).toContain('Nothing to do')
    },
    minutes,
  )

  it('keeps each run, and tells what became of it', async () => {
    const listed = await run('runs', '--json')
    const [latest] = runSchema.array().parse(JSON.parse(listed.stdout))
    const one = await run('runs', latest!.id)
    expect(one).toMatchObject({ status: 0, stderr: '' })
    expect(one.stdout).toContain(`Run ${latest!.id} is done`)
  })

  it('refuses a plan twice, since the destination is no longer what it was made for', async () => {
    const again = await run('apply', 'plan.json', '--yes')
    expect(again.status).toBe(1)
    expect(again.stderr).toMatch(/was changed after the plan was made.*make a new plan/)
    expect(again.stderr).not.toContain('runs resume')
  })

  it(
    'says what has to be chosen, and takes the choices from a map file',
    async () => {
      const passkey = ['plan', ...places, '--flow', 'Passkey Sign-On']
      const open = await run(...passkey, '--out', 'open.json')
      expect(open.status).toBe(2)
      expect(open.stdout).toMatch(/blocker: .*Twilio Messaging.* has 2 candidates/)
      expect(open.stdout).toMatch(/choose for connectorInstance "Loyalty Partner"/)
      expect(open.stderr).toContain('can’t be applied yet')
      expect(open.stderr).not.toContain('flightiq apply')
      const refused = await run('apply', 'open.json', '--yes')
      expect(refused).toMatchObject({ status: 1, stdout: '' })
      expect(refused.stderr).toContain('2 open choices')

      // Created without secrets; of the two of the same name, one is chosen.
      const candidate = / with .*?"([0-9a-f]{32})" \(Twilio/.exec(open.stdout)?.[1] ?? ''
      const map = { connectorInstance: { 'Loyalty Partner': 'create', 'Twilio Messaging': candidate } }
      await writeFile(join(folder, 'map.json'), JSON.stringify(map))
      const chosen = await run(...passkey, '--map', 'map.json', '--out', 'chosen.json')
      expect(chosen.status).toBe(2)
      expect(chosen.stdout).not.toContain('blocker')
      expect(chosen.stdout).toMatch(/by hand, "Loyalty Partner": /)

      const applied = await run('apply', 'chosen.json', '--yes', '--json')
      expect(applied.status).toBe(0)
      expect(runSchema.parse(JSON.parse(applied.stdout))).toMatchObject({
        state: 'done',
        verification: { different: [] },
      })
      const after = await run('compare', ...places, '--kind', 'flow', '--name', 'Passkey*', '--json')
      expect(JSON.parse(after.stdout)).toMatchObject({ rows: [{ state: 'identical' }, { state: 'identical' }] })
      expect(after.status).toBe(0)
    },
    minutes,
  )

  it('asks before it writes, and without anybody to answer writes nothing', async () => {
    const planned = await run('plan', ...places, '--flow', 'Customer Sign-On', '--create-missing', '--out', 'ask.json')
    expect(planned.status).toBe(2)
    const refused = await run('apply', 'ask.json')
    expect(refused.status).toBe(1)
    expect(refused.stderr).toContain('Add --yes.')
    expect((await run('compare', ...places, '--kind', 'flow', '--name', 'Customer Sign-On')).status).toBe(2)
  })

  it.skipIf(!canHaveTerminal)('has the name of a production environment typed before it writes there', async () => {
    await run('plan', ...places, '--flow', 'Customer Registration', '--no-subflows', '--out', 'typed.json')
    const applying = startFlightiq(['apply', 'typed.json'], { env, cwd: folder, terminal: true })
    await applying.says(/update flow "Customer Registration"/)
    await applying.says(/This is a production environment. Type "Production" to go on: /)
    applying.type('yes')
    const refused = await applying.ends()
    expect(refused.status).toBe(1)
    expect(refused.stdout).toContain('Not confirmed; nothing was changed.')

    const again = startFlightiq(['apply', 'typed.json'], { env, cwd: folder, terminal: true })
    await again.says(/to go on: /)
    again.type('Production')
    expect(await again.ends()).toMatchObject({ status: 0, stdout: expect.stringContaining('is done') })
  })

  it('tells of errors in the same words', async () => {
    const nowhere = await run('compare', '--from', 'env:Nowhere', '--to', 'env:Production')
    expect(nowhere).toMatchObject({ status: 1, stdout: '' })
    expect(nowhere.stderr).toBe(
      'flightiq: The worker app sees no environment "Nowhere". It sees: Development, Test, Production.\n',
    )
    const unknown = await run('show', 'flow', 'Nothing', '--in', 'env:Test', '--json')
    expect(unknown.status).toBe(1)
    expect(JSON.parse(unknown.stderr)).toMatchObject({ code: 'NOT_FOUND', nextStep: expect.any(String) })
  })

  it('shows the secret nowhere: in no output, no plan', async () => {
    const [plan, chosen] = await Promise.all(
      ['plan.json', 'chosen.json'].map((file) => readFile(join(folder, file), 'utf8')),
    )
    await run('tenant', 'list', '--json')
    await run('tenant', 'test', '--json')
    expect(written.length).toBeGreaterThan(10_000)
    for (const { clientSecret } of sandbox.tenants) expect(`${written}${plan}${chosen}`).not.toContain(clientSecret)
  })
})
