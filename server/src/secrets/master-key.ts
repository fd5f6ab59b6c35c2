import { createHash, randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ProblemError } from '../problems/problem-error.ts'
import { Secret } from './secret.ts'

/** The key that wraps all data keys. It comes from outside the database. */
export interface MasterKey {
  /** configured: given by the operator; trial: made by FlightIQ beside the data. */
  origin: 'configured' | 'trial'
  /** Names the key without telling it. */
  version: string
  /** Where a trial key was written, when this start made it. */
  madeAt?: string
  bytes(): Buffer
}

export interface MasterKeySettings {
  /** 32 bytes as Base64 (FLIGHTIQ_MASTER_KEY). */
  masterKey?: string | undefined
  /** A file with the same (FLIGHTIQ_MASTER_KEY_FILE). */
  masterKeyFile?: string | undefined
  dataFolder?: string | undefined
}

/**
 * The master key: as configured; else the trial key beside the data, made when there is none yet; else, with nothing
 * kept on disk, one for the life of this process. Throws a ProblemError MASTER_KEY_INVALID.
 */
export async function loadMasterKey(settings: MasterKeySettings): Promise<MasterKey> {
  if (settings.masterKey !== undefined) return parseKey(settings.masterKey, 'configured', 'FLIGHTIQ_MASTER_KEY')
  if (settings.masterKeyFile !== undefined) {
    return parseKey(await readKeyFile(settings.masterKeyFile), 'configured', settings.masterKeyFile)
  }
  if (settings.dataFolder === undefined) return keyOf(randomBytes(32), 'trial')
  const path = join(settings.dataFolder, 'trial-master-key')
  const made = randomBytes(32)
  try {
    await writeFile(path, `${made.toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
    return { ...keyOf(made, 'trial'), madeAt: path }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unreadable(path, error)
    return parseKey(await readKeyFile(path), 'trial', path)
  }
}

async function readKeyFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw unreadable(path, error)
  }
}

function unreadable(path: string, error: unknown): ProblemError {
  return new ProblemError({
    status: 500,
    code: 'MASTER_KEY_UNREADABLE',
    detail: `The master key file ${path} can't be used: ${(error as Error).message}`,
    nextStep: 'Check the path and that this user may read it.',
    cause: error,
  })
}

function parseKey(text: string, origin: MasterKey['origin'], from: string): MasterKey {
  const bytes = Buffer.from(text.trim(), 'base64')
  if (bytes.length === 32) return keyOf(bytes, origin)
  throw new ProblemError({
    status: 500,
    code: 'MASTER_KEY_INVALID',
    detail: `The master key in ${from} is not 32 bytes in Base64.`,
    nextStep: 'Make one with: openssl rand -base64 32',
  })
}

function keyOf(bytes: Buffer, origin: MasterKey['origin']): MasterKey {
  const version = createHash('sha256').update('flightiq master key ').update(bytes).digest('hex').slice(0, 16)
  const kept = new Secret(bytes.toString('base64'))
  return { origin, version, bytes: () => Buffer.from(kept.reveal(), 'base64') }
}
