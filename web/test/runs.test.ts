import { serverItself } from '@flightiq/server'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { launchBrowser, newVisitor } from '../../test/support/browser.ts'
import { type Stack, startStack } from '../../test/support/stack.ts'
import { plantCampaigns, plantJourneys } from './support/journeys.ts'

// A whole way through a browser, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 120_000 })

let browser: Browser
let stack: Stack
let tenant: string
let page: Page

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())
beforeEach(async () => {
  stack = await startStack()
  plantJourneys(stack)
  tenant = await stack.connect()
  page = await (await newVisitor(browser, { viewport: { width: 1440, height: 900 } })).newPage()
})
afterEach(async () => {
  await page.context().close()
  await stack.close()
})

const env = (name: string) => `env:${stack.environmentId(name)}`
const places = () => new URLSearchParams({ tenant, from: env('Development'), to: env('Production') })
/** Gives the worker app this role on these environments. */
const allow = (role: string, environments = ['Development', 'Test', 'Production']) =>
  stack.sandbox.setRoles(
    stack.tenant.clientId,
    environments.map((scope) => ({ role, scope })),
  )
const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '')

/** Holds each answer of PingOne back from now on. */
async function answerAfter(milliseconds: number): Promise<void> {
  const settings = new URL('/sandbox/settings', stack.sandbox.apiUrl)
  const body = JSON.stringify({ latencyMilliseconds: milliseconds })
  const { ok } = await fetch(settings, { method: 'PATCH', headers: { 'Content-Type': 'application/json' }, body })
  expect(ok).toBe(true)
}

/** Opens the plan for new flows, as many as asked for, and starts it. Each is created and then deployed. */
async function runCampaigns(number: number): Promise<void> {
  const flows = plantCampaigns(stack, number)
  const { id } = await stack.services.plans.create(serverItself, tenant, {
    from: env('Development'),
    to: env('Production'),
    selection: { flows },
  })
  await page.goto(`${stack.url}/plans/${id}?${places()}`)
  await page.getByRole('button', { name: 'Run…' }).click()
  await page.getByLabel(/^Type its name/).fill('Production')
  await page.getByRole('button', { name: 'Run in Production' }).click()
}

it('stops a run when asked to, keeps the focus at hand, and goes on where it stopped', async () => {
  await answerAfter(120)
  await runCampaigns(12)
  await page.getByRole('listitem').getByText('Done', { exact: true }).nth(1).waitFor()
  await page.getByRole('button', { name: 'Cancel run' }).press('Enter')
  await page.getByText('Stopped as you asked').waitFor()
  await page.getByText('Not done').first().waitFor()
  await expect.poll(focused).toContain('of 24 operations')
  await expect.poll(() => page.locator('[role=status]', { hasText: 'Run cancelled' }).count()).toBe(1)

  await answerAfter(0)
  await page.getByRole('button', { name: 'Resume' }).press('Enter')
  await page.getByText('What was written was read back and compared: 12 identical.').waitFor()
  await page.getByText('Run done: 24 of 24 operations done').waitFor()
})

it('says which role is missing when PingOne allows no writing, and resumes once it is given', async () => {
  allow('DaVinci Admin Read Only')
  await runCampaigns(1)
  const alert = page.getByRole('alert')
  await alert.getByText('Stopped at operation 1: Campaign 1').waitFor()
  await alert.getByText('The worker app may read here, but not write').waitFor()
  await alert.getByText(/^Next step: In PingOne, open the worker app > Roles/).waitFor()
  expect(await alert.getByText('Unprocessable').count()).toBe(0)
  await page.getByText('The worker app may read here, but not write. Why, and what to do, stands at the top.').waitFor()
  await alert.getByRole('button', { name: 'Details' }).click()
  await alert.getByText('ACCESS_FAILED', { exact: true }).waitFor()

  allow('DaVinci Admin')
  await page.getByRole('button', { name: 'Resume' }).click()
  await page.getByText('What was written was read back and compared: 1 identical.').waitFor()
})

it('says in the workspace that the worker app may not read an environment, and reads it once it may', async () => {
  allow('DaVinci Admin', ['Development', 'Test'])
  await page.goto(`${stack.url}/orchestration/flows?${places()}`)
  const alert = page.getByRole('alert')
  await alert.getByText('The worker app does not see the destination').waitFor()
  await alert.getByText('A role is missing on this environment').waitFor()
  await alert.getByText(/^Next step: In PingOne, open the worker app > Roles/).waitFor()

  allow('DaVinci Admin')
  await alert.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('row', { name: 'Registration', exact: true }).waitFor()
})

it('leads by keyboard alone from a flow to its finished migration', async () => {
  await page.goto(`${stack.url}/orchestration/flows?${places()}`)
  await page.getByRole('row', { name: 'Progressive consent', exact: true }).focus()
  await page.keyboard.press('Space')
  await tabTo('Migrate selected')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  await tabTo('Review the plan')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'What will be done, in order' }).waitFor()
  await tabTo('Run…')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.type('Production')
  await page.keyboard.press('Enter')
  await page.getByText('What was written was read back and compared').waitFor()
  await tabTo('See flows compared')
  await page.keyboard.press('Enter')
  await page.getByRole('row', { name: 'Progressive consent', exact: true }).getByText('Identical').waitFor()
})

/** Presses Tab until what has the focus says just this. */
async function tabTo(text: string): Promise<void> {
  for (let step = 0; step < 60; step++) {
    if ((await focused()).trim().startsWith(text)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab does not lead to ${text}.`)
}
