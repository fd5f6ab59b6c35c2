import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { type Sandbox, startSandbox } from '@flightiq/sandbox'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { flightiq, startFlightiq } from './support/cli.ts'
import { temporaryFolder } from './support/folder.ts'

let sandbox: Sandbox
let folder: string
let data: string

const run = (...args: string[]) => flightiq(['audit', ...args], { env: { FLIGHTIQ_DATA: data } })

beforeAll(async () => {
  sandbox = await startSandbox({ empty: true })
  folder = await temporaryFolder()
  data = join(folder, 'data')
  const { environmentId, clientId, clientSecret } = sandbox.tenants[0]!
  const hosts = ['--auth-url', sandbox.authUrl, '--api-url', sandbox.apiUrl]
  const ids = ['--environment-id', environmentId, '--client-id', clientId]
  for (const name of ['Ferries', 'Harbours']) {
    const added = await flightiq(['tenant', 'add', '--name', name, ...ids, ...hosts], {
      env: { FLIGHTIQ_DATA: data },
      input: `${clientSecret}\n`,
    })
    expect(added.stderr).not.toContain('flightiq:')
    expect(added.status).toBe(0)
  }
})
afterAll(() => sandbox.close())

describe('the audit log on the command line', () => {
  it('lists who did what, and searches', { timeout: 60_000 }, async () => {
    const { stdout } = await run('list', '--event', 'tenant.created')
    expect(stdout).toMatch(/^ENTRY\s+AT\s+EVENT\s+OUTCOME\s+WHO\s+FROM\s+SUBJECT\n2 .*Harbours\n1 .*Ferries\n$/)
    const { entries } = JSON.parse((await run('list', '--json', '--text', 'ferries')).stdout)
    expect(entries).toMatchObject([
      { event: 'tenant.created', actor: { kind: 'commandLine' }, requestId: expect.any(String) },
    ])
    const one = JSON.parse((await run('list', '--json', '--tenant', 'Harbours')).stdout)
    expect(one.entries).toMatchObject([{ subject: { name: 'Harbours' } }])
    expect(JSON.parse((await run('list', '--json', '--from', '2999-01-01')).stdout).entries).toEqual([])
    const more = await run('list', '--limit', '1')
    expect(more.stderr).toContain('There are more')
    expect(await run('list', '--from', 'yesterday')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('not "yesterday"'),
    })
  })

  it('is exported to standard output and to a file that only its owner reads', { timeout: 60_000 }, async () => {
    const { stdout } = await run('export')
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map(({ sequence }) => sequence)).toEqual(lines.map((_, nth) => nth + 1))
    const out = join(folder, 'audit.csv')
    const { status, stdout: told } = await run('export', '--format', 'csv', '--out', out, '--json')
    expect({ status, ...JSON.parse(told) }).toEqual({
      status: 0,
      file: out,
      format: 'csv',
      bytes: (await stat(out)).size,
    })
    expect((await stat(out)).mode & 0o777).toBe(0o600)
    expect(await readFile(out, 'utf8')).toMatch(/^sequence,at,event.*\r\n1,/)
    const nowhere = await run('export', '--out', join(folder, 'no', 'such'))
    expect(nowhere).toMatchObject({ status: 1, stderr: expect.stringContaining("can't be written") })
  })

  it('is asked for at a running console, too', { timeout: 60_000 }, async () => {
    const serving = startFlightiq(['serve', '--port', '0'], { env: { FLIGHTIQ_DATA: data } })
    const url = /http:\S+/.exec(await serving.says(/serves at http:\S+/))![0]
    try {
      expect((await run('list', '--server', url, '--event', 'server.')).stdout).toContain('server.started')
      const exported = await run('export', '--server', url, '--format', 'jsonl', '--text', 'Ferries')
      expect(JSON.parse(exported.stdout)).toMatchObject({ sequence: 1, subject: { name: 'Ferries' } })
      expect((await run('verify', '--server', url)).stdout).toMatch(/^The audit log is whole: \d+ entries/)
      expect((await run('list')).stderr).toContain('--server')
    } finally {
      await serving.interrupt()
    }
    const { stdout } = await run('list', '--limit', '1')
    expect(stdout).toContain('server.stopped')
  })

  it('is verified: 0 where it is whole, 1 with a sentence where it is not', { timeout: 60_000 }, async () => {
    const whole = await run('verify', '--json')
    expect(whole.status).toBe(0)
    expect(JSON.parse(whole.stdout)).toMatchObject({ ok: true, entries: expect.any(Number) })
    const database = await PGlite.create(join(data, 'database'))
    await database.exec(`
      ALTER TABLE audit_entries DISABLE TRIGGER ALL;
      UPDATE audit_entries SET actor_name = 'Somebody else' WHERE sequence = 2;
      ALTER TABLE audit_entries ENABLE TRIGGER ALL`)
    await database.close()
    expect(await run('verify')).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/^flightiq: The audit log is not whole\. Entry 2 was changed\. .*\n$/),
    })
    const broken = await run('verify', '--json')
    expect(broken.status).toBe(1)
    expect(JSON.parse(broken.stdout)).toMatchObject({ ok: false, fault: { kind: 'changed', sequence: 2 } })
    await writeFile(join(data, 'audit-checkpoint.json'), 'nonsense')
    expect(await run('verify')).toMatchObject({ status: 1, stderr: expect.stringContaining('checkpoint') })
  })
})
