import { setImmediate } from 'node:timers/promises'
import type { z } from 'zod'
import { backoff, defaultRetry, pause, type RetryOptions } from './backoff.ts'
import {
  type Call,
  ConfigurationError,
  ConnectionError,
  OutcomeUnknownError,
  PingOneError,
  UnexpectedAnswerError,
} from './errors.ts'
import { isObject } from './json.ts'
import type { Priority, RateBudget } from './rate-budget.ts'
import type { TokenSource } from './token.ts'
import { type Answer, retryAfterSeconds, type Transport } from './transport.ts'

/** What every call takes. */
export interface CallOptions {
  signal?: AbortSignal | undefined
  /** interactive (default) goes before background. */
  priority?: Priority | undefined
  /** Told when the rate budget holds the call back, with the seconds left; 0 once it goes on. */
  onWait?: ((seconds: number) => void) | undefined
  /** Told each time a request is sent, repeats included. */
  onRequest?: (() => void) | undefined
}

/** What PingOne notes beside a call in its own log, so that both logs can be laid side by side. */
export interface Correlation {
  /** Sent as X-Ping-External-Transaction-ID: what the call belongs to. */
  transactionId: string
  /** Sent as X-Ping-External-Session-ID: who it is done for. */
  sessionId?: string | undefined
}

/** One call of the API. */
export interface ApiCall {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Path below the host, its segments encoded. */
  path: string
  query?: Record<string, string | number | undefined>
  body?: unknown
  /** The media type of the body, which also names an action; `application/json` if absent. */
  contentType?: string
  /** Whether sending it twice does no more than sending it once. GET, PUT and DELETE always are. */
  repeatable?: boolean
  /** It is sent once: an answer isn't waited for to become better. */
  once?: boolean
}

/** How often one call may be answered 429 before it fails: each time it waits as long as PingOne asked. */
const mostThrottles = 20

/** How long a new thing may be unknown to some of PingOne's servers. */
const youth = 60_000

/** Sends calls: with a token, in turn, again where that is safe. */
export class Engine {
  readonly #transport: Transport
  readonly #tokens: TokenSource
  readonly #budget: RateBudget
  readonly #retry: RetryOptions
  readonly #correlation: () => Correlation | undefined
  /** Path → until when a 404 or 403 below it may only mean that it is young. */
  readonly #young = new Map<string, number>()

  /** `correlation` is asked with every call. */
  constructor(
    transport: Transport,
    tokens: TokenSource,
    budget: RateBudget,
    retry: Partial<RetryOptions> = {},
    correlation: () => Correlation | undefined = () => undefined,
  ) {
    this.#correlation = correlation
    this.#transport = transport
    this.#tokens = tokens
    this.#budget = budget
    this.#retry = { ...defaultRetry, ...retry }
  }

  /**
   * Sends a call and checks the answer. The schema checks what is relied on; the answer itself is returned, every
   * field of it, in its own order. Throws PingOneError, TokenError, ConnectionError, OutcomeUnknownError,
   * UnexpectedAnswerError, or the signal's reason.
   */
  async call<T>(call: ApiCall, schema: z.ZodType, options: CallOptions = {}): Promise<T> {
    const answer = await this.send(call, options)
    // Lets the next request in line be sent before time is spent on reading a large answer.
    if (answer.body.length > 64 * 1024) await setImmediate()
    const content = parseJson(answer.body, call)
    const checked = schema.safeParse(content)
    if (!checked.success) {
      const [issue] = checked.error.issues
      throw new UnexpectedAnswerError({
        code: 'UNEXPECTED_ANSWER',
        message: `PingOne answered ${call.method} ${call.path} with something unexpected at /${issue?.path.join('/') ?? ''}: ${issue?.message ?? 'invalid'}.`,
        nextStep: 'If the address is right, PingOne may have changed: report this message.',
        call,
      })
    }
    if (isObject(content)) sizes.set(content, answer.body.length)
    return content as T
  }

