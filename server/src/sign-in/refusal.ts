/** Why somebody could not sign in. The browser is told the code and nothing else; the audit log has the reason, too. */
export class SignInRefusal extends Error {
  override readonly name = 'SignInRefusal'
  readonly code: SignInRefusalCode
  /** What to tell an administrator. Never a secret. */
  readonly facts: Record<string, string>

  constructor(
    code: SignInRefusalCode,
    reason: string,
    options: { cause?: unknown; facts?: Record<string, string> } = {},
  ) {
    super(reason, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.facts = options.facts ?? {}
  }
}

export type SignInRefusalCode =
  | 'SIGN_IN_STATE_UNKNOWN'
  | 'SIGN_IN_EXPIRED'
  | 'SIGN_IN_REFUSED'
  | 'SIGN_IN_TOKEN_INVALID'
  | 'SIGN_IN_UNAVAILABLE'
  | 'SIGN_IN_NO_ADMINISTRATOR'
  | 'PERSON_DISABLED'
  | 'TOO_MANY_FAILURES'
