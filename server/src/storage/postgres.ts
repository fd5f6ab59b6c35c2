import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { OpenDatabase } from './database.ts'
import type { Tables } from './tables.ts'

/** Opens a pool of connections to PostgreSQL. Connects with the first query. */
export function openPostgres(databaseUrl: string): OpenDatabase {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 10,
    connectionTimeoutMillis: 10_000,
    application_name: 'flightiq',
  })
  // An idle connection that breaks is dropped from the pool; without a listener it would end the process.
  pool.on('error', () => {})
  const queries = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  return {
    queries,
    jobs: { connectionString: databaseUrl, max: 3, useListenNotify: true },
    close: () => queries.destroy(),
  }
}
