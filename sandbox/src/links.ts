import type { FastifyRequest } from 'fastify'

/** A HAL link. */
export interface Link {
  href: string
}

/** Where the caller reached the sandbox, so that links lead back the same way: `http://127.0.0.1:4700`. */
export function originOf(request: FastifyRequest): string {
  return `${request.protocol}://${request.host}`
}

/** The absolute URL of an environment: every DaVinci link starts with it. */
export function environmentUrl(request: FastifyRequest, environmentId: string): string {
  return `${originOf(request)}/v1/environments/${environmentId}`
}

/** Makes links of a resource below an environment. */
export function linksFrom(request: FastifyRequest, environmentId: string): (...path: (string | number)[]) => Link {
  const base = environmentUrl(request, environmentId)
  return (...path) => ({ href: [base, ...path.map((step) => encodeURIComponent(String(step)))].join('/') })
}

/** The request's own URL, query included. */
export function selfLink(request: FastifyRequest): Link {
  return { href: `${originOf(request)}${request.url}` }
}
