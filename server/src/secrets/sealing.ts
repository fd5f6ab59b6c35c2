import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { ProblemError } from '../problems/problem-error.ts'
import type { MasterKey } from './master-key.ts'
import { Secret } from './secret.ts'

/** What a secret belongs to. It is part of what is authenticated, so a sealed value can't be moved elsewhere. */
export interface SecretOwner {
  recordId: string
  kind: string
}

/** A secret as it is stored: sealed with a data key of its own, which the master key wraps. */
export interface SealedSecret {
  keyVersion: string
  wrappedKey: string
  sealed: string
}

/** Seals a secret: AES-256-GCM with a random data key, itself sealed by the master key. */
export function seal(secret: Secret, owner: SecretOwner, masterKey: MasterKey): SealedSecret {
  const dataKey = randomBytes(32)
  const bound = boundTo(owner, masterKey.version)
  const sealed = encrypt(Buffer.from(secret.reveal(), 'utf8'), dataKey, bound)
  const wrappedKey = encrypt(dataKey, masterKey.bytes(), bound)
  dataKey.fill(0)
  return { keyVersion: masterKey.version, wrappedKey, sealed }
}

/** Opens a sealed secret. Throws a ProblemError when the master key is another one or the record was changed. */
export function unseal(stored: SealedSecret, owner: SecretOwner, masterKey: MasterKey): Secret {
  if (stored.keyVersion !== masterKey.version) throw otherMasterKey()
  const bound = boundTo(owner, stored.keyVersion)
  try {
    const dataKey = decrypt(stored.wrappedKey, masterKey.bytes(), bound)
    const value = decrypt(stored.sealed, dataKey, bound).toString('utf8')
    dataKey.fill(0)
    return new Secret(value)
  } catch (error) {
    throw new ProblemError({
      status: 500,
      code: 'SECRET_DAMAGED',
      detail: 'A stored secret fails its integrity check: the record was changed outside FlightIQ.',
      nextStep: 'Enter the client secret again.',
      cause: error,
    })
  }
}

/** The problem that stored secrets were sealed with another master key than the one at hand. */
export function otherMasterKey(): ProblemError {
  return new ProblemError({
    status: 500,
    code: 'MASTER_KEY_DIFFERS',
    detail: 'The stored secrets were sealed with another master key.',
    nextStep:
      'Start with the FLIGHTIQ_MASTER_KEY (or key file) that was used before, or enter the client secrets again.',
  })
}

function boundTo(owner: SecretOwner, keyVersion: string): Buffer {
  return Buffer.from(JSON.stringify([owner.recordId, owner.kind, keyVersion]), 'utf8')
}

function encrypt(plain: Buffer, key: Buffer, bound: Buffer): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(bound)
  const encrypted = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), encrypted]).toString('base64')
}

function decrypt(text: string, key: Buffer, bound: Buffer): Buffer {
  const bytes = Buffer.from(text, 'base64')
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
  decipher.setAAD(bound).setAuthTag(bytes.subarray(12, 28))
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()])
}
