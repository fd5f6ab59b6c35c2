import { createHash, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ProblemError } from '../problems/problem-error.ts'
import { readKeyFile, writeKeyFile } from './key-file.ts'

/** A key that wraps data keys. The runtime holds its bytes outside of what can be printed or inspected. */
export interface WrappingKey {
  /** Names the key without telling it. */
  version: string
  key: KeyObject
}

export interface MasterKeySettings {
  /** 32 bytes as Base64 (FLIGHTIQ_MASTER_KEY). */
  masterKey?: string | undefined
  /** The one before, while secrets are still sealed with it (FLIGHTIQ_MASTER_KEY_PREVIOUS). */
  masterKeyPrevious?: string | undefined
  /** A file with keys, one on a line, the newest first (FLIGHTIQ_MASTER_KEY_FILE). */
  masterKeyFile?: string | undefined
  dataFolder?: string | undefined
}

/**
 * The master key, which wraps all data keys and comes from outside the database: a ring of the newest key and of those
 * that may still open what was sealed before.
 */
export class MasterKey {
  /** configured: given by the operator; trial: made by FlightIQ beside the data. */
  readonly origin: 'configured' | 'trial'
  /** The file that it is in: only then can FlightIQ change it. */
  readonly file: string | undefined
  /** Where a trial key was written, when this start made it. */
  readonly madeAt: string | undefined
  /** Where a trial key lies that may have been in use before a configured one. It opens nothing by itself. */
  readonly trialFile: string | undefined
  #own: readonly WrappingKey[]
  readonly #previous: readonly WrappingKey[]

  constructor(options: {
    origin: MasterKey['origin']
    own: readonly WrappingKey[]
    previous?: readonly WrappingKey[]
    file?: string
    madeAt?: string
    trialFile?: string | undefined
  }) {
    this.origin = options.origin
    this.file = options.file
    this.madeAt = options.madeAt
    this.trialFile = options.trialFile
    this.#own = options.own
    this.#previous = options.previous ?? []
  }

  /** The newest key. */
  get newest(): WrappingKey {
    const [newest] = this.#own
    if (newest) return newest
    throw new Error('A master key without a key.')
  }

  /** The keys of the ring, the newest first. */
  get keys(): readonly WrappingKey[] {
    return [...this.#own, ...this.#previous]
  }

  /** The key of a version, or undefined when it isn't in the ring. */
  find(version: string): WrappingKey | undefined {
    return this.keys.find((key) => key.version === version)
  }

  /** Reads the key file again: another process may have put a new key into it. Throws as `loadMasterKey` does. */
  async reload(): Promise<void> {
    if (this.file !== undefined) this.#own = parseKeys(await readKeyFile(this.file), this.file)
  }

  /** Makes a new newest key, in its file too. Throws a ProblemError MASTER_KEY_NOT_IN_FILE or MASTER_KEY_UNWRITABLE. */
  async renew(): Promise<WrappingKey> {
    if (this.origin === 'configured' && this.file === undefined) throw notInFile()
    const made = wrappingKey(randomBytes(32))
    const keys = [made, ...this.#own]
    if (this.file !== undefined) await writeKeyFile(this.file, keys.map(textOf))
    this.#own = keys
    return made
  }

  /** Drops all keys but the newest, from its file too. Throws a ProblemError MASTER_KEY_UNWRITABLE. */
  async dropOlder(): Promise<void> {
    if (this.#own.length === 1) return
    if (this.file !== undefined) await writeKeyFile(this.file, [textOf(this.newest)])
    this.#own = [this.newest]
  }
}

/**
 * The master key: as configured; else the trial key beside the data, made when there is none yet; else, with nothing
 * kept on disk, one for the life of this process. Throws a ProblemError MASTER_KEY_INVALID or MASTER_KEY_UNREADABLE.
 */
export async function loadMasterKey(settings: MasterKeySettings): Promise<MasterKey> {
  const { masterKey, masterKeyPrevious, masterKeyFile, dataFolder } = settings
  const previous = masterKeyPrevious === undefined ? [] : parseKeys([masterKeyPrevious], 'FLIGHTIQ_MASTER_KEY_PREVIOUS')
  const trialPath = dataFolder === undefined ? undefined : join(dataFolder, 'trial-master-key')
  const trialFile = trialPath !== undefined && existsSync(trialPath) ? trialPath : undefined
  if (masterKey !== undefined) {
    const own = parseKeys([masterKey], 'FLIGHTIQ_MASTER_KEY')
    return new MasterKey({ origin: 'configured', own, previous, trialFile })
  }
  if (masterKeyFile !== undefined) {
    const own = parseKeys(await readKeyFile(masterKeyFile), masterKeyFile)
    return new MasterKey({ origin: 'configured', own, previous, file: masterKeyFile, trialFile })
  }
  if (trialPath === undefined) {
    return new MasterKey({ origin: 'trial', own: [wrappingKey(randomBytes(32))], previous })
  }
  const made = wrappingKey(randomBytes(32))
  try {
    await writeFile(trialPath, `${textOf(made)}\n`, { mode: 0o600, flag: 'wx' })
    return new MasterKey({ origin: 'trial', own: [made], previous, file: trialPath, madeAt: trialPath })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw new ProblemError({
        status: 500,
        code: 'MASTER_KEY_UNREADABLE',
        detail: `The trial key ${trialPath} can't be made: ${(error as Error).message}`,
        nextStep: 'Check that this user may write to the data folder.',
        cause: error,
      })
    }
    return new MasterKey({
      origin: 'trial',
      own: parseKeys(await readKeyFile(trialPath), trialPath),
      previous,
      file: trialPath,
    })
  }
}

function parseKeys(texts: readonly string[], from: string): WrappingKey[] {
  const keys = texts.map((text) => Buffer.from(text.trim(), 'base64'))
  if (keys.length > 0 && keys.every((bytes) => bytes.length === 32)) return keys.map(wrappingKey)
  throw new ProblemError({
    status: 500,
    code: 'MASTER_KEY_INVALID',
    detail: `The master key in ${from} is not 32 bytes in Base64.`,
    nextStep: 'Make one with: openssl rand -base64 32',
  })
}

function wrappingKey(bytes: Buffer): WrappingKey {
  const version = createHash('sha256').update('flightiq master key ').update(bytes).digest('hex').slice(0, 16)
  const key = createSecretKey(bytes)
  bytes.fill(0)
  return { version, key }
}

function textOf({ key }: WrappingKey): string {
  return key.export().toString('base64')
}

function notInFile(): ProblemError {
  return new ProblemError({
    status: 409,
    code: 'MASTER_KEY_NOT_IN_FILE',
    detail: 'The master key comes from FLIGHTIQ_MASTER_KEY, which FlightIQ cannot change.',
    nextStep:
      'Restart with a new FLIGHTIQ_MASTER_KEY and the present one as FLIGHTIQ_MASTER_KEY_PREVIOUS; the start says when the latter can be removed.',
  })
}
