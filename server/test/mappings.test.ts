import { startSandbox } from '@flightiq/sandbox'
import { afterAll, describe, expect, it } from 'vitest'
import { serverItself } from '../src/authorization/caller.ts'
import { openServices } from '../src/index.ts'
import { environmentOf, flow, message } from './support/content.ts'
import { databases } from './support/databases.ts'
import { startGate } from './support/gate.ts'
import { newTenant } from './support/world.ts'

const kinds = databases()

afterAll(async () => {
  for (const kind of kinds) await kind.stop()
})

describe.each(kinds)('a choice between instances of the same name, on $name', (kind) => {
  it('is remembered once it has been carried out: compared with it, and not asked again', async () => {
    const sandbox = await startSandbox({ rateLimitPerMinute: null })
    const database = await kind.make()
    const services = await openServices({
      ...database.settings,
      client: { requestsPerMinute: null },
      allowedHosts: ['127.0.0.1:*'],
    })
    try {
      const [{ name, environmentId, clientId, clientSecret }] = sandbox.tenants as [(typeof sandbox.tenants)[number]]
      const hosts = { authUrl: sandbox.authUrl, apiUrl: sandbox.apiUrl }
      const tenant = await services.tenants.create(serverItself, { name, environmentId, clientId, clientSecret, hosts })
      const places = { from: 'env:Development', to: 'env:Production' }
      const flows = (await services.comparison.compare(serverItself, tenant.id, places)).rows.filter(
        (row) => row.kind === 'flow',
      )
      const enrolment = flows.find(({ source }) => source?.name === 'Passkey Enrolment Subflow')
      const selection = { flows: [enrolment?.source?.id ?? ''] }

      const open = await services.plans.create(serverItself, tenant.id, { ...places, selection })
      const choices = open.plan.references.flatMap(({ kind: of, target, resolution }) => {
        if (of !== 'connectorInstance' || resolution.to !== 'unresolved') return []
        const [first] = resolution.candidates
        return [
          first
            ? { action: 'map' as const, kind: of, sourceId: target, destinationId: first.id }
            : { action: 'create' as const, kind: of, sourceId: target },
        ]
      })
      expect(choices.map(({ action }) => action).sort()).toEqual(['create', 'map'])
      const decided = await services.plans.choose(serverItself, tenant.id, open.id, { choices })
      await services.work()
      const { id } = await services.runs.start(serverItself, tenant.id, decided.id)
      for await (const event of services.runs.watch(serverItself, tenant.id, id)) {
        if (event.type === 'run' && event.run.problem) throw new Error(event.run.problem.detail)
      }

      const after = await services.comparison.compare(serverItself, tenant.id, { ...places, refresh: true })
      const row = after.rows.find(({ source }) => source?.name === 'Passkey Enrolment Subflow')
      expect(row?.state).toBe('identical')
      const again = await services.plans.create(serverItself, tenant.id, { ...places, selection })
      expect(again.plan.operations).toEqual([])
      expect(again.plan.notes.filter(({ severity }) => severity === 'blocker')).toEqual([])
    } finally {
      await services.close()
      await database.remove()
      await sandbox.close()
    }
  })
})

describe.each(kinds)('flows of one name, on $name', (kind) => {
  it('are told apart once a run has created them: identical, and nothing left to plan', async () => {
    const sandbox = await startSandbox({ demo: false, rateLimitPerMinute: null })
    const gate = await startGate(sandbox.apiUrl)
    const database = await kind.make()
    const services = await openServices({
      ...database.settings,
      client: { requestsPerMinute: null },
      allowedHosts: ['127.0.0.1:*'],
    })
    try {
      const development = environmentOf(sandbox, 'Development')
      for (const text of ['One', 'Two', 'Three']) development.insertFlow(flow('Twin', [message(text)]))
      const tenant = await services.tenants.create(serverItself, newTenant({ sandbox, gate }))
      const places = { from: 'env:Development', to: 'env:Production' }
      const selection = { kinds: ['flow' as const] }
      const plan = await services.plans.create(serverItself, tenant.id, { ...places, selection })
      await services.work()
      const { id } = await services.runs.start(serverItself, tenant.id, plan.id)
      for await (const event of services.runs.watch(serverItself, tenant.id, id)) {
        if (event.type === 'run' && event.run.problem) throw new Error(event.run.problem.detail)
      }

      const after = await services.comparison.compare(serverItself, tenant.id, {
        ...places,
        kinds: ['flow'],
        refresh: true,
      })
      expect(after.rows.map(({ state }) => state)).toEqual(['identical', 'identical', 'identical'])
      const again = await services.plans.create(serverItself, tenant.id, { ...places, selection })
      expect(again.plan.operations).toEqual([])
      expect(again.plan.notes.filter(({ severity }) => severity === 'blocker')).toEqual([])
    } finally {
      await services.close()
      await database.remove()
      await gate.close()
      await sandbox.close()
    }
  })
})
