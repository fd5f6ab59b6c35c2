import { hostname } from 'node:os'
import { type Caller, ownerOfMachine } from '../authorization/caller.ts'
import type { AuditEntry } from '../contract/audit.ts'

/** What is told to the audit log: the log itself adds when, its place in the chain, and the hashes of the chain. */
export interface NewAuditEntry extends Omit<AuditEntry, 'sequence' | 'at' | 'previous' | 'hash' | 'actor' | 'from'> {
  actor: Pick<Caller, 'kind' | 'id' | 'name' | 'from'>
}

/** What a handler adds to the entry that its route leaves. Never a secret. */
export type AuditFacts = Partial<
  Pick<NewAuditEntry, 'tenantId' | 'environmentId' | 'subject' | 'planHash' | 'beforeHash' | 'afterHash' | 'details'>
>

/** Where entries go. */
export interface AuditLog {
  /**
   * Adds an entry. Throws a ProblemError AUDIT_UNAVAILABLE when it can't be written: what can't be audited is not told
   * as done.
   */
  record(entry: NewAuditEntry): Promise<void>
}

/** FlightIQ itself, in this process. */
export const thisProcess: NewAuditEntry['actor'] = ownerOfMachine('server', 'FlightIQ', `${hostname()} ${process.pid}`)
