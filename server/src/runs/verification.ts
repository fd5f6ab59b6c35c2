import type { Operation } from '@flightiq/core'
import { NotFoundError } from '@flightiq/places'
import type { Run } from '../contract/runs.ts'
import { contentFor, destinationIdFor, gistOf, type RunContext, remainingDifferences } from './context.ts'

type Verification = NonNullable<Run['verification']>

/** Reads back everything that was written and compares it with what was to be written. */
export async function verify(context: RunContext): Promise<Verification> {
  const last = new Map<string, Operation>()
  for (const operation of context.plan.operations) {
    if (operation.content) last.set(`${operation.kind} ${operation.sourceId}`, operation)
  }
  const results = await Promise.all([...last.values()].map((operation) => verifyOne(operation, context)))
  const different = results.filter((result) => result !== undefined)
  return { identical: results.length - different.length, different }
}

async function verifyOne(
  operation: Operation,
  context: RunContext,
): Promise<Verification['different'][number] | undefined> {
  const { kind, name } = operation
  try {
    const found = await context.place.get(kind, destinationIdFor(operation, context.mapping), {
      ...context.calls,
      priority: 'background',
    })
    const differences = remainingDifferences(kind, contentFor(operation, context.mapping), found.content)
    return differences.length === 0 ? undefined : { name, gist: gistOf(kind, differences) }
  } catch (error) {
    if (error instanceof NotFoundError) return { name, gist: 'It is gone again.' }
    throw error
  }
}
