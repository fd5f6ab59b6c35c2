import { createServer, type IncomingHttpHeaders, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Passed {
  method: string
  path: string
  query: string
  headers: IncomingHttpHeaders
  body: string
}

/** What a test does to a request on its way: another body, no answer, or an answer in its place. */
export interface Tampering {
  body?: string
  dropAnswer?: boolean
  answer?: { status: number; body: unknown }
}

/** A real HTTP server in front of the sandbox that records what passes, and tampers with it when told to. */
export interface Relay {
  url: string
  passed: Passed[]
  /** Those to the configuration API. */
  api(): Passed[]
  tamper: (request: Passed) => Tampering | undefined
  close(): Promise<void>
}

export async function startRelay(target: string): Promise<Relay> {
  const relay: Relay = {
    url: '',
    passed: [],
    api: () => relay.passed.filter(({ path }) => path.startsWith('/v1/')),
    tamper: () => undefined,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { pathname, search } = new URL(request.url ?? '/', target)
    const body = Buffer.concat(chunks).toString()
    const passed = { method: request.method ?? '', path: pathname, query: search, headers: request.headers, body }
    relay.passed.push(passed)
    const tampering = relay.tamper(passed)
    if (tampering?.answer) {
      const text = JSON.stringify(tampering.answer.body)
      response.writeHead(tampering.answer.status, { 'content-type': 'application/json' }).end(text)
      return
    }
    const payload = tampering?.body ?? body
    const headers = { ...request.headers }
    if (payload !== '') headers['content-length'] = String(Buffer.byteLength(payload))
    const forwarded = send(`${target}${request.url}`, { method: passed.method, headers }, (answer) => {
      if (tampering?.dropAnswer) {
        answer.resume()
        answer.on('end', () => response.destroy())
        return
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    forwarded.on('error', () => response.destroy())
    forwarded.end(payload)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  relay.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return relay
}
