import { createServer } from 'node:net'
import { inspect } from 'node:util'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConnectionError, createPingOneClient, OutcomeUnknownError, PingOneError, TokenError } from '../src/index.ts'
import { clientId, clientSecret, environmentId, json, list, startTinyServer, type TinyServer } from './tiny-server.ts'

let tiny: TinyServer
beforeEach(async () => {
  tiny = await startTinyServer()
})
afterEach(() => tiny.close())

const refusal = (code: string, message = 'no') => ({ id: 'trace-1', code, message, details: [] })

/** The error of a promise that must fail. */
async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('It did not fail.')
}

describe('the token', () => {
  it('is fetched once for calls made at the same time', async () => {
    const client = tiny.client()
    await Promise.all(Array.from({ length: 20 }, () => client.flows.list(environmentId)))
    expect(tiny.tokens).toHaveLength(1)
    expect(new Set(tiny.requests.map(({ headers }) => headers.authorization))).toEqual(new Set(['Bearer token-1']))
  })

  it('is renewed before it expires', async () => {
    tiny.token = (_request, response, nth) => json(response, 200, { access_token: `token-${nth}`, expires_in: 0.001 })
    const client = tiny.client()
    await client.flows.list(environmentId)
    await client.flows.list(environmentId)
    expect(tiny.tokens).toHaveLength(2)
  })

  it('is renewed once after a 401, for all calls together', async () => {
    tiny.api = (request, response) =>
      request.headers.authorization === 'Bearer token-1'
        ? json(response, 401, refusal('ACCESS_FAILED'))
        : json(response, 200, list('flows', []))
    const client = tiny.client()
    await Promise.all(Array.from({ length: 5 }, () => client.flows.list(environmentId)))
    expect(tiny.tokens).toHaveLength(2)
  })

  it('is not fetched again and again when the API goes on answering 401', async () => {
    tiny.api = (_request, response) => json(response, 401, refusal('ACCESS_FAILED'))
    const error = await failure(tiny.client().flows.list(environmentId))
    expect(error).toMatchObject({ status: 401, code: 'ACCESS_FAILED', id: 'trace-1' })
    expect(tiny.requests).toHaveLength(2)
  })

  it('is asked for with the method that the worker app takes, found out once', async () => {
    tiny.token = (request, response, nth) =>
      request.headers.authorization === undefined && request.body.includes('client_secret=')
        ? json(response, 200, { access_token: `token-${nth}`, expires_in: 3600 })
        : json(response, 401, {
            error: 'invalid_client',
            error_description: 'Request denied: Unsupported authentication method (Correlation ID: x)',
          })
    const client = tiny.client()
    await client.flows.list(environmentId)
    expect(client.authMethod()).toBe('client_secret_post')
    expect(tiny.tokens).toHaveLength(2)
  })

  it('is asked for without the environment id at a custom domain of one environment', async () => {
    const client = tiny.client({ hosts: { authUrl: tiny.url, apiUrl: tiny.url, environmentInAuthPath: false } })
    await client.flows.list(environmentId)
    expect(tiny.tokens[0]?.path).toBe('/as/token')
  })

  it('survives the cancellation of the call that asked first', async () => {
    const cancel = new AbortController()
    tiny.token = (_request, response) => {
      cancel.abort(new Error('cancelled'))
      setImmediate(() => json(response, 200, { access_token: 'token-1', expires_in: 3600 }))
    }
    const client = tiny.client()
    const first = failure(client.flows.list(environmentId, { signal: cancel.signal }))
    const second = client.flows.list(environmentId)
    expect(await first).toMatchObject({ message: 'cancelled' })
    expect(await second).toEqual([])
    expect(tiny.tokens).toHaveLength(1)
  })

  it.each([
    [401, 'invalid_client', 'Request denied: Invalid client credentials (Correlation ID: x)', 'TOKEN_CREDENTIALS'],
    [400, 'unauthorized_client', 'grant', 'TOKEN_GRANT'],
    [401, 'invalid_client', 'Request denied: Client is disabled', 'TOKEN_DISABLED'],
    [401, 'invalid_client', 'Request denied: something else', 'TOKEN_REFUSED'],
    [404, undefined, undefined, 'TOKEN_ENVIRONMENT'],
  ])('that is refused with %s %s "%s" says %s', async (status, error, description, code) => {
    tiny.token = (_request, response) => json(response, status, { error, error_description: description })
    const failed = await failure(tiny.client({ authMethod: 'client_secret_basic' }).flows.list(environmentId))
    expect(failed).toBeInstanceOf(TokenError)
    expect(failed).toMatchObject({ code, status })
    expect(tiny.tokens).toHaveLength(1)
  })
})

