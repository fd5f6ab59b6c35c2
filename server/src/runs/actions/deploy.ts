import { kindOf, type Operation } from '@flightiq/core'
import { destinationIdFor, fingerprintOf, type RunContext } from '../context.ts'
import { destinationChanged } from '../destination-changed.ts'
import type { OperationResult } from '../journal.ts'
import { readCurrent } from './update.ts'
import { writtenBefore } from './written-before.ts'

/** Makes the current version the one that runs. */
export async function deploy(operation: Operation, context: RunContext): Promise<OperationResult> {
  const { kind, id } = operation
  const destinationId = destinationIdFor(operation, context.mapping)
  if (context.resumed) {
    const current = await readCurrent(operation, destinationId, context)
    const own = writtenBefore(operation, context)
    // After a pause the current version may be somebody else's: that isn't ours to bring to people.
    if (own !== undefined && own !== fingerprintOf(kind, current.content)) {
      throw destinationChanged(operation, current, undefined)
    }
    const state = kindOf(kind).deployment?.(current.content)
    const runs = state?.publishedVersion !== undefined && state.publishedVersion === state.currentVersion
    if (context.entries.get(id)?.attempted && runs) {
      return { destinationId, note: 'Was already deployed before the interruption: found by looking.' }
    }
  }
  await context.journal.sending(id, undefined)
  await context.place.deploy(destinationId, context.calls)
  return { destinationId }
}
