import fastifyCookie from '@fastify/cookie'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/**
 * Both are bound to this host, sent over TLS alone (browsers make an exception for localhost), and out of scripts' reach.
 * Lax, not Strict: PingOne leads the browser back to the callback from its own site.
 */
export const cookieNames = { session: '__Host-flightiq-session', signIn: '__Host-flightiq-sign-in' } as const

/** The cookies of a request and its answer. Their values are random; what they stand for is in the database. */
export interface SessionCookies {
  /** The session's token as the browser sent it. */
  readonly session: string | undefined
  /** The token of a sign-in that has begun in this browser. */
  readonly signIn: string | undefined
  /** Sets a cookie for as many seconds; undefined takes it away. */
  set(cookie: keyof typeof cookieNames, value: string | undefined, seconds?: number): void
}

/** Lets the server read and set cookies. */
export async function registerCookies(app: FastifyInstance): Promise<void> {
  await app.register(fastifyCookie)
}

/** The cookies of a request, and the way to set those of its answer. */
export function cookiesOf(request: FastifyRequest, reply: FastifyReply): SessionCookies {
  const options = { path: '/', secure: true, httpOnly: true, sameSite: 'lax' as const }
  return {
    session: request.cookies[cookieNames.session],
    signIn: request.cookies[cookieNames.signIn],
    set: (cookie, value, seconds) => {
      if (value === undefined) reply.clearCookie(cookieNames[cookie], options)
      else
        reply.setCookie(cookieNames[cookie], value, {
          ...options,
          ...(seconds === undefined ? {} : { maxAge: seconds }),
        })
    },
  }
}
