import { type Kysely, sql } from 'kysely'

/** Which master key is in use: what processes agree on while it is rotated. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE master_key (
      id integer PRIMARY KEY CHECK (id = 1),
      version text NOT NULL,
      since timestamptz NOT NULL
    )`.execute(database)
}
