import { type Kysely, sql } from 'kysely'

/** Tenants with their secrets, plans, and runs with their journal. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE tenants (
      id uuid PRIMARY KEY,
      name text NOT NULL,
      environment_id uuid NOT NULL,
      client_id uuid NOT NULL,
      region text,
      hosts text,
      auth_method text,
      secret_set_at timestamptz NOT NULL,
      created_at timestamptz NOT NULL,
      updated_at timestamptz NOT NULL
    )`.execute(database)
  await sql`CREATE UNIQUE INDEX tenants_name ON tenants (lower(name))`.execute(database)
  await sql`
    CREATE TABLE secrets (
      record_id uuid NOT NULL,
      kind text NOT NULL,
      key_version text NOT NULL,
      wrapped_key text NOT NULL,
      sealed text NOT NULL,
      PRIMARY KEY (record_id, kind)
    )`.execute(database)
  await sql`
    CREATE TABLE plans (
      id uuid PRIMARY KEY,
      tenant_id uuid NOT NULL,
      created_at timestamptz NOT NULL,
      hash text NOT NULL,
      source text NOT NULL,
      destination text NOT NULL,
      operations integer NOT NULL,
      blockers integer NOT NULL,
      plan text NOT NULL
    )`.execute(database)
  await sql`CREATE INDEX plans_of_tenant ON plans (tenant_id, created_at DESC)`.execute(database)
  await sql`
    CREATE TABLE runs (
      id uuid PRIMARY KEY,
      tenant_id uuid NOT NULL,
      plan_id uuid NOT NULL REFERENCES plans (id) ON DELETE CASCADE,
      state text NOT NULL,
      source text NOT NULL,
      destination text NOT NULL,
      destination_environment_id uuid NOT NULL,
      created_at timestamptz NOT NULL,
      started_at timestamptz,
      ended_at timestamptz,
      problem text,
      verification text,
      known text,
      cancel_requested boolean NOT NULL DEFAULT false,
      lease_owner text,
      lease_token integer NOT NULL DEFAULT 0,
      lease_until timestamptz,
      revision integer NOT NULL DEFAULT 0
    )`.execute(database)
  await sql`CREATE INDEX runs_of_tenant ON runs (tenant_id, created_at DESC)`.execute(database)
  await sql`CREATE INDEX runs_of_plan ON runs (plan_id)`.execute(database)
  // One writer per destination environment, kept by the database itself.
  await sql`
    CREATE UNIQUE INDEX runs_one_writer ON runs (destination_environment_id)
    WHERE state IN ('queued', 'running', 'interrupted')`.execute(database)
  await sql`
    CREATE TABLE run_operations (
      run_id uuid NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      position integer NOT NULL,
      operation_id text NOT NULL,
      action text NOT NULL,
      kind text NOT NULL,
      name text NOT NULL,
      source_id text NOT NULL,
      state text NOT NULL,
      destination_id text,
      started_at timestamptz,
      ended_at timestamptz,
      problem text,
      note text,
      attempted boolean NOT NULL DEFAULT false,
      backup text,
      written text,
      PRIMARY KEY (run_id, operation_id)
    )`.execute(database)
}
