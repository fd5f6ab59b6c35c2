import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Sandbox, startSandbox } from '@flightiq/sandbox'
import { runSchema } from '@flightiq/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { flightiq, startFlightiq, variablesOf } from './support/cli.ts'
import { temporaryFolder } from './support/folder.ts'

const places = ['--from', 'env:Development', '--to', 'env:Production']

describe('Ctrl-C', () => {
  let sandbox: Sandbox
  let folder: string
  let env: Record<string, string>

  beforeAll(async () => {
    folder = await temporaryFolder()
    sandbox = await startSandbox({ rateLimitPerMinute: null })
    env = variablesOf(sandbox, join(folder, 'data'))
  })
  afterAll(() => sandbox.close())

  it('ends a reading without a word of where in the code it was', async () => {
    sandbox.change({ latencyMilliseconds: 1000 })
    const comparing = startFlightiq(['compare', ...places, '--progress'], { env })
    await comparing.says(/Flows of Development/)
    const { status, stdout, stderr } = await comparing.interrupt()
    sandbox.change({ latencyMilliseconds: 0 })
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr.trimEnd().split('\n').at(-1)).toBe('flightiq: Cancelled; nothing was changed.')
  })

  it('leaves a run at once when pressed twice; the journal has what was sent', async () => {
    const out = join(folder, 'twice.json')
    expect((await flightiq(['plan', ...places, '--flow', 'Profile Management', '--out', out], { env })).status).toBe(2)
    sandbox.change({ latencyMilliseconds: 1500 })
    const applying = startFlightiq(['apply', out, '--yes', '--progress'], { env })
    await applying.says(/✓ update/)
    applying.signal('SIGTERM')
    await applying.says(/Stopping after the operation/)
    const { status, stderr } = await applying.interrupt()
    sandbox.change({ latencyMilliseconds: 0 })
    expect(status).toBe(1)
    const [, id] = /Left in the middle\. Go on with: flightiq runs resume ([0-9a-f-]{36})/.exec(stderr) ?? []
    const resumed = await flightiq(['runs', 'resume', id!], { env })
    expect(resumed).toMatchObject({ status: 0, stderr: '' })
  }, 120_000)

  it('stops a run after the operation that is under way; the run can be resumed', async () => {
    const selection = ['--flow', 'Passkey Sign-On', '--create-missing', '--map', join(folder, 'map.json')]
    const [twilio] = JSON.parse(
      (await flightiq(['list', 'connectorInstance', '--in', 'env:Production', '--name', 'Twilio*', '--json'], { env }))
        .stdout,
    ) as { id: string }[]
    await writeFile(join(folder, 'map.json'), JSON.stringify({ connectorInstance: { 'Twilio Messaging': twilio!.id } }))
    const out = join(folder, 'plan.json')
    expect((await flightiq(['plan', ...places, ...selection, '--out', out], { env })).status).toBe(2)

    sandbox.change({ latencyMilliseconds: 500 })
    const applying = startFlightiq(['apply', out, '--yes'], { env })
    await applying.says(/✓ create/)
    const stopped = await applying.interrupt()
    sandbox.change({ latencyMilliseconds: 0 })
    expect(stopped.status).toBe(1)
    expect(stopped.stderr).toContain('Stopping after the operation that is under way…')
    const [, id] = /flightiq runs resume ([0-9a-f-]{36})/.exec(stopped.stderr) ?? []

    const between = await flightiq(['runs', id!, '--json'], { env })
    const states = runSchema.parse(JSON.parse(between.stdout)).operations.map(({ state }) => state)
    expect(states[0]).toBe('done')
    expect(states.at(-1)).toBe('pending')
    expect(states).not.toContain('sending')

    const resumed = await flightiq(['runs', 'resume', id!], { env })
    expect(resumed).toMatchObject({ status: 0, stderr: '' })
    expect(resumed.stdout).toContain(`Run ${id} is done`)
    const named = ['--kind', 'flow', '--name', 'Passkey*']
    expect((await flightiq(['compare', ...places, ...named], { env })).status).toBe(0)
  }, 120_000)
})
