import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isDeeper } from '../src/http/bodies.ts'
import { openServices, type RunningServer, type Services, startServer } from '../src/index.ts'

let folder: string
let services: Services
let server: RunningServer

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flightiq-web-'))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), '<!doctype html><html><head><title>FlightIQ</title></head></html>')
  await writeFile(join(folder, 'assets', 'app-1a2b.js'), 'export {}')
  services = await openServices({ masterKey: Buffer.alloc(32, 7).toString('base64') })
  server = await startServer({ services, port: 0, webFolder: folder, log: { level: 'silent' } })
})
afterAll(async () => {
  await server.close()
  await services.close()
  await rm(folder, { recursive: true })
})

const post = (path: string, body: string) =>
  fetch(server.url + path, { method: 'POST', headers: { 'x-flightiq': '1', 'content-type': 'application/json' }, body })

/** What is sent under the name of another host, which fetch can't do. */
function underForeignName(): Promise<Response> {
  return new Promise((resolve, reject) => {
    const call = request(`${server.url}/api/status`, { headers: { host: 'evil.example' } }, async (answer) => {
      const headers = new Headers(Object.entries(answer.headers) as [string, string][])
      resolve(new Response(await text(answer), { status: answer.statusCode ?? 0, headers }))
    })
    call.on('error', reject).end()
  })
}

/** The directives of an answer's content security policy. */
function policyOf(answer: Response): Record<string, string[]> {
  const directives = (answer.headers.get('content-security-policy') ?? '')
    .split(';')
    .map((part) => part.trim().split(/\s+/))
  return Object.fromEntries(directives.map(([name = '', ...sources]) => [name, sources]))
}

describe('every answer', () => {
  const answers: Record<string, [number, string, () => Promise<Response>]> = {
    'a page': [200, 'no-store', () => fetch(`${server.url}/flows/abc`)],
    'an asset': [200, 'public, max-age=31536000, immutable', () => fetch(`${server.url}/assets/app-1a2b.js`)],
    'the API': [200, 'no-store', () => fetch(`${server.url}/api/status`)],
    'no such address': [404, 'no-store', () => fetch(`${server.url}/api/nothing`)],
    'no such file': [404, 'no-store', () => fetch(`${server.url}/assets/gone.js`)],
    'a refused body': [400, 'no-store', () => post('/api/tenants', '{"a":')],
    'a refused call': [403, 'no-store', () => fetch(`${server.url}/api/tenants`, { method: 'POST' })],
    'a foreign name': [421, 'no-store', underForeignName],
  }

  it.each(Object.entries(answers))('(%s) tells browsers how little it may do', async (_name, [status, kept, send]) => {
    const answer = await send()
    expect(answer.status).toBe(status)
    const { headers } = answer
    expect(
      Object.fromEntries(
        [
          'x-content-type-options',
          'referrer-policy',
          'x-frame-options',
          'cache-control',
          'cross-origin-opener-policy',
          'cross-origin-resource-policy',
        ].map((name) => [name, headers.get(name)]),
      ),
    ).toEqual({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'cache-control': kept,
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    })
    expect(headers.get('permissions-policy')).toContain('camera=()')
    expect(policyOf(answer)).toMatchObject({
      'default-src': ["'none'"],
      'base-uri': ["'none'"],
      'frame-ancestors': ["'none'"],
    })
    expect(headers.get('content-security-policy')).not.toMatch(/unsafe|\*|https?:/)
    // On this machine there is no TLS to insist on; nobody hears what the server is made of; no other origin may read.
    for (const absent of ['strict-transport-security', 'x-powered-by', 'server', 'access-control-allow-origin']) {
      expect([absent, headers.has(absent)]).toEqual([absent, false])
    }
  })

  it('beyond this machine insists on TLS', async () => {
    const open = await startServer({
      services,
      host: '0.0.0.0',
      port: 0,
      allowNoSignIn: true,
      log: { level: 'silent' },
    })
    try {
      const answer = await fetch(`${open.url.replace('0.0.0.0', '127.0.0.1')}/api/status`)
      const maxAge = /max-age=(\d+)/.exec(answer.headers.get('strict-transport-security') ?? '')?.[1]
      expect(Number(maxAge)).toBeGreaterThanOrEqual(31_536_000)
    } finally {
      await open.close()
    }
  })
})

describe('a page', () => {
  it('takes scripts of this server alone, and styles that know a number which is never used again', async () => {
    const [one, other] = [await fetch(server.url), await fetch(server.url)]
    const policy = policyOf(one)
    expect(policy['script-src']).toEqual(["'self'"])
    expect(policy['object-src']).toEqual(["'none'"])
    const nonce = /content="([^"]{20,})"/.exec(await one.text())?.[1]
    expect(policy['style-src']).toEqual(["'self'", `'nonce-${nonce}'`])
    expect(policyOf(other)['style-src']).not.toEqual(policy['style-src'])
  })
})

describe('a body', () => {
  const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`

  it.each([
    ['__proto__', '{"name":"x","__proto__":{"admin":true}}', 'REQUEST_INVALID'],
    ['constructor.prototype', '{"constructor":{"prototype":{"admin":true}}}', 'REQUEST_INVALID'],
    ['what nests too deep', nested(201), 'BODY_TOO_DEEP'],
    ['what nests too deep in lists', '['.repeat(100_000), 'BODY_TOO_DEEP'],
  ])('with %s is refused', async (_what, body, code) => {
    const answer = await post('/api/tenants', body)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ code })
  })

  it('may nest as deep as any that makes sense, and hold brackets in its texts', async () => {
    expect(await (await post('/api/tenants', nested(200))).json()).toMatchObject({ code: 'VALIDATION_FAILED' })
    expect(isDeeper(JSON.stringify({ a: '[[[["\\"[[[' }), 1)).toBe(false)
    expect(isDeeper('[{"a":["\\\\"]}]', 3)).toBe(false)
    expect(isDeeper('[{"a":["\\\\"]}]', 2)).toBe(true)
  })

  it('larger than a megabyte is refused', async () => {
    const answer = await post('/api/tenants', JSON.stringify({ name: 'x'.repeat(1024 * 1024) }))
    expect(answer.status).toBe(413)
  })

  it('is not even looked at when the head is larger than any that makes sense', async () => {
    const answer = await fetch(`${server.url}/api/status`, { headers: { 'x-large': 'x'.repeat(17_000) } })
    expect(answer.status).toBe(431)
  })
})
