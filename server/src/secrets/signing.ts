import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Database } from '../storage/database.ts'
import type { MasterKey } from './master-key.ts'
import type { SecretOwner } from './sealing.ts'
import { Secret } from './secret.ts'
import { readSecret, saveSecret } from './store.ts'

/** The one signing key of an installation. Sealed like every secret, it outlives rotations of the master key. */
const owner: SecretOwner = { recordId: '5f1c0e0a-6a1b-4c57-9d52-0d6a5b1b7c11', kind: 'signing.key' }

export interface Signature {
  /** Names the signing key without telling it. */
  keyVersion: string
  /** Base64. */
  signature: string
}

/**
 * Signs what only FlightIQ may have written (HMAC-SHA256). Whoever can write to the database, but has no master key,
 * can't.
 */
export interface Signer {
  readonly keyVersion: string
  /** Signs bytes for a purpose: the signature is of no use for another one. */
  sign(purpose: string, bytes: Buffer | string): Signature
  /** Whether this key made the signature for the purpose and the bytes. */
  verify(purpose: string, bytes: Buffer | string, signature: Signature): boolean
}

/**
 * Opens the signer of an installation, making its key with the first call. Open it once and keep it; not within a
 * transaction, so that the key is there for others too. Throws as `readSecret` does.
 */
export async function openSigner(database: Database, masterKey: MasterKey): Promise<Signer> {
  let secret = await readSecret(database, masterKey, owner)
  if (!secret) {
    // Of two processes that make it at once, the first one's stays.
    await saveSecret(database, masterKey, owner, new Secret(randomBytes(32).toString('base64')), { keep: true })
    secret = await readSecret(database, masterKey, owner)
  }
  if (!secret) throw new Error('The signing key was removed while it was being made.')
  return signerOf(Buffer.from(secret.reveal(), 'base64'))
}

function signerOf(key: Buffer): Signer {
  const keyVersion = createHash('sha256').update('flightiq signing key ').update(key).digest('hex').slice(0, 16)
  const digest = (purpose: string, bytes: Buffer | string) => {
    const derived = Buffer.from(hkdfSync('sha256', key, '', `flightiq ${purpose}`, 32))
    return createHmac('sha256', derived).update(bytes).digest()
  }
  return {
    keyVersion,
    sign: (purpose, bytes) => ({ keyVersion, signature: digest(purpose, bytes).toString('base64') }),
    verify: (purpose, bytes, { keyVersion: version, signature }) => {
      const [expected, given] = [digest(purpose, bytes), Buffer.from(signature, 'base64')]
      return version === keyVersion && given.length === expected.length && timingSafeEqual(expected, given)
    },
  }
}
