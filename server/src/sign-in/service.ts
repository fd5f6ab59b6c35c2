import type { Authenticator, Credentials } from '../authorization/authenticator.ts'
import { type Caller, ownerOfMachine } from '../authorization/caller.ts'

/** Finds out who calls, and signs people in and out. */
export class SignInService implements Authenticator {
  /** Who sends a request; undefined when nobody is signed in and somebody must be. */
  async authenticate({ address }: Credentials): Promise<Caller | undefined> {
    return ownerOfMachine('openConsole', 'This console', address)
  }
}
