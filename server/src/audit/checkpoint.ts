import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { ProblemError } from '../problems/problem-error.ts'
import type { ChainEnd } from './chain.ts'

const checkpointSchema = z.object({ sequence: z.number().int().min(0), hash: z.string(), at: z.string() })
/** By database: one data folder may have been used with several. */
const fileSchema = z.record(z.string(), checkpointSchema)

/** A file outside of the database that says how far the log had come. */
export class CheckpointFile {
  readonly path: string
  readonly #database: string

  /** Takes its path, and which database the log is in. */
  constructor(path: string, database: string) {
    this.path = path
    this.#database = database
  }

  /** The checkpoint, or undefined where none was written yet. Throws a ProblemError AUDIT_CHECKPOINT_UNREADABLE. */
  async read(): Promise<ChainEnd | undefined> {
    const checkpoint = (await this.#all())[this.#database]
    return checkpoint && { sequence: checkpoint.sequence, hash: checkpoint.hash }
  }

  /** Replaces the checkpoint in one step: the file never is half written. Throws as the file system does. */
  async write({ sequence, hash }: ChainEnd): Promise<void> {
    const all = { ...(await this.#all()), [this.#database]: { sequence, hash, at: new Date().toISOString() } }
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 })
    const draft = `${this.path}.${randomBytes(6).toString('hex')}`
    try {
      const file = await open(draft, 'wx', 0o600)
      try {
        await file.writeFile(`${JSON.stringify(all, null, 2)}\n`)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(draft, this.path)
    } finally {
      await rm(draft, { force: true })
    }
  }

  async #all(): Promise<z.infer<typeof fileSchema>> {
    try {
      return fileSchema.parse(JSON.parse(await readFile(this.path, 'utf8')))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
      throw new ProblemError({
        status: 500,
        code: 'AUDIT_CHECKPOINT_UNREADABLE',
        detail: `The checkpoint of the audit log in ${this.path} can't be read, so that a cut-off end would not be found.`,
        nextStep: 'Find out who changed the file. Once that is settled, remove it: FlightIQ writes a new one.',
        cause: error,
      })
    }
  }
}
