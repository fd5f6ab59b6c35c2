import type { SandboxTenant } from '@flightiq/sandbox'

/** What somebody's browser remembers: cookies by host, path and name. Two visits with the same one are one browser. */
export class BrowserMemory {
  readonly #cookies = new Map<string, { host: string; path: string; name: string; value: string }>()

  /** Forgets the cookies of a host, or all. */
  forget(host?: string): void {
    for (const [key, cookie] of this.#cookies) if (host === undefined || cookie.host === host) this.#cookies.delete(key)
  }

  /** A cookie's value, if the browser has it. */
  valueOf(host: string, name: string): string | undefined {
    return [...this.#cookies.values()].find((cookie) => cookie.host === host && cookie.name === name)?.value
  }

  /** Puts a cookie in, as somebody would who has got at the browser. */
  plant(host: string, name: string, value: string): void {
    this.#cookies.set(`${host} / ${name}`, { host, path: '/', name, value })
  }

  /** Opens a page, or sends its form, as `request` does. */
  send(url: URL, form?: URLSearchParams): Promise<Response> {
    const headers = { accept: 'text/html' }
    return this.request(url, form ? { method: 'POST', body: form, headers } : { headers })
  }

  /** Sends a request with the cookies that belong to it, keeps those that come back, and follows no redirect. */
  async request(url: URL, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.#cookies.values()]
      .filter(({ host, path }) => host === url.host && `${url.pathname}/`.startsWith(path === '/' ? '/' : `${path}/`))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ')
    const headers = new Headers(init.headers)
    if (cookie) headers.set('cookie', cookie)
    const response = await fetch(url, { ...init, redirect: 'manual', headers })
    for (const line of response.headers.getSetCookie()) this.#keep(url, line)
    return response
  }

  #keep({ host }: URL, line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
    const [name = '', ...value] = pair.split('=')
    const attribute = (wanted: string) =>
      attributes.find((one) => one.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1)
    const path = attribute('path') ?? '/'
    const expires = attribute('expires')
    const over = attribute('max-age') === '0' || (expires !== undefined && Date.parse(expires) <= Date.now())
    const key = `${host} ${path} ${name}`
    if (over) this.#cookies.delete(key)
    else this.#cookies.set(key, { host, path, name, value: value.join('=') })
  }
}

/** How somebody goes about signing on. */
export interface SignOnVisit {
  /** Their browser; a new one without it. With the one of an earlier visit the provider still knows them. */
  browser?: BrowserMemory
  /** Presses Cancel instead of choosing a person. */
  cancel?: boolean
}

/**
 * Signs a person on as a browser would: goes from the authorization URL through the provider's pages, and returns the
 * address that the provider leads back to, with `code` and `state` or with `error`. That address is not fetched.
 * The person is given by e-mail or name, or any other text on the button, such as a group.
 * Throws with the page's text when the provider shows one where nobody can be chosen.
 */
export async function signOnWithoutBrowser(
  authorizationUrl: string | URL,
  person: string | { email: string },
  { browser = new BrowserMemory(), cancel = false }: SignOnVisit = {},
): Promise<URL> {
  const wanted = typeof person === 'string' ? person : person.email
  return walk(new URL(authorizationUrl), browser, (page) => {
    if (cancel && page.button('Cancel')) return page.button('Cancel')
    return page.button(wanted)
  })
}

/**
 * Signs off as a browser would: goes from the end-session URL through the provider's pages, agreeing to each.
 * Returns where the provider leads to in the end: the application's address, or its own page that says so.
 */
export async function signOffWithoutBrowser(endSessionUrl: string | URL, browser: BrowserMemory): Promise<URL> {
  return walk(new URL(endSessionUrl), browser, (page) => page.button('Sign off'))
}

/** An authorization URL of a tenant's login application, for those who test without a client library. */
export function authorizationUrl(
  { loginApp }: SandboxTenant,
  parameters: Record<string, string> & { redirect_uri: string; code_challenge: string },
): URL {
  const url = new URL(`${loginApp.issuer}/authorize`)
  const usual = {
    client_id: loginApp.clientId,
    response_type: 'code',
    scope: 'openid profile email',
    code_challenge_method: 'S256',
  }
  url.search = new URLSearchParams({ ...usual, ...parameters }).toString()
  return url
}

async function walk(
  start: URL,
  browser: BrowserMemory,
  choose: (page: Page) => [string, string] | undefined,
): Promise<URL> {
  let url = start
  let form: URLSearchParams | undefined
  for (let step = 0; step < 20; step += 1) {
    const response = await browser.send(url, form)
    form = undefined
    const location = response.headers.get('location')
    if (location !== null) {
      url = new URL(location, url)
      if (url.origin !== start.origin) return url
      continue
    }
    const page = new Page(await response.text())
    if (response.ok && page.says('Signed off')) return url
    const choice = choose(page) ?? (page.submitsItself ? [] : undefined)
    if (!response.ok || !choice) {
      throw new Error(`${response.status} at ${url.href}: ${page.text}`)
    }
    const [name, value] = choice
    form = new URLSearchParams(page.hidden)
    if (name !== undefined && value !== undefined) form.set(name, value)
    url = new URL(page.action ?? url.href, url)
  }
  throw new Error(`The pages after ${start.href} lead nowhere.`)
}

/** One of the provider's pages, as far as it has to be understood to press a button. */
class Page {
  readonly #html: string

  constructor(html: string) {
    this.#html = html
  }

  get text(): string {
    return this.#html
      .replaceAll(/<(style|script|title)[^>]*>[\s\S]*?<\/\1>/g, '')
      .replaceAll(/<[^>]+>/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim()
  }

  says(text: string): boolean {
    return this.text.includes(text)
  }

  /** A page of hidden fields that a script sends on at once. */
  get submitsItself(): boolean {
    return this.#html.includes('.submit()')
  }

  /** Where the form leads. */
  get action(): string | undefined {
    const action = /<form[^>]*\saction="([^"]*)"/.exec(this.#html)?.[1]
    return action === undefined ? undefined : decoded(action)
  }

  get hidden(): [string, string][] {
    return [...this.#html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(
      ([, name = '', value = '']) => [decoded(name), decoded(value)],
    )
  }

  /** Name and value of the first button with that text on it. */
  button(text: string): [string, string] | undefined {
    for (const [, attributes = '', label = ''] of this.#html.matchAll(/<button([^>]*)>([\s\S]*?)<\/button>/g)) {
      if (!decoded(label).includes(text)) continue
      const name = /\sname="([^"]*)"/.exec(attributes)?.[1]
      const value = /\svalue="([^"]*)"/.exec(attributes)?.[1]
      return [decoded(name ?? ''), decoded(value ?? '')]
    }
    return undefined
  }
}

function decoded(html: string): string {
  return html
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
}
