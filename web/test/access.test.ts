import { serverItself } from '@flightiq/server'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { launchBrowser, newVisitor } from '../../test/support/browser.ts'
import { type Stack, startStack } from '../../test/support/stack.ts'
import { seriousFindings } from './support/axe.ts'
import { plantCampaigns } from './support/journeys.ts'

// A whole way through a browser, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

let browser: Browser
let stack: Stack
let tenant: string
let page: Page

beforeAll(async () => {
  browser = await launchBrowser()
  // The sandbox's environments are new, and of new ones the client asks again before it believes a refusal.
  const client = { requestsPerMinute: 5000, retry: { tries: 2, baseMilliseconds: 5 } }
  stack = await startStack({}, { client })
  stack.sandbox.change({ rateLimitPerMinute: null })
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
  `${stack.url}${path}?${new URLSearchParams({ tenant, from: env('Development'), to: env('Production') })}`
type Grant = Parameters<Stack['sandbox']['setRoles']>[1][number]
const own: Grant = { role: 'Client Application Developer', scope: 'Administrators' }
const allow = (...grants: Grant[]) => stack.sandbox.setRoles(stack.tenant.clientId, [own, ...grants])
const davinciAdmin = ['Development', 'Test', 'Production'].map((scope) => ({ role: 'DaVinci Admin', scope }))
const cell = (name: string) => page.getByRole('button', { name })
/** Comes to a cell as the keyboard does; answers the card that it opens. */
const tabTo = async (name: string) => {
  await cell(name).focus()
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Tab')
  return page.getByRole('dialog', { name })
}
const readAgain = async () => {
  await page.getByRole('button', { name: 'Read again' }).click()
}

it('shows what the worker app may do where, by which role, and what changed when it is read again', async () => {
  allow(
    { role: 'DaVinci Admin', scope: 'Development' },
    { role: 'DaVinci Admin Read Only', scope: 'Production' },
    { role: 'Identity Data Admin', scope: { population: 'Default', environment: 'Development' } },
  )
  await page.goto(at('/settings/access'))
  const matrix = page.getByRole('region', { name: 'Access matrix' })
  await matrix.getByRole('columnheader', { name: 'Production DaVinci Admin Read Only' }).waitFor()
  await cell('Flows of Development. Read: allowed, Create: allowed, Update: allowed, Delete: allowed').waitFor()
  await cell('Flows of Production. Read: allowed, Create: refused, Update: refused, Delete: refused').waitFor()
  await cell('Populations of Development. Read: in part').waitFor()
  // Nothing was given there, so PingOne does not even show it.
  expect(await matrix.getByRole('columnheader', { name: /^Test/ }).count()).toBe(0)

  // Why is told to the keyboard too.
  const card = await tabTo('Flows of Production.')
  await card.getByText('Read: allowed, from the roles, confirmed by a trial: DaVinci Admin Read Only').waitFor()
  await card.getByText('davinci:read:dvFlows', { exact: true }).waitFor()

  allow(...davinciAdmin)
  await readAgain()
  await cell('Flows of Production. Read: allowed, Create: allowed').waitFor()
  await cell('Flows of Test. Read: allowed, Create: allowed').waitFor()
})

it('confirms writes by trials that change nothing', async () => {
  allow({ role: 'DaVinci Admin Read Only', scope: 'Development' })
  await page.goto(at('/settings/access'))
  const known = await tabTo('Variables of Development. Read: allowed, Create: refused')
  await known.getByText('Create: refused, from the roles', { exact: true }).waitFor()
  const variables = () => stack.sandbox.state.environment(stack.environmentId('Development')).variables.size
  const before = variables()
  await page.getByRole('button', { name: 'Confirm by trials' }).click()
  await page
    .getByRole('status')
    .getByText(/^Trials in Development/)
    .waitFor()
  await page.getByRole('button', { name: 'Confirm by trials', disabled: false }).waitFor()
  const confirmed = await tabTo('Variables of Development.')
  await confirmed.getByText('Create: refused, from the roles, confirmed by a trial', { exact: true }).waitFor()
  expect(variables()).toBe(before)
})

it('says that roles are not known, and which role would tell', async () => {
  stack.sandbox.setRoles(stack.tenant.clientId, [{ role: 'DaVinci Admin', scope: 'Development' }])
  await page.goto(at('/settings/access'))
  await page.getByText('Roles could not be read').waitFor()
  await page.getByText(/With the role Client Application Developer on the environment that it lives in/).waitFor()
  await cell('Flows of Development. Read: allowed, Create: not known').waitFor()
})

it('never shows nothing without a reason: that PingOne shows no environment is said on each page', async () => {
  stack.sandbox.setRoles(stack.tenant.clientId, [])
  for (const path of ['/', '/settings/access']) {
    await page.goto(`${stack.url}${path}?${new URLSearchParams({ tenant })}`)
    await page.getByRole('alert').getByText('No environment can be seen').waitFor()
  }
  await page.goto(`${stack.url}/orchestration/flows?${new URLSearchParams({ tenant })}`)
  await page
    .getByRole('alert')
    .getByText(/^Next step: In PingOne, open the worker app > Roles/)
    .waitFor()
})

it('names the smallest set of roles for a job, what is missing, and what is beyond need', async () => {
  allow(
    { role: 'DaVinci Admin Read Only', scope: 'Development' },
    { role: 'DaVinci Admin Read Only', scope: 'Production' },
    { role: 'Environment Admin', scope: 'Development' },
  )
  await page.goto(at('/settings/access'))
  await page.getByRole('checkbox', { name: 'Migrate flows' }).check()
  const items = async (title: string) => {
    const list = page.locator('div', { has: page.getByRole('heading', { name: title, exact: true }) }).last()
    await list.getByRole('listitem').first().waitFor()
    return list.getByRole('listitem').allInnerTexts()
  }
  expect(await items('The smallest set of roles')).toEqual([
    expect.stringContaining('DaVinci Admin Read Only on Development'),
    expect.stringContaining('DaVinci Admin on Production'),
  ])
  expect(await items('Missing')).toEqual([
    expect.stringMatching(/^DaVinci Admin on Production: .*davinci:create:dvFlows/s),
  ])
  expect(await items('Granted beyond need')).toContainEqual(expect.stringContaining('Environment Admin on Development'))
})

it('goes through the checklist of a worker app that has all it needs, and tries a write where it is not production', async () => {
  allow(...davinciAdmin)
  await page.goto(at('/settings/checklist'))
  await page.getByRole('button', { name: 'Go through it' }).click()
  await page.getByText('6 of 7 passed.').waitFor()
  await page.getByRole('combobox', { name: 'Environment' }).click()
  expect(await page.getByRole('option', { name: 'Production' }).count()).toBe(0)
  await page.getByRole('option', { name: 'Test' }).click()
  await page.getByRole('button', { name: 'Write to Test and undo it' }).click()
  await page.getByText('A variable was made in Test and removed again.').waitFor()
  await page.getByText('7 of 7 passed.').waitFor()
  expect(await seriousFindings(page)).toEqual([])
})

it('names the worker app that is switched off, and where to switch it on', async () => {
  allow(...davinciAdmin)
  const worker = stack.sandbox.state.workers.find(({ clientId }) => clientId === stack.tenant.clientId)!
  worker.enabled = false
  try {
    await page.goto(at('/settings/checklist'))
    await page.getByRole('button', { name: 'Go through it' }).click()
    const check = page.getByRole('listitem').filter({ hasText: 'The worker app is enabled' })
    await check.getByRole('img', { name: 'Failed' }).waitFor()
    await check.getByText('The worker app is switched off.').waitFor()
    await check.getByText(/the switch beside its name/).waitFor()
    await page.getByText(/^\d of 7 passed\.$/).waitFor()
    expect(await seriousFindings(page)).toEqual([])
  } finally {
    worker.enabled = true
  }
})

it('explains a refused run by what the worker app lacks, and leads to the matrix', async () => {
  allow(...davinciAdmin)
  const { id } = await stack.services.plans.create(serverItself, tenant, {
    from: env('Development'),
    to: env('Production'),
    selection: { flows: plantCampaigns(stack, 1) },
  })
  allow({ role: 'DaVinci Admin', scope: 'Development' }, { role: 'DaVinci Admin Read Only', scope: 'Production' })
  await page.goto(at(`/plans/${id}`))
  await page.getByRole('button', { name: 'Run…' }).click()
  await page.getByLabel(/^Type its name/).fill('Production')
  await page.getByRole('button', { name: 'Run in Production' }).click()
  const alert = page.getByRole('alert').filter({ hasText: 'Stopped at operation 1' })
  await alert.getByText('The worker app may read here, but not write').waitFor()
  await alert.getByText('The worker app may read flows in Production, but not create them.').waitFor()
  await alert.getByText(/^Next step: In PingOne, open the worker app > Roles/).waitFor()
  expect(await seriousFindings(page)).toEqual([])
  await alert.getByRole('link', { name: 'See the access matrix' }).click()
  await cell('Flows of Production. Read: allowed, Create: refused').waitFor()
})

it.each(['light', 'dark'] as const)('has nothing that axe finds serious in the %s scheme', async (colorScheme) => {
  allow(
    { role: 'DaVinci Admin', scope: 'Development' },
    { role: 'DaVinci Admin Read Only', scope: 'Production' },
    { role: 'Identity Data Admin', scope: { population: 'Default', environment: 'Development' } },
  )
  await page.emulateMedia({ colorScheme })
  await page.setViewportSize({ width: 1024, height: 900 })
  await page.goto(at('/settings/access'))
  await cell('Flows of Development.').waitFor()
  await page.getByRole('checkbox', { name: 'Migrate flows' }).check()
  await page.getByRole('heading', { name: 'The smallest set of roles' }).waitFor()
  expect(await seriousFindings(page)).toEqual([])
  await (await tabTo('Flows of Production.')).getByText('davinci:read:dvFlows', { exact: true }).waitFor()
  expect(await seriousFindings(page)).toEqual([])
  await page.goto(at('/settings/checklist'))
  await page.getByRole('button', { name: 'Go through it' }).click()
  await page.getByText(/^\d of 7 passed\.$/).waitFor()
  expect(await seriousFindings(page)).toEqual([])
})
