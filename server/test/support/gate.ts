import { createServer, type IncomingHttpHeaders, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Passing {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
}

/** What happens to a request on its way to the sandbox. */
export type Treatment =
  | 'pass'
  /** Held before it arrives, until the gate is opened. */
  | 'hold'
  /** Arrives, but its answer is held back until the gate is opened. */
  | 'holdAnswer'
  /** Arrives, but the connection breaks before the answer. */
  | 'dropAnswer'
  /** Answered here in the place of PingOne. */
  | { status: number; body: unknown }

/** A real HTTP server in front of the sandbox, at which single requests can be stopped. */
export interface Gate {
  url: string
  passed: Passing[]
  treat: (request: Passing) => Treatment
  /** Resolves when a request is held. */
  held(): Promise<Passing>
  /** Resolves when the client has given up a held request. */
  abandoned: Promise<void>
  /** Lets everything that is held go on. */
  open(): void
  close(): Promise<void>
}

export async function startGate(target: string): Promise<Gate> {
  let waiting: (() => void)[] = []
  let announced: Passing[] = []
  let listeners: ((request: Passing) => void)[] = []
  const wait = (request: Passing) => {
    const listener = listeners.shift()
    if (listener) listener(request)
    else announced.push(request)
    return new Promise<void>((resolve) => waiting.push(resolve))
  }
  const { promise: abandoned, resolve: abandon } = Promise.withResolvers<void>()
  const gate: Gate = {
    url: '',
    abandoned,
    passed: [],
    treat: () => 'pass',
    held: () => {
      const already = announced.shift()
      return already ? Promise.resolve(already) : new Promise((resolve) => listeners.push(resolve))
    },
    open: () => {
      for (const resolve of waiting) resolve()
      waiting = []
      announced = []
      listeners = []
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString()
    const passing = {
      method: request.method ?? '',
      path: (request.url ?? '').split('?')[0]!,
      headers: request.headers,
      body,
    }
    gate.passed.push(passing)
    const treatment = gate.treat(passing)
    if (typeof treatment === 'object') {
      response.writeHead(treatment.status, { 'content-type': 'application/json' }).end(JSON.stringify(treatment.body))
      return
    }
    if (treatment === 'hold') {
      response.once('close', abandon)
      await wait(passing)
      response.off('close', abandon)
    }
    const forwarded = send(
      `${target}${request.url}`,
      { method: passing.method, headers: request.headers },
      async (answer) => {
        if (treatment === 'dropAnswer') {
          answer.resume().on('end', () => response.destroy())
          return
        }
        if (treatment === 'holdAnswer') await wait(passing)
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      },
    )
    forwarded.on('error', () => response.destroy())
    forwarded.end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  gate.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return gate
}
