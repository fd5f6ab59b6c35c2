import type { Browser, Page } from 'playwright-core'
import { newVisitor } from '../../../test/support/browser.ts'
import type { Stack } from '../../../test/support/stack.ts'

/** The people of the sandbox, by the role that `requireSignIn` gives their group. */
export const people = {
  viewer: 'Solveig Tangen',
  operator: 'Eirik Nordvik',
  approver: 'Ingrid Haugland',
  admin: 'Torsten Vikane',
  nobody: 'Liv Sundby',
} as const

interface Role {
  role: string
  group: string
  tenantId?: string
  environmentId?: string
}

/**
 * Saves the sandbox's login app in the console, and gives roles to the groups of its people: viewers and approvers on the
 * tenant, operators there too but writing in Development and Test alone, admins everywhere. Leaves a page on which the
 * local administrator is signed in; close its context when it isn't needed.
 */
export async function requireSignIn(stack: Stack, browser: Browser, tenantId: string): Promise<Page> {
  const page = await (await newVisitor(browser)).newPage()
  // A page that asks the console nothing by itself.
  await page.goto(`${stack.url}/signed-in`)
  const { clientId, clientSecret } = stack.tenant.loginApp
  await call(page, 'PUT', '/api/login-app', {
    authBaseUrl: stack.sandbox.authUrl,
    environmentId: stack.tenant.environmentId,
    clientId,
    clientSecret,
    redirectUri: `${stack.url}/auth/callback`,
    scopes: 'openid profile email',
  })
  const operator = (name: string) => ({
    role: 'operator',
    group: 'flightiq-operators',
    tenantId,
    environmentId: stack.environmentId(name),
  })
  const roles: Role[] = [
    { role: 'viewer', group: 'flightiq-viewers', tenantId },
    { role: 'viewer', group: 'flightiq-operators', tenantId },
    operator('Development'),
    operator('Test'),
    { role: 'approver', group: 'flightiq-approvers', tenantId },
    { role: 'admin', group: 'flightiq-admins' },
  ]
  for (const { group, ...role } of roles) {
    await call(page, 'POST', '/api/grants', { ...role, to: { type: 'claim', claim: 'groups', value: group } })
  }
  return page
}

/** Calls the API as the page does, with its session. Throws what the console answered when that is an error. */
export async function call(page: Page, method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await page.evaluate(
    async ([verb, address, content]) => {
      const response = await fetch(address, {
        method: verb,
        headers: { 'X-FlightIQ': '1', ...(content ? { 'Content-Type': 'application/json' } : {}) },
        ...(content ? { body: content } : {}),
      })
      return { ok: response.ok, status: response.status, text: await response.text() }
    },
    [method, path, body === undefined ? '' : JSON.stringify(body)] as const,
  )
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
  return answer.text === '' ? undefined : JSON.parse(answer.text)
}

/** Chooses somebody on the sandbox's sign-on page, which the browser has been led to. */
export async function chooseOnSignOnPage(page: Page, name: string): Promise<void> {
  await page.getByRole('heading', { name: 'Sign on to FlightIQ User Login' }).waitFor()
  await page.getByRole('button', { name }).click()
}

/** Goes to an address of the console, and signs in through the sandbox's own pages. */
export async function signInAs(page: Page, name: string, address: string): Promise<void> {
  await page.goto(address)
  await page.getByRole('link', { name: 'Sign in with PingOne' }).click()
  await chooseOnSignOnPage(page, name)
}
