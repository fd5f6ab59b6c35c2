import { equal, isObject, type Json, type JsonObject, parseExportText, readExport, stringAt } from '@flightiq/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sharedExports, sharedMaterial, sharedText } from '../../test/support/shared.ts'
import { limitsWith } from '../src/limits.ts'
import { loadExport } from '../src/load/index.ts'
import { type Sandbox, startSandbox } from '../src/start-sandbox.ts'
import type { EnvironmentState } from '../src/state/environment-state.ts'

/** The first spot at which something of the original is missing or different in what was read back. */
function firstLoss(original: Json, got: Json | undefined, path = ''): string | undefined {
  if (Array.isArray(original)) {
    if (!Array.isArray(got) || got.length !== original.length) return path
    return firstOf(original.entries(), ([index, item]) => firstLoss(item, got[index], `${path}/${index}`))
  }
  if (!isObject(original)) return equal(original, got) ? undefined : path
  if (!isObject(got)) return path
  // What the linter found is worked out anew at each read.
  const entries = Object.entries(original).filter(([key]) => key !== 'linterError' && key !== 'allLinterErrors')
  return firstOf(entries, ([key, item]) => firstLoss(item, got[key], `${path}/${key}`))
}

function firstOf<Item>(items: Iterable<Item>, look: (item: Item) => string | undefined): string | undefined {
  for (const item of items) {
    const found = look(item)
    if (found !== undefined) return found
  }
  return undefined
}

/** What the API writes itself, or answers in another way. */
const written = ['environment', 'connectors', 'createdAt', 'updatedAt', 'deployedAt']

describe.skipIf(!sharedMaterial)('every real export', () => {
  let sandbox: Sandbox
  let environment: EnvironmentState
  let token: string

  beforeAll(async () => {
    sandbox = await startSandbox({ empty: true, rateLimitPerMinute: null })
    environment = sandbox.state.environment('Development')
    const tenant = sandbox.tenants[0]!
    const answer = await fetch(`${sandbox.authUrl}/${tenant.environmentId}/as/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${tenant.clientId}:${tenant.clientSecret}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    })
    token = ((await answer.json()) as { access_token: string }).access_token
  })
  afterAll(() => sandbox.close())

  const get = async (path: string): Promise<JsonObject> => {
    const answer = await fetch(`${sandbox.apiUrl}/v1/environments/${environment.id}/${path}`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect(answer.status).toBe(200)
    return (await answer.json()) as JsonObject
  }

  it.each(sharedExports())('%s is loaded, and read back over HTTP without a loss', async (path) => {
    const content = readExport(parseExportText(sharedText(path), path), path)
    const report = loadExport(environment, content, { standIns: true, limits: limitsWith() })
    try {
      for (const [index, flow] of content.flows.entries()) {
        const id = report.flows.created[report.standIns.flows.length + index]!
        const got = await get(`flows/${id}`)
        const original = Object.fromEntries(
          Object.entries(flow).filter(([key]) => !written.includes(key) && key !== 'id'),
        )
        // PingOne gives the flows that it starts itself an input schema of its own.
        if (stringAt(flow.trigger, 'type') === 'AUTHENTICATION') delete original.inputSchema
        // A flow is never published in a version that it hasn't reached.
        if (Number(flow.publishedVersion) > Number(flow.currentVersion)) delete original.publishedVersion
        expect(firstLoss(original, got)).toBeUndefined()
        expect(got.dvlinterErrorCount).toBe(0)
      }
      for (const id of [...report.variables.created, ...report.connectorInstances.created]) {
        const sort = environment.variables.has(id) ? 'variables' : 'connectorInstances'
        expect(await get(`${sort}/${id}`)).toMatchObject({ id })
      }
    } finally {
      for (const id of report.flows.created) environment.removeFlow(environment.flows.get(id)!)
      for (const id of report.variables.created) environment.variables.delete(id)
      for (const id of report.connectorInstances.created) environment.connectorInstances.delete(id)
    }
  })
})
