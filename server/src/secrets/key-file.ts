import { randomBytes } from 'node:crypto'
import { open, readFile, realpath, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ProblemError } from '../problems/problem-error.ts'

/** Reads the master keys in a file, one on a line, the newest first. Throws a ProblemError MASTER_KEY_UNREADABLE. */
export async function readKeyFile(path: string): Promise<string[]> {
  try {
    const lines = (await readFile(path, 'utf8')).split('\n').map((line) => line.trim())
    return lines.filter((line) => line !== '')
  } catch (error) {
    throw new ProblemError({
      status: 500,
      code: 'MASTER_KEY_UNREADABLE',
      detail: `The master key file ${path} can't be used: ${(error as Error).message}`,
      nextStep: 'Check the path and that this user may read it.',
      cause: error,
    })
  }
}

/**
 * Replaces a key file in one step: whatever happens, it holds either what it held or all that is new, on the disk.
 * Throws a ProblemError MASTER_KEY_UNWRITABLE.
 */
export async function writeKeyFile(path: string, keys: readonly string[]): Promise<void> {
  let draft: string | undefined
  try {
    // Where the path is a link, the file that it leads to is replaced, not the link.
    const target = await realpath(path)
    draft = `${target}.${randomBytes(6).toString('hex')}`
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(`${keys.join('\n')}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, target)
    await syncFolder(dirname(target))
  } catch (error) {
    if (draft) await rm(draft, { force: true })
    throw new ProblemError({
      status: 409,
      code: 'MASTER_KEY_UNWRITABLE',
      detail: `The master key file ${path} can't be written: ${(error as Error).message}`,
      nextStep:
        'Let this user write it; or put a new key above the present one by hand, and restart every FlightIQ that uses it.',
      cause: error,
    })
  }
}

/** The new name is on the disk only when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
