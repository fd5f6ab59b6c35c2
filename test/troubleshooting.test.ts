import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ChecklistItem, serverItself, type TenantTest } from '@flightiq/server'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { flightiq } from '../cli/test/support/cli.ts'
import { plantCampaigns } from '../web/test/support/journeys.ts'
import { launchBrowser, newVisitor } from './support/browser.ts'
import { type Stack, startStack } from './support/stack.ts'

// What stops administrators, as they meet it: on screen, in the API and on the command line, each with its one cause.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

let browser: Browser
let stack: Stack
let tenant: string
let page: Page
let folder: string

beforeAll(async () => {
  browser = await launchBrowser()
  // The sandbox's environments are new, and of new ones the client asks again before it believes a refusal.
  const client = { requestsPerMinute: 5000, retry: { tries: 2, baseMilliseconds: 5 } }
  stack = await startStack({}, { client })
  stack.sandbox.change({ rateLimitPerMinute: null })
  tenant = await stack.connect()
  folder = await mkdtemp(join(tmpdir(), 'flightiq-troubleshooting-'))
  page = await (await newVisitor(browser, { viewport: { width: 1280, height: 900 } })).newPage()
})
afterAll(async () => {
  await browser.close()
  await stack.close()
  await rm(folder, { recursive: true, force: true })
})

/** Changes the worker app as somebody would in PingOne. */
async function changeApp(change: object): Promise<void> {
  const address = `${stack.sandbox.apiUrl}/sandbox/applications/${stack.tenant.clientId}`
  const headers = { 'Content-Type': 'application/json' }
  const answer = await fetch(address, { method: 'PATCH', headers, body: JSON.stringify(change) })
  expect(answer.status).toBe(200)
}

const everywhere = ['Development', 'Test', 'Production'].map((scope) => ({ role: 'DaVinci Admin', scope }))

async function healthy(): Promise<void> {
  // What the page of the case before still asks for is none of this one's.
  await page.goto('about:blank')
  const { clientId, clientSecret } = stack.tenant
  await changeApp({ enabled: true, grantTypes: ['CLIENT_CREDENTIALS'], tokenEndpointAuthMethod: 'CLIENT_SECRET_BASIC' })
  stack.sandbox.setRoles(clientId, everywhere)
  stack.sandbox.setDenials([])
  await saveTenant({ clientId, clientSecret })
}

/** Saves the tenant in FlightIQ with these values in place of the right ones. */
async function saveTenant(values: object): Promise<void> {
  const { environmentId, clientId, clientSecret, name } = stack.tenant
  const hosts = { authUrl: stack.sandbox.authUrl, apiUrl: stack.sandbox.apiUrl }
  const fields = { name, environmentId, clientId, clientSecret, hosts, ...values }
  await stack.services.tenants.update(serverItself, tenant, fields)
}

beforeEach(healthy)

const cli = (...args: string[]) => flightiq(args, { env: { FLIGHTIQ_SERVER: stack.url }, cwd: folder })
const at = (path: string, query: Record<string, string> = {}) =>
  `${stack.url}${path}?${new URLSearchParams({ tenant, ...query })}`
const elsewhere = '3f0e9c3a-6d1b-4c1e-9b7a-2f6f0f7f4d11'

const headings = [
  'A role is missing on this environment',
  'A role is missing for this sort of thing',
  'This environment belongs to another Org Root',
  'The worker app may read here, but not write',
  'A policy or dependency in PingOne stands against it',
  'The licence does not allow it',
]
/** The causes that the page names, those that are only likely included. */
const namedCauses = async () => {
  const text = (await page.getByRole('alert').allInnerTexts()).join('\n').toLowerCase()
  return headings.filter((heading) => text.includes(heading.toLowerCase()))
}

