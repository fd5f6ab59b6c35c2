import type { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import type { ConstructorOptions } from 'pg-boss'
import { ProblemError } from '../problems/problem-error.ts'
import { openEmbedded } from './embedded.ts'
import { type FolderLock, lockFolder } from './folder-lock.ts'
import { migrations } from './migrations/index.ts'
import { openPostgres } from './postgres.ts'
import type { Tables } from './tables.ts'

export type Database = Kysely<Tables>

/** An open database: queries, and what the job queue needs to use the same one. */
export interface OpenDatabase {
  queries: Database
  jobs: ConstructorOptions
  close(): Promise<void>
}

export interface StorageSettings {
  /** Where the embedded database lives. Absent: in memory, gone when the process ends. */
  dataFolder?: string | undefined
  /** A PostgreSQL database instead of the embedded one. */
  databaseUrl?: string | undefined
}

/** Where records are kept. */
export interface Storage {
  readonly type: 'embedded' | 'postgresql'
  /** What is written outlives this process. */
  readonly persistent: boolean
  /** Several processes can have it open at the same time. */
  readonly shared: boolean
  /** The open database, migrated. An embedded one in memory is started with the first call: it costs two seconds. */
  database(): Promise<OpenDatabase>
  /** The queries of the open database. */
  queries(): Promise<Database>
  /** Tells other processes where this one can be reached, in case they find the data folder locked. */
  announce(url: string): Promise<void>
  close(): Promise<void>
}

/**
 * Opens the storage. A data folder or PostgreSQL database is opened at once, so that what is wrong with it shows early.
 * Throws a ProblemError: DATA_FOLDER_LOCKED when another process has the folder, DATABASE_UNAVAILABLE when it can't be
 * opened.
 */
export async function openStorage(settings: StorageSettings): Promise<Storage> {
  const { dataFolder, databaseUrl } = settings
  const lock = dataFolder && !databaseUrl ? await lockFolder(dataFolder) : undefined
  let opening: Promise<OpenDatabase> | undefined
  let closed = false
  const database = () => {
    if (closed) throw new ProblemError({ status: 503, code: 'CLOSING', detail: 'FlightIQ is shutting down.' })
    opening ??= open(dataFolder, databaseUrl)
    return opening
  }
  const storage: Storage = {
    type: databaseUrl ? 'postgresql' : 'embedded',
    persistent: Boolean(dataFolder || databaseUrl),
    shared: databaseUrl !== undefined,
    database,
    queries: async () => (await database()).queries,
    announce: async (url) => lock?.announce(url),
    close: async () => {
      closed = true
      await closeAll(opening, lock)
    },
  }
  if (dataFolder || databaseUrl) {
    try {
      await database()
    } catch (error) {
      await lock?.release()
      throw error
    }
  }
  return storage
}

async function closeAll(opening: Promise<OpenDatabase> | undefined, lock: FolderLock | undefined): Promise<void> {
  try {
    await (await opening)?.close()
  } finally {
    await lock?.release()
  }
}

async function open(dataFolder: string | undefined, databaseUrl: string | undefined): Promise<OpenDatabase> {
  let database: OpenDatabase | undefined
  try {
    database = databaseUrl ? openPostgres(databaseUrl) : await openEmbedded(dataFolder)
    await migrate(database.queries)
    return database
  } catch (error) {
    await database?.close()
    const said = error instanceof Error ? error.message : String(error)
    throw new ProblemError({
      status: 503,
      code: 'DATABASE_UNAVAILABLE',
      detail: databaseUrl
        ? `The PostgreSQL database can't be opened: ${withoutPassword(said, databaseUrl)}`
        : `The embedded database in ${dataFolder ?? 'memory'} can't be opened: ${said}`,
      nextStep: databaseUrl
        ? 'Check DATABASE_URL, and that the database runs and the user may create tables.'
        : 'Check that the folder is writable and the disk not full.',
    })
  }
}

async function migrate(queries: Database): Promise<void> {
  const migrator = new Migrator({ db: queries, provider: { getMigrations: async () => migrations } })
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined) throw error
}

function withoutPassword(text: string, databaseUrl: string): string {
  const password = URL.canParse(databaseUrl) ? new URL(databaseUrl).password : ''
  return password === '' ? text : text.replaceAll(decodeURIComponent(password), '******').replaceAll(password, '******')
}
