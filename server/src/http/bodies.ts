import type { FastifyInstance } from 'fastify'
import { ProblemError } from '../problems/problem-error.ts'

/** Bytes of a body; a route may take more. */
export const ordinaryBody = 1024 * 1024

/** How deep objects and lists may stand in each other. Plans hold flows, which nest what people made. */
const deepest = { ordinary: 200, large: 1000 }

/**
 * JSON is the only body that is taken, without names that reach for prototypes and not nested beyond measure. Calls
 * without a body may still say that it would be JSON.
 */
export function registerBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const text = body as string
    const limit = request.routeOptions.bodyLimit > ordinaryBody ? deepest.large : deepest.ordinary
    if (text === '') done(null, undefined)
    else if (isDeeper(text, limit)) done(tooDeep(limit))
    else parse(request, text, done)
  })
}

/** Whether JSON nests deeper than a number of levels. Counts brackets outside of texts, so it costs one walk. */
export function isDeeper(json: string, limit: number): boolean {
  let depth = 0
  let inText = false
  for (let at = 0; at < json.length; at += 1) {
    const char = json[at]
    if (inText) {
      if (char === '\\') at += 1
      else if (char === '"') inText = false
    } else if (char === '"') inText = true
    else if (char === '{' || char === '[') {
      depth += 1
      if (depth > limit) return true
    } else if (char === '}' || char === ']') depth -= 1
  }
  return false
}

function tooDeep(limit: number): ProblemError {
  return new ProblemError({
    status: 400,
    code: 'BODY_TOO_DEEP',
    detail: `The body nests objects or lists more than ${limit} levels deep.`,
    nextStep: 'Send what the route describes.',
  })
}
