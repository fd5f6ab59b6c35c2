import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { launchBrowser, newVisitor } from '../../test/support/browser.ts'
import { authorizationUrl } from '../../test/support/sign-on.ts'
import { type Sandbox, type SandboxTenant, startSandbox } from '../src/index.ts'

// A whole way through a browser, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 120_000 })

let browser: Browser
let sandbox: Sandbox
let tenant: SandboxTenant
/** Stands for the application: shows what it was given. */
let application: Server
let callback: string
beforeAll(async () => {
  browser = await launchBrowser()
  sandbox = await startSandbox({ empty: true })
  tenant = sandbox.tenants[0]!
  application = createServer((_request, response) => response.end('<!doctype html><title>The application</title>'))
  await new Promise<void>((listening) => application.listen(0, '127.0.0.1', listening))
  callback = `http://127.0.0.1:${(application.address() as AddressInfo).port}/auth/callback`
})
afterAll(async () => {
  await browser.close()
  await sandbox.close()
  application.close()
})

let visitor: BrowserContext
let page: Page
const complaints: string[] = []
beforeEach(async () => {
  complaints.length = 0
  visitor = await newVisitor(browser)
  page = await visitor.newPage()
  page.on('console', (message) => complaints.push(message.text()))
  page.on('requestfailed', (request) => complaints.push(request.url()))
})
afterEach(() => visitor.close())

const verifier = 'v'.repeat(43)
const signOn = (parameters: Record<string, string> = {}) =>
  authorizationUrl(tenant, {
    redirect_uri: callback,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    state: 's',
    ...parameters,
  }).href

async function exchanged(): Promise<{ id_token: string }> {
  const { clientId, clientSecret, issuer } = tenant.loginApp
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: new URL(page.url()).searchParams.get('code')!,
      redirect_uri: callback,
      code_verifier: verifier,
    }),
  })
  return (await answer.json()) as { id_token: string }
}

const subjectOf = ({ id_token }: { id_token: string }) =>
  JSON.parse(Buffer.from(id_token.split('.')[1]!, 'base64url').toString()).sub

it('signs on by keyboard, lets another person in, and signs off, in a browser that obeys the page’s policy', async () => {
  await page.goto(signOn())
  await page.getByRole('heading', { name: 'Sign on to FlightIQ User Login' }).waitFor()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  expect(await page.locator(':focus').textContent()).toContain('Eirik Nordvik')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/auth\/callback\?code=/)
  expect(subjectOf(await exchanged())).toBe(sandbox.signOn.person(tenant, 'flightiq-operators').id)

  await page.goto(signOn({ prompt: 'login' }))
  await page.getByRole('button', { name: 'Torsten Vikane' }).click()
  await page.waitForURL(/\/auth\/callback\?code=/)
  const tokens = await exchanged()
  expect(subjectOf(tokens)).toBe(sandbox.signOn.person(tenant, 'flightiq-admins').id)

  const back = new URLSearchParams({
    client_id: tenant.loginApp.clientId,
    post_logout_redirect_uri: new URL('/sign-in', callback).href,
  })
  await page.goto(`${tenant.loginApp.issuer}/signoff?${back}`)
  await page.getByRole('button', { name: 'Sign off' }).click()
  await page.waitForURL(/\/sign-in$/)

  // Nobody is signed on any more: the provider's page that goes on by itself leads back.
  await page.goto(`${tenant.loginApp.issuer}/signoff?${back}&id_token_hint=${tokens.id_token}`)
  await page.waitForURL(/\/sign-in$/)
  expect(complaints).toEqual([])
})

it.each(['light', 'dark'] as const)('has pages that everybody can use, %s', async (colorScheme) => {
  await page.emulateMedia({ colorScheme })
  const { id } = sandbox.signOn.person(tenant, 'Liv Sundby')
  sandbox.signOn.changePerson(id, { enabled: false })
  await page.goto(signOn())
  await page.getByRole('button', { name: 'Liv Sundby' }).click()
  await page.getByRole('alert').filter({ hasText: 'This person is disabled.' }).waitFor()
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  await page.setViewportSize({ width: 320, height: 640 })
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320)
  sandbox.signOn.changePerson(id, { enabled: true })

  await page.getByRole('button', { name: 'Liv Sundby' }).click()
  await page.waitForURL(/\/auth\/callback\?code=/)
  await page.goto(`${tenant.loginApp.issuer}/signoff`)
  await page.getByRole('button', { name: 'Stay signed on' }).waitFor()
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  await page.getByRole('button', { name: 'Sign off' }).click()
  await page.getByRole('heading', { name: 'Signed off' }).waitFor()
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
})
