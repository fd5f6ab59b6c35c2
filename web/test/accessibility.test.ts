import AxeBuilder from '@axe-core/playwright'
import { serverItself } from '@flightiq/server'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { launchBrowser, newVisitor } from '../../test/support/browser.ts'
import { type Stack, startStack } from '../../test/support/stack.ts'
import { plantJourneys } from './support/journeys.ts'

// A whole way through a browser, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 120_000 })

let browser: Browser
let stack: Stack
let tenant: string
let planId: string
let readyPlanId: string
let runId: string

beforeAll(async () => {
  stack = await startStack()
  plantJourneys(stack)
  tenant = await stack.connect()
  browser = await launchBrowser()
  await planAndRun()
})
afterAll(async () => {
  await browser.close()
  await stack.close()
})

/** The serious findings of axe, each as one line. */
async function seriousFindings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ''}`))
}

const places = () => ({
  tenant,
  from: `env:${stack.environmentId('Development')}`,
  to: `env:${stack.environmentId('Production')}`,
})

/** Each page: its address, and what is there once it is complete. */
const pages: { name: string; path: () => string; ready: (page: Page) => Promise<unknown> }[] = [
  {
    name: 'Home',
    path: () => '/',
    ready: (page) => page.getByRole('heading', { name: 'Orchestration', level: 2 }).last().waitFor(),
  },
  {
    name: 'Flows',
    path: () => '/orchestration/flows',
    ready: (page) => page.getByRole('row', { name: 'Registration' }).waitFor(),
  },
  {
    name: 'Variables',
    path: () => '/orchestration/variables',
    ready: (page) => page.getByRole('row', { name: 'brandName' }).waitFor(),
  },
  {
    name: 'the compare drawer',
    path: () => '/orchestration/flows',
    ready: async (page) => {
      await page.getByRole('row', { name: 'Registration' }).click()
      await page.getByText('Node "Registration form"').waitFor()
    },
  },
  {
    name: 'the picture of a flow',
    path: () => '/orchestration/flows',
    ready: async (page) => {
      await page.getByRole('row', { name: 'Registration' }).click()
      await page.getByRole('tab', { name: 'Picture' }).click()
      await page.getByRole('button', { name: 'Zoom in' }).waitFor()
    },
  },
  {
    name: 'the raw JSON',
    path: () => '/orchestration/flows',
    ready: async (page) => {
      await page.getByRole('row', { name: 'Registration' }).click()
      await page.getByRole('tab', { name: 'JSON' }).click()
      await page.locator('.cm-content').first().waitFor()
    },
  },
  {
    name: 'the Migrate dialog',
    path: () => '/orchestration/flows',
    ready: async (page) => {
      await page.getByRole('checkbox', { name: 'Select Registration' }).click()
      await page.getByRole('button', { name: 'Migrate selected' }).click()
      await page.getByRole('button', { name: 'Review the plan' }).waitFor()
    },
  },
  {
    name: 'a plan',
    path: () => `/plans/${planId}`,
    ready: (page) => page.getByRole('button', { name: 'Run…' }).waitFor(),
  },
  { name: 'a run', path: () => `/runs/${runId}`, ready: (page) => page.getByText('was read back').waitFor() },
  { name: 'Runs', path: () => '/runs', ready: (page) => page.getByRole('list', { name: 'Runs' }).waitFor() },
  {
    name: 'Tenant Configuration',
    path: () => '/settings/tenants',
    ready: async (page) => {
      await page.getByRole('button', { name: 'Test Backend API Credentials' }).click()
      await page.getByText('Test passed').waitFor()
    },
  },
  {
    name: 'the question before a tenant is removed',
    path: () => '/settings/tenants',
    ready: async (page) => {
      await page.getByRole('button', { name: 'Remove', exact: true }).click()
      await page.getByRole('button', { name: 'Remove tenant' }).waitFor()
    },
  },
  {
    name: 'the question before a run',
    path: () => `/plans/${readyPlanId}`,
    ready: async (page) => {
      await page.getByRole('button', { name: 'Run…' }).click()
      await page.getByLabel(/^Type its name/).waitFor()
    },
  },
  {
    name: 'an ambiguous pair on a page of its own',
    path: () => '/orchestration/flows',
    ready: async (page) => {
      await page.getByRole('row', { name: 'Account linking' }).first().click()
      await page.getByText('More than one fits').waitFor()
      await page.getByRole('link', { name: 'Open as a page' }).click()
      await page.getByRole('heading', { name: 'Account linking', level: 1 }).waitFor()
      await page.getByText('More than one fits').waitFor()
    },
  },
  {
    name: 'the form of a tenant',
    path: () => '/settings/tenants',
    ready: async (page) => {
      await page.getByRole('button', { name: 'Edit' }).click()
      await page.getByLabel('Tenant name', { exact: true }).waitFor()
    },
  },
]

/** Waits until nothing fades or slides any more, since axe measures the colours of the moment. */
const settled = (page: Page) =>
  page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)))

describe.each(['light', 'dark'] as const)('in the %s scheme, axe finds nothing serious', (colorScheme) => {
  let context: BrowserContext
  /** What the server's policy kept the pages from doing. */
  const refused: string[] = []
  beforeAll(async () => {
    context = await newVisitor(browser, { colorScheme, viewport: { width: 1280, height: 900 } })
    context.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) refused.push(message.text())
    })
  })
  afterAll(() => context.close())

  it('on Configure Tenant', async () => {
    const page = await context.newPage()
    await page.goto(`${stack.url}/setup`)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Give the tenant a name.').first().waitFor()
    await settled(page)
    expect(await seriousFindings(page)).toEqual([])
    await page.close()
  })

  it.each(pages)('on $name', async ({ path, ready }) => {
    const page = await context.newPage()
    await page.goto(`${stack.url}${path()}?${new URLSearchParams(places())}`)
    await ready(page)
    await settled(page)
    expect(refused.splice(0)).toEqual([])
    expect(await seriousFindings(page)).toEqual([])
    await page.close()
  })
})

/** A plan with something to choose, a finished run of another, and one that is ready. */
async function planAndRun(): Promise<void> {
  const { from, to } = places()
  const named = (name: string) =>
    [...stack.sandbox.state.environment(stack.environmentId('Development')).flows.values()].find((flow) =>
      flow.versions.some(({ content }) => content.name === name),
    )!.id
  const open = await stack.services.plans.create(serverItself, tenant, {
    from,
    to,
    selection: { flows: [named('Profile update')] },
    options: {},
  })
  planId = open.id
  const copyOfSignIn = async () => {
    const selection = { flows: [named('Sign in')] }
    return (await stack.services.plans.create(serverItself, tenant, { from, to, selection, options: { mode: 'copy' } }))
      .id
  }
  runId = (await stack.services.runs.start(serverItself, tenant, await copyOfSignIn())).id
  for await (const event of stack.services.runs.watch(serverItself, tenant, runId, {
    signal: AbortSignal.timeout(20_000),
  })) {
    if (event.type === 'run' && event.run.state === 'done') break
  }
  // A plan is carried out once: what is still to be run is another one.
  readyPlanId = await copyOfSignIn()
}
