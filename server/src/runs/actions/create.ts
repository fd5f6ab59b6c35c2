import { setTimeout as delay } from 'node:timers/promises'
import { type Artifact, type JsonObject, type KindName, kindOf, type Operation, stringAt } from '@flightiq/core'
import { CreatedIncompleteError } from '@flightiq/places'
import { ProblemError } from '../../problems/problem-error.ts'
import { contentFor, fingerprintOf, isWritten, type RunContext } from '../context.ts'
import { destinationTaken } from '../destination-changed.ts'
import type { OperationResult } from '../journal.ts'

/** Clocks differ: what was made this much around an operation can be of its making, in milliseconds. */
const clockSkew = 120_000

/** PingOne may not show at once what it has just made. */
const secondLook = 3_000

/** Creates an artifact, unless an interrupted attempt already did. */
export async function create(operation: Operation, context: RunContext): Promise<OperationResult> {
  const { kind } = operation
  const content = contentFor(operation, context.mapping)
  const entry = context.entries.get(operation.id)
  if (entry?.attempted) {
    const found = await findEarlier(operation, content, context)
    if (found) return found
  } else {
    const taken = isDeliberate(operation, context) ? undefined : (await sameByMeaning(kind, content, context, false))[0]
    if (taken) throw destinationTaken(operation, taken)
  }
  await context.journal.sending(operation.id, undefined)
  try {
    return resultOf(await context.place.create(kind, content, context.calls))
  } catch (error) {
    // From here on it is known which one is ours, so that it is completed and not made again.
    if (error instanceof CreatedIncompleteError) await context.journal.created(operation.id, error.artifact.id)
    throw error
  }
}

/** A second one of the same name is wanted: a copy, or a person chose to create it. */
function isDeliberate({ kind, sourceId }: Operation, { plan }: RunContext): boolean {
  const { mode, choices } = plan.options
  const chosen = choices.some(
    (choice) => choice.action === 'create' && choice.kind === kind && choice.sourceId === sourceId,
  )
  return mode === 'copy' || chosen
}

/** Finds out by looking what became of a create whose answer was never seen. */
async function findEarlier(
  operation: Operation,
  content: JsonObject,
  context: RunContext,
): Promise<OperationResult | undefined> {
  const { kind, name, id } = operation
  const made = context.entries.get(id)?.destination_id
  if (made) return complete(operation, made, content, context)
  const known = new Set(context.known[kind] ?? [])
  const unknown = async () =>
    (await sameByMeaning(kind, content, context, true)).filter((artifact) => !known.has(artifact.id))
  const startedAt = context.entries.get(id)?.started_at
  const young = startedAt !== null && startedAt !== undefined && Date.now() - startedAt.getTime() < 60_000
  let found = await unknown()
  if (found.length === 0 && young) {
    await delay(secondLook)
    found = await unknown()
  }
  if (found.length === 0) return undefined
  const whole = await Promise.all(found.map((artifact) => context.place.get(kind, artifact.id, context.calls)))
  const equal = whole.find((artifact) => isWritten(kind, content, artifact.content))
  if (equal) return { ...resultOf(equal), note: 'Was already created before the interruption: found by looking.' }
  const [only, another] = whole
  // Creating takes several requests for some kinds: what is there is the first half of ours.
  if (only && !another && madeAround(only, startedAt ?? undefined)) {
    return complete(operation, only.id, content, context)
  }
  throw new ProblemError({
    status: 409,
    code: 'OUTCOME_UNCLEAR',
    detail: `It is not clear whether "${name}" was created before the interruption: the destination now has ${whole.length === 1 ? 'one' : whole.length} of that name that was not there before, with another content (${whole.map((artifact) => artifact.id).join(', ')}).`,
    nextStep: 'Look at it in PingOne: remove it and resume the run, or make a new plan that starts from it.',
  })
}

/** Brings what an interrupted create left behind to what it was to be. */
async function complete(
  { id, kind }: Operation,
  destinationId: string,
  content: JsonObject,
  { place, journal, calls }: RunContext,
): Promise<OperationResult> {
  await journal.sending(id, undefined)
  const completed = await place.replace(kind, destinationId, content, calls)
  return { ...resultOf(completed), note: 'Was half created before the interruption: found by looking and completed.' }
}

async function sameByMeaning(
  kindName: KindName,
  content: JsonObject,
  context: RunContext,
  again: boolean,
): Promise<Artifact[]> {
  const { meaning } = kindOf(kindName)
  const same = (_kind: KindName, id: string) => id
  const wanted = meaning(content, same)
  const own = new Set(Object.values(context.mapping[kindName] ?? {}))
  const listed = await context.listed(kindName, again)
  return listed.filter((artifact) => meaning(artifact.content, same) === wanted && !own.has(artifact.id))
}

function madeAround({ content }: Artifact, startedAt: Date | undefined): boolean {
  const createdAt = Date.parse(stringAt(content, 'createdAt') ?? '')
  return startedAt !== undefined && Math.abs(createdAt - startedAt.getTime()) < clockSkew
}

function resultOf({ kind, id, content, partial }: Artifact): OperationResult {
  return { destinationId: id, ...(partial ? {} : { written: fingerprintOf(kind, content) }) }
}
