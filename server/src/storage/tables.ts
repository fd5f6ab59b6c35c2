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
  secret_set_by: string | null
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

export interface MasterKeyTable {
  id: Generated<number>
  /** The version in use: secrets are sealed with this key. */
  version: string
  since: Time
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
  /** Who made it: see `humanBehind`. */
  created_by: string | null
  created_by_name: string | null
  source_environment_id: string | null
  destination_environment_id: string | null
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
  started_by: string | null
  started_by_name: string | null
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

export interface LoginAppTable {
  id: string
  auth_base_url: string
  environment_id: string | null
  client_id: string
  redirect_uri: string
  scopes: string
  secret_set_at: Time
  secret_set_by: string | null
  works_since: OptionalTime
  updated_at: Time
}

export interface SignInsTable {
  id: string
  state_hash: string
  browser_hash: string
  nonce: string
  return_to: string
  created_at: Time
  expires_at: Time
}

export interface PeopleTable {
  id: string
  issuer: string
  subject: string
  name: string
  email: string | null
  claims: JsonText
  disabled: Generated<boolean>
  first_seen_at: Time
  last_seen_at: Time
}

export interface SessionsTable {
  id: string
  token_hash: string
  kind: string
  person_id: string | null
  started_at: Time
  last_seen_at: Time
  expires_at: Time
  ended_at: OptionalTime
  address: string
  browser: string
}

export interface LocalAdministratorTokensTable {
  id: string
  token_hash: string
  created_at: Time
  used_at: OptionalTime
}

export interface GrantsTable {
  id: string
  role: string
  tenant_id: string | null
  environment_id: string | null
  person_id: string | null
  claim: string | null
  claim_value: string | null
  created_at: Time
  created_by: string
}

export interface ApiTokensTable {
  id: string
  name: string
  token_hash: string
  roles: JsonText
  person_id: string | null
  created_by: string
  created_at: Time
  expires_at: Time
  last_used_at: OptionalTime
  revoked_at: OptionalTime
}

export interface GuardsTable {
  tenant_id: string
  environment_id: string
  protection: string
  approvals: number
  reason: string | null
  freezes: JsonText
  set_at: Time
  set_by: string
}

export interface WriteStopTable {
  id: number
  reason: string | null
  set_at: Time
  set_by: string
}

export interface ApprovalsTable {
  id: string
  tenant_id: string
  plan_id: string
  plan_hash: string
  environment_id: string
  requested_by: string
  requested_by_name: string
  comment: string | null
  /** What it was asked under, as hashes: the environment's guards and the worker app. Others make it void. */
  rules: JsonText
  requested_at: Time
  expires_at: Time
  used_at: OptionalTime
  /** The run that started on it. */
  run_id: string | null
}

export interface ApprovalDecisionsTable {
  approval_id: string
  decided_by: string
  decided_by_name: string
  decision: string
  comment: string | null
  decided_at: Time
}

export interface AuditEntriesTable {
  sequence: ColumnType<string, number | string, never>
  at: Time
  event: string
  outcome: string
  actor_id: string
  actor_name: string
  tenant_id: string | null
  environment_id: string | null
  /** The whole entry but for its hash, as the JSON text that was hashed. */
  entry: JsonText
  previous: string
  hash: string
}

export interface AuditHeadTable {
  id: number
  sequence: ColumnType<string, number | string, number | string>
  hash: string
  key_version: string
  signature: string
  updated_at: Time
}

/** The tables, for Kysely. */
export interface Tables {
  login_app: LoginAppTable
  sign_ins: SignInsTable
  people: PeopleTable
  sessions: SessionsTable
  local_administrator_tokens: LocalAdministratorTokensTable
  grants: GrantsTable
  api_tokens: ApiTokensTable
  guards: GuardsTable
  write_stop: WriteStopTable
  approvals: ApprovalsTable
  approval_decisions: ApprovalDecisionsTable
  audit_entries: AuditEntriesTable
  audit_head: AuditHeadTable
  tenants: TenantsTable
  secrets: SecretsTable
  master_key: MasterKeyTable
  plans: PlansTable
  runs: RunsTable
  run_operations: RunOperationsTable
  mappings: MappingsTable
}
