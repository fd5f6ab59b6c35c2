import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ClientOptions, createPingOneClient, type PingOneClient } from '../src/index.ts'

export const environmentId = '11111111-1111-4111-8111-111111111111'
export const clientId = '22222222-2222-4222-8222-222222222222'
export const clientSecret = 's3cr3t/with+odd=chars~and spaces'

export interface Received {
  method: string
  path: string
  query: string
  headers: IncomingMessage['headers']
  body: string
  at: number
}

export type Handler = (request: Received, response: ServerResponse, nth: number) => void

/** A real HTTP server whose answers a test decides. Token requests are answered unless a test takes them over. */
export interface TinyServer {
  url: string
  requests: Received[]
  tokens: Received[]
  /** Answers API requests. */
  api: Handler
  /** Answers token requests. */
  token: Handler
  client(options?: Partial<ClientOptions>): PingOneClient
  close(): Promise<void>
}

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

export function list(plural: string, items: unknown[], next?: string) {
  return {
    _links: next === undefined ? {} : { next: { href: next } },
    _embedded: { [plural]: items },
    size: items.length,
  }
}

export async function startTinyServer(): Promise<TinyServer> {
  const clients: PingOneClient[] = []
  const tiny: TinyServer = {
    url: '',
    requests: [],
    tokens: [],
    api: (_request, response) => json(response, 200, list('flows', [])),
    token: (_request, response, nth) => json(response, 200, { access_token: `token-${nth}`, expires_in: 3600 }),
    client: (options = {}) => {
      const client = createPingOneClient({
        hosts: { authUrl: tiny.url, apiUrl: tiny.url },
        environmentId,
        clientId,
        clientSecret,
        requestsPerMinute: null,
        retry: { baseMilliseconds: 1 },
        ...options,
      })
      clients.push(client)
      return client
    },
    close: async () => {
      for (const client of clients) client.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const url = new URL(request.url ?? '/', tiny.url)
    const received: Received = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.search,
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
      at: performance.now(),
    }
    const isToken = url.pathname.endsWith('/as/token')
    const log = isToken ? tiny.tokens : tiny.requests
    log.push(received)
    ;(isToken ? tiny.token : tiny.api)(received, response, log.length)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  tiny.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return tiny
}
