import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { launchBrowser, newVisitor } from '../../test/support/browser.ts'
import { type Stack, startStack } from '../../test/support/stack.ts'
import { seriousFindings } from './support/axe.ts'
import { chooseOnSignOnPage, people, requireSignIn } from './support/sign-in.ts'

// A whole way through a browser, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 120_000 })

let browser: Browser
let empty: Stack
let stack: Stack

beforeAll(async () => {
  browser = await launchBrowser()
  empty = await startStack()
  stack = await startStack()
  const local = await requireSignIn(stack, browser, await stack.connect())
  await local.context().close()
})
afterAll(async () => {
  await browser.close()
  await Promise.all([empty.close(), stack.close()])
})

interface Case {
  name: string
  /** Whose session it is; absent: nobody's. */
  as?: string
  address: () => string
  ready: (page: Page) => Promise<unknown>
}

const heading = (name: string) => (page: Page) => page.getByRole('heading', { name, exact: true }).waitFor()
const pages: Case[] = [
  {
    name: 'first-time set-up, both sections with their help and their errors',
    address: () => `${empty.url}/setup`,
    ready: async (page) => {
      await page.getByRole('button', { name: 'Set up sign-in' }).click()
      for (const help of await page.getByRole('button', { name: 'Where to find these values' }).all())
        await help.click()
      await page.getByRole('button', { name: 'Save and require sign-in' }).click()
      await page.getByText('Enter the client ID.').first().waitFor()
    },
  },
  {
    name: 'the sign-in page',
    address: () => `${stack.url}/sign-in?problem=SIGN_IN_EXPIRED`,
    ready: (page) => page.getByRole('link', { name: 'Sign in with PingOne' }).waitFor(),
  },
  {
    name: 'the page of somebody without a role',
    as: people.nobody,
    address: () => stack.url,
    ready: heading('You have no role yet'),
  },
  {
    name: 'the menu of whoever is signed in',
    as: people.viewer,
    address: () => stack.url,
    ready: async (page) => {
      await page.getByRole('button', { name: /^Signed in as/ }).click()
      await page.getByRole('button', { name: 'Sign out' }).waitFor()
    },
  },
  {
    name: 'a page that a role does not include',
    as: people.viewer,
    address: () => `${stack.url}/settings/people`,
    ready: heading('Your role does not include this page'),
  },
  {
    name: 'tenants as a viewer',
    as: people.viewer,
    address: () => `${stack.url}/settings/tenants`,
    ready: (page) => page.getByRole('button', { name: 'Edit' }).waitFor(),
  },
  {
    name: 'User Authentication',
    as: people.admin,
    address: () => `${stack.url}/settings/login-app`,
    ready: async (page) => {
      await page.getByRole('button', { name: 'Test Login App' }).click()
      await page.getByText('Login app test passed').waitFor()
    },
  },
  {
    name: 'the question before the login app is removed',
    as: people.admin,
    address: () => `${stack.url}/settings/login-app`,
    ready: async (page) => {
      await page.getByRole('button', { name: 'Remove…' }).click()
      await page.getByRole('button', { name: 'Remove login app' }).waitFor()
    },
  },
  {
    name: 'People & Roles',
    as: people.admin,
    address: () => `${stack.url}/settings/people`,
    ready: async (page) => {
      const card = page.getByRole('region', { name: people.admin })
      await card.getByRole('button', { name: /session/ }).click()
      await card.getByText('This browser').first().waitFor()
    },
  },
  {
    name: 'the dialog that gives a role',
    as: people.admin,
    address: () => `${stack.url}/settings/people`,
    ready: async (page) => {
      await page.getByRole('button', { name: 'Give a role' }).click()
      await page.getByText('To whoever signs in with…').click()
      await page.getByRole('button', { name: 'Give the role' }).click()
      await page.getByText('Enter the value.').waitFor()
    },
  },
  {
    name: 'a new API token',
    as: people.admin,
    address: () => `${stack.url}/settings/tokens`,
    ready: async (page) => {
      await page.getByRole('button', { name: 'New token' }).click()
      await page.getByLabel('Name', { exact: true }).fill('Nightly comparison')
      await page.getByRole('button', { name: 'Another role' }).click()
      await page.getByRole('button', { name: 'Make the token' }).click()
      await page.getByRole('button', { name: 'Copy token' }).waitFor()
    },
  },
  {
    name: 'API Tokens',
    as: people.admin,
    address: () => `${stack.url}/settings/tokens`,
    ready: (page) => page.getByRole('table', { name: 'API tokens' }).waitFor(),
  },
]

describe.each(['light', 'dark'] as const)('in the %s scheme, axe finds nothing serious', (colorScheme) => {
  const contexts = new Map<string, BrowserContext>()
  /** What the server's policy kept the pages from doing. */
  const refused: string[] = []

  async function contextOf(name = ''): Promise<BrowserContext> {
    const known = contexts.get(name)
    if (known) return known
    const context = await newVisitor(browser, { colorScheme, viewport: { width: 1280, height: 900 } })
    context.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) refused.push(message.text())
    })
    contexts.set(name, context)
    if (name === '') return context
    const page = await context.newPage()
    await page.goto(stack.url)
    await page.getByRole('link', { name: 'Sign in with PingOne' }).click()
    await chooseOnSignOnPage(page, name)
    await page.getByRole('heading', { level: 1 }).first().waitFor()
    await page.close()
    return context
  }
  afterAll(() => Promise.all([...contexts.values()].map((context) => context.close())))

  it.each(pages)('on $name', async ({ as, address, ready }) => {
    const page = await (await contextOf(as)).newPage()
    await page.goto(address())
    await ready(page)
    expect(await seriousFindings(page)).toEqual([])
    expect(refused.splice(0)).toEqual([])
    await page.close()
  })
})