describe('a call', () => {
  it('waits as long as PingOne asks after a 429, and is sent again, also when it creates', async () => {
    tiny.api = (_request, response, nth) =>
      nth === 1
        ? json(response, 429, refusal('REQUEST_LIMITED'), { 'retry-after': '0.3' })
        : json(response, 201, { id: 'f1' })
    const flow = await tiny.client().flows.create(environmentId, { name: 'Sign on' })
    expect(flow.id).toBe('f1')
    const [first, second] = tiny.requests
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(295)
  })

  it('holds back all calls after one 429, tells it, and lowers the budget', async () => {
    let refused = false
    tiny.api = (_request, response) => {
      if (refused) return json(response, 200, list('flows', []))
      refused = true
      return json(response, 429, refusal('REQUEST_LIMITED'), { 'retry-after': '0.4' })
    }
    const client = tiny.client({ requestsPerMinute: 600, concurrency: 1 })
    const waits: number[] = []
    const options = { onWait: (seconds: number) => waits.push(seconds) }
    const calls = Promise.all([client.flows.list(environmentId, options), client.flows.list(environmentId, options)])
    while (!client.rateBudget().throttledUntil) await new Promise((resolve) => setImmediate(resolve))
    const state = client.rateBudget()
    await calls
    expect(state.learned).toBe(true)
    expect(state.waiting).toBeGreaterThan(0)
    expect(state.perMinute).toBeLessThan(600)
    expect(waits).toContain(1)
    expect(waits.at(-1)).toBe(0)
    expect(tiny.requests[1]!.at - tiny.requests[0]!.at).toBeGreaterThanOrEqual(395)
  })

  it.each([500, 502, 503, 504])('that reads is sent again after a %s', async (status) => {
    tiny.api = (_request, response, nth) =>
      nth < 3 ? json(response, status, refusal('UNEXPECTED_ERROR')) : json(response, 200, list('flows', [{ id: 'f1' }]))
    expect(await tiny.client().flows.list(environmentId)).toEqual([{ id: 'f1' }])
    expect(tiny.requests).toHaveLength(3)
  })

  it('gives up after so many tries, with what PingOne said last', async () => {
    tiny.api = (_request, response) => json(response, 500, refusal('UNEXPECTED_ERROR', 'Broken.'))
    const error = await failure(tiny.client({ retry: { tries: 3, baseMilliseconds: 1 } }).flows.list(environmentId))
    expect(error).toMatchObject({ status: 500, code: 'UNEXPECTED_ERROR', id: 'trace-1' })
    expect(tiny.requests).toHaveLength(3)
  })

  it('that creates is never sent again after the connection broke: its outcome is unknown', async () => {
    tiny.api = (_request, response) => response.destroy()
    const error = await failure(tiny.client().flows.create(environmentId, { name: 'Sign on' }))
    expect(error).toBeInstanceOf(OutcomeUnknownError)
    expect(error).toMatchObject({ code: 'OUTCOME_UNKNOWN', method: 'POST' })
    expect(tiny.requests).toHaveLength(1)
  })

  it('that creates is never sent again after a 5xx', async () => {
    tiny.api = (_request, response) => json(response, 503, refusal('UNEXPECTED_ERROR'))
    const error = await failure(tiny.client().variables.create(environmentId, { name: 'x' }))
    expect(error).toBeInstanceOf(OutcomeUnknownError)
    expect((error as OutcomeUnknownError).cause).toMatchObject({ status: 503 })
    expect(tiny.requests).toHaveLength(1)
  })

  it.each([
    [
      'replaces',
      (client: ReturnType<TinyServer['client']>) => client.flows.replace(environmentId, 'f1', { name: 'x' }),
    ],
    ['deploys', (client: ReturnType<TinyServer['client']>) => client.flows.deploy(environmentId, 'f1')],
  ])('that %s is sent again after the connection broke', async (_what, call) => {
    tiny.api = (_request, response, nth) => {
      if (nth === 1) response.destroy()
      else json(response, 200, { id: 'f1' })
    }
    expect(await call(tiny.client())).toEqual({ id: 'f1' })
    expect(tiny.requests).toHaveLength(2)
  })

  it('that deletes takes a 404 for done when its first try may have arrived', async () => {
    tiny.api = (_request, response, nth) => {
      if (nth === 1) response.destroy()
      else json(response, 404, refusal('NOT_FOUND'))
    }
    await tiny.client().flows.remove(environmentId, 'f1')
    expect(tiny.requests).toHaveLength(2)
  })

  it('is sent again after a 404 for what was created just now, and not otherwise', async () => {
    tiny.api = (request, response, nth) => {
      if (request.method === 'POST') json(response, 201, { id: 'f1' })
      else if (nth < 4) json(response, 404, refusal('NOT_FOUND'))
      else json(response, 200, { id: 'f1', name: 'Sign on' })
    }
    const client = tiny.client()
    await client.flows.create(environmentId, { name: 'Sign on' })
    expect(await client.flows.get(environmentId, 'f1')).toMatchObject({ name: 'Sign on' })
    expect(tiny.requests).toHaveLength(4)
    tiny.api = (_request, response) => json(response, 404, refusal('NOT_FOUND'))
    expect(await failure(client.flows.get(environmentId, 'f2'))).toMatchObject({ status: 404 })
    expect(tiny.requests).toHaveLength(5)
  })

  it('is sent again after a 403 below an environment that is younger than a minute', async () => {
    tiny.api = (request, response, nth) => {
      if (request.path === `/v1/environments/${environmentId}`) {
        json(response, 200, { id: environmentId, name: 'New', createdAt: new Date().toISOString() })
      } else if (nth < 4) json(response, 403, refusal('ACCESS_FAILED'))
      else json(response, 200, list('flows', []))
    }
    const client = tiny.client()
    await client.environments.get(environmentId)
    expect(await client.flows.list(environmentId)).toEqual([])
    expect(tiny.requests).toHaveLength(4)
  })

  it('is broken off when it is cancelled while PingOne thinks', async () => {
    const cancel = new AbortController()
    tiny.api = () => cancel.abort(new Error('cancelled'))
    const error = await failure(tiny.client().flows.list(environmentId, { signal: cancel.signal }))
    expect(error).toMatchObject({ message: 'cancelled' })
    expect(tiny.requests).toHaveLength(1)
  })

  it('leaves the line when it is cancelled there', async () => {
    const cancel = new AbortController()
    tiny.api = (_request, response) => {
      cancel.abort(new Error('cancelled'))
      json(response, 200, list('flows', []))
    }
    const client = tiny.client({ concurrency: 1 })
    const first = client.flows.list(environmentId)
    const second = failure(client.flows.list(environmentId, { signal: cancel.signal }))
    expect(await first).toEqual([])
    expect(await second).toMatchObject({ message: 'cancelled' })
    expect(tiny.requests).toHaveLength(1)
    expect(client.rateBudget().waiting).toBe(0)
  })

  it('that writes and is on its way is not broken off: its outcome is awaited', async () => {
    const cancel = new AbortController()
    tiny.api = (_request, response) => {
      cancel.abort()
      setImmediate(() => json(response, 201, { id: 'f1' }))
    }
    const flow = await tiny.client().flows.create(environmentId, { name: 'x' }, { signal: cancel.signal })
    expect(flow.id).toBe('f1')
  })

  it('fails in time when the host takes the connection and never answers', async () => {
    const silent = createServer()
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const address = silent.address() as { port: number }
    const client = tiny.client({
      hosts: { authUrl: tiny.url, apiUrl: `http://127.0.0.1:${address.port}` },
      timeouts: { headers: 100 },
      retry: { tries: 2, baseMilliseconds: 1 },
    })
    const error = await failure(client.flows.list(environmentId))
    expect(error).toBeInstanceOf(ConnectionError)
    expect(error).toMatchObject({ code: 'TIMEOUT', mayHaveArrived: true })
    client.close()
    silent.close()
  })

  it('that creates is sent again when the connection never stood', async () => {
    const dead = await startTinyServer()
    await dead.close()
    const client = tiny.client({
      hosts: { authUrl: tiny.url, apiUrl: dead.url },
      retry: { tries: 2, baseMilliseconds: 1 },
    })
    const error = await failure(client.flows.create(environmentId, { name: 'x' }))
    expect(error).toMatchObject({ code: 'UNREACHABLE', mayHaveArrived: false })
    expect(error).not.toBeInstanceOf(OutcomeUnknownError)
  })

  it('follows no redirect, so the token goes nowhere else', async () => {
    tiny.api = (_request, response) => response.writeHead(302, { location: `${tiny.url}/elsewhere` }).end()
    expect(await failure(tiny.client().flows.list(environmentId))).toMatchObject({ status: 302 })
    expect(tiny.requests).toHaveLength(1)
  })

  it.each(['', '.', '..'])('refuses the id "%s", which could lead elsewhere', async (id) => {
    const calling = async () => tiny.client().flows.get(environmentId, id)
    expect(await failure(calling())).toMatchObject({ code: 'INVALID_ID' })
    expect(tiny.requests).toHaveLength(0)
  })

  it('keeps ids with odd characters within their segment of the path', async () => {
    tiny.api = (_request, response) => json(response, 200, { id: 'a/../b?c' })
    await tiny.client().connectors.get(environmentId, 'a/../b?c')
    expect(tiny.requests[0]?.path).toBe(`/v1/environments/${environmentId}/connectors/a%2F..%2Fb%3Fc`)
  })
})

