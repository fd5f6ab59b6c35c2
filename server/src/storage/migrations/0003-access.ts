import { type Kysely, sql } from 'kysely'

/** Sign-in, roles, API tokens, the protection of environments, and the audit log. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE tenants ADD COLUMN secret_set_by text`.execute(database)
  await sql`ALTER TABLE plans ADD COLUMN created_by text, ADD COLUMN created_by_name text`.execute(database)
  await sql`ALTER TABLE plans ADD COLUMN source_environment_id uuid, ADD COLUMN destination_environment_id uuid`.execute(
    database,
  )
  await sql`ALTER TABLE runs ADD COLUMN started_by text, ADD COLUMN started_by_name text`.execute(database)
  await sql`
    CREATE TABLE login_app (
      id uuid PRIMARY KEY,
      auth_base_url text NOT NULL,
      environment_id uuid,
      client_id text NOT NULL,
      redirect_uri text NOT NULL,
      scopes text NOT NULL,
      secret_set_at timestamptz NOT NULL,
      secret_set_by text,
      works_since timestamptz,
      updated_at timestamptz NOT NULL
    )`.execute(database)
  await sql`
    CREATE TABLE sign_ins (
      id uuid PRIMARY KEY,
      state_hash text NOT NULL UNIQUE,
      browser_hash text NOT NULL,
      nonce text NOT NULL,
      return_to text NOT NULL,
      created_at timestamptz NOT NULL,
      expires_at timestamptz NOT NULL
    )`.execute(database)
  await sql`
    CREATE TABLE people (
      id uuid PRIMARY KEY,
      issuer text NOT NULL,
      subject text NOT NULL,
      name text NOT NULL,
      email text,
      claims text NOT NULL,
      disabled boolean NOT NULL DEFAULT false,
      first_seen_at timestamptz NOT NULL,
      last_seen_at timestamptz NOT NULL,
      UNIQUE (issuer, subject)
    )`.execute(database)
  await sql`
    CREATE TABLE sessions (
      id uuid PRIMARY KEY,
      token_hash text NOT NULL UNIQUE,
      kind text NOT NULL,
      person_id uuid REFERENCES people (id) ON DELETE CASCADE,
      started_at timestamptz NOT NULL,
      last_seen_at timestamptz NOT NULL,
      expires_at timestamptz NOT NULL,
      ended_at timestamptz,
      address text NOT NULL,
      browser text NOT NULL
    )`.execute(database)
  await sql`CREATE INDEX sessions_of_person ON sessions (person_id)`.execute(database)
  await sql`
    CREATE TABLE local_administrator_tokens (
      id uuid PRIMARY KEY,
      token_hash text NOT NULL UNIQUE,
      created_at timestamptz NOT NULL,
      used_at timestamptz
    )`.execute(database)
  await sql`
    CREATE TABLE grants (
      id uuid PRIMARY KEY,
      role text NOT NULL,
      tenant_id uuid,
      environment_id uuid,
      person_id uuid REFERENCES people (id) ON DELETE CASCADE,
      claim text,
      claim_value text,
      created_at timestamptz NOT NULL,
      created_by text NOT NULL
    )`.execute(database)
  await sql`
    CREATE TABLE api_tokens (
      id uuid PRIMARY KEY,
      name text NOT NULL,
      token_hash text NOT NULL UNIQUE,
      roles text NOT NULL,
      person_id uuid REFERENCES people (id) ON DELETE CASCADE,
      created_by text NOT NULL,
      created_at timestamptz NOT NULL,
      expires_at timestamptz NOT NULL,
      last_used_at timestamptz,
      revoked_at timestamptz
    )`.execute(database)
  await sql`
    CREATE TABLE guards (
      tenant_id uuid NOT NULL,
      environment_id uuid NOT NULL,
      protection text NOT NULL,
      approvals integer NOT NULL,
      reason text,
      freezes text NOT NULL,
      set_at timestamptz NOT NULL,
      set_by text NOT NULL,
      PRIMARY KEY (tenant_id, environment_id)
    )`.execute(database)
  await sql`
    CREATE TABLE write_stop (
      id integer PRIMARY KEY CHECK (id = 1),
      reason text,
      set_at timestamptz NOT NULL,
      set_by text NOT NULL
    )`.execute(database)
  await sql`
    CREATE TABLE approvals (
      id uuid PRIMARY KEY,
      tenant_id uuid NOT NULL,
      plan_id uuid NOT NULL REFERENCES plans (id) ON DELETE CASCADE,
      plan_hash text NOT NULL,
      environment_id uuid NOT NULL,
      requested_by text NOT NULL,
      requested_by_name text NOT NULL,
      comment text,
      rules text NOT NULL,
      requested_at timestamptz NOT NULL,
      expires_at timestamptz NOT NULL,
      used_at timestamptz,
      run_id uuid
    )`.execute(database)
  await sql`CREATE INDEX approvals_of_tenant ON approvals (tenant_id, requested_at DESC)`.execute(database)
  await sql`CREATE INDEX approvals_of_plan ON approvals (tenant_id, plan_hash)`.execute(database)
  await sql`
    CREATE TABLE approval_decisions (
      approval_id uuid NOT NULL REFERENCES approvals (id) ON DELETE CASCADE,
      decided_by text NOT NULL,
      decided_by_name text NOT NULL,
      decision text NOT NULL,
      comment text,
      decided_at timestamptz NOT NULL,
      PRIMARY KEY (approval_id, decided_by)
    )`.execute(database)
  await sql`
    CREATE TABLE audit_entries (
      sequence bigint PRIMARY KEY,
      at timestamptz NOT NULL,
      event text NOT NULL,
      outcome text NOT NULL,
      actor_id text NOT NULL,
      actor_name text NOT NULL,
      tenant_id text,
      environment_id text,
      entry text NOT NULL,
      previous text NOT NULL,
      hash text NOT NULL
    )`.execute(database)
  await sql`CREATE INDEX audit_entries_of_tenant ON audit_entries (tenant_id, sequence DESC)`.execute(database)
  await sql`CREATE INDEX audit_entries_by_event ON audit_entries (event, sequence DESC)`.execute(database)
  // What is written stays: the application itself never changes an entry, and nobody does by accident.
  await sql`
    CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'The audit log is append-only.'; END $$`.execute(database)
  await sql`
    CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()`.execute(database)
  await sql`
    CREATE TABLE audit_head (
      id integer PRIMARY KEY CHECK (id = 1),
      sequence bigint NOT NULL,
      hash text NOT NULL,
      key_version text NOT NULL,
      signature text NOT NULL,
      updated_at timestamptz NOT NULL
    )`.execute(database)
}
