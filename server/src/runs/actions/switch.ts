import type { Operation } from '@flightiq/core'
import { destinationIdFor, type RunContext } from '../context.ts'
import type { OperationResult } from '../journal.ts'

/** Switches an artifact on or off. Doing so twice does no more than once, so nothing needs to be found out. */
export function switchTo(enabled: boolean) {
  return async (operation: Operation, context: RunContext): Promise<OperationResult> => {
    const destinationId = destinationIdFor(operation, context.mapping)
    await context.journal.sending(operation.id, undefined)
    await context.place.setEnabled(destinationId, enabled, context.calls)
    return { destinationId }
  }
}
