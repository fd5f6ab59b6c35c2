import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import type { Problem } from '../contract/problem.ts'
import { isExpected, problemOf, toProblemError } from '../problems/from-error.ts'
import { ProblemError } from '../problems/problem-error.ts'

/** Finds out more of an error that came up while a tenant was worked on. */
export type Explain = (request: FastifyRequest, error: unknown) => Promise<Problem>

/**
 * Answers every error as problem details (RFC 9457), without a stack trace. A browser on its way to sign in is led to the
 * sign-in page, which tells the code. `noted` is told of each.
 */
export function registerErrors(
  app: FastifyInstance,
  { explain, noted }: { explain: Explain; noted: (request: FastifyRequest, error: unknown) => Promise<void> },
): void {
  app.setErrorHandler(async (error, request, reply) => {
    const known = ofFastify(error as FastifyError) ?? error
    if (isExpected(known)) request.log.info({ err: known }, 'refused')
    else request.log.error({ err: known }, 'failed')
    await noted(request, known)
    if (request.routeOptions.config.declaration?.redirects) {
      return reply.redirect(`/sign-in?${new URLSearchParams({ problem: toProblemError(known).code })}`, 302)
    }
    return sendProblem(reply, known, await explain(request, known))
  })
}

/** Answers that there is no such address. */
export function notFoundAnswer(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendProblem(
    reply,
    new ProblemError({
      status: 404,
      code: 'ROUTE_NOT_FOUND',
      detail: `There is nothing at ${request.method} ${pathOf(request.url)}.`,
      nextStep: 'The routes of the API are described in /api/openapi.json.',
    }),
  )
}

/** Sends an error as problem details. */
export function sendProblem(reply: FastifyReply, error: unknown, explained: Problem = problemOf(error)): FastifyReply {
  const known = toProblemError(error)
  // Whoever reports a fault can say which one it was.
  const requestId = known.status === 500 ? { requestId: reply.request.id } : {}
  const problem = { ...explained, ...requestId }
  if (known.retryAfter !== undefined) reply.header('Retry-After', known.retryAfter)
  // As text: the answer's own schema is that of success.
  return reply
    .status(problem.status)
    .type('application/problem+json; charset=utf-8')
    .serializer((text: unknown) => text as string)
    .send(JSON.stringify(problem))
}

/** The path of an address, without its query. */
export function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? url
}

function ofFastify(error: FastifyError): ProblemError | undefined {
  if (hasZodFastifySchemaValidationErrors(error)) {
    const part = error.validationContext ?? 'body'
    const prefix = part === 'body' ? '' : `/${part === 'querystring' ? 'query' : part}`
    const errors = error.validation.map(({ instancePath, message }) => ({
      pointer: `${prefix}${instancePath === '/' ? '' : instancePath}`,
      message: message ?? 'Not valid.',
    }))
    const [first] = errors
    return new ProblemError({
      status: 400,
      code: 'VALIDATION_FAILED',
      detail: `The request is not valid: ${first?.pointer || 'the body'}: ${first?.message ?? 'not valid'}`,
      nextStep: 'Mend the fields named in errors.',
      errors,
    })
  }
  const { code, statusCode, message } = error
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return refused(413, 'BODY_TOO_LARGE', 'The request is larger than this address takes.', 'Send less at once.')
  }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return refused(415, 'MEDIA_TYPE_UNSUPPORTED', 'The body must be JSON.', 'Send Content-Type: application/json.')
  }
  if (statusCode === 429) {
    return refused(429, 'RATE_LIMITED', 'Too many calls from this address.', 'Wait a minute, then try again.')
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500 && !(error instanceof ProblemError)) {
    const name = statusCode === 400 ? 'REQUEST_INVALID' : 'REQUEST_REFUSED'
    return refused(statusCode, name, message, undefined)
  }
  return undefined
}

function refused(status: number, code: string, detail: string, nextStep: string | undefined): ProblemError {
  return new ProblemError({ status, code, detail, nextStep })
}