  /** Sends a call and returns the answer as it came. Throws as `call` does, but for UnexpectedAnswerError. */
  async send(call: ApiCall, options: CallOptions = {}): Promise<Answer> {
    const repeatable = call.repeatable ?? call.method !== 'POST'
    const { signal } = options
    const correlation = correlationHeaders(this.#correlation())
    let renewed = false
    let throttled = 0
    let mayHaveHappened = false
    for (let attempt = 1; ; attempt += 1) {
      const token = await this.#tokens.get(signal)
      let answer: Answer
      try {
        answer = await this.#exchange(call, token, repeatable, correlation, options)
      } catch (error) {
        if (!(error instanceof ConnectionError)) throw error
        if (error.mayHaveArrived && !repeatable) throw new OutcomeUnknownError(call, error)
        mayHaveHappened ||= error.mayHaveArrived
        const final = error.code === 'ADDRESS_REFUSED' || error.code === 'ANSWER_TOO_LARGE'
        if (final || call.once || attempt >= this.#retry.tries) throw error
        await pause(backoff(attempt, this.#retry.baseMilliseconds), signal)
        continue
      }
      const { status } = answer
      if (status >= 200 && status < 300) {
        this.#remember(call, answer)
        return answer
      }
      if (status === 404 && call.method === 'DELETE' && mayHaveHappened) return answer
      if (status === 401 && !renewed) {
        renewed = true
        this.#tokens.forget(token)
        attempt -= 1
        continue
      }
      const retryAfter = retryAfterSeconds(answer.headers)
      const error = PingOneError.fromAnswer(call, status, this.#tokens.hide(answer.body), retryAfter)
      if (status >= 500 && !repeatable) throw new OutcomeUnknownError(call, error)
      if (status >= 500) mayHaveHappened = true
      if (status === 429 && throttled < mostThrottles) {
        // The budget makes everyone wait, this call included.
        throttled += 1
        attempt -= 1
        continue
      }
      if (call.once || !this.#worthRepeating(status, call.path) || attempt >= this.#retry.tries) throw error
      await pause(Math.max((retryAfter ?? 0) * 1000, backoff(attempt, this.#retry.baseMilliseconds)), signal)
    }
  }

  /** The scheme, host and port that calls go to. */
  get origin(): string {
    return this.#transport.origin
  }

  /** Remembers that something was made just now: for a minute PingOne may answer 404 or 403 for it. */
  expectYoung(path: string, milliseconds = youth): void {
    const now = Date.now()
    for (const [known, until] of this.#young) if (until < now) this.#young.delete(known)
    this.#young.set(path, now + Math.min(milliseconds, youth))
  }

  async #exchange(
    call: ApiCall,
    token: string,
    repeatable: boolean,
    correlation: Record<string, string>,
    options: CallOptions,
  ): Promise<Answer> {
    const done = await this.#budget.take(options)
    try {
      options.onRequest?.()
      const answer = await this.#transport.exchange({
        method: call.method,
        target: call.path + queryOf(call.query),
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${token}`,
          ...correlation,
          ...(call.body === undefined && call.contentType === undefined
            ? {}
            : { 'content-type': call.contentType ?? 'application/json' }),
        },
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
        // A write that is on its way is not broken off: its outcome would be unknown.
        signal: call.method === 'GET' ? options.signal : undefined,
        freshConnection: !repeatable,
      })
      // Before the turn is given back: the next in line must already wait.
      if (answer.status === 429) this.#budget.refused(retryAfterSeconds(answer.headers) ?? 1)
      return answer
    } finally {
      done()
    }
  }

  #worthRepeating(status: number, path: string): boolean {
    if (status >= 500 || status === 408) return true
    if (status !== 404 && status !== 403) return false
    const now = Date.now()
    return [...this.#young].some(([young, until]) => until > now && (path === young || path.startsWith(`${young}/`)))
  }

  #remember(call: ApiCall, answer: Answer): void {
    if (call.method === 'DELETE') this.#young.delete(call.path)
    if (call.method !== 'POST' || answer.status !== 201) return
    const id = idOf(answer.body)
    if (id === undefined) return
    const collection = call.contentType === undefined ? call.path : call.path.slice(0, call.path.lastIndexOf('/'))
    this.expectYoung(`${collection}/${segment(id)}`)
    this.expectYoung(`${call.path}/${segment(id)}`)
  }
}

const sizes = new WeakMap<object, number>()

/** How many characters of JSON an answer was; undefined for what is no whole answer. Saves writing it out to know. */
export function answerSize(content: object): number | undefined {
  return sizes.get(content)
}

/**
 * PingOne takes up to 100 letters, digits and a few signs (PingOne API reference, external transaction and session IDs);
 * of the letters those that every proxy takes in a header are kept.
 */
function correlationHeaders({ transactionId, sessionId }: Partial<Correlation> = {}): Record<string, string> {
  const taken = (text: string) => text.replaceAll(/[^\w./@=#+-]/g, '_').slice(0, 100)
  return {
    ...(transactionId ? { 'x-ping-external-transaction-id': taken(transactionId) } : {}),
    ...(sessionId ? { 'x-ping-external-session-id': taken(sessionId) } : {}),
  }
}

/** One segment of a path. Throws a ConfigurationError for an id that could lead elsewhere. */
export function segment(id: string): string {
  if (id === '' || id === '.' || id === '..' || id.length > 256) {
    throw new ConfigurationError({
      code: 'INVALID_ID',
      message: `"${id.slice(0, 40)}" is no id of anything in PingOne.`,
      nextStep: 'Give the id as PingOne shows it.',
    })
  }
  return encodeURIComponent(id)
}

function queryOf(query: ApiCall['query'] = {}): string {
  const given = Object.entries(query).filter((entry) => entry[1] !== undefined)
  if (given.length === 0) return ''
  return `?${new URLSearchParams(given.map(([key, value]) => [key, String(value)]))}`
}

function parseJson(body: string, call: Call): unknown {
  try {
    return JSON.parse(body)
  } catch (cause) {
    throw new UnexpectedAnswerError({
      code: 'UNEXPECTED_ANSWER',
      message: `PingOne answered ${call.method} ${call.path} with something that is no JSON.`,
      nextStep: 'Check that the API address belongs to PingOne and that no proxy answers in its place.',
      call,
      cause: cause instanceof SyntaxError ? new SyntaxError('not JSON') : cause,
    })
  }
}

function idOf(body: string): string | undefined {
  try {
    const id: unknown = (JSON.parse(body) as { id?: unknown }).id
    return typeof id === 'string' && id !== '' ? id : undefined
  } catch {
    // The caller's schema reports an answer that is no JSON.
    return undefined
  }
}
