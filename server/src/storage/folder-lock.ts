import { readFileSync } from 'node:fs'
import { mkdir, open, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { ProblemError } from '../problems/problem-error.ts'

const holderSchema = z.looseObject({
  pid: z.number().int(),
  host: z.string(),
  /** When the process began, as the system counts it: process ids are given out again. */
  began: z.string().optional(),
  since: z.string(),
  url: z.string().optional(),
})
type Holder = z.infer<typeof holderSchema>

/** How often a holder says that it is still there, and after which silence another machine's holder is taken for gone. */
const beat = 5_000
const silence = 30_000

/** A data folder that belongs to this process. */
export interface FolderLock {
  announce(url: string): Promise<void>
  release(): Promise<void>
}

/** Takes a data folder for this process alone. Throws a ProblemError DATA_FOLDER_LOCKED that names the holder. */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = join(resolve(folder), 'lock.json')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const own: Holder = { pid: process.pid, host: hostname(), since: new Date().toISOString(), ...began(process.pid) }
  for (let attempt = 1; !(await createLock(path, own)); attempt += 1) {
    const holder = await readHolder(path)
    const held = holder !== undefined && (await isAlive(holder, path))
    if (held || attempt > 5) throw locked(folder, holder)
    await rm(path, { force: true })
  }
  const timer = setInterval(() => {
    const now = new Date()
    // A beat that fails shows at the next write to the same folder; it must not end the process.
    utimes(path, now, now).catch(() => {})
  }, beat)
  timer.unref()
  return {
    announce: (url) => writeFile(path, JSON.stringify({ ...own, url }), { mode: 0o600 }),
    release: async () => {
      clearInterval(timer)
      await rm(path, { force: true })
    },
  }
}

async function createLock(path: string, own: Holder): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600)
    await file.writeFile(JSON.stringify(own))
    await file.close()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw new ProblemError({
      status: 503,
      code: 'DATA_FOLDER_UNUSABLE',
      detail: `The data folder can't be written: ${(error as Error).message}`,
      nextStep: 'Choose a folder that this user may write to.',
      cause: error,
    })
  }
}

/** The holder that a lock names; undefined where the file is gone, or was cut off by a crash. */
async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return holderSchema.safeParse(JSON.parse(await readFile(path, 'utf8'))).data
  } catch {
    const age = await ageOf(path)
    // Just made and not filled yet: somebody else is taking it this very moment.
    return age !== undefined && age < 1000 ? { pid: 0, host: '', since: new Date().toISOString() } : undefined
  }
}

async function isAlive(holder: Holder, path: string): Promise<boolean> {
  if (holder.pid === 0) return true
  if (holder.host !== hostname()) return ((await ageOf(path)) ?? silence) < silence
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  const now = began(holder.pid).began
  return now === undefined || holder.began === undefined || now === holder.began
}

async function ageOf(path: string): Promise<number | undefined> {
  try {
    return Date.now() - (await stat(path)).mtimeMs
  } catch {
    return undefined // gone meanwhile
  }
}

/** When a process began, where the system tells it (Linux: field 22 of /proc/<pid>/stat). */
function began(pid: number): { began?: string } {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return fields[19] === undefined ? {} : { began: fields[19] }
  } catch {
    return {} // no /proc here: the process id alone must do
  }
}

function locked(folder: string, holder: Holder | undefined): ProblemError {
  const who =
    holder === undefined || holder.pid === 0
      ? 'another process'
      : `process ${holder.pid} on ${holder.host} (since ${holder.since}${holder.url ? `, serving ${holder.url}` : ''})`
  return new ProblemError({
    status: 409,
    code: 'DATA_FOLDER_LOCKED',
    detail: `The data folder ${folder} is in use by ${who}.`,
    nextStep: holder?.url
      ? `Talk to the running FlightIQ with --server ${holder.url}, or stop it first.`
      : 'Talk to the running FlightIQ with --server URL, wait until it has ended, or choose another --data folder.',
  })
}