describe('an answer', () => {
  it('keeps every field, in its order, those included that nobody knows', async () => {
    const text = `{"zeta":1e-50,"id":"f1","__proto__":{"x":1},"settings":{"jsLinks":["a.js"],"intermediateLoadingScreenCSS":{}},"alpha":null}`
    tiny.api = (_request, response) => response.end(text)
    expect(JSON.stringify(await tiny.client().flows.get(environmentId, 'f1'))).toBe(text)
  })

  it('may be compressed', async () => {
    tiny.api = (_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(JSON.stringify({ id: 'f1', name: '🚀' })))
    expect(await tiny.client().flows.get(environmentId, 'f1')).toEqual({ id: 'f1', name: '🚀' })
  })

  it.each([
    ['no JSON', '<html>'],
    ['without an id', '{"name":"x"}'],
  ])('%s is refused', async (_what, text) => {
    tiny.api = (_request, response) => response.end(text)
    expect(await failure(tiny.client().flows.get(environmentId, 'f1'))).toMatchObject({ code: 'UNEXPECTED_ANSWER' })
  })

  it('of a list without a list is refused, unless it says that there is nothing', async () => {
    tiny.api = (_request, response) => json(response, 200, {})
    expect(await failure(tiny.client().flows.list(environmentId))).toMatchObject({ code: 'UNEXPECTED_ANSWER' })
    tiny.api = (_request, response) => json(response, 200, { count: 0 })
    expect(await tiny.client().flows.list(environmentId)).toEqual([])
  })

  it('comes page by page, by the link to the next', async () => {
    tiny.api = (request, response) => {
      const next = `${tiny.url}${request.path}?limit=2&cursor=a%2Bb`
      if (request.query === '?limit=500') json(response, 200, list('variables', [{ id: '1' }, { id: '2' }], next))
      else json(response, 200, list('variables', [{ id: '3' }]))
    }
    expect(await tiny.client().variables.list(environmentId)).toEqual([{ id: '1' }, { id: '2' }, { id: '3' }])
    expect(tiny.requests.map(({ query }) => query)).toEqual(['?limit=500', '?limit=2&cursor=a%2Bb'])
  })

  it.each([
    ['to another host', 'https://example.com/v1/environments'],
    ['to another path', '/v1/elsewhere'],
  ])('whose next page leads %s is not followed', async (_where, next) => {
    tiny.api = (_request, response) => json(response, 200, list('variables', [{ id: '1' }], next))
    expect(await failure(tiny.client().variables.list(environmentId))).toMatchObject({ code: 'PAGING_REFUSED' })
    expect(tiny.requests).toHaveLength(1)
  })

  it('whose pages lead in a circle ends', async () => {
    tiny.api = (request, response) => json(response, 200, list('variables', [{ id: '1' }], `${request.path}?cursor=1`))
    expect(await failure(tiny.client().variables.list(environmentId))).toMatchObject({ code: 'PAGING_REFUSED' })
  })
})

