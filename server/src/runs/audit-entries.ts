import type { KindName, Operation } from '@flightiq/core'
import { type NewAuditEntry, thisProcess } from '../audit/entry.ts'
import type { Problem } from '../contract/problem.ts'
import { fingerprintOf, type RunContext } from './context.ts'
import type { EndState, OperationResult, RunResult } from './journal.ts'
import type { RunRow } from './store.ts'

type RunFacts = Pick<
  RunRow,
  'id' | 'tenant_id' | 'plan_id' | 'destination_environment_id' | 'started_by' | 'started_by_name'
>

/** Whoever started the run, as its entries tell who acted; FlightIQ itself for runs that nobody is known of. */
export function actorOf(run: Pick<RunFacts, 'started_by' | 'started_by_name'>): NewAuditEntry['actor'] {
  const [, kind, id] = /^([^:]+):(.+)$/.exec(run.started_by ?? '') ?? []
  if (!kind || !id) return thisProcess
  return { kind: kind as NewAuditEntry['actor']['kind'], id, name: run.started_by_name ?? id, from: thisProcess.from }
}

/** The entry of an operation that was carried out, with hashes of what was there before and of what was written. */
export async function operationDone(
  run: RunFacts,
  operation: Operation,
  result: OperationResult,
  context: Pick<RunContext, 'backupOf'>,
): Promise<NewAuditEntry> {
  const afterHash = result.written
  return {
    ...(await entryOf(run, operation, context)),
    event: 'operation.done',
    outcome: 'done',
    subject: { kind: operation.kind, id: result.destinationId, name: operation.name },
    ...(afterHash === undefined ? {} : { afterHash }),
    details: { ...detailsOf(run, operation), ...(result.note === undefined ? {} : { note: result.note }) },
  }
}

/** The entry of an operation that failed, with PingOne's own code and correlation id where it was PingOne that refused. */
export async function operationFailed(
  run: RunFacts,
  operation: Operation,
  problem: Problem,
  context: Pick<RunContext, 'backupOf'>,
): Promise<NewAuditEntry> {
  const id = operation.destinationId
  return {
    ...(await entryOf(run, operation, context)),
    event: 'operation.failed',
    outcome: 'failed',
    subject: { kind: operation.kind, id: id ?? operation.sourceId, name: operation.name },
    details: { ...detailsOf(run, operation), ...problemDetails(problem) },
  }
}

/** The entry of a run's end, with its state and how many of its operations are done. */
export function runEnded(
  run: RunFacts,
  state: EndState,
  { problem, verification }: RunResult,
  counts: { operations: number; done: number } | undefined,
): NewAuditEntry {
  const verified = verification && {
    identical: verification.identical,
    different: verification.different.length,
  }
  return {
    ...ofRun(run),
    event: state === 'interrupted' ? 'run.interrupted' : 'run.ended',
    outcome: state === 'failed' ? 'failed' : 'done',
    subject: { kind: 'run', id: run.id },
    details: {
      state,
      planId: run.plan_id,
      ...counts,
      ...(verified ? { verified } : {}),
      ...(problem ? problemDetails(problem) : {}),
    },
  }
}

async function entryOf(run: RunFacts, { id, kind }: Operation, { backupOf }: Pick<RunContext, 'backupOf'>) {
  const backup = await backupOf(id)
  return { ...ofRun(run), ...(backup ? { beforeHash: fingerprintOf(kind as KindName, backup) } : {}) }
}

function ofRun(run: RunFacts) {
  return { actor: actorOf(run), tenantId: run.tenant_id, environmentId: run.destination_environment_id }
}

function detailsOf(run: RunFacts, { id, action }: Operation): Record<string, unknown> {
  return { runId: run.id, operation: id, action }
}

function problemDetails({ code, detail, pingone }: Problem): Record<string, unknown> {
  return {
    code,
    problem: detail,
    ...(pingone ? { pingone: { status: pingone.status, code: pingone.code, id: pingone.id } } : {}),
  }
}
