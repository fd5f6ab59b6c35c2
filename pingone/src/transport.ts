import { lookup as resolve } from 'node:dns'
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import { createGunzip } from 'node:zlib'
import { type Call, ConnectionError, type ConnectionErrorCode } from './errors.ts'
import { type CheckedHost, refusedAddress } from './hosts.ts'

/** How long to wait, in milliseconds. */
export interface Timeouts {
  /** Until the connection stands. */
  connect: number
  /** From the request being sent whole until the answer begins. */
  headers: number
  /** For the whole exchange. */
  whole: number
}

export const defaultTimeouts: Timeouts = { connect: 10_000, headers: 30_000, whole: 120_000 }

/** The largest answer taken, in bytes after decompression. A flow list with graphs may hold 100 flows of 2 MB. */
const largestAnswer = 256 * 1024 * 1024

export interface Exchange {
  method: string
  /** Path with query, below the host. */
  target: string
  headers: Record<string, string>
  body?: string
  signal?: AbortSignal | undefined
  /** Uses a connection of its own, so that no idle one can break under a write that must not be repeated. */
  freshConnection?: boolean
}

export interface Answer {
  status: number
  headers: IncomingMessage['headers']
  body: string
}

/** Exchanges requests for answers with one host over kept-alive connections. Follows no redirect. */
export interface Transport {
  readonly origin: string
  exchange(exchange: Exchange): Promise<Answer>
  close(): void
}

/**
 * A transport to a checked host. `exchange` throws a ConnectionError when no whole answer comes, and the signal's
 * reason when it is aborted.
 */
export function createTransport(
  host: CheckedHost,
  options: { concurrency: number; timeouts?: Partial<Timeouts>; largestAnswer?: number },
): Transport {
  const url = new URL(host.origin)
  const secure = url.protocol === 'https:'
  const timeouts = { ...defaultTimeouts, ...options.timeouts }
  const cap = options.largestAnswer ?? largestAnswer
  const pool = { keepAlive: true, maxSockets: Math.max(options.concurrency, 1) + 2, scheduling: 'lifo' } as const
  const agent = secure ? new HttpsAgent(pool) : new HttpAgent(pool)
  const lookup = host.loopback ? undefined : guardedLookup(host.allowPrivateAddresses)

  function exchange({ method, target, headers, body, signal, freshConnection }: Exchange): Promise<Answer> {
    const call: Call = { method, path: target.split('?')[0] ?? target }
    return new Promise((resolvePromise, rejectPromise) => {
      if (signal?.aborted) {
        rejectPromise(signal.reason)
        return
      }
      let connected = false
      let settled = false
      let answered = false
      const requestOptions: RequestOptions = {
        protocol: url.protocol,
        hostname: url.hostname.replace(/^\[|\]$/g, ''),
        port: url.port === '' ? undefined : url.port,
        method,
        path: target,
        agent: freshConnection ? false : agent,
        headers: {
          ...headers,
          'accept-encoding': 'gzip',
          ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
        },
        ...(lookup === undefined ? {} : { lookup }),
      }
      const request = secure
        ? httpsRequest({ ...requestOptions, rejectUnauthorized: true })
        : httpRequest(requestOptions)
      const whole = setTimeout(
        () => fail('TIMEOUT', `gave no whole answer within ${timeouts.whole / 1000} s`),
        timeouts.whole,
      )
      const connecting = setTimeout(
        () => fail('TIMEOUT', `could not be connected to within ${timeouts.connect / 1000} s`),
        timeouts.connect,
      )
      let answering: NodeJS.Timeout | undefined
      const onAbort = () => settle(() => rejectPromise(signal?.reason), true)
      signal?.addEventListener('abort', onAbort, { once: true })

      function settle(finish: () => void, destroy: boolean): void {
        if (settled) return
        settled = true
        clearTimeout(whole)
        clearTimeout(connecting)
        clearTimeout(answering)
        signal?.removeEventListener('abort', onAbort)
        if (destroy) request.destroy()
        finish()
      }

      function fail(code: ConnectionErrorCode, what: string, cause?: unknown): void {
        const error = new ConnectionError({
          code,
          message: `${host.origin} ${what}.`,
          nextStep: 'Check the address, the network and any firewall or proxy between, then try again.',
          call,
          mayHaveArrived: connected,
          cause,
        })
        settle(() => rejectPromise(error), true)
      }

      function onConnected(): void {
        connected = true
        clearTimeout(connecting)
      }

      request.on('socket', (socket) => {
        if (socket.connecting) socket.once(secure ? 'secureConnect' : 'connect', onConnected)
        else onConnected()
      })
      request.on('finish', () => {
        if (settled || answered) return
        answering = setTimeout(
          () => fail('TIMEOUT', `did not answer within ${timeouts.headers / 1000} s`),
          timeouts.headers,
        )
      })
      request.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ADDRESS_REFUSED') fail('ADDRESS_REFUSED', `is refused: ${error.message}`)
        else if (connected) fail('CONNECTION_LOST', `broke the connection (${error.code ?? error.message})`, error)
        else fail('UNREACHABLE', `can't be reached (${error.code ?? error.message})`, error)
      })
      request.on('response', (response) => {
        answered = true
        clearTimeout(answering)
        readBody(response, cap, (problem, text) => {
          if (problem !== undefined) fail(problem.code, problem.what, problem.cause)
          else {
            const answer = { status: response.statusCode ?? 0, headers: response.headers, body: text }
            settle(() => resolvePromise(answer), false)
          }
        })
      })
      request.end(body)
    })
  }

  return { origin: host.origin, exchange, close: () => agent.destroy() }
}

