import { newUuid } from './ids.ts'

/** One entry of an error's `details` (PingOne API reference, errors). */
export interface ErrorDetail {
  code: string
  message: string
  target?: string
  innerError?: Record<string, unknown>
}

/** An answer of the API that is not a success: status and the body PingOne gives with it. */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly status: number
  readonly code: string
  readonly details: ErrorDetail[] | undefined
  readonly headers: Record<string, string>

  constructor(
    status: number,
    code: string,
    message: string,
    details?: ErrorDetail[],
    headers: Record<string, string> = {},
  ) {
    super(message)
    this.status = status
    this.code = code
    this.details = details
    this.headers = headers
  }

  /** The body: `id` is a new trace id each time. */
  body(): Record<string, unknown> {
    return {
      id: newUuid(),
      code: this.code,
      message: this.message,
      ...(this.details ? { details: this.details } : {}),
    }
  }
}

const noAccess = 'The request could not be completed. You do not have access to this resource.'
const invalid = 'The request could not be completed. One or more validation errors were in the request.'

/** 400 INVALID_DATA: something in the body or the parameters doesn't fit; each detail names a spot. */
export function invalidData(details: ErrorDetail[]): ApiError {
  return new ApiError(400, 'INVALID_DATA', invalid, details)
}

/** 400 INVALID_DATA for one value that isn't allowed. */
export function invalidValue(target: string, message: string, innerError?: Record<string, unknown>): ApiError {
  return invalidData([{ code: 'INVALID_VALUE', target, message, ...(innerError ? { innerError } : {}) }])
}

/** 400 INVALID_REQUEST: the request can't be understood at all, such as a body that isn't JSON. */
export function invalidRequest(message: string): ApiError {
  return new ApiError(400, 'INVALID_REQUEST', message)
}

/** 400 INVALID_DATA with UNIQUENESS_VIOLATION: PingOne answers so where others would say 409. */
export function notUnique(target: string, existingId?: string): ApiError {
  const innerError = existingId ? { innerError: { existingId } } : {}
  return invalidData([{ code: 'UNIQUENESS_VIOLATION', target, message: 'must be unique', ...innerError }])
}

/** 400 INVALID_DATA with CONSTRAINT_VIOLATION: the state of things forbids it. */
export function constraintViolation(message: string, target?: string): ApiError {
  return invalidData([{ code: 'CONSTRAINT_VIOLATION', message, ...(target ? { target } : {}) }])
}

/** 401: no token, or one that is expired, revoked, or not ours. */
export function tokenRefused(): ApiError {
  return new ApiError(401, 'ACCESS_FAILED', noAccess, [
    { code: 'INVALID_TOKEN', message: 'The access token is missing, expired, revoked or malformed.' },
  ])
}

/** 403: also what an environment that doesn't exist answers on everything below it. */
export function forbidden(): ApiError {
  return new ApiError(403, 'ACCESS_FAILED', noAccess, [{ code: 'INSUFFICIENT_PERMISSIONS', message: noAccess }])
}

/** 403 as PingOne's older services word it: roles, languages, keys (seen on live answers). */
export function notAuthorized(): ApiError {
  const message = 'The actor attempting to perform the request is not authorized.'
  return new ApiError(403, 'ACCESS_FAILED', message, [{ code: 'INSUFFICIENT_PERMISSIONS', message }])
}

/** 403 with LICENSE_EXCEEDED: the environment holds as many as its licence allows. */
export function licenceExceeded(what: string, limit: number): ApiError {
  return new ApiError(403, 'ACCESS_FAILED', noAccess, [
    {
      code: 'LICENSE_EXCEEDED',
      message: `The environment already holds ${limit} ${what}, the most that are allowed.`,
      innerError: { quotaLimit: limit },
    },
  ])
}

/** 404, with PingOne's general sentence unless the resource has its own. */
export function notFound(
  message = 'The request could not be completed. The requested resource was not found.',
): ApiError {
  return new ApiError(404, 'NOT_FOUND', message)
}

/** 405: the path exists, the method doesn't. */
export function methodNotAllowed(method: string): ApiError {
  return new ApiError(405, 'INVALID_REQUEST', `The method ${method} is not supported for this resource.`)
}

/** 413: larger than any body that is taken. PingOne documents no body for it. */
export function bodyTooLarge(limit: number): ApiError {
  return new ApiError(413, 'INVALID_REQUEST', `The request body is larger than ${limit} bytes.`, [
    {
      code: 'SIZE_LIMIT_EXCEEDED',
      message: `must not be larger than ${limit} bytes`,
      innerError: { maximumValue: limit },
    },
  ])
}

/** 415: the Content-Type names no action of this resource. */
export function unsupportedMediaType(contentType: string | undefined): ApiError {
  return new ApiError(415, 'INVALID_REQUEST', `The media type ${contentType ?? '(none)'} is not supported here.`)
}

/** 429 with Retry-After: the licence's requests of this minute are spent. */
export function requestLimited(limit: number, retryAfterSeconds: number): ApiError {
  return new ApiError(
    429,
    'REQUEST_LIMITED',
    'The request could not be completed. Too many requests were sent in a given amount of time.',
    [{ code: 'LIMIT_EXCEEDED', message: 'The rate limit was exceeded.', innerError: { quotaLimit: limit } }],
    { 'retry-after': String(retryAfterSeconds) },
  )
}

/** 500: a fault of the sandbox itself. */
export function unexpected(): ApiError {
  return new ApiError(500, 'UNEXPECTED_ERROR', 'An unexpected error occurred.')
}
