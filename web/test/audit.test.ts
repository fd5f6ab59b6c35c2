import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serverItself } from '@flightiq/server'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { launchBrowser, newVisitor } from '../../test/support/browser.ts'
import { type Stack, startStack } from '../../test/support/stack.ts'
import { seriousFindings } from './support/axe.ts'
import { call } from './support/sign-in.ts'

// A whole way through a browser, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

let browser: Browser
let stack: Stack
let tenant: string
let dataFolder: string
let page: Page

beforeAll(async () => {
  browser = await launchBrowser()
  // The log is kept by consoles that keep anything.
  dataFolder = await mkdtemp(join(tmpdir(), 'flightiq-'))
  stack = await startStack({}, { dataFolder })
  tenant = await stack.connect()
  page = await (await newVisitor(browser)).newPage()
  await page.goto(stack.url)
  for (const stopped of [true, false]) await call(page, 'PUT', '/api/write-stop', { stopped, reason: 'Fire drill' })
  await call(page, 'PUT', `/api/tenants/${tenant}/guards/${stack.environmentId('Test')}`, { protection: 'locked' })
  await expect(call(page, 'DELETE', `/api/tenants/${crypto.randomUUID()}`)).rejects.toThrow('TENANT_NOT_FOUND')
  await page.context().close()
  const started = {
    event: 'operation.done',
    outcome: 'done' as const,
    actor: { ...serverItself, name: 'Campaign robot' },
  }
  for (let number = 0; number < 450; number += 1) await stack.services.audit.record(started)
})
afterAll(async () => {
  await browser.close()
  await stack.close()
  await rm(dataFolder, { recursive: true, force: true })
})
beforeEach(async () => {
  page = await (await newVisitor(browser, { viewport: { width: 1440, height: 900 } })).newPage()
})
afterEach(() => page.context().close())

const env = (name: string) => `env:${stack.environmentId(name)}`
const open = (search: Record<string, string> = {}) =>
  page.goto(
    `${stack.url}/audit?${new URLSearchParams({ tenant, from: env('Development'), to: env('Production'), ...search })}`,
  )
const log = () => page.getByRole('table', { name: 'Audit log' })
const choose = async (field: string, option: string) => {
  await page.getByRole('combobox', { name: field }).click()
  await page.getByRole('option', { name: option }).click()
}

it('narrows the log down by event, outcome, person and text, keeps that in the address, and unfolds an entry', async () => {
  await open()
  await log().getByText('Campaign robot').first().waitFor()
  await choose('Event', 'Stop of all writes')
  await page.getByText('2 entries', { exact: true }).waitFor()
  await page.getByLabel('Search the audit log').fill('Fire drill')
  await page.getByText('2 entries', { exact: true }).waitFor()
  await log()
    .getByRole('button', { name: /: Stop of all writes$/ })
    .first()
    .click()
  await log().getByText('writes.stopped', { exact: true }).waitFor()
  await log().getByText('"stopped": false').waitFor()

  const link = page.url()
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await log().getByText('Campaign robot').first().waitFor()
  await choose('Outcome', 'Refused')
  await log().getByRole('cell', { name: 'Tenant removed', exact: true }).waitFor()
  expect(await log().getByText('Campaign robot').count()).toBe(0)
  await page.getByLabel('Who').fill('nobody by that name')
  await page.getByText('Nothing passes the filters').waitFor()

  await page.goto(link)
  await page.getByText('2 entries', { exact: true }).waitFor()
  expect(await page.getByRole('combobox', { name: 'Source' }).inputValue()).toBe('Development')
})

it('narrows it down by days, in the address too', async () => {
  await open({ untilDay: '2020-01-01' })
  await page.getByText('Nothing passes the filters').waitFor()
  await page.getByLabel('From day').fill('2019-01-01')
  await page.getByLabel('Until day').fill('')
  await log().getByText('Campaign robot').first().waitFor()
})

it('goes on to older entries as one scrolls', async () => {
  await open({ event: 'operation' })
  await page.getByText('200 entries so far').waitFor()
  await log().evaluate((table) => table.scrollTo(0, table.scrollHeight))
  await page.getByText('400 entries so far').waitFor()
  await log().evaluate((table) => table.scrollTo(0, table.scrollHeight))
  await page.getByText('450 entries', { exact: true }).waitFor()
})

it('hands out what passes the filters as a file, and finds the chain whole', async () => {
  await open({ event: 'writes' })
  await page.getByText('2 entries', { exact: true }).waitFor()
  const lines = async (format: string) => {
    await page.getByRole('button', { name: 'Export' }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: format }).click(),
    ])
    const text = await readFile(await download.path(), 'utf8')
    return { name: download.suggestedFilename(), lines: text.trim().split('\n') }
  }
  const jsonl = await lines('JSON Lines')
  expect(jsonl.name).toMatch(/\.jsonl$/)
  expect(jsonl.lines.map((line) => JSON.parse(line)).filter(({ event }) => event === 'writes.stopped')).toHaveLength(2)
  const csv = await lines('CSV for spreadsheets')
  expect(csv.lines[0]).toContain('sequence')
  expect(csv.lines.filter((line) => line.includes('writes.stopped'))).toHaveLength(2)

  await page.getByRole('button', { name: 'Check the chain' }).click()
  await page.getByText('The chain is whole').waitFor()
  await page.getByText(/^4\d\d entries checked: none was changed, removed or put elsewhere\.$/).waitFor()
})

it.each(['light', 'dark'] as const)('has nothing that axe finds serious in the %s scheme', async (colorScheme) => {
  await page.emulateMedia({ colorScheme })
  await page.setViewportSize({ width: 1024, height: 900 })
  await open({ outcome: 'refused' })
  await log()
    .getByRole('button', { name: /: Tenant removed$/ })
    .click()
  await log().getByText('"code": ').waitFor()
  await page.getByRole('button', { name: 'Check the chain' }).click()
  await page.getByText('The chain is whole').waitFor()
  expect(await seriousFindings(page)).toEqual([])
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await choose('Event', 'Operations of runs')
  await log().getByText('Campaign robot').first().waitFor()
  expect(await seriousFindings(page)).toEqual([])
})
