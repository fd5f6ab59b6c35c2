import type { RoleScope } from '../contract/roles.ts'
import type { CallerInfo } from '../contract/session.ts'

/** Who calls, and what they may do: a person, a token, the local administrator, or this machine itself. */
export interface Caller {
  /** commandLine: whoever sits at this machine and uses its data folder; server: FlightIQ itself. */
  kind: CallerInfo['kind'] | 'commandLine' | 'server'
  /** Of the person, the token, the session: unique with its kind. */
  id: string
  name: string
  /** Where the call came from: an address, or the name of a machine. */
  from: string
  roles: readonly RoleScope[]
  /** The person behind it: of a token the one who made it. Two callers of one person never count as two. */
  personId?: string
  email?: string
  sessionId?: string
  tokenId?: string
  since?: string
  expiresAt?: string
}

/** A caller who may do everything, for whoever sits at this machine. Takes who that is. */
export function ownerOfMachine(kind: 'commandLine' | 'openConsole' | 'server', name: string, from: string): Caller {
  return { kind, id: kind, name, from, roles: [{ role: 'admin' }] }
}

/** What tells one human being from another where four eyes are needed: token and session of a person are that person. */
export function humanBehind({ kind, id, personId }: Caller): string {
  return personId === undefined ? `${kind}:${id}` : `person:${personId}`
}
