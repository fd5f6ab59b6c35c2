import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keptSecrets } from './support/content.ts'
import { databases } from './support/databases.ts'
import { newTenant, startWorld, type World } from './support/world.ts'

const kinds = databases()

afterAll(async () => {
  for (const kind of kinds) await kind.stop()
})

describe.each(kinds)('after a whole story on $name', (kind) => {
  let world: World
  let folder: string
  let masterKeyFile: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'flightiq-no-secret-'))
    masterKeyFile = join(folder, 'key')
    await writeFile(masterKeyFile, randomBytes(32).toString('base64'))
    world = await startWorld(kind, { masterKey: undefined, masterKeyFile })
  })
  afterEach(async () => {
    await world.close()
    await rm(folder, { recursive: true })
  })

  it('no secret and no token stands in an answer, a log line, a plan or the database', async () => {
    const { clientId, clientSecret } = world.sandbox.tenants[0]!
    const masterKeys = [await readFile(masterKeyFile, 'utf8')]
    await world.call('GET', '/api/tenants')
    await world.call('POST', world.at('/test'))
    // What goes wrong is told and logged too.
    await world.call('POST', '/api/tenants', { ...newTenant(world, ''), clientSecret })
    await world.call('POST', '/api/tenants', `{"clientSecret":"${clientSecret}",`)
    await world.call('PUT', world.at(''), { ...newTenant(world), hosts: { authUrl: 'x', apiUrl: 'y' } })
    await world.call('GET', `/api/nothing?secret=${encodeURIComponent(clientSecret)}`)
    await world.call('PUT', world.at(''), {
      ...newTenant(world),
      hosts: { authUrl: 'https://a.example', apiUrl: 'https://b.example' },
    })
    await world.call('GET', '/api/master-key')
    expect((await world.call('POST', '/api/master-key/rotate')).status).toBe(200)
    masterKeys.push((await readFile(masterKeyFile, 'utf8')).trim())
    await rm(masterKeyFile)
    expect((await world.call('POST', '/api/master-key/rotate')).status).toBe(409)
    await writeFile(masterKeyFile, masterKeys[1]!)
    const kindNames = ['flow', 'variable', 'connectorInstance', 'application', 'flowPolicy']
    for (const name of kindNames) await world.call('GET', world.at(`/artifacts/${name}?in=env:Development`))
    await world.compare()
    const applications = await world.call<{ id: string }[]>(
      'GET',
      world.at('/artifacts/application?in=env:Development'),
    )
    const path = `/comparison/application?from=env:Development&to=env:Production&source=${applications.body[0]!.id}`
    await world.call('GET', world.at(path))
    const { id, plan } = await world.decidedPlan()
    await world.call('POST', world.at('/plans/import'), plan)
    let posts = 0
    world.gate.treat = ({ method, path: at }) => {
      if (method !== 'POST' || !at.startsWith('/v1/')) return 'pass'
      posts += 1
      if (posts === 2) world.sandbox.revokeTokens()
      return posts === 4 ? { status: 400, body: { code: 'INVALID_DATA', message: 'No' } } : 'pass'
    }
    const failed = await world.ended((await world.start(id)).id)
    expect(failed.state).toBe('failed')
    await world.call('POST', world.at(`/runs/${failed.id}/resume`))
    const run = await world.ended(failed.id)
    expect(run.state).toBe('done')
    for (const { operationId } of run.operations)
      await world.call('GET', world.at(`/runs/${run.id}/backups/${operationId}`))
    await world.call('GET', world.at('/runs'))
    await world.call('GET', '/api/openapi.json')
    await world.server.close()
    await world.services.close()

    const tokens = world.gate.passed.flatMap(
      ({ headers }) => /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? [],
    )
    expect(tokens.length).toBeGreaterThan(10)
    const clientsOwn = [...world.sandbox.state.environments.values()].flatMap(({ applications: all }) =>
      [...all.values()].flatMap(
        ({ content }) => JSON.stringify(content).match(/(?<="(?:value|clientSecret)":")[^"]{16,}/g) ?? [],
      ),
    )
    expect(clientsOwn.length).toBeGreaterThan(0)
    const secrets = new Set([
      clientSecret,
      encodeURIComponent(clientSecret),
      Buffer.from(`${clientId}:${clientSecret}`).toString('base64'),
      Buffer.from(clientSecret).toString('base64'),
      Buffer.from(clientSecret).toString('hex'),
      ...masterKeys.flatMap((key) => [key, Buffer.from(key, 'base64').toString('hex')]),
      ...tokens,
      ...clientsOwn,
      ...keptSecrets,
    ])
    const places = {
      answers: world.answers.join('\n'),
      log: world.log.join('\n'),
      database: await world.database.dump(),
    }
    expect(places.log).toContain('operation failed')
    expect(places.database).toContain(world.tenant.id)
    for (const [place, text] of Object.entries(places)) {
      for (const secret of secrets) expect([place, text.includes(secret)]).toEqual([place, false])
    }
    await world.reopen()
  })
})
