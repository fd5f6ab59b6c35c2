import type { Caller } from './caller.ts'

/** What a request brings to show who sends it. */
export interface Credentials {
  /** Of the session cookie. */
  session: string | undefined
  /** Of the header `Authorization: Bearer …`. */
  bearer: string | undefined
  /** The address that the request came from. */
  address: string
}

/** Finds out who calls. */
export interface Authenticator {
  /**
   * The caller, or undefined when nobody is signed in and somebody must be. Throws a ProblemError TOKEN_INVALID for an API
   * token that is unknown, expired or revoked, and SESSION_ENDED for a session that is.
   */
  authenticate(credentials: Credentials): Promise<Caller | undefined>
}