describe('no token can be minted', () => {
  interface Case {
    name: string
    spoil: () => Promise<void>
    cause: TenantTest['cause']
    /** The checks that fail; a token never comes. */
    failed: ChecklistItem['id'][]
    said: RegExp
  }
  const cases: Case[] = [
    {
      name: 'the app is switched off',
      spoil: () => changeApp({ enabled: false }),
      cause: 'disabled',
      failed: ['enabled', 'token'],
      said: /worker app is disabled/i,
    },
    {
      name: 'its grant type is missing',
      spoil: () => changeApp({ grantTypes: ['AUTHORIZATION_CODE'] }),
      cause: 'grant',
      failed: ['grant', 'token'],
      said: /client credentials grant/i,
    },
    {
      name: 'the client ID is of nobody',
      spoil: () => saveTenant({ clientId: elsewhere }),
      cause: 'clientId',
      failed: ['credentials', 'token'],
      said: /client id/i,
    },
    {
      name: 'the secret is wrong',
      spoil: () => saveTenant({ clientSecret: 'not-the-secret' }),
      cause: 'secret',
      failed: ['credentials', 'token'],
      said: /secret/i,
    },
    {
      name: 'the environment ID is of none',
      spoil: () => saveTenant({ environmentId: elsewhere }),
      cause: 'environmentId',
      failed: ['credentials', 'token'],
      said: /environment/i,
    },
    {
      name: 'the authentication method is another',
      spoil: () => saveTenant({ authMethod: 'client_secret_post' }),
      cause: 'authMethod',
      failed: ['credentials', 'token'],
      said: /takes Client Secret Basic, but Client Secret Post is set here/,
    },
  ]

  it.each(cases)('because $name', async ({ spoil, cause, failed, said }) => {
    await spoil()
    const result = await stack.services.tenants.test(serverItself, tenant)
    expect(result).toMatchObject({ ok: false, cause })
    expect(result.explanation).toMatch(said)

    const items = new Map<string, ChecklistItem>()
    for await (const event of stack.services.access.checklistEvents(serverItself, tenant)) {
      if (event.type === 'item') items.set(event.item.id, event.item)
    }
    expect([...items.values()].filter(({ outcome }) => outcome === 'failed').map(({ id }) => id)).toEqual(failed)
    const [named] = failed
    const causes = items.get(named ?? '')?.causes ?? []
    expect(causes.length).toBeGreaterThan(0)
    expect(causes.every(({ where }) => where.length > 10)).toBe(true)

    const told = await cli('tenant', 'test')
    expect(told.status).toBe(1)
    expect(told.stdout).toContain(result.explanation)
    expect(told.stdout).toContain(`Next: ${result.nextStep}`)

    await page.goto(at('/settings/checklist'))
    await page.getByRole('button', { name: 'Go through it' }).click()
    const check = page.getByRole('listitem').filter({ hasText: items.get(named ?? '')?.title ?? '?' })
    await check.getByRole('img', { name: 'Failed' }).waitFor()
    await check.getByText(causes[0]?.cause ?? '?').waitFor()
    await page.getByText(/of 7 passed/).waitFor()
    expect(await page.getByRole('img', { name: 'Failed' }).count()).toBe(failed.length)
  })
})

describe('there is a token but no data', () => {
  const other = () => {
    const [, second] = stack.sandbox.tenants
    const environment = second?.environments.find(({ name }) => name === 'Live')
    if (!second || !environment) throw new Error('The sandbox has no second tenant.')
    return { tenant: second, environment }
  }
  const connectOther = async () => {
    const { tenant: second } = other()
    const hosts = { authUrl: stack.sandbox.authUrl, apiUrl: stack.sandbox.apiUrl }
    const { environmentId, clientId, clientSecret, name } = second
    const saved = await stack.services.tenants.create(serverItself, {
      name,
      environmentId,
      clientId,
      clientSecret,
      hosts,
    })
    // FlightIQ knows whose environment it is once it was looked at with its own Org Root.
    await stack.services.places.openEnvironment(serverItself, saved.id, 'Live')
    return async () => stack.services.tenants.delete(serverItself, saved.id)
  }

  interface Case {
    name: string
    spoil: () => Promise<() => Promise<void>>
    environment: () => string
    cause: string
    said: RegExp
    heading: string
  }
  const nothing = async () => {}
  const cases: Case[] = [
    {
      name: 'its roles lack this environment',
      spoil: async () => {
        stack.sandbox.setRoles(stack.tenant.clientId, [{ role: 'DaVinci Admin', scope: 'Test' }])
        return nothing
      },
      environment: () => stack.environmentId('Development'),
      cause: 'environmentNotCovered',
      said: /No role of the worker app covers/,
      heading: 'A role is missing on this environment',
    },
    {
      name: 'its roles lack this domain',
      spoil: async () => {
        stack.sandbox.setRoles(stack.tenant.clientId, [
          { role: 'Identity Data Admin', scope: 'Development' },
          { role: 'DaVinci Admin', scope: 'Test' },
        ])
        return nothing
      },
      environment: () => stack.environmentId('Development'),
      cause: 'domainNotCovered',
      // Which of the lists is refused first is PingOne's affair.
      said: /has roles on Development, but none that lets it read/,
      heading: 'A role is missing for this sort of thing',
    },
    {
      name: 'Org Root and credentials do not belong together',
      spoil: connectOther,
      environment: () => other().environment.id,
      cause: 'tenantMismatch',
      said: /belongs to the Org Root "Quillhaven Libraries", not to "Lumenfjord Ferries"/,
      heading: 'This environment belongs to another Org Root',
    },
    {
      name: 'the environment is gone',
      spoil: async () => nothing,
      environment: () => elsewhere,
      cause: 'tenantMismatch',
      said: /removed, or belongs to another organization/,
      heading: 'This environment belongs to another Org Root',
    },
  ]

  it.each(cases)('because $name', async ({ spoil, environment, cause, said, heading }) => {
    const mend = await spoil()
    const place = `env:${environment()}`
    try {
      const answer = await fetch(at(`/api/tenants/${tenant}/artifacts/flow`, { in: place }))
      const { diagnosis } = (await answer.json()) as { diagnosis: { cause: string; explanation: string } }
      expect(diagnosis.cause).toBe(cause)
      expect(diagnosis.explanation).toMatch(said)

      const told = await cli('list', 'flow', '--in', place, '--tenant', stack.tenant.name)
      expect(told.status).toBe(1)
      expect(told.stderr).toMatch(said)

      await page.goto(at('/orchestration/flows', { from: place, to: `env:${stack.environmentId('Test')}` }))
      const alert = page.getByRole('alert').filter({ hasText: heading })
      await alert.waitFor()
      await alert.getByText(said).waitFor()
      expect(await namedCauses()).toEqual([heading])
    } finally {
      await mend()
    }
  })
})