interface BodyProblem {
  code: ConnectionErrorCode
  what: string
  cause?: unknown
}

/** Reads an answer's body as text, decompressed, up to a number of bytes. Calls back once. */
function readBody(
  response: IncomingMessage,
  cap: number,
  done: (problem: BodyProblem | undefined, text: string) => void,
): void {
  const compressed = response.headers['content-encoding'] === 'gzip'
  const source = compressed ? response.pipe(createGunzip()) : response
  const chunks: Buffer[] = []
  let size = 0
  source.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > cap) {
      // Told first: cut off, the answer would look like a broken connection.
      done({ code: 'ANSWER_TOO_LARGE', what: `answered with more than ${Math.round(cap / 1024 / 1024)} MB` }, '')
      response.destroy()
    } else chunks.push(chunk)
  })
  source.on('end', () => {
    // A body cut short ends its socket, not its stream.
    if (response.complete) done(undefined, Buffer.concat(chunks).toString('utf8'))
    else done({ code: 'CONNECTION_LOST', what: 'broke off in the middle of its answer' }, '')
  })
  const broken = (cause: unknown) =>
    done({ code: 'CONNECTION_LOST', what: 'broke off in the middle of its answer', cause }, '')
  response.on('aborted', () => broken(undefined))
  response.on('error', broken)
  if (compressed) source.on('error', broken)
}

/** Resolves a name as usual, but refuses addresses of inner networks at the moment of connecting. */
function guardedLookup(allowPrivate: boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) {
        callback(error, [])
        return
      }
      const [first] = addresses
      const reason = addresses
        .map(({ address }) => refusedAddress(address, allowPrivate))
        .find((why) => why !== undefined)
      if (reason !== undefined || first === undefined) {
        callback(Object.assign(new Error(reason ?? 'it has no address'), { code: 'ADDRESS_REFUSED' }), [])
      } else if (options.all) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
}

/** The seconds of a `Retry-After` header, which may also be a date; undefined without one that can be read. */
export function retryAfterSeconds(headers: IncomingMessage['headers']): number | undefined {
  const value = headers['retry-after']
  if (value === undefined) return undefined
  const seconds = /^\d+(\.\d+)?$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined
}
