import { hostname } from 'node:os'
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

/** FlightIQ itself: what it does for nobody in particular, such as carrying a run out. */
export const serverItself: Caller = ownerOfMachine('server', 'FlightIQ', hostname())

/** Whoever calls a public route without being signed in, from an address. */
export function nobodyFrom(address: string): Caller {
  return { kind: 'person', id: 'anonymous', name: 'Nobody signed in', from: address, roles: [] }
}

/** Whether nobody is signed in. */
export function isNobody({ id }: Caller): boolean {
  return id === 'anonymous'
}

/** What tells one human being from another where four eyes are needed: token and session of a person are that person. */
export function humanBehind({ kind, id, personId }: Caller): string {
  return personId === undefined ? `${kind}:${id}` : `person:${personId}`
}

/** Whether somebody is known by name: only then it can be told that two are not the same human being. */
export function isKnownPerson(human: string | null | undefined): human is string {
  return human?.startsWith('person:') ?? false
}
