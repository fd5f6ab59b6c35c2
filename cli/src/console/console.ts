import type { KindName, Plan, ReadProgress } from '@flightiq/core'
import type {
  AccessAdvice,
  AccessMatrix,
  AuditEntry,
  AuditFilter,
  AuditVerification,
  accessJobSchema,
  artifactSchema,
  ComparisonReport,
  environmentSchema,
  MasterKeyStatus,
  NewTenant,
  PlanRecord,
  PlanRequest,
  pairComparisonSchema,
  Run,
  RunEvent,
  Tenant,
  TenantTest,
} from '@flightiq/server'
import type { z } from 'zod'

export type Environment = z.infer<typeof environmentSchema>
export type ShownArtifact = z.infer<typeof artifactSchema>
export type PairComparison = z.infer<typeof pairComparisonSchema>

/** How a call is watched and broken off. */
export interface CallOptions {
  signal?: AbortSignal
  onProgress?: (progress: ReadProgress) => void
}

/** What the commands need of FlightIQ, whether it runs inside this process or somewhere else. */
export interface Console {
  /** Whether secrets that it keeps are protected by nothing more than a key beside the data. */
  readonly trialKey: boolean
  tenants(): Promise<Tenant[]>
  addTenant(tenant: NewTenant): Promise<Tenant>
  testTenant(tenantId: string): Promise<TenantTest>
  removeTenant(tenantId: string): Promise<void>
  environments(tenantId: string, options?: CallOptions): Promise<Environment[]>
  listArtifacts(tenantId: string, kind: KindName, place: string, options?: CallOptions): Promise<ShownArtifact[]>
  getArtifact(
    tenantId: string,
    kind: KindName,
    id: string,
    place: string,
    options?: CallOptions,
  ): Promise<ShownArtifact>
  compare(tenantId: string, request: CompareRequest, options?: CallOptions): Promise<ComparisonReport>
  comparePair(tenantId: string, kind: KindName, request: PairRequest, options?: CallOptions): Promise<PairComparison>
  createPlan(tenantId: string, request: PlanRequest, options?: CallOptions): Promise<PlanRecord>
  importPlan(tenantId: string, plan: Plan): Promise<PlanRecord>
  startRun(tenantId: string, planId: string): Promise<Run>
  resumeRun(tenantId: string, runId: string): Promise<Run>
  cancelRun(tenantId: string, runId: string): Promise<Run>
  listRuns(tenantId: string): Promise<Run[]>
  getRun(tenantId: string, runId: string): Promise<Run>
  /** What the worker app may do in PingOne. */
  access(tenantId: string, request: AccessRequest, options?: CallOptions): Promise<AccessMatrix>
  accessJobs(): Promise<AccessJob[]>
  accessAdvice(tenantId: string, request: AccessAdviceRequest): Promise<AccessAdvice>
  masterKey(): Promise<MasterKeyStatus>
  rotateMasterKey(): Promise<MasterKeyStatus>
  /** Entries of the audit log, newest first. */
  auditEntries(filter: AuditFilter, limit: number): Promise<{ entries: AuditEntry[]; more: boolean }>
  /** The audit log as a file, oldest first, in pieces. */
  exportAudit(filter: AuditFilter, format: 'jsonl' | 'csv'): Promise<AsyncIterable<string>>
  verifyAudit(): Promise<AuditVerification>
  watchRun(tenantId: string, runId: string): AsyncIterable<RunEvent>
  close(): Promise<void>
}

export type AccessJob = z.infer<typeof accessJobSchema>

export interface AccessRequest {
  /** Ids; absent: all. */
  environments?: string[]
  probe: 'none' | 'reads' | 'all'
}

export interface AccessAdviceRequest {
  jobs: string[]
  /** Ids of environments. */
  sources: string[]
  destinations: string[]
}

export interface CompareRequest {
  from: string
  to: string
  kinds?: KindName[]
}

export interface PairRequest {
  from: string
  to: string
  source?: string
  destination?: string
}
