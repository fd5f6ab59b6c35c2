import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { launchBrowser, newVisitor } from '../../test/support/browser.ts'
import { type Stack, startStack } from '../../test/support/stack.ts'
import { plantJourneys } from './support/journeys.ts'
import { call, chooseOnSignOnPage, people, requireSignIn, signInAs } from './support/sign-in.ts'

// Whole ways through a browser, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 120_000 })

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const visit = async () => (await newVisitor(browser, { viewport: { width: 1440, height: 900 } })).newPage()
const field = (page: Page, name: string) => page.getByLabel(name, { exact: true })

describe('first-time set-up', () => {
  let stack: Stack
  let page: Page
  beforeEach(async () => {
    stack = await startStack()
    page = await visit()
  })
  afterEach(async () => {
    await page.context().close()
    await stack.close()
  })

  it('leads from nothing to a workspace, with sign-in required and an administrator who signed in', async () => {
    const { tenant, sandbox } = stack
    plantJourneys(stack)
    await page.goto(stack.url)
    await field(page, 'Tenant name').fill('Lumenfjord')
    await field(page, 'Environment ID').fill(tenant.environmentId)
    await field(page, 'Backend API client ID').fill(tenant.clientId)
    await field(page, 'Backend API client secret').fill(tenant.clientSecret)
    await page.getByRole('button', { name: /^Advanced/ }).click()
    await page.getByRole('combobox', { name: 'Region' }).click()
    await page.getByRole('option', { name: /^Custom hosts/ }).click()
    await field(page, 'Authentication host').fill(sandbox.authUrl)
    await field(page, 'API host').fill(sandbox.apiUrl)
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('button', { name: 'Test Backend API Credentials' }).click()
    await page.getByText('Test passed', { exact: true }).waitFor()

    await page.getByRole('button', { name: 'Set up sign-in' }).click()
    const section = page.getByRole('region', { name: 'User Authentication Settings (Login App)' })
    await section.getByRole('button', { name: 'Where to find these values' }).click()
    await section.getByText('OIDC Web App').waitFor()
    // What follows from the tenant, and from the address in use, is there already.
    expect(await page.getByRole('combobox', { name: 'Auth base URL' }).inputValue()).toBe(sandbox.authUrl)
    expect(await field(page, 'Login environment ID').inputValue()).toBe(tenant.environmentId)
    expect(await field(page, 'Redirect URI').inputValue()).toBe(`${stack.url}/auth/callback`)
    await section.getByText('From then on everybody has to sign in, people as well as scripts.').waitFor()
    await field(page, 'Login app client ID').fill(tenant.loginApp.clientId)
    await field(page, 'Login app client secret').fill(tenant.loginApp.clientSecret)
    await page.getByRole('button', { name: 'Save and require sign-in' }).click()
    await page.getByRole('button', { name: 'Signed in as Local administrator' }).waitFor()
    await page.getByRole('button', { name: 'Test Login App' }).click()
    await page.getByText('Login app test passed').waitFor()

    await page.getByRole('combobox', { name: 'Known by' }).click()
    await page.getByRole('option', { name: 'Member of the group' }).click()
    await page.getByLabel('Name of the group').fill('flightiq-admins')
    await page.getByRole('button', { name: 'Make administrator' }).click()
    await page.getByText('Whoever is in the group flightiq-admins becomes administrator.').waitFor()
    await page.getByRole('link', { name: 'Sign in with PingOne now' }).click()
    await chooseOnSignOnPage(page, people.admin)
    await page.getByRole('button', { name: `Signed in as ${people.admin}` }).waitFor()

    await page.goto(stack.url)
    await page.getByRole('heading', { name: 'Lumenfjord', level: 1 }).waitFor()
    await page.getByRole('combobox', { name: 'Source' }).click()
    await page.getByRole('option', { name: 'Development' }).click()
    await page.getByRole('link', { name: 'Flows', exact: true }).first().click()
    await page.getByText('Progressive consent').waitFor()

    const stranger = await visit()
    await stranger.goto(`${stack.url}/runs`)
    await stranger.getByRole('heading', { name: 'Sign in' }).waitFor()
    await stranger.context().close()
  })

  it('says of a console without sign-in what that means, and where to set it up', async () => {
    await stack.connect()
    await page.goto(stack.url)
    await page.getByRole('button', { name: 'No sign-in' }).click()
    await page.getByText('Nobody has to sign in here').waitFor()
    await page.getByRole('link', { name: 'Set up sign-in' }).click()
    await page.getByRole('heading', { name: 'User Authentication', exact: true }).waitFor()
    await page.getByRole('button', { name: 'Save and require sign-in' }).click()
    await page.getByText('Enter the client ID.').first().waitFor()
    await page.getByText('Enter the client secret.').first().waitFor()
  })

  it('lets in whoever has the one-time token of the server, where everybody has to sign in from the start', async () => {
    stack.services.signIn.require()
    const token = (await stack.services.signIn.offerLocalAdministrator())!.reveal()
    await page.goto(stack.url)
    await page.getByText('Signing in with PingOne is not set up yet.').waitFor()
    expect(await page.getByRole('link', { name: 'Sign in with PingOne' }).count()).toBe(0)
    await field(page, 'One-time token').fill('not-the-token')
    await page.getByRole('button', { name: 'Sign in as local administrator' }).click()
    await page.getByRole('alert').getByText('The one-time token is not right').waitFor()
    await field(page, 'One-time token').fill(` ${token}\n`)
    await field(page, 'One-time token').press('Enter')
    await page.getByRole('heading', { name: 'Configure Tenant' }).waitFor()
    await page.getByRole('button', { name: 'Signed in as Local administrator' }).waitFor()
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href]))
    expect(kept).not.toContain(token)

    const second = await visit()
    await second.goto(stack.url)
    await second.getByText('has been used, or is older than a day').waitFor()
    expect(await second.getByLabel('One-time token').count()).toBe(0)
    await second.context().close()
  })

  it('never shows the secret of the login app again', async () => {
    const tenantId = await stack.connect()
    const local = await requireSignIn(stack, browser, tenantId)
    await local.goto(`${stack.url}/settings/login-app`)
    await local.getByText(/^Set .* Leave empty to keep it\.$/).waitFor()
    expect(await field(local, 'Login app client secret').inputValue()).toBe('')
    expect(await local.content()).not.toContain(stack.tenant.loginApp.clientSecret)
    const kept = await local.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))
    expect(kept).not.toContain(stack.tenant.loginApp.clientSecret)
    await local.context().close()
  })
})

