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
export function registerGuards(app: FastifyInstance, options: { loopbackOnly: boolean }): void {
  app.addHook('onRequest', async (request) => {
    if (options.loopbackOnly && !isLoopbackHost(hostnameOf(request))) {
      throw refused(
        421,
        'HOST_NOT_SERVED',
        'This server answers only under the name of this machine (localhost or 127.0.0.1).',
        'Open it as http://localhost with its port.',
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

function hostnameOf(request: FastifyRequest): string {
  const host = request.headers.host ?? ''
  return host.startsWith('[') ? host.slice(0, host.indexOf(']') + 1) : (host.split(':', 1)[0] ?? '')
}

/** The address that the caller used for this console. */
export function originOf(request: FastifyRequest): string {
  return `${request.protocol}://${request.host}`
}

function isOwnOrigin(request: FastifyRequest): boolean {
  const { origin, host } = request.headers
  if (origin === undefined) return true
  return URL.canParse(origin) && new URL(origin).host === host
}

function refused(status: number, code: string, detail: string, nextStep: string): ProblemError {
  return new ProblemError({ status, code, detail, nextStep })
}
