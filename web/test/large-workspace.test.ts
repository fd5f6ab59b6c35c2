import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { launchBrowser, newVisitor } from '../../test/support/browser.ts'
import { type Stack, startStack } from '../../test/support/stack.ts'
import { plantMany } from './support/journeys.ts'

// A whole way through a browser, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 120_000 })

let browser: Browser
let stack: Stack

beforeAll(async () => {
  stack = await startStack({ rateLimitPerMinute: null })
  plantMany(stack, 40)
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser.close()
  await stack.close()
})

it('draws only the rows in sight, and reaches the last one by keyboard', async () => {
  const tenant = await stack.connect()
  const places = {
    tenant,
    from: `env:${stack.environmentId('Development')}`,
    to: `env:${stack.environmentId('Production')}`,
  }
  const page = await (await newVisitor(browser, { viewport: { width: 1280, height: 600 } })).newPage()
  await page.goto(`${stack.url}/orchestration/flows?${new URLSearchParams(places)}`)
  const grid = page.getByRole('grid', { name: 'Flows' })
  await grid.waitFor()
  expect(await grid.getAttribute('aria-rowcount')).toBe('41')
  expect(await page.getByRole('row').count()).toBeLessThan(30)
  await page.getByRole('row').nth(1).focus()
  await page.keyboard.press('End')
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-rowindex'))).toBe('41')
})
