import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Problem } from '../src/index.ts'
import { type Console, startConsole } from './support/console.ts'
import { databases } from './support/databases.ts'

const kinds = databases()

afterAll(async () => {
  for (const kind of kinds) await kind.stop()
})

describe.each(kinds)('what is refused before any route looks at it, on $name', (kind) => {
  let console: Console
  beforeEach(async () => {
    console = await startConsole(kind)
  })
  afterEach(() => console.close())

  const send = async (path: string, init: RequestInit) => {
    const response = await fetch(`${console.url}${path}`, init)
    return { status: response.status, problem: (await response.json()) as Problem }
  }

  it.each([
    ['a call without the header that a foreign page cannot set', 'HEADER_MISSING', {}],
    ['a call from the page of another site', 'ORIGIN_FOREIGN', { 'X-FlightIQ': '1', Origin: 'https://evil.example' }],
    [
      'a call that a browser says is cross-site',
      'ORIGIN_FOREIGN',
      { 'X-FlightIQ': '1', 'Sec-Fetch-Site': 'cross-site' },
    ],
  ])('%s stands in the audit log, with where it came from', async (_name, code, headers) => {
    const { status, problem } = await send('/api/tenants', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: '{}',
    })
    expect([status, problem.code]).toEqual([403, code])
    const [entry, another] = await console.audited('route.createTenant')
    expect(another).toBeUndefined()
    expect(entry).toMatchObject({ outcome: 'refused', actor: { id: 'anonymous' }, details: { code, method: 'POST' } })
    expect(entry?.from).toBe('127.0.0.1')
  })

  it('what is called too often stands there too, and once', async () => {
    await console.restart({ requestsPerMinute: 5 })
    const answers = await Promise.all(Array.from({ length: 20 }, () => fetch(`${console.url}/api/kinds`)))
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThan(10)
    const limited = (await console.audited('route.listKinds')).filter(({ details }) => details?.code === 'RATE_LIMITED')
    expect(limited).toHaveLength(1)
  })

  it('how the API looks is told to nobody who has to sign in first', async () => {
    expect((await fetch(`${console.url}/api/openapi.json`)).status).toBe(200)
    console.services.signIn.require()
    const { status, problem } = await send('/api/openapi.json', {})
    expect([status, problem.code]).toEqual([401, 'SIGN_IN_NEEDED'])
  })
})
