import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { ProblemError } from '../problems/problem-error.ts'
import type { MasterKey, WrappingKey } from './master-key.ts'
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

/**
 * What begins with this is bound to its owner alone. Values sealed before were bound to the master key's version, too;
 * the wrapped data key always is.
 */
const ownerOnly = '2:'

/** Seals a secret: AES-256-GCM with a random data key, itself sealed by a key of the ring. */
export function seal(secret: Secret, owner: SecretOwner, { version, key }: WrappingKey): SealedSecret {
  const bytes = randomBytes(32)
  const sealed = encrypt(Buffer.from(secret.reveal(), 'utf8'), createSecretKey(bytes), boundTo(owner))
  const wrappedKey = encrypt(bytes, key, boundTo(owner, version))
  bytes.fill(0)
  return { keyVersion: version, wrappedKey, sealed: ownerOnly + sealed }
}

/**
 * Opens a sealed secret. Throws a ProblemError MASTER_KEY_DIFFERS when the key isn't in the ring, SECRET_DAMAGED when
 * the record was changed.
 */
export function unseal(stored: SealedSecret, owner: SecretOwner, masterKey: MasterKey): Secret {
  const { keyVersion, sealed } = stored
  const dataKey = unwrap(stored, owner, masterKey)
  const value = sealed.startsWith(ownerOnly)
    ? decrypt(sealed.slice(ownerOnly.length), createSecretKey(dataKey), boundTo(owner))
    : decrypt(sealed, createSecretKey(dataKey), boundTo(owner, keyVersion))
  dataKey.fill(0)
  const secret = new Secret(value.toString('utf8'))
  value.fill(0)
  return secret
}

/** Wraps the data key of a sealed secret with another key. Throws as `unseal` does, so that nothing damaged is taken on. */
export function rewrap(
  stored: SealedSecret,
  owner: SecretOwner,
  masterKey: MasterKey,
  { version, key }: WrappingKey,
): SealedSecret {
  const secret = unseal(stored, owner, masterKey)
  if (!stored.sealed.startsWith(ownerOnly)) return seal(secret, owner, { version, key })
  const dataKey = unwrap(stored, owner, masterKey)
  const wrappedKey = encrypt(dataKey, key, boundTo(owner, version))
  dataKey.fill(0)
  return { keyVersion: version, wrappedKey, sealed: stored.sealed }
}

/** The problem that stored secrets were sealed with another master key than the one at hand. */
export function otherMasterKey({ trialFile }: Pick<MasterKey, 'trialFile'>): ProblemError {
  const before = trialFile === undefined ? 'the one before' : `the one of the trial (it is in ${trialFile})`
  return new ProblemError({
    status: 500,
    code: 'MASTER_KEY_DIFFERS',
    detail: 'The stored secrets were sealed with another master key.',
    nextStep: `Start with the FLIGHTIQ_MASTER_KEY (or key file) that was used before; to change it, give ${before} as FLIGHTIQ_MASTER_KEY_PREVIOUS.`,
  })
}

function unwrap({ keyVersion, wrappedKey }: SealedSecret, owner: SecretOwner, masterKey: MasterKey): Buffer {
  const known = masterKey.find(keyVersion)
  if (!known) throw otherMasterKey(masterKey)
  return decrypt(wrappedKey, known.key, boundTo(owner, keyVersion))
}

function boundTo(owner: SecretOwner, keyVersion?: string): Buffer {
  const parts = [owner.recordId, owner.kind, ...(keyVersion === undefined ? [] : [keyVersion])]
  return Buffer.from(JSON.stringify(parts), 'utf8')
}

function encrypt(plain: Buffer, key: KeyObject, bound: Buffer): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(bound)
  const encrypted = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), encrypted]).toString('base64')
}

function decrypt(text: string, key: KeyObject, bound: Buffer): Buffer {
  try {
    const bytes = Buffer.from(text, 'base64')
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 })
    decipher.setAAD(bound).setAuthTag(bytes.subarray(12, 28))
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()])
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
