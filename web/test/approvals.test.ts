import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { launchBrowser, newVisitor } from '../../test/support/browser.ts'
import { type Stack, startStack } from '../../test/support/stack.ts'
import { seriousFindings } from './support/axe.ts'
import { plantCampaigns } from './support/journeys.ts'
import { call, people, requireSignIn, signInAs } from './support/sign-in.ts'

// Whole ways through several browsers, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 120_000 })

let browser: Browser
let stack: Stack
let tenant: string
let flows: string[]
const visits: Page[] = []

beforeAll(async () => {
  browser = await launchBrowser()
  stack = await startStack()
  flows = plantCampaigns(stack, 4)
  tenant = await stack.connect()
  const local = await requireSignIn(stack, browser, tenant)
  await call(local, 'POST', '/api/grants', {
    role: 'operator',
    to: { type: 'claim', claim: 'groups', value: 'flightiq-operators' },
    tenantId: tenant,
    environmentId: stack.environmentId('Production'),
  })
  await local.context().close()
})
afterEach(() => Promise.all(visits.splice(0).map((page) => page.context().close())))
afterAll(async () => {
  await browser.close()
  await stack.close()
})

const env = (name: string) => `env:${stack.environmentId(name)}`
const at = (path: string) =>
  `${stack.url}${path}?${new URLSearchParams({ tenant, from: env('Development'), to: env('Production') })}`

/** Signs somebody in, in a browser of their own. */
async function visitAs(name: string, path: string, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
  const page = await (await newVisitor(browser, { colorScheme, viewport: { width: 1280, height: 900 } })).newPage()
  visits.push(page)
  await signInAs(page, name, at(path))
  await page.getByRole('button', { name: `Signed in as ${name}` }).waitFor()
  return page
}

/** Makes a plan of one flow as whoever is signed in on the page, opens it, and asks for its approval. */
async function askFor(page: Page, flow: string | undefined, why: string): Promise<{ id: string }> {
  const plan = (await call(page, 'POST', `/api/tenants/${tenant}/plans`, {
    from: env('Development'),
    to: env('Production'),
    selection: { flows: [flow] },
  })) as { id: string }
  await page.goto(at(`/plans/${plan.id}`))
  await page.getByLabel('Why this is wanted').fill(why)
  await page.getByRole('button', { name: 'Ask for approval' }).click()
  await page.getByText(`${why}”`).waitFor()
  return plan
}

const whyNotRun = async (page: Page) => {
  const run = page.getByRole('button', { name: 'Run…' })
  expect(await run.getAttribute('aria-disabled')).toBe('true')
  return page.locator(`[id="${await run.getAttribute('aria-describedby')}"]`).textContent()
}

describe('a plan for production, where people sign in', () => {
  it('runs once another person has looked at it and approved it', async () => {
    const operator = await visitAs(people.operator, '/runs')
    await operator.getByRole('link', { name: /^Production is protected\./ }).waitFor()
    await askFor(operator, flows[0], 'The launch is on Monday.')
    expect(await whyNotRun(operator)).toBe(
      'Production is protected: this plan needs the approval of another person; 0 of 1 given.',
    )
    await operator.getByText('somebody else who may approve here has to decide').waitFor()
    expect(await operator.getByRole('button', { name: 'Approve this plan' }).count()).toBe(0)

    const approver = await visitAs(people.approver, '/')
    await approver.getByRole('link', { name: 'Approvals 1 waits for you' }).click()
    expect(await seriousFindings(approver)).toEqual([])
    await approver.getByRole('link', { name: /Development → Production/ }).click()
    await approver.getByText('The launch is on Monday.').waitFor()
    await approver.getByText('Campaign 1').first().waitFor()
    await approver.getByLabel('Comment').fill('Read it.')
    expect(await seriousFindings(approver)).toEqual([])
    await approver.getByRole('button', { name: 'Approve this plan' }).click()
    await approver.getByText(`${people.approver} approved it`).waitFor()
    expect(await whyNotRun(approver)).toBe('Needs the role operator in Production. You are approver.')
    await approver.getByRole('link', { name: 'Approvals', exact: true }).waitFor()

    await operator.reload()
    await operator.getByText('“Read it.”').waitFor()
    await operator.getByRole('button', { name: 'Run…' }).click()
    await operator.getByLabel(/^Type its name/).fill('Production')
    await operator.getByRole('button', { name: 'Run in Production' }).click()
    await operator.getByText('What was written was read back and compared').waitFor()
    await operator.getByRole('link', { name: 'its plan' }).click()
    await operator.getByText('This plan was carried out.').waitFor()
  })

  it('cannot be approved by whoever made it, not even by an administrator', async () => {
    const admin = await visitAs(people.admin, '/runs')
    await askFor(admin, flows[1], 'I am in a hurry.')
    await admin.getByText('You made this plan or asked for its approval').waitFor()
    expect(await admin.getByRole('button', { name: 'Approve this plan' }).count()).toBe(0)
    expect(await admin.getByRole('link', { name: 'Approvals', exact: true }).count()).toBe(1)
    const [approval] = (await call(admin, 'GET', `/api/tenants/${tenant}/approvals`)) as {
      id: string
      planHash: string
    }[]
    const decision = { decision: 'approved', planHash: approval?.planHash }
    await expect(
      call(admin, 'POST', `/api/tenants/${tenant}/approvals/${approval?.id}/decisions`, decision),
    ).rejects.toThrow('OWN_PLAN')
  })

  it('stays where it is once somebody has declined it, with the reason', async () => {
    const operator = await visitAs(people.operator, '/runs', 'dark')
    const plan = await askFor(operator, flows[2], 'It looks better.')
    const approver = await visitAs(people.approver, `/plans/${plan.id}`, 'dark')
    await approver.getByLabel('Comment').fill('Not before the audit.')
    await approver.getByRole('button', { name: 'Decline' }).click()
    await approver.getByText(`${people.approver} declined it`).waitFor()

    await operator.reload()
    await operator.getByText('Declined', { exact: true }).waitFor()
    expect(await whyNotRun(operator)).toBe(`${people.approver} declined this plan: Not before the audit.`)
    expect(await operator.getByRole('button', { name: 'Ask for approval' }).count()).toBe(0)
    expect(await seriousFindings(operator)).toEqual([])
    await operator.getByRole('link', { name: 'Approvals', exact: true }).click()
    await operator.getByRole('tab', { name: /^Decided/ }).click()
    await operator.getByRole('link', { name: /It looks better/ }).waitFor()
    expect(await seriousFindings(operator)).toEqual([])
  })
})
