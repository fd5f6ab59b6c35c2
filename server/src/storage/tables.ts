import type { ColumnType, Generated } from 'kysely'

/** A point in time: read as a Date, written as one or as an ISO 8601 text. */
type Time = ColumnType<Date, Date | string, Date | string>
type OptionalTime = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>

/** JSON kept as text: content may hold what PostgreSQL's jsonb refuses (U+0000) or rewrites (numbers). */
type JsonText = string

export interface TenantsTable {
  id: string
  name: string
  environment_id: string
  client_id: string
  region: string | null
  hosts: JsonText | null
  auth_method: string | null
  secret_set_at: Time
  created_at: Time
  updated_at: Time
}

export interface SecretsTable {
  record_id: string
  kind: string
  /** Which master key wrapped the data key. */
  key_version: string
  wrapped_key: string
  sealed: string
}

export interface PlansTable {
  id: string
  tenant_id: string
  created_at: Time
  hash: string
  source: string
  destination: string
  operations: number
  blockers: number
  plan: JsonText
}

export interface RunsTable {
  id: string
  tenant_id: string
  plan_id: string
  state: string
  source: string
  destination: string
  destination_environment_id: string
  created_at: Time
  started_at: OptionalTime
  ended_at: OptionalTime
  problem: JsonText | null
  verification: JsonText | null
  /** Ids of the destination, by kind, as they were before anything was sent. */
  known: JsonText | null
  cancel_requested: Generated<boolean>
  /** The process that carries it out now. */
  lease_owner: string | null
  /** Grows with every owner: what an earlier owner still wants to write is refused. */
  lease_token: Generated<number>
  lease_until: OptionalTime
  /** Grows with every change: watchers look for it. */
  revision: Generated<number>
}

export interface RunOperationsTable {
  run_id: string
  position: number
  operation_id: string
  action: string
  kind: string
  name: string
  source_id: string
  state: string
  destination_id: string | null
  started_at: OptionalTime
  ended_at: OptionalTime
  problem: JsonText | null
  note: string | null
  /** It was sent at least once, so its outcome must be found out before it is sent again. */
  attempted: Generated<boolean>
  /** What it replaced, as it was before. */
  backup: JsonText | null
  /** Fingerprint of what PingOne answered to the write. */
  written: string | null
}

export interface MappingsTable {
  tenant_id: string
  /** The place's environment id, or how it is written. */
  source: string
  destination: string
  kind: string
  source_id: string
  destination_id: string
  created_at: Generated<Date>
}

/** The tables, for Kysely. */
export interface Tables {
  tenants: TenantsTable
  secrets: SecretsTable
  plans: PlansTable
  runs: RunsTable
  run_operations: RunOperationsTable
  mappings: MappingsTable
}
