import { randomBytes, randomUUID } from 'node:crypto'

/** An id as flows, connector instances, applications and policies have: 32 lower-case hex digits. */
export function newHexId(): string {
  return randomBytes(16).toString('hex')
}

/** An id as environments, variables and forms have: a UUID. */
export function newUuid(): string {
  return randomUUID()
}

/** A secret as PingOne generates for applications. */
export function newSecret(bytes = 32): string {
  return randomBytes(bytes).toString('base64url')
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Whether a text is a UUID. */
export function isUuid(text: string): boolean {
  return uuidPattern.test(text)
}
