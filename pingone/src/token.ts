import { z } from 'zod'
import { backoff, defaultRetry, pause, type RetryOptions } from './backoff.ts'
import { type Call, ConnectionError, PingOneError, TokenError, UnexpectedAnswerError } from './errors.ts'
import { type Answer, retryAfterSeconds, type Transport } from './transport.ts'

/** How the worker app proves who it is at the token endpoint. */
export type AuthMethod = 'client_secret_basic' | 'client_secret_post'
export const authMethods: readonly AuthMethod[] = ['client_secret_basic', 'client_secret_post']

export interface Credentials {
  environmentId: string
  clientId: string
  /** The secret, or where to get it: then it is asked for with each token, and not kept. */
  clientSecret: string | (() => Promise<string>)
}

const tokenSchema = z.looseObject({ access_token: z.string().min(1), expires_in: z.number().positive() })
const oauthErrorSchema = z.looseObject({ error: z.string(), error_description: z.string().optional() })

export interface Token {
  value: string
  /** On the clock of performance.now(): from then on a new one is fetched first. */
  renewAt: number
}

/**
 * Fetches one token. Repeats after connection failures, 429 and 5xx.
 * Throws a TokenError when the worker app is refused, otherwise a ConnectionError or PingOneError, or what asking for
 * the secret throws.
 */
export async function mintToken(
  transport: Transport,
  options: Credentials & {
    method: AuthMethod
    environmentInPath: boolean
    signal?: AbortSignal | undefined
    retry?: Partial<RetryOptions> | undefined
  },
): Promise<Token> {
  const target = options.environmentInPath ? `/${encodeURIComponent(options.environmentId)}/as/token` : '/as/token'
  const call: Call = { method: 'POST', path: target }
  const { clientId, method, signal } = options
  const clientSecret = typeof options.clientSecret === 'string' ? options.clientSecret : await options.clientSecret()
  const form = new URLSearchParams({ grant_type: 'client_credentials' })
  const headers: Record<string, string> = {
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded',
  }
  if (method === 'client_secret_basic') {
    headers.authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
  } else {
    form.set('client_id', clientId)
    form.set('client_secret', clientSecret)
  }
  const retry = { ...defaultRetry, ...options.retry }
  for (let attempt = 1; ; attempt += 1) {
    const last = attempt >= retry.tries
    try {
      const answer = await transport.exchange({
        method: 'POST',
        target,
        headers,
        body: form.toString(),
        signal,
        // A connection that stays open keeps its last request, and with it the secret.
        freshConnection: true,
      })
      const repeatable = answer.status === 429 || answer.status >= 500
      if (!repeatable || last) return readToken(answer, call, (text) => hideSecret(text, clientId, clientSecret))
      await pause(
        Math.max((retryAfterSeconds(answer.headers) ?? 0) * 1000, backoff(attempt, retry.baseMilliseconds)),
        signal,
      )
    } catch (error) {
      if (last || !(error instanceof ConnectionError) || error.code === 'ADDRESS_REFUSED') throw error
      await pause(backoff(attempt, retry.baseMilliseconds), signal)
    }
  }
}

function readToken(answer: Answer, call: Call, hide: (text: string) => string): Token {
  const body = parsed(answer.body)
  if (answer.status === 200) {
    const token = tokenSchema.safeParse(body)
    if (!token.success) {
      throw new UnexpectedAnswerError({
        code: 'UNEXPECTED_ANSWER',
        message: 'The token endpoint answered with success, but without a token.',
        nextStep: 'Check that the authentication address belongs to PingOne.',
        call,
      })
    }
    const lifetime = token.data.expires_in * 1000
    const margin = Math.min(60_000, lifetime * 0.2)
    return { value: token.data.access_token, renewAt: performance.now() + lifetime - margin }
  }
  if (answer.status === 429 || answer.status >= 500) {
    throw PingOneError.fromAnswer(call, answer.status, hide(answer.body), retryAfterSeconds(answer.headers))
  }
  throw tokenError(answer.status, oauthErrorSchema.safeParse(body).data, call, hide)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Told apart by status then.
    return undefined
  }
}

