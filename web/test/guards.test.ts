import { serverItself } from '@flightiq/server'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { launchBrowser, newVisitor } from '../../test/support/browser.ts'
import { type Stack, startStack } from '../../test/support/stack.ts'
import { seriousFindings } from './support/axe.ts'
import { plantCampaigns } from './support/journeys.ts'

// A whole way through a browser, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 120_000 })

let browser: Browser
let stack: Stack
let tenant: string
let flows: string[]
let page: Page

beforeAll(async () => {
  browser = await launchBrowser()
  stack = await startStack()
  flows = plantCampaigns(stack, 12)
  tenant = await stack.connect()
})
afterAll(async () => {
  await browser.close()
  await stack.close()
})
beforeEach(async () => {
  page = await (await newVisitor(browser, { viewport: { width: 1280, height: 900 } })).newPage()
})
afterEach(() => page.context().close())

const env = (name: string) => `env:${stack.environmentId(name)}`
const at = (path: string) =>
  `${stack.url}${path}?${new URLSearchParams({ tenant, from: env('Development'), to: env('Test') })}`
const card = (name: string) => page.getByRole('region', { name, exact: true })
const changeGuardOf = (name: string) => page.getByRole('button', { name: `Change the guard of ${name}` }).click()
const save = async () => {
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
}

/** The page of a new plan for Test. */
async function openPlan(number = 1): Promise<void> {
  const { id } = await stack.services.plans.create(serverItself, tenant, {
    from: env('Development'),
    to: env('Test'),
    selection: { flows: flows.slice(0, number) },
  })
  await page.goto(at(`/plans/${id}`))
}

const whyNotRun = async () => {
  const run = page.getByRole('button', { name: 'Run…' })
  await page.getByRole('heading', { name: 'What stands in the way' }).waitFor()
  expect(await run.getAttribute('aria-disabled')).toBe('true')
  return page.locator(`[id="${await run.getAttribute('aria-describedby')}"]`).textContent()
}

/** Holds each answer of PingOne back from now on. */
const answerAfter = (latencyMilliseconds: number) => stack.sandbox.change({ latencyMilliseconds })

it('locks an environment: marked at the destination, and no plan runs until it is open again', async () => {
  await page.goto(at('/settings/guards'))
  await card('Test').getByText('Operators run plans without asking anybody.').waitFor()
  await changeGuardOf('Test')
  await page.getByRole('radio', { name: 'Locked' }).check()
  await page.getByLabel('Reason').fill('Load test until Friday.')
  await save()
  await card('Test').getByText('Locked', { exact: true }).waitFor()
  const mark = page.getByRole('link', { name: 'Test is locked: nothing is written to it. Load test until Friday.' })
  await mark.waitFor()

  await openPlan()
  expect(await whyNotRun()).toBe('Test is locked by This console: Load test until Friday.')
  await page.getByText('Ask an administrator to unlock it').waitFor()

  await mark.click()
  await changeGuardOf('Test')
  await page.getByRole('button', { name: 'Back to the default' }).click()
  await card('Test').getByText('As it is by default').waitFor()
  await mark.waitFor({ state: 'detached' })
  await openPlan()
  await page.getByRole('button', { name: 'Run…' }).click()
  await page.getByRole('dialog', { name: 'Run this plan in Test?' }).waitFor()
})

