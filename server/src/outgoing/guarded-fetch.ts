import { createTransport } from '@flightiq/pingone'
import { ProblemError } from '../problems/problem-error.ts'
import type { HostPolicy } from './host-policy.ts'

/** What a guarded call takes of what `fetch` takes. */
export interface GuardedRequest {
  method?: string | undefined
  headers?: ConstructorParameters<typeof Headers>[0]
  body?: unknown
  signal?: AbortSignal | null | undefined
}

export type GuardedFetch = (url: string | URL, request?: GuardedRequest) => Promise<Response>

/** Sign-in needs small answers soon: discovery, keys, tokens, user info. */
const timeouts = { connect: 8_000, headers: 15_000, whole: 20_000 }
const largestAnswer = 1024 * 1024

/** Answers with these may have no body (Fetch standard, null body status). */
const withoutBody = new Set([204, 205, 304])

/**
 * A `fetch` for text that only calls hosts of the policy. Certificates are verified, names that lead into a private
 * network are refused at the moment of connecting, redirects are not followed (`shown`: answered as they are), time and size are limited.
 * Throws a ProblemError HOST_NOT_ALLOWED or REDIRECT_REFUSED, a ConnectionError, or the signal's reason.
 */
export function guardedFetch(
  policy: HostPolicy,
  { redirects = 'refused' }: { redirects?: 'refused' | 'shown' } = {},
): GuardedFetch {
  return async (url, { method = 'GET', headers, body, signal } = {}) => {
    const { pathname, search, host } = new URL(url)
    const transport = createTransport(policy.check(String(url)), { concurrency: 1, timeouts, largestAnswer })
    try {
      const answer = await transport.exchange({
        method,
        target: pathname + search,
        headers: Object.fromEntries(new Headers(headers)),
        ...textOf(body),
        signal: signal ?? undefined,
        freshConnection: true,
      })
      const { status } = answer
      if (redirects === 'refused' && status >= 300 && status < 400 && status !== 304) throw redirected(host)
      const fields = Object.entries(answer.headers).flatMap(([name, value]) =>
        [value ?? []].flat().map((one): [string, string] => [name, one]),
      )
      return new Response(withoutBody.has(status) ? null : answer.body, { status, headers: new Headers(fields) })
    } finally {
      transport.close()
    }
  }
}

function textOf(body: unknown): { body?: string } {
  if (body === undefined || body === null) return {}
  if (typeof body === 'string' || body instanceof URLSearchParams) return { body: body.toString() }
  throw new TypeError('A guarded call sends text only.')
}

function redirected(host: string): ProblemError {
  return new ProblemError({
    status: 502,
    code: 'REDIRECT_REFUSED',
    detail: `${host} answered with a redirect, and FlightIQ follows none.`,
    nextStep: 'Give the address that it leads to.',
  })
}
