import { z } from 'zod'
import type { JsonObject } from './json.ts'

/** Which call went wrong: method and path. Never a query, a header or a body. */
export interface Call {
  method: string
  path: string
  /** The media type of the body, which also names an action. */
  contentType?: string
}

/** What every error of this client has: a stable code, a plain sentence as message, and a next step. */
export class PingOneClientError extends Error {
  readonly code: string
  readonly nextStep: string | undefined
  readonly method: string | undefined
  readonly path: string | undefined
  readonly contentType: string | undefined

  constructor(options: { code: string; message: string; nextStep?: string; call?: Call; cause?: unknown }) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.code = options.code
    this.nextStep = options.nextStep
    this.method = options.call?.method
    this.path = options.call?.path
    this.contentType = options.call?.contentType
  }
}

/** The client was set up with something that it refuses: a host that isn't allowed, an id that is none. */
export class ConfigurationError extends PingOneClientError {}

const errorDetailSchema = z.looseObject({
  code: z.string().optional(),
  target: z.string().optional(),
  message: z.string().optional(),
})
export type PingOneErrorDetail = z.infer<typeof errorDetailSchema>

/** The error body of the platform (PingOne API reference, errors); 403 and 429 may lack the id. */
const errorBodySchema = z.looseObject({
  id: z.string().optional(),
  code: z.string().optional(),
  message: z.string().optional(),
  details: z.array(errorDetailSchema).optional().catch(undefined),
})

/** PingOne refused a call. Keeps its id (for Ping's support), code, message and details. */
export class PingOneError extends PingOneClientError {
  readonly status: number
  /** PingOne's id of the error, to be quoted to its support. */
  readonly id: string | undefined
  /** PingOne's own message, without what this client adds to it. */
  readonly said: string
  readonly details: PingOneErrorDetail[]
  /** Seconds that PingOne asked to wait. */
  readonly retryAfter: number | undefined

  constructor(options: {
    status: number
    code: string
    message: string
    call: Call
    id?: string | undefined
    details?: PingOneErrorDetail[]
    retryAfter?: number | undefined
  }) {
    const { status, call, details = [] } = options
    const spots = details.map((detail) =>
      [detail.target, detail.message ?? detail.code].filter((part) => part !== undefined).join(': '),
    )
    const reasons = spots.length === 0 ? '' : ` (${spots.join('; ')})`
    super({
      code: options.code,
      message: `${options.message}${reasons} [${status} ${options.code}, ${call.method} ${call.path}]`,
      nextStep: nextStepFor(status),
      call,
    })
    this.status = status
    this.id = options.id
    this.said = options.message
    this.details = details
    this.retryAfter = options.retryAfter
  }

  /**
   * Reads an answer that is no success. Takes the call, the status, the body and `Retry-After`; whatever the body is,
   * an error comes of it.
   */
  static fromAnswer(call: Call, status: number, body: string, retryAfter: number | undefined): PingOneError {
    const parsed = errorBodySchema.safeParse(jsonOrUndefined(body))
    const { id, code, message, details } = parsed.success ? parsed.data : {}
    return new PingOneError({
      status,
      call,
      id,
      code: code ?? `HTTP_${status}`,
      message: message ?? `PingOne answered with status ${status} and no explanation.`,
      details: details ?? [],
      retryAfter,
    })
  }

  /** Whether one of the details has this code, such as UNIQUENESS_VIOLATION. */
  hasDetail(code: string): boolean {
    return this.details.some((detail) => detail.code === code)
  }
}

function nextStepFor(status: number): string {
  if (status === 400) return 'Mend what the details name, then try again.'
  if (status === 401) return 'Test the credentials of the worker app.'
  if (status === 403) return 'Give the worker app a role on this environment that allows it, such as DaVinci Admin.'
  if (status === 404) return 'Read the environment again: it may have been removed meanwhile.'
  if (status === 429) return "Wait a little, or lower the share of PingOne's request limit that this client takes."
  if (status >= 500) return 'PingOne has a problem: try again later, and quote the id of the error to its support.'
  return 'Check the call against the PingOne API reference.'
}

function jsonOrUndefined(text: string): JsonObject | undefined {
  try {
    return JSON.parse(text) as JsonObject
  } catch {
    // The body of a proxy's error page is no JSON: the status alone then tells what is known.
    return undefined
  }
}

/** PingOne answered with success, but with something that can't be used. */
export class UnexpectedAnswerError extends PingOneClientError {}

/** Why the token endpoint gave no token. */
export type TokenErrorCode =
  | 'TOKEN_AUTH_METHOD'
  | 'TOKEN_CREDENTIALS'
  | 'TOKEN_DISABLED'
  | 'TOKEN_GRANT'
  | 'TOKEN_ENVIRONMENT'
  | 'TOKEN_REFUSED'

/** The token endpoint refused the worker app (OAuth 2.0 errors; PingOne API reference, token errors). */
export class TokenError extends PingOneClientError {
  declare readonly code: TokenErrorCode
  readonly status: number
  /** The OAuth error, such as `invalid_client`. */
  readonly error: string | undefined
  readonly description: string | undefined

  constructor(options: {
    code: TokenErrorCode
    message: string
    nextStep: string
    status: number
    error?: string | undefined
    description?: string | undefined
    call: Call
  }) {
    super(options)
    this.status = options.status
    this.error = options.error
    this.description = options.description
  }
}

/** Why no answer came. */
export type ConnectionErrorCode =
  | 'UNREACHABLE'
  | 'TIMEOUT'
  | 'CONNECTION_LOST'
  | 'ADDRESS_REFUSED'
  | 'ANSWER_TOO_LARGE'
  | 'OUTCOME_UNKNOWN'

/** No usable answer came: the host can't be reached, doesn't answer, or the connection broke. */
export class ConnectionError extends PingOneClientError {
  declare readonly code: ConnectionErrorCode
  /** Whether the request may have reached PingOne. */
  readonly mayHaveArrived: boolean

  constructor(options: {
    code: ConnectionErrorCode
    message: string
    nextStep?: string
    call?: Call
    mayHaveArrived: boolean
    cause?: unknown
  }) {
    super(options)
    this.mayHaveArrived = options.mayHaveArrived
  }
}

/**
 * A write that must not be repeated blindly (a create, clone or import) may or may not have happened.
 * The caller finds out by looking. `cause` is what went wrong.
 */
export class OutcomeUnknownError extends ConnectionError {
  constructor(call: Call, cause: PingOneError | ConnectionError) {
    super({
      code: 'OUTCOME_UNKNOWN',
      message: `${call.method} ${call.path} got no clear answer, so it is unknown whether it happened: ${cause.message}`,
      nextStep: 'Look whether it exists before sending it again.',
      call,
      mayHaveArrived: true,
      cause,
    })
  }
}
