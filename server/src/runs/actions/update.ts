import { type Artifact, fingerprint, kindOf, type Operation } from '@flightiq/core'
import { NotFoundError } from '@flightiq/places'
import { contentFor, destinationIdFor, fingerprintOf, isWritten, type RunContext } from '../context.ts'
import { destinationChanged, destinationGone } from '../destination-changed.ts'
import type { OperationResult } from '../journal.ts'
import { writtenBefore } from './written-before.ts'

/** Replaces an artifact's content, when it still is what the plan saw. What it replaces is kept. */
export async function update(operation: Operation, context: RunContext): Promise<OperationResult> {
  const { kind, id } = operation
  const destinationId = destinationIdFor(operation, context.mapping)
  const content = contentFor(operation, context.mapping)
  const current = await readCurrent(operation, destinationId, context)
  if (context.entries.get(id)?.attempted) {
    if (isWritten(kind, content, current.content)) {
      const written = fingerprintOf(kind, current.content)
      return { destinationId, written, note: 'Was already written before the interruption: found by looking.' }
    }
    const backup = await context.backupOf(id)
    const unchanged = backup !== undefined && fingerprintOf(kind, backup) === fingerprintOf(kind, current.content)
    if (!unchanged) throw destinationChanged(operation, current, content)
  } else if (!isAsPlanned(operation, current, context)) {
    throw destinationChanged(operation, current, content)
  }
  await context.journal.sending(id, kindOf(kind).redact(current.content))
  const replaced = await context.place.replace(kind, destinationId, content, context.calls)
  return { destinationId, ...(replaced.partial ? {} : { written: fingerprintOf(kind, replaced.content) }) }
}

/** Reads what an operation is about. Throws DESTINATION_CHANGED when it is gone. */
export async function readCurrent(
  operation: Operation,
  destinationId: string,
  { place, calls }: RunContext,
): Promise<Artifact> {
  try {
    return await place.get(operation.kind, destinationId, calls)
  } catch (error) {
    if (error instanceof NotFoundError) throw destinationGone(operation)
    throw error
  }
}

function isAsPlanned(operation: Operation, current: Artifact, context: RunContext): boolean {
  const planned = operation.replaces?.fingerprint
  if (planned !== undefined) return fingerprint(operation.kind, current.content) === planned
  // What this run has just made itself is looked at only after a pause in which others could reach it.
  const own = context.resumed ? writtenBefore(operation, context) : undefined
  return own === undefined || own === fingerprintOf(operation.kind, current.content)
}
