import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { launchBrowser, newVisitor } from '../../test/support/browser.ts'
import { type Stack, startStack } from '../../test/support/stack.ts'
import { plantJourneys } from './support/journeys.ts'

// A whole way through a browser, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 120_000 })

let browser: Browser
let stack: Stack
let page: Page

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())
beforeEach(async () => {
  stack = await startStack()
  plantJourneys(stack)
  await stack.connect()
  page = await (await newVisitor(browser, { viewport: { width: 1440, height: 900 } })).newPage()
  await page.goto(stack.url)
})
afterEach(async () => {
  await page.context().close()
  await stack.close()
})

const row = (name: string) => page.getByRole('row', { name, exact: true })

async function choose(which: 'Source' | 'Destination', name: string): Promise<void> {
  await page.getByRole('combobox', { name: which }).click()
  await page.getByRole('option', { name }).click()
}

async function openFlows(): Promise<void> {
  await choose('Source', 'Development')
  await choose('Destination', 'Production')
  await page.getByRole('link', { name: 'Flows', exact: true }).click()
  await row('Registration').waitFor()
}

const typeNameAndRun = async () => {
  await page.getByRole('button', { name: 'Run…' }).click()
  const run = page.getByRole('button', { name: 'Run in Production' })
  expect(await run.isDisabled()).toBe(true)
  await page.getByLabel(/^Type its name/).fill('Production')
  await run.click()
}

it('brings a flow from Development to Production, where it then is identical', async () => {
  await openFlows()
  await row('Registration').getByText('Different').waitFor()
  await row('Registration').click()

  const drawer = page.getByRole('dialog')
  await drawer.getByText('Node "Registration form"').waitFor()
  await drawer.getByText('I agree').waitFor()
  await drawer.getByRole('button', { name: 'Migrate' }).click()
  await page.getByRole('button', { name: 'Review the plan' }).click()

  await page.getByRole('heading', { name: 'What will be done, in order' }).waitFor()
  await page.getByText('Send one-time passcode').first().waitFor()
  await typeNameAndRun()
  await page.getByText('What was written was read back and compared').waitFor()

  await page.getByRole('link', { name: 'See flows compared' }).click()
  await row('Registration').getByText('Identical').waitFor()
  await row('Send one-time passcode').getByText('Identical').waitFor()
})

it('asks what to do about a missing connector instance, and runs once that is chosen', async () => {
  await openFlows()
  await page.getByRole('checkbox', { name: 'Select Profile update' }).click()
  await page.getByRole('button', { name: 'Migrate selected' }).click()
  await page.getByRole('button', { name: 'Review the plan' }).click()

  await page.getByText('1 blocker must be settled first.').waitFor()
  expect(await page.getByRole('button', { name: 'Run…' }).getAttribute('aria-disabled')).toBe('true')
  await page.getByLabel('Create it without its secrets').check()
  await page.getByRole('button', { name: 'Apply choices' }).click()
  await page.getByText('By hand afterwards:').waitFor()
  await typeNameAndRun()

  await page.getByText('Left to do by hand in Production').waitFor()
  await page.getByRole('link', { name: 'See flows compared' }).click()
  await row('Profile update').getByText('Identical').waitFor()
})

it('stops at a flow that someone changed meanwhile, says so, and leads to a new plan', async () => {
  await openFlows()
  await page.getByRole('checkbox', { name: 'Select Registration' }).click()
  await page.getByRole('button', { name: 'Migrate selected' }).click()
  await page.getByRole('button', { name: 'Review the plan' }).click()
  await page.getByRole('button', { name: 'Run…' }).waitFor()

  const production = stack.sandbox.state.environment(stack.environmentId('Production'))
  const registration = [...production.flows.values()].find(
    (flow) => production.currentVersion(flow).content.name === 'Registration',
  )!
  const { content } = production.currentVersion(registration)
  production.saveFlow(registration, { ...content, description: 'Changed by someone else' })

  await typeNameAndRun()
  await page.getByText(/^Stopped at operation \d+: Registration$/).waitFor()
  await page.getByText('was changed after the plan was made').waitFor()
  await page.getByText('Not done').first().waitFor()
  await page.getByRole('button', { name: 'Make a new plan of the same' }).click()
  await page.getByRole('heading', { name: 'What will be done, in order' }).waitFor()
  await typeNameAndRun()
  await page.getByText('What was written was read back and compared').waitFor()
})

it('shows the same flows, places and open pair to whoever opens the link', async () => {
  await openFlows()
  await row('Registration').click()
  await page.getByText('Node "Registration form"').waitFor()
  const link = page.url()

  const elsewhere = await newVisitor(browser)
  try {
    const other = await elsewhere.newPage()
    await other.goto(link)
    await other.getByText('Node "Registration form"').waitFor()
    expect(await other.getByRole('combobox', { name: 'Destination', includeHidden: true }).inputValue()).toBe(
      'Production',
    )
  } finally {
    await elsewhere.close()
  }
})

it('narrows the rows by state and by search, and says when nothing is left', async () => {
  await openFlows()
  await page.getByRole('button', { name: /^Only in destination/ }).click()
  await row('Legacy sign in').waitFor()
  expect(await row('Registration').count()).toBe(0)
  await page.getByRole('textbox', { name: 'Search flows' }).fill('registration')
  await page.getByText('Nothing passes the filters').waitFor()
  await page.getByRole('button', { name: 'Clear filters' }).first().click()
  await row('Registration').waitFor()
})

it('leads by keyboard alone from the search to the differences of a flow and back', async () => {
  await openFlows()
  await page.keyboard.press('/')
  await page.keyboard.type('registr')
  await expect.poll(() => page.getByRole('row').count()).toBe(2)
  for (let step = 0; step < 20; step++) {
    await page.keyboard.press('Tab')
    if (await page.evaluate(() => document.activeElement?.matches('[role="row"]'))) break
  }
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').getByText('Node "Registration form"').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Registration')
})

it('selects with Space and moves with the arrows', async () => {
  await openFlows()
  await page.getByRole('button', { name: 'Name', exact: true }).click()
  await row('Account linking').first().focus()
  await page.keyboard.press('End')
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Sign in')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Space')
  await page.getByText('1 flow selected').waitFor()
  expect(await row('Send one-time passcode').getAttribute('aria-selected')).toBe('true')
})

it('lists what the source has while there is no destination', async () => {
  await choose('Source', 'Development')
  await page.getByRole('link', { name: 'Flows', exact: true }).click()
  await page.getByText('This is what the source has.').waitFor()
  await row('Profile update').waitFor()
  expect(await page.getByText('Identical').count()).toBe(0)
})

it('tells PingOne as the one that refuses, with its own words, when the app was disabled', async () => {
  await openFlows()
  const worker = stack.sandbox.state.workers.find(({ clientId }) => clientId === stack.tenant.clientId)!
  worker.enabled = false
  stack.sandbox.revokeTokens()
  await page.getByRole('button', { name: 'Refresh' }).click()
  await page.getByRole('alert').getByText('Next step:').waitFor()
  await page.getByRole('alert').getByRole('button', { name: 'Details' }).click()
  await page.getByText('Correlation ID').or(page.getByText('PingOne says')).first().waitFor()

  worker.enabled = true
  await page.getByRole('button', { name: 'Try again' }).click()
  await row('Registration').waitFor()
})
