import { type Artifact, type JsonObject, kindOf, numberAt, type Operation, objectAt, stringAt } from '@flightiq/core'
import { ProblemError } from '../problems/problem-error.ts'
import { gistOf } from './context.ts'

const nextStep =
  'Look at what changed, then make a new plan: it will show the difference and start from what is there now.'

/** The problem that the destination isn't any more what the plan saw: what changed, when and by whom, where known. */
export function destinationChanged(
  operation: Operation,
  current: Artifact,
  wanted: JsonObject | undefined,
): ProblemError {
  const { one } = kindOf(operation.kind).label
  const what = wanted === undefined ? '' : newDifferences(operation, current.content, wanted)
  return changed(
    `${one} "${current.name}" was changed after the plan was made${told(operation, current.content)}.${what === '' ? '' : ` New since then: ${what}.`} Nothing was overwritten.`,
  )
}

/** The problem that what was to be changed is gone. */
export function destinationGone(operation: Operation): ProblemError {
  return changed(`${kindOf(operation.kind).label.one} "${operation.name}" was removed after the plan was made.`)
}

/** The problem that what was to be created is there already. */
export function destinationTaken(operation: Operation, found: Artifact): ProblemError {
  const { one } = kindOf(operation.kind).label
  return changed(
    `${one} "${found.name}" (${found.id}) was created after the plan was made${told(operation, found.content)}, so another one of that name would be a second.`,
  )
}

function changed(detail: string): ProblemError {
  return new ProblemError({ status: 409, code: 'DESTINATION_CHANGED', detail, nextStep })
}

/** When and by whom, and in which version, as far as the content tells. */
function told(operation: Operation, content: JsonObject): string {
  const updatedAt = stringAt(content, 'updatedAt')
  const by = stringAt(objectAt(content, 'updatedBy'), 'name') ?? stringAt(content, 'updatedBy')
  const version = numberAt(content, 'currentVersion')
  const before = operation.replaces?.version
  const moved = version !== undefined && before !== undefined && version !== before
  const parts = [
    ...(updatedAt === undefined || updatedAt === operation.replaces?.updatedAt ? [] : [`on ${updatedAt}`]),
    ...(by === undefined ? [] : [`by ${by}`]),
    ...(moved ? [`version ${before} became ${version}`] : []),
  ]
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`
}

/** The differences that the plan didn't list: they came about since. */
function newDifferences(operation: Operation, found: JsonObject, wanted: JsonObject): string {
  const kind = kindOf(operation.kind)
  const seen = new Set(operation.differences.map(({ section, id }) => `${section} ${id}`))
  const since = kind
    .compare(kind.normalise(wanted), kind.normalise(found))
    .filter(({ section, id }) => !seen.has(`${section} ${id}`))
  return since.length === 0 ? '' : gistOf(operation.kind, since)
}
