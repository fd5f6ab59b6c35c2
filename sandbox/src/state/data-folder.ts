import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EnvironmentState, StoredEnvironment } from './environment-state.ts'
import type { SandboxState, StoredSandbox } from './sandbox-state.ts'

/** A data folder that can't be used: it holds something else, or a file is damaged. */
export class DataFolderError extends Error {
  override name = 'DataFolderError'
  readonly code = 'DATA_FOLDER'
}

/** What a data folder holds, or undefined when it is new. Throws a DataFolderError when a file can't be understood. */
export function readDataFolder(
  folder: string,
): { sandbox: StoredSandbox; environments: StoredEnvironment[] } | undefined {
  mkdirSync(join(folder, 'environments'), { recursive: true, mode: 0o700 })
  const sandbox = readJson<StoredSandbox>(join(folder, 'sandbox.json'))
  if (!sandbox) return undefined
  const environments = readdirSync(join(folder, 'environments'))
    .filter((name) => name.endsWith('.json'))
    .map((name) => readJson<StoredEnvironment>(join(folder, 'environments', name)))
    .filter((stored) => stored !== undefined)
    .sort((left, right) => left.head.position - right.head.position)
  return { sandbox, environments }
}

function readJson<T>(path: string): T | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new DataFolderError(`${path} can't be read. Check its permissions.`, { cause: error })
  }
  try {
    return JSON.parse(text) as T
  } catch (error) {
    throw new DataFolderError(`${path} is not valid JSON. Remove the data folder to start anew.`, { cause: error })
  }
}

/** The shortest and the longest time between a change and its being written. */
const soonest = 100
const latest = 10_000

/** Keeps a data folder in step with the state: each changed file is written anew beside the old one and then renamed. */
export class DataFolder {
  readonly #folder: string
  readonly #state: SandboxState
  readonly #dirty = new Set<EnvironmentState | undefined>()
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()
  /** Grows with the time a write takes, so that large environments are not written most of the time. */
  #delay = soonest
  /** What went wrong with the last write, if anything did; reported by the status route and by close(). */
  failure: unknown

  constructor(folder: string, state: SandboxState) {
    this.#folder = folder
    this.#state = state
    state.onChange = (environment) => this.#mark(environment)
    this.#writeAllNow()
  }

  /** Waits until everything is written. Throws what a write failed with. */
  async close(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    await this.#write()
    this.#state.onChange = () => {}
    if (this.failure) throw this.failure
  }

  #mark(environment: EnvironmentState | undefined): void {
    this.#dirty.add(environment)
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      void this.#write()
    }, this.#delay)
  }

  #write(): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      const changed = [...this.#dirty]
      this.#dirty.clear()
      const started = performance.now()
      for (const environment of changed) {
        const { path, text } = this.#file(environment)
        try {
          if (environment && !this.#state.environments.has(environment.id)) {
            await rm(path, { force: true })
            continue
          }
          await writeFile(`${path}.new`, text, { mode: 0o600 })
          await rename(`${path}.new`, path)
          this.failure = undefined
        } catch (error) {
          this.failure = error
          this.#dirty.add(environment)
        }
      }
      this.#delay = Math.min(latest, Math.max(soonest, 5 * (performance.now() - started)))
    })
    return this.#writing
  }

  #writeAllNow(): void {
    for (const environment of [undefined, ...this.#state.environments.values()]) {
      const { path, text } = this.#file(environment)
      writeFileSync(`${path}.new`, text, { mode: 0o600 })
      renameSync(`${path}.new`, path)
    }
  }

  #file(environment: EnvironmentState | undefined): { path: string; text: string } {
    if (!environment) {
      return { path: join(this.#folder, 'sandbox.json'), text: JSON.stringify(this.#state.toStored(), null, 2) }
    }
    const path = join(this.#folder, 'environments', `${environment.id}.json`)
    return { path, text: JSON.stringify(environment.toStored()) }
  }
}
