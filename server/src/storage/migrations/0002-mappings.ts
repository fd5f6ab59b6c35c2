import { type Kysely, sql } from 'kysely'

/** Which destination artifact a person said stands for a source artifact, for each pair of places. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE mappings (
      tenant_id uuid NOT NULL,
      source text NOT NULL,
      destination text NOT NULL,
      kind text NOT NULL,
      source_id text NOT NULL,
      destination_id text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (tenant_id, source, destination, kind, source_id)
    )`.execute(database)
}
