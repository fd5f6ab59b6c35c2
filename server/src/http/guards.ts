import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ProblemError } from '../problems/problem-error.ts'
import { bearerOf } from './admission.ts'

const reading = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Whether a host is this very machine. */
export function isLoopbackHost(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase()
  return name === 'localhost' || name === '::1' || /^127\.\d+\.\d+\.\d+$/.test(name)
}

/**
 * Refuses what a foreign web page could make a browser send: requests under another host's name (DNS rebinding), and
 * state-changing calls without the header that only our own clients set, or from another origin.
 */
export function registerGuards(
  app: FastifyInstance,
  { loopbackOnly, publicUrl }: { loopbackOnly: boolean; publicUrl?: URL | undefined },
): void {
  app.addHook('onRequest', async (request) => {
    // Beyond this machine, without a public address, it is not known under which names it is to be reached.
    const anyName = !loopbackOnly && publicUrl === undefined
    if (!anyName && request.host !== publicUrl?.host && !isLoopbackHost(hostnameOf(request.host))) {
      throw refused(
        421,
        'HOST_NOT_SERVED',
        publicUrl
          ? `This server answers only as ${publicUrl.host}.`
          : 'This server answers only under the name of this machine (localhost or 127.0.0.1).',
        publicUrl ? `Open it as ${publicUrl.origin}.` : 'Open it as http://localhost with its port.',
      )
    }
    if (reading.has(request.method)) return
    // A token is sent on purpose: no foreign page can make a browser do that.
    if (bearerOf(request) !== undefined) return
    if (request.headers['x-flightiq'] === undefined) {
      throw refused(
        403,
        'HEADER_MISSING',
        'Calls that change something need the header X-FlightIQ.',
        'Send X-FlightIQ: 1.',
      )
    }
    const site = request.headers['sec-fetch-site']
    const foreign = site !== undefined && site !== 'same-origin' && site !== 'none'
    if (foreign || !isOwnOrigin(request)) {
      throw refused(403, 'ORIGIN_FOREIGN', 'The call comes from another web site.', 'Use the console itself.')
    }
  })
}

function hostnameOf(host: string): string {
  return host.startsWith('[') ? host.slice(0, host.indexOf(']') + 1) : (host.split(':', 1)[0] ?? '')
}

/** The address of this console that the caller used. */
export function originOf(request: FastifyRequest): string {
  const { publicUrl } = request.server
  return publicUrl?.host === request.host ? publicUrl.origin : `${request.protocol}://${request.host}`
}

function isOwnOrigin(request: FastifyRequest): boolean {
  const { origin } = request.headers
  if (origin === undefined) return true
  return URL.canParse(origin) && [request.host, request.server.publicUrl?.host].includes(new URL(origin).host)
}

function refused(status: number, code: string, detail: string, nextStep: string): ProblemError {
  return new ProblemError({ status, code, detail, nextStep })
}

declare module 'fastify' {
  interface FastifyInstance {
    /** The address under which browsers reach the console, where the operator told it. */
    publicUrl: URL | undefined
  }
}