describe('an error', () => {
  it("keeps PingOne's id, code, message and details, and names the call without its query", async () => {
    const detail = {
      code: 'UNIQUENESS_VIOLATION',
      target: 'name',
      message: 'must be unique',
      innerError: { existingId: 'e1' },
    }
    tiny.api = (_request, response) =>
      json(response, 400, { id: 'trace-1', code: 'INVALID_DATA', message: 'Invalid.', details: [detail] })
    const error = await failure(tiny.client().variables.list(environmentId))
    expect(error).toBeInstanceOf(PingOneError)
    expect(error).toMatchObject({ id: 'trace-1', code: 'INVALID_DATA', status: 400, details: [detail] })
    expect((error as Error).message).toContain('name: must be unique')
    expect((error as PingOneError).path).toBe(`/v1/environments/${environmentId}/variables`)
    expect((error as Error).message).not.toContain('limit=')
  })

  it('comes of a page of HTML too', async () => {
    tiny.api = (_request, response) => response.writeHead(418).end('<html>teapot</html>')
    expect(await failure(tiny.client().flows.list(environmentId))).toMatchObject({ status: 418, code: 'HTTP_418' })
  })

  it('and the client never show the secret or the token, even when PingOne echoes them', async () => {
    const client = tiny.client({ authMethod: 'client_secret_post', retry: { tries: 1 } })
    const shown: unknown[] = [client]
    const echo = (request: { body: string; headers: object }) =>
      `${request.body} ${JSON.stringify(request.headers)} ${clientSecret}`
    tiny.token = (request, response) =>
      json(response, 401, { error: 'invalid_client', error_description: echo(request) })
    shown.push(await failure(client.flows.list(environmentId)))
    const basic = tiny.client({ authMethod: 'client_secret_basic', retry: { tries: 1 } })
    shown.push(await failure(basic.flows.list(environmentId)))
    tiny.token = (_request, response) => json(response, 200, { access_token: 'token-abc', expires_in: 3600 })
    tiny.api = (request, response) => json(response, 400, { message: `${request.headers.authorization}` })
    shown.push(await failure(client.flows.list(environmentId)))
    tiny.api = (_request, response) => response.destroy()
    shown.push(await failure(client.flows.list(environmentId)))
    shown.push(await failure(client.flows.create(environmentId, {})))
    const text = shown
      .flatMap((value) => [inspect(value, { depth: 20, showHidden: true }), JSON.stringify(value), String(value)])
      .join('\n')
    const basicForm = Buffer.from(`${clientId}:${clientSecret}`).toString('base64')
    for (const secret of [
      clientSecret,
      basicForm,
      'token-abc',
      new URLSearchParams({ clientSecret }).toString().slice(13),
    ]) {
      expect(text).not.toContain(secret)
    }
  })
})

