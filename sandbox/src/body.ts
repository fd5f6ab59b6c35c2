import { isObject, type Json, type JsonObject } from '@flightiq/core'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type ErrorDetail, invalidData, invalidRequest, unsupportedMediaType } from './errors.ts'

/** The media type of a request in lower case, without its parameters; undefined when there is none. */
export function mediaType(request: FastifyRequest): string | undefined {
  const header = request.headers['content-type']
  const type = header?.split(';')[0]?.trim().toLowerCase()
  return type === '' ? undefined : type
}

/** The request's body as JSON; undefined when it is empty. Throws 415 for another media type and 400 when it isn't JSON. */
export function jsonBody(
  request: FastifyRequest,
  accepted: readonly string[] = ['application/json'],
): Json | undefined {
  const type = mediaType(request)
  if (!type || !accepted.some((candidate) => candidate.toLowerCase() === type)) {
    throw unsupportedMediaType(request.headers['content-type'])
  }
  const bytes = request.body as Buffer | undefined
  if (!bytes || bytes.length === 0) return undefined
  try {
    return JSON.parse(bytes.toString('utf8')) as Json
  } catch {
    throw invalidRequest('The request could not be completed. The request body is not valid JSON.')
  }
}

/** The body's object, checked against a schema that keeps unknown fields. Throws 400 INVALID_DATA naming each spot. */
export function objectBody(request: FastifyRequest, schema: z.ZodType, accepted?: readonly string[]): JsonObject {
  const body = jsonBody(request, accepted)
  if (body === undefined) throw invalidRequest('The request could not be completed. The request body is missing.')
  if (!isObject(body)) throw invalidRequest('The request could not be completed. The request body is not an object.')
  return checked(withoutNulls(body), schema)
}

/** A body that may be missing or empty, as actions take it. */
export function optionalObjectBody(
  request: FastifyRequest,
  schema: z.ZodType,
  accepted: readonly string[],
): JsonObject {
  const body = jsonBody(request, accepted)
  if (body === undefined) return {}
  if (!isObject(body)) throw invalidRequest('The request could not be completed. The request body is not an object.')
  return checked(withoutNulls(body), schema)
}

/** A field that is null at the top is a field that was not sent. */
function withoutNulls(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null))
}

/**
 * Checks content against a schema, and returns the content itself: what the schema doesn't know stays.
 * Throws 400 INVALID_DATA.
 */
export function checked(content: JsonObject, schema: z.ZodType): JsonObject {
  const result = schema.safeParse(content)
  if (result.success) return content
  throw invalidData(result.error.issues.map((issue) => detailOf(issue, content)))
}

function detailOf(issue: z.core.$ZodIssue, content: JsonObject): ErrorDetail {
  const target = targetOf(issue.path)
  const value = valueAt(content, issue.path)
  if (value === undefined || value === null) return { code: 'REQUIRED_VALUE', target, message: 'must not be null' }
  switch (issue.code) {
    case 'invalid_format':
      return invalid(target, 'has characters that are not allowed', { allowedPattern: issue.pattern ?? issue.format })
    case 'invalid_value':
      return invalid(target, `must be one of ${issue.values.map(String).join(', ')}`, {
        allowedValues: issue.values.map(String),
      })
    case 'too_small':
      if (value === '') return { code: 'EMPTY_VALUE', target, message: 'must not be empty' }
      return outOfRange(target, `must be at least ${issue.minimum}`, { rangeMinimumValue: Number(issue.minimum) })
    case 'too_big':
      return outOfRange(target, `must be at most ${issue.maximum}`, { rangeMaximumValue: Number(issue.maximum) })
    case 'custom':
      return {
        code: 'INVALID_VALUE',
        target,
        message: issue.message,
        ...(issue.params ? { innerError: issue.params } : {}),
      }
    default:
      return invalid(target, issue.message)
  }
}

function invalid(target: string, message: string, innerError?: Record<string, unknown>): ErrorDetail {
  return { code: 'INVALID_VALUE', target, message, ...(innerError ? { innerError } : {}) }
}

function outOfRange(target: string, message: string, innerError: Record<string, unknown>): ErrorDetail {
  return { code: 'OUT_OF_RANGE', target, message, innerError }
}

/** `graphData.elements.edges[2].data.target` */
function targetOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (target, step) =>
      typeof step === 'number' ? `${target}[${step}]` : target ? `${target}.${String(step)}` : String(step),
    '',
  )
}

function valueAt(content: Json | undefined, path: readonly PropertyKey[]): Json | undefined {
  let value: Json | undefined = content
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<PropertyKey, Json>)[step]
  }
  return value
}

/** A text of limited length, counted in characters and not in UTF-16 units, that fits a pattern. */
export function text(most: number, pattern: RegExp, least = 1): z.ZodType {
  return z.string().superRefine((value, context) => {
    const length = [...value].length
    if (length < least || length > most) {
      context.addIssue({
        code: 'custom',
        message: `size must be between ${least} and ${most}`,
        params: { rangeMinimumValue: least, rangeMaximumValue: most },
      })
    } else if (value !== '' && !pattern.test(value)) {
      context.addIssue({
        code: 'custom',
        message: 'has characters that are not allowed',
        params: { allowedPattern: pattern.source },
      })
    }
  })
}

/** The pattern of most names (PingOne OpenAPI description 2026.01.07-beta). */
export const namePattern = /^(?=\S)[\p{L}\p{M}\p{N}\p{So}/.'_ -]*(?!.*((<)|(\$\{)))/u
