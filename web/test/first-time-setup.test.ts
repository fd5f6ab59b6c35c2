import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { launchBrowser, newVisitor } from '../../test/support/browser.ts'
import { type Stack, startStack } from '../../test/support/stack.ts'

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
  page = await (await newVisitor(browser)).newPage()
  await page.goto(stack.url)
})
afterEach(async () => {
  await page.context().close()
  await stack.close()
})

const field = (name: string) => page.getByLabel(name, { exact: true })

async function fillIn(
  values: { environmentId?: string; clientId?: string; clientSecret?: string } = {},
): Promise<void> {
  const { tenant, sandbox } = stack
  await field('Tenant name').fill('Northwind')
  await field('Environment ID').fill(values.environmentId ?? tenant.environmentId)
  await field('Backend API client ID').fill(values.clientId ?? tenant.clientId)
  await field('Backend API client secret').fill(values.clientSecret ?? tenant.clientSecret)
  await page.getByRole('button', { name: /^Advanced/ }).click()
  await page.getByRole('combobox', { name: 'Region' }).click()
  await page.getByRole('option', { name: /^Custom hosts/ }).click()
  await field('Authentication host').fill(sandbox.authUrl)
  await field('API host').fill(sandbox.apiUrl)
}

const saveAndTest = async () => {
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'Test Backend API Credentials' }).click()
}

it('opens on Configure Tenant without navigation while no tenant is configured', async () => {
  await page.getByRole('heading', { name: 'Configure Tenant' }).waitFor()
  expect(await page.getByRole('navigation').count()).toBe(0)
  expect(await page.title()).toBe('Configure Tenant · FlightIQ')
})

it('sends whoever opens another address to Configure Tenant as well', async () => {
  await page.goto(`${stack.url}/orchestration/flows`)
  await page.getByRole('heading', { name: 'Configure Tenant' }).waitFor()
})

it('says while it is typed that something cannot be an ID, and moves to the first wrong field on Save', async () => {
  await field('Environment ID').fill('not-an-id')
  await page.getByText('“n” cannot be part of an ID.').waitFor()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Give the tenant a name.').first().waitFor()
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Tenant name')
})

it('tells a wrong secret as the likely cause, and passes once it is right', async () => {
  await fillIn({ clientSecret: 'a-wrong-secret' })
  await saveAndTest()
  await page.getByText('Likely cause: The client secret is wrong').waitFor()
  await page.getByText('Next step:').waitFor()

  await field('Backend API client secret').fill(stack.tenant.clientSecret)
  await page.getByText('Save your changes first.').waitFor()
  await saveAndTest()
  await page.getByText('Test passed').waitFor()
  await page.getByRole('button', { name: 'Go to FlightIQ' }).click()
  await page.getByRole('heading', { name: 'Northwind', level: 1 }).waitFor()
  await page.getByRole('combobox', { name: 'Source' }).click()
  await page.getByRole('option', { name: 'Development' }).waitFor()
})

it('takes IDs pasted with blanks and quotes', async () => {
  await fillIn({ environmentId: ` "${stack.tenant.environmentId}", `, clientId: `\t${stack.tenant.clientId}\n` })
  await saveAndTest()
  await page.getByText('Test passed').waitFor()
  expect(await field('Environment ID').inputValue()).toBe(stack.tenant.environmentId)
})

it('never shows the secret again', async () => {
  await fillIn()
  await saveAndTest()
  await page.getByText('Test passed').waitFor()
  await page.getByRole('button', { name: 'Go to FlightIQ' }).click()
  await page.getByRole('link', { name: 'Tenant Configuration' }).click()
  await page.getByRole('button', { name: 'Edit' }).click()
  await field('Backend API client secret').waitFor()
  expect(await field('Backend API client secret').inputValue()).toBe('')
  expect(await page.content()).not.toContain(stack.tenant.clientSecret)
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]))
  expect(kept).not.toContain(stack.tenant.clientSecret)
  const dist = fileURLToPath(new URL('../dist', import.meta.url))
  const built = readdirSync(dist, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  expect(built.length).toBeGreaterThan(5)
  for (const { parentPath, name } of built) {
    expect(readFileSync(join(parentPath, name)).includes(stack.tenant.clientSecret), name).toBe(false)
  }
})

it('returns to Configure Tenant when the last tenant is removed', async () => {
  await stack.connect()
  await page.goto(`${stack.url}/settings/tenants`)
  await page.getByRole('button', { name: 'Remove', exact: true }).click()
  await page.getByText('Nothing changes in PingOne').waitFor()
  await page.getByRole('button', { name: 'Remove tenant' }).click()
  await page.getByRole('heading', { name: 'Configure Tenant' }).waitFor()
})