/** Tells what a refusal means. PingOne checks the method before the secret (PingOne API reference, token errors). */
function tokenError(
  status: number,
  oauth: z.infer<typeof oauthErrorSchema> | undefined,
  call: Call,
  hide: (text: string) => string,
): TokenError {
  const description = oauth?.error_description === undefined ? undefined : hide(oauth.error_description)
  const said = description === undefined ? '' : ` PingOne said: "${description}"`
  const refusal = { status, error: oauth?.error, description, call }
  if (status === 404) {
    return new TokenError({
      ...refusal,
      code: 'TOKEN_ENVIRONMENT',
      message: 'PingOne knows no environment with this id in this region.',
      nextStep: 'Check the environment id (the one the worker app lives in) and the region.',
    })
  }
  if (oauth?.error === 'unauthorized_client' || oauth?.error === 'unsupported_grant_type') {
    return new TokenError({
      ...refusal,
      code: 'TOKEN_GRANT',
      message: `The application may not use the client credentials grant.${said}`,
      nextStep: 'Allow the grant type "Client Credentials" in the configuration of the worker app.',
    })
  }
  const text = description?.toLowerCase() ?? ''
  if (text.includes('unsupported authentication method')) {
    return new TokenError({
      ...refusal,
      code: 'TOKEN_AUTH_METHOD',
      message: `The worker app takes another token endpoint authentication method.${said}`,
      nextStep: 'Set the same token endpoint authentication method here and in the worker app.',
    })
  }
  if (text.includes('disabled') || text.includes('not enabled')) {
    return new TokenError({
      ...refusal,
      code: 'TOKEN_DISABLED',
      message: `The worker app is disabled.${said}`,
      nextStep: 'Enable the worker app in PingOne.',
    })
  }
  if (text.includes('invalid client credentials')) {
    return new TokenError({
      ...refusal,
      code: 'TOKEN_CREDENTIALS',
      message: `PingOne doesn't know this client id with this secret in this environment.${said}`,
      nextStep: 'Check the client id, the client secret, and that the worker app lives in this environment.',
    })
  }
  return new TokenError({
    ...refusal,
    code: 'TOKEN_REFUSED',
    message: `PingOne gave no token (status ${status}).${said}`,
    nextStep: 'Check in PingOne that the worker app is enabled and its client id and secret are right.',
  })
}

/** Takes the secret out of a text, however it was encoded on the way. */
function hideSecret(text: string, clientId: string, clientSecret: string): string {
  const forms = [
    Buffer.from(`${clientId}:${clientSecret}`).toString('base64'),
    new URLSearchParams({ s: clientSecret }).toString().slice(2),
    JSON.stringify(clientSecret).slice(1, -1),
    encodeURIComponent(clientSecret),
    clientSecret,
  ]
  return forms.reduce((result, form) => result.replaceAll(form, '******'), text)
}

/** The tokens of one worker app: fetched once, shared by all calls, renewed before they expire. */
export class TokenSource {
  readonly #transport: Transport
  readonly #credentials: Credentials
  readonly #environmentInPath: boolean
  readonly #retry: Partial<RetryOptions> | undefined
  #method: AuthMethod | undefined
  #token: Token | undefined
  #minting: Promise<Token> | undefined

  constructor(
    transport: Transport,
    options: Credentials & {
      authMethod?: AuthMethod | undefined
      environmentInPath: boolean
      retry?: Partial<RetryOptions> | undefined
    },
  ) {
    this.#transport = transport
    this.#credentials = {
      environmentId: options.environmentId,
      clientId: options.clientId,
      clientSecret: options.clientSecret,
    }
    this.#method = options.authMethod
    this.#environmentInPath = options.environmentInPath
    this.#retry = options.retry
  }

  /** The method that is used; undefined until it was detected. */
  get method(): AuthMethod | undefined {
    return this.#method
  }

  /** A valid token. Callers at the same time share one request for it. Throws a TokenError, or the signal's reason. */
  get(signal?: AbortSignal): Promise<string> {
    const token = this.#token
    if (token !== undefined && performance.now() < token.renewAt) return Promise.resolve(token.value)
    // One caller's cancellation must not take the token from the others, so the request itself has no signal.
    this.#minting ??= this.#mint().finally(() => {
      this.#minting = undefined
    })
    return untilAborted(
      this.#minting.then((minted) => minted.value),
      signal,
    )
  }

  /** PingOne refused this token: the next call fetches a new one, unless somebody did already. */
  forget(value: string): void {
    if (this.#token?.value === value) this.#token = undefined
  }

  /** Takes the token out of a text. The secret was never sent to where this text comes from. */
  hide(text: string): string {
    const token = this.#token?.value
    return token === undefined ? text : text.replaceAll(token, '******')
  }

  async #mint(): Promise<Token> {
    const minted = await this.#mintWith(this.#method ?? 'client_secret_basic')
    this.#token = minted
    return minted
  }

  async #mintWith(method: AuthMethod): Promise<Token> {
    const options = { ...this.#credentials, environmentInPath: this.#environmentInPath, retry: this.#retry }
    try {
      const token = await mintToken(this.#transport, { ...options, method })
      this.#method = method
      return token
    } catch (error) {
      const other = this.#method === undefined && method === 'client_secret_basic'
      if (!other || !(error instanceof TokenError) || error.code !== 'TOKEN_AUTH_METHOD') throw error
      return this.#mintWith('client_secret_post')
    }
  }
}

/** A promise that also ends when the signal is aborted. What it waits for goes on for others. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason)
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