describe('a host', () => {
  it.each([
    'http://api.pingone.com',
    'https://user:pass@api.pingone.com',
    'https://api.pingone.com/v1',
    'https://169.254.169.254',
    'https://10.0.0.1',
    'ftp://127.0.0.1',
    'api.pingone.com',
  ])('%s is refused', (apiUrl) => {
    const make = () =>
      createPingOneClient({ hosts: { authUrl: tiny.url, apiUrl }, environmentId, clientId, clientSecret })
    expect(make).toThrow(/is refused/)
  })

  it('whose name leads to an inner address is not connected to', async () => {
    const hosts = { authUrl: tiny.url, apiUrl: 'https://localhost.' }
    const error = await failure(tiny.client({ hosts }).flows.list(environmentId))
    expect(error).toMatchObject({ name: 'ConnectionError' })
    expect(['ADDRESS_REFUSED', 'UNREACHABLE']).toContain((error as ConnectionError).code)
  })
})

describe('what a call belongs to', () => {
  const told = () =>
    tiny.requests.map(({ headers }) => [
      headers['x-ping-external-transaction-id'],
      headers['x-ping-external-session-id'],
    ])

  it('is told to PingOne with each call, as it is at that moment, and not where there is nothing', async () => {
    const correlations = [
      { transactionId: 'run-1/op-1', sessionId: 'somebody' },
      { transactionId: 'run-1/op-2' },
      undefined,
    ]
    const client = tiny.client({ correlation: () => correlations[tiny.requests.length] })
    for (const _ of correlations) await client.flows.list(environmentId)
    expect(told()).toEqual([
      ['run-1/op-1', 'somebody'],
      ['run-1/op-2', undefined],
      [undefined, undefined],
    ])
  })

  it('is made of what PingOne takes', async () => {
    const transactionId = `é\r\nx: y ${'z'.repeat(200)}`
    await tiny.client({ correlation: () => ({ transactionId }) }).flows.list(environmentId)
    const [[sent] = []] = told()
    expect(sent).toMatch(/^___x__y_z+$/)
    expect(sent).toHaveLength(100)
  })
})