describe('where people sign in', () => {
  let stack: Stack
  let tenant: string
  /** Somebody who is signed in as administrator, for what has to happen meanwhile. */
  let admin: Page
  let page: Page
  beforeAll(async () => {
    stack = await startStack()
    plantJourneys(stack)
    tenant = await stack.connect()
    admin = await requireSignIn(stack, browser, tenant)
    await signInAs(admin, people.admin, `${stack.url}/sign-in?problem=SIGN_IN_NO_ADMINISTRATOR`)
    await admin.getByRole('button', { name: `Signed in as ${people.admin}` }).waitFor()
    await admin.goto(`${stack.url}/signed-in`)
  })
  afterAll(async () => {
    await admin.context().close()
    await stack.close()
  })
  beforeEach(async () => {
    page = await visit()
  })
  afterEach(() => page.context().close())

  const env = (name: string) => `env:${stack.environmentId(name)}`
  const at = (path: string, to = 'Production') =>
    `${stack.url}${path}?${new URLSearchParams({ tenant, from: env('Development'), to: env(to) })}`
  /** What a screen reader says of a button beyond its name. */
  const reasonOf = async (name: string, on = page) => {
    const button = on.getByRole('button', { name, exact: true }).first()
    await button.waitFor()
    expect(await button.getAttribute('aria-disabled'), `${name} is switched off`).toBe('true')
    const told = await button.getAttribute('aria-describedby')
    return (await on.locator(`[id="${told}"]`).textContent())?.trim()
  }
  /** A plan with something to choose: neither complete nor run. */
  const openPlan = async () => {
    const flows = [...stack.sandbox.state.environment(stack.environmentId('Development')).flows.values()]
    const flow = flows.find(({ versions }) => versions.some(({ content }) => content.name === 'Profile update'))
    const made = await call(admin, 'POST', `/api/tenants/${tenant}/plans`, {
      from: env('Development'),
      to: env('Production'),
      selection: { flows: [flow!.id] },
    })
    return (made as { id: string }).id
  }

  it('shows a viewer everything, no write action switched on, and why', async () => {
    const needs = 'Needs the role operator in Production. You are viewer.'
    await signInAs(page, people.viewer, at('/orchestration/flows'))
    await page.getByRole('row', { name: 'Registration' }).waitFor()
    await page.getByRole('checkbox', { name: 'Select Registration' }).click()
    expect(await reasonOf('Migrate selected')).toBe(needs)
    await page.getByRole('button', { name: 'Migrate selected' }).hover()
    await page.getByRole('tooltip').filter({ hasText: needs }).waitFor()
    await page.getByRole('button', { name: 'Migrate selected' }).press('Enter')
    expect(await page.getByRole('dialog').count()).toBe(0)
    await page.getByRole('row', { name: 'Registration' }).click()
    await page.getByText('Node "Registration form"').waitFor()
    expect(await reasonOf('Migrate')).toBe(needs)
    await page.goto(at('/orchestration/variables'))
    expect(await reasonOf('Migrate all…')).toBe(needs)
    await page.goto(at(`/plans/${await openPlan()}`))
    expect(await reasonOf('Apply choices')).toBe(needs)
    expect(await reasonOf('Run…')).toContain('Needs the role operator in Production.')
    await page.goto(at('/settings/tenants'))
    expect(await reasonOf('Add tenant')).toMatch(/^Needs the role admin on all tenants\. You are viewer in /)
    for (const name of ['Edit', 'Remove', 'Test Backend API Credentials']) {
      expect(await reasonOf(name)).toMatch(/^Needs the role admin in .*\. You are viewer\.$/)
    }
    const navigation = page.getByRole('navigation', { name: 'Main' })
    expect(await navigation.getByRole('link', { name: 'People & Roles' }).count()).toBe(0)
    await page.goto(at('/settings/people'))
    await page.getByRole('heading', { name: 'Your role does not include this page' }).waitFor()
    await page.goto(at('/settings/login-app'))
    await page.getByRole('heading', { name: 'Your role does not include this page' }).waitFor()
  })

  it('lets an operator plan where the role holds, and says where it does not', async () => {
    await signInAs(page, people.operator, at('/orchestration/variables'))
    expect(await reasonOf('Migrate all…')).toBe(
      'Needs the role operator in Production. You are viewer, operator in Development, and operator in Test.',
    )
    await page.goto(at('/orchestration/variables', 'Test'))
    await page.getByRole('button', { name: 'Migrate all…' }).click()
    await page.getByRole('button', { name: 'Review the plan' }).click()
    await page.getByRole('heading', { name: 'What will be done, in order' }).waitFor()
    const run = page.getByRole('button', { name: 'Run…' })
    await run.waitFor()
    expect(await run.getAttribute('aria-disabled')).toBeNull()
  })

  it('shows an administrator who is there, with their roles and sessions', async () => {
    await signInAs(page, people.admin, at('/settings/people'))
    const card = page.getByRole('region', { name: people.admin })
    await card.getByText('You', { exact: true }).waitFor()
    await card.getByText('everywhere').waitFor()
    await card.getByRole('button', { name: /session/ }).click()
    await card.getByText('This browser').first().waitFor()
    await card.getByText('flightiq-admins').waitFor()
  })

  it('tells somebody without a role who they are and whom to ask, and lets them in once they have one', async () => {
    await signInAs(page, people.nobody, at('/'))
    await page.getByRole('heading', { name: 'You have no role yet' }).waitFor()
    await page.getByText(people.nobody, { exact: true }).waitFor()
    await page.getByText('Ask an administrator of FlightIQ in your organization for a role.').waitFor()

    await admin.goto(at('/settings/people'))
    await admin.getByRole('button', { name: 'Give a role' }).click()
    await admin.getByRole('combobox', { name: 'Person' }).click()
    await admin.getByRole('option', { name: new RegExp(people.nobody) }).click()
    await admin.getByRole('button', { name: 'Give the role' }).click()
    await admin.getByRole('table', { name: 'Roles' }).getByText(people.nobody).waitFor()

    await page.getByRole('button', { name: 'Check again' }).click()
    await page.getByRole('heading', { name: 'Orchestration', level: 2 }).last().waitFor()
  })

  it('leads back to the very address after signing in', async () => {
    await signInAs(page, people.viewer, at('/orchestration/variables', 'Test'))
    await page.getByRole('row', { name: 'brandName' }).waitFor()
    expect(page.url()).toBe(at('/orchestration/variables', 'Test'))
  })

  it.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/.//evil.example',
    '/auth/sign-in',
    'javascript:alert(1)',
  ])('goes to no other place than its own pages: %s', async (returnTo) => {
    await signInAs(page, people.viewer, `${stack.url}/sign-in?${new URLSearchParams({ returnTo })}`)
    await page.getByRole('button', { name: `Signed in as ${people.viewer}` }).waitFor()
    await page.goto(`${stack.url}/sign-in?${new URLSearchParams({ returnTo })}`)
    await page.getByRole('button', { name: `Signed in as ${people.viewer}` }).waitFor()
    expect(new URL(page.url()).origin).toBe(stack.url)
  })

  it('says that signing in was cancelled, and offers it again', async () => {
    await page.goto(at('/runs'))
    await page.getByRole('link', { name: 'Sign in with PingOne' }).click()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('alert').getByText('PingOne did not sign you in, or you cancelled').waitFor()
    await page.getByRole('link', { name: 'Sign in with PingOne' }).waitFor()
  })

  it('signs out, here and at PingOne', async () => {
    await signInAs(page, people.viewer, at('/runs'))
    await page.getByRole('button', { name: `Signed in as ${people.viewer}` }).click()
    await page.getByText(/^Viewer in all of /).waitFor()
    await page.getByText(/^Signed in until /).waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    // PingOne asks once more, since it isn't told who it is.
    await page.getByRole('button', { name: 'Sign off' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await page.goto(at('/runs'))
    await page.getByRole('link', { name: 'Sign in with PingOne' }).click()
    // It doesn't know them any more either.
    await page.getByRole('heading', { name: 'Sign on to FlightIQ User Login' }).waitFor()
  })

  it('keeps what is typed when the session is ended by an administrator, and goes on after signing in again', async () => {
    await signInAs(page, people.viewer, at('/settings/tokens'))
    await page.getByRole('button', { name: 'New token' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Nightly comparison')
    const everybody = (await call(admin, 'GET', '/api/people')) as { id: string; name: string }[]
    const { id } = everybody.find(({ name }) => name === people.viewer)!
    await call(admin, 'DELETE', `/api/people/${id}/sessions`)

    await page.getByRole('button', { name: 'Make the token' }).click()
    const ended = page.getByRole('dialog', { name: 'Your session has ended' })
    await ended.getByText('The session was ended').waitFor()
    const opened = page.context().waitForEvent('page')
    await ended.getByRole('link', { name: 'Sign in in a new tab' }).click()
    const tab = await opened
    await tab.getByRole('link', { name: 'Sign in with PingOne' }).click()
    // PingOne still knows who it is, and may ask nothing.
    await Promise.race([
      tab.getByRole('heading', { name: 'You are signed in' }).waitFor(),
      chooseOnSignOnPage(tab, people.viewer),
    ])
    await tab.getByRole('heading', { name: 'You are signed in' }).waitFor()
    await tab.close()

    await ended.waitFor({ state: 'detached' })
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Nightly comparison')
    await page.getByRole('button', { name: 'Make the token' }).click()
    await page.getByRole('heading', { name: 'Copy your token now' }).waitFor()
  })

  it('shows an API token once, which then works until it is revoked', async () => {
    await signInAs(page, people.viewer, at('/settings/tokens'))
    await page.getByRole('button', { name: 'New token' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Drift watch')
    await page.getByRole('button', { name: 'Make the token' }).click()
    const token = (await page.getByLabel('API token', { exact: true }).textContent()) ?? ''
    const status = async () => {
      const { status: code } = await fetch(`${stack.url}/api/tenants`, {
        headers: { Authorization: `Bearer ${token}` },
      })
      return code
    }
    expect(await status()).toBe(200)
    await page.getByRole('button', { name: 'Done, I have it' }).click()
    await page.getByRole('row', { name: /Drift watch/ }).waitFor()
    expect(await page.content()).not.toContain(token)
    await page.getByRole('button', { name: 'Revoke Drift watch' }).click()
    await page.getByRole('button', { name: 'Revoke token' }).click()
    await page
      .getByRole('row', { name: /Drift watch/ })
      .getByText('Revoked')
      .waitFor()
    expect(await status()).toBe(401)
  })

  it('keeps the last way to be an administrator, and says so', async () => {
    await signInAs(page, people.admin, at('/settings/people'))
    await page.getByRole('button', { name: 'Remove Admin from Whoever is in the group flightiq-admins' }).click()
    await page.getByText(`At the moment that concerns ${people.admin}.`).waitFor()
    await page.getByRole('button', { name: 'Remove role' }).click()
    await page.getByRole('alert').getByText('Somebody has to stay administrator').waitFor()
  })

  it('shuts somebody out at once, and lets them in again', async () => {
    await signInAs(page, people.approver, at('/runs'))
    await page.getByRole('button', { name: `Signed in as ${people.approver}` }).waitFor()
    await admin.goto(at('/settings/people'))
    const card = admin.getByRole('region', { name: people.approver })
    await card.getByRole('button', { name: 'Shut out…' }).click()
    await admin.getByRole('button', { name: 'Shut out', exact: true }).click()
    await card.getByText('Shut out', { exact: true }).waitFor()
    await page.getByRole('dialog', { name: 'Your session has ended' }).waitFor()
    await card.getByRole('button', { name: 'Let in again' }).click()
    await card.getByRole('button', { name: 'Shut out…' }).waitFor()
  })
})
