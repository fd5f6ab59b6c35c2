import type { Operation } from '@flightiq/core'
import type { RunContext } from '../context.ts'

/** The fingerprint of what an earlier operation of this run wrote to the same artifact, or undefined. */
export function writtenBefore(operation: Operation, { plan, entries }: RunContext): string | undefined {
  const earlier = plan.operations.slice(
    0,
    plan.operations.findIndex(({ id }) => id === operation.id),
  )
  const last = earlier.findLast(
    ({ id, kind, sourceId }) =>
      kind === operation.kind && sourceId === operation.sourceId && entries.get(id)?.written != null,
  )
  return (last && entries.get(last.id)?.written) ?? undefined
}