it('freezes an environment for a time, and says until when', async () => {
  await page.goto(at('/settings/guards'))
  await changeGuardOf('Test')
  await page.getByRole('button', { name: 'Add a freeze' }).click()
  const freeze = page.getByRole('group', { name: 'Freeze 1' })
  await freeze.getByLabel('Reason').fill('Release week')
  await freeze.getByLabel('From').fill('2025-01-06T08:00')
  await freeze.getByLabel('Until').fill('2025-01-05T08:00')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await freeze.getByText('Has to be after the beginning.').waitFor()
  await freeze.getByLabel('Until').fill('2098-01-06T08:00')
  await save()
  await card('Test').getByText('Frozen until 6 Jan 2098, 08:00').waitFor()
  await page.getByRole('link', { name: 'Test is frozen until 6 Jan 2098, 08:00. Release week' }).waitFor()
  await openPlan()
  expect(await whyNotRun()).toMatch(/^Test is frozen until 2098-01-0\d .* UTC: Release week\.$/)

  await page.goto(at('/settings/guards'))
  await changeGuardOf('Test')
  await page.getByRole('button', { name: 'Remove freeze 1' }).click()
  await page.getByRole('button', { name: 'Add a freeze' }).click()
  await page.getByText('Every week').click()
  await freeze.getByLabel('Reason').fill('Weekend')
  await page.getByRole('radio', { name: 'Protected' }).check()
  await page.getByLabel('Approvals needed').fill('2')
  await save()
  await card('Test')
    .getByText(/^Every week from Friday 16:00 until Monday 08:00/)
    .waitFor()
  await card('Test').getByText('A run needs the approval of 2 other persons, of exactly that plan.').waitFor()
  await changeGuardOf('Test')
  await page.getByRole('button', { name: 'Back to the default' }).click()
  await card('Test').getByText('As it is by default').waitFor()
})

it('stops all writes: told on every page, a run stops after its operation, and goes on afterwards', async () => {
  answerAfter(150)
  await openPlan(12)
  await page.getByRole('button', { name: 'Run…' }).click()
  await page.getByRole('button', { name: 'Run in Test' }).click()
  await page.getByRole('listitem').getByText('Done', { exact: true }).first().waitFor()

  const admin = await (await newVisitor(browser)).newPage()
  await admin.goto(at('/settings/guards'))
  await admin.getByRole('button', { name: 'Stop all writes…' }).click()
  await admin.getByRole('dialog').getByLabel('Reason').fill('Sign-on fails.')
  await admin.getByRole('dialog').getByRole('button', { name: 'Stop all writes' }).click()
  await admin.getByRole('button', { name: 'Let writes go on' }).waitFor()
  await admin.goto(at('/runs'))
  await admin.getByText('All writes are stopped. Sign-on fails. By This console').waitFor()

  await page.getByText('Stopped: all writes were stopped').waitFor()
  await page.getByText('All writes are stopped by This console: Sign-on fails.').waitFor()
  await page.getByText(/^Next step: Wait until an administrator lets writes go on/).waitFor()
  expect(await page.getByText('Stopped as you asked').count()).toBe(0)
  answerAfter(0)
  await openPlan()
  expect(await whyNotRun()).toBe('All writes are stopped by This console: Sign-on fails.')
  expect(await seriousFindings(page)).toEqual([])

  await admin.getByRole('link', { name: 'Environment Guards' }).first().click()
  await admin.getByRole('button', { name: 'Let writes go on' }).click()
  await admin.getByRole('button', { name: 'Stop all writes…' }).waitFor()
  await admin.context().close()
  await page.getByRole('link', { name: 'Runs', exact: true }).click()
  await page.getByRole('list', { name: 'Runs' }).getByRole('link').first().click()
  await page.getByRole('button', { name: 'Resume' }).click()
  await page.getByText('What was written was read back and compared: 12 identical.').waitFor()
})

describe.each(['light', 'dark'] as const)('in the %s scheme, axe finds nothing serious', (colorScheme) => {
  it('on the guards, their form, and the stop of all writes', async () => {
    const visit = await (await newVisitor(browser, { colorScheme, viewport: { width: 1024, height: 900 } })).newPage()
    await visit.goto(at('/settings/guards'))
    await visit.getByRole('button', { name: 'Change the guard of Production' }).waitFor()
    expect(await seriousFindings(visit)).toEqual([])
    await visit.getByRole('button', { name: 'Change the guard of Production' }).click()
    await visit.getByRole('button', { name: 'Add a freeze' }).click()
    await visit.getByText('Every week').click()
    expect(await seriousFindings(visit)).toEqual([])
    await visit.keyboard.press('Escape')
    await visit.getByRole('button', { name: 'Stop all writes…' }).click()
    await visit.getByRole('dialog').getByRole('button', { name: 'Stop all writes' }).click()
    await visit.getByRole('button', { name: 'Let writes go on' }).waitFor()
    expect(await seriousFindings(visit)).toEqual([])
    await visit.getByRole('button', { name: 'Let writes go on' }).click()
    await visit.getByRole('button', { name: 'Stop all writes…' }).waitFor()
    await visit.context().close()
  })
})
