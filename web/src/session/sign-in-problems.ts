/** Why signing in didn't work, for a person: by the code that the console's address gives. */
const sentences: Record<string, { what: string; next: string }> = {}

/** What to tell of a code; one that isn't known is told as it is. */
export function signInProblem(code: string): { what: string; next: string } {
  return (
    sentences[code] ?? {
      what: `Signing in did not work (${code}).`,
      next: 'Try again. If it stays so, an administrator finds the reason in the audit log.',
    }
  )
}
