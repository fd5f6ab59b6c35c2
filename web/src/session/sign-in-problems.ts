interface SignInProblem {
  what: string
  next: string
}

/** Why signing in didn't work, for a person: by the code that the server puts into the address. */
const problems: Record<string, SignInProblem> = {
  SIGN_IN_REFUSED: {
    what: 'PingOne did not sign you in, or you cancelled',
    next: 'Try again. If PingOne refuses it again, ask whoever administers your account there.',
  },
  SIGN_IN_EXPIRED: {
    what: 'Signing in took too long',
    next: 'Start again. You have some minutes for it.',
  },
  SIGN_IN_STATE_UNKNOWN: {
    what: 'This sign-in was not begun in this browser, or is used up',
    next: 'Start again from here. A link of somebody else, or the Back button, does not sign you in.',
  },
  SIGN_IN_TOKEN_INVALID: {
    what: 'PingOne’s answer could not be trusted',
    next: 'So nobody was signed in. Try again. If it stays so, tell an administrator of FlightIQ: the audit log has the reason.',
  },
  SIGN_IN_UNAVAILABLE: {
    what: 'Signing in is not possible at the moment',
    next: 'Try again in a minute. If it stays so, an administrator of FlightIQ tests the login app under Settings > User Authentication.',
  },
  SIGN_IN_NO_ADMINISTRATOR: {
    what: 'Signing in works, but you are not an administrator yet',
    next: 'So this browser stays signed in as local administrator. Name the first administrator in the settings, then sign in again.',
  },
  PERSON_DISABLED: {
    what: 'An administrator of FlightIQ has shut you out',
    next: 'Ask them if that should not be so.',
  },
  TOO_MANY_FAILURES: {
    what: 'Too many attempts from your network have failed',
    next: 'Wait some minutes, then try again.',
  },
}

/** What to tell of a code; one that isn't known is told as it is. */
export function signInProblem(code: string): SignInProblem {
  return (
    problems[code] ?? {
      what: `Signing in did not work (${code})`,
      next: 'Try again. If it stays so, an administrator of FlightIQ finds the reason in the audit log.',
    }
  )
}