describe('a write fails', () => {
  interface Case {
    name: string
    spoil: () => void
    cause: string
    said: RegExp
    heading: string
  }
  const cases: Case[] = [
    {
      name: 'it may only read there',
      spoil: () =>
        stack.sandbox.setRoles(stack.tenant.clientId, [
          { role: 'DaVinci Admin', scope: 'Development' },
          { role: 'DaVinci Admin Read Only', scope: 'Production' },
        ]),
      cause: 'readOnly',
      said: /may read flows in Production, but not create them/,
      heading: 'The worker app may read here, but not write',
    },
    {
      name: 'a policy of PingOne forbids it, though the roles allow it',
      spoil: () => {
        const own = { role: 'Client Application Developer', scope: 'Administrators' }
        stack.sandbox.setRoles(stack.tenant.clientId, [...everywhere, own])
        stack.sandbox.setDenials([{ environment: 'Production', method: 'POST', path: '/flows' }])
      },
      cause: 'policyOrDependency',
      said: /roles of the worker app allow it to create flows in Production/,
      heading: 'A policy or dependency in PingOne stands against it',
    },
    {
      name: 'something else in PingOne stands in the way, which it names',
      spoil: () => {
        const production = stack.sandbox.state.environments.get(stack.environmentId('Production'))
        if (!production) throw new Error('The sandbox has no Production.')
        const flow = production.insertFlow({
          name: 'Kept by a policy',
          graphData: { elements: { nodes: [], edges: [] } },
        })
        const application = production.insertApplication({ name: 'Ticket shop' })
        production.insertFlowPolicy(application.id, {
          name: 'Ticket sign-on',
          flowDistributions: [{ id: flow.id, version: -1, weight: 100 }],
        })
        const message = 'This Flow is in a Application Flow Policy'
        const details = [{ code: 'CONSTRAINT_VIOLATION', message, innerError: { referencedValues: [flow.id] } }]
        stack.sandbox.setDenials([{ environment: 'Production', method: 'POST', path: '/flows', status: 400, details }])
      },
      cause: 'policyOrDependency',
      said: /Kept by a policy/,
      heading: 'A policy or dependency in PingOne stands against it',
    },
  ]

  it.each(cases)('because $name', async ({ spoil, cause, said, heading }) => {
    const [flow = ''] = plantCampaigns(stack, 1)
    const path = join(folder, `plan-${flow}.json`)
    const places = ['--from', 'env:Development', '--to', 'env:Production']
    const planned = await cli('plan', ...places, '--flow', flow, '--out', path, '--tenant', stack.tenant.name)
    expect(planned.status).toBe(2)
    spoil()

    const told = await cli('apply', path, '--yes', '--tenant', stack.tenant.name)
    expect(told.status).toBe(1)
    expect(told.stdout + told.stderr).toMatch(said)

    const [run] = await stack.services.runs.list(serverItself, tenant)
    expect(run?.state).toBe('failed')
    expect(run?.problem?.diagnosis?.cause).toBe(cause)
    expect(run?.problem?.diagnosis?.explanation).toMatch(said)

    await page.goto(at(`/runs/${run?.id}`))
    const alert = page.getByRole('alert').filter({ hasText: heading })
    await alert.waitFor()
    await alert.getByText(said).first().waitFor()
    expect(await namedCauses()).toEqual([heading])
  })
})
