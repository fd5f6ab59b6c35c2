import type { Inventory } from '../artifact.ts'
import { kindOf, kinds } from '../kinds/registry.ts'
import type { Choice, Operation, PlanNote } from '../plan.ts'
import { readable } from '../properties.ts'
import type { Collection, OpenReference } from './collect.ts'
import { PlanError } from './error.ts'

/**
 * Choices must speak of artifacts that are there; a typing error would otherwise pass unseen.
 * @throws PlanError UNKNOWN_CHOICE
 */
export function checkChoices(choices: readonly Choice[], source: Inventory, destination: Inventory): void {
  for (const choice of choices) {
    const { one } = kindOf(choice.kind).label
    const from = source.get(choice.kind, choice.sourceId)
    if (!from) {
      throw new PlanError(
        'UNKNOWN_CHOICE',
        `A choice is made for ${one.toLowerCase()} "${choice.sourceId}", which the source does not have.`,
        'Remove the choice, or correct the id.',
      )
    }
    if (choice.action !== 'map') continue
    const to = destination.get(choice.kind, choice.destinationId)
    const { family } = kindOf(choice.kind)
    if (!to) {
      throw new PlanError(
        'UNKNOWN_CHOICE',
        `"${from.name}" is to be mapped to ${one.toLowerCase()} "${choice.destinationId}", which the destination does not have.`,
        'Map it to one of the candidates that the plan names.',
      )
    }
    if (family && family(from.content) !== family(to.content)) {
      throw new PlanError(
        'UNKNOWN_CHOICE',
        `"${from.name}" is of ${family(from.content)} and can't be mapped to "${to.name}", which is of ${family(to.content)}.`,
        'Map it to one of the candidates that the plan names.',
      )
    }
  }
}

/** What a person should know before running: blockers, then warnings, then information. */
export function planNotes(
  collection: Collection,
  operations: readonly Operation[],
  destination: Inventory,
): PlanNote[] {
  const references = [...collection.references.values()].flatMap(referenceNote)
  const notes = [
    ...references,
    ...contentNotes(collection),
    ...collection.leftAlone.map(
      ({ artifact, comparison }): PlanNote => ({
        severity: 'info',
        code: 'LEFT_ALONE',
        message: `${kindOf(artifact.kind).label.one} "${artifact.name}" differs and is left as it is (${comparison.gist}).`,
        nextStep: 'Update it by itself if the destination should follow the source.',
        artifact: { kind: artifact.kind, id: artifact.id },
      }),
    ),
    ...collection.leftOut.map(
      (artifact): PlanNote => ({
        severity: 'info',
        code: 'LEFT_OUT',
        message: `${kindOf(artifact.kind).label.one} "${artifact.name}" is missing in the destination, and nothing that is taken needs it: it is left out.`,
        artifact: { kind: artifact.kind, id: artifact.id },
      }),
    ),
    ...limitNotes(operations, destination),
  ]
  const rank = { blocker: 0, warning: 1, info: 2 }
  return notes.sort((left, right) => rank[left.severity] - rank[right.severity])
}

function referenceNote(reference: OpenReference): PlanNote[] {
  const { resolution, kind, name, usedBy } = reference
  const users = [...new Set(usedBy.map((use) => use.node?.label || use.artifactName))]
  const shown = users
    .slice(0, 4)
    .map((user) => `"${user}"`)
    .join(', ')
  const by = `${shown}${users.length > 4 ? ` and ${users.length - 4} more` : ''}`
  const needed = users.length === 0 ? 'It was selected.' : `It is needed by ${by}.`
  const what = Object.hasOwn(kinds, kind) ? kinds[kind as keyof typeof kinds].label.one : readable(kind)
  const refer = users.length === 1 ? 'refers' : 'refer'
  if (resolution.to === 'unresolved') {
    const ambiguous = resolution.why === 'ambiguous'
    return [
      {
        severity: 'blocker',
        code: ambiguous ? 'REFERENCE_AMBIGUOUS' : 'REFERENCE_MISSING',
        message: ambiguous
          ? `${what} "${name}" ${howAmbiguous(resolution.candidates.length)}. ${needed}`
          : `${what} "${name}"${reference.connectorId ? ` (${reference.connectorId})` : ''} is missing in the destination. ${needed}`,
        nextStep: ambiguous
          ? resolution.candidates.length === 1
            ? 'Choose which of them it stands for.'
            : 'Choose one of them.'
          : `Create it without its secrets${resolution.candidates.length > 0 ? ', or map it to another one' : ', or leave it to be mended by hand'}.`,
        ...(reference.artifact ? { artifact: { kind: reference.artifact.kind, id: reference.artifact.id } } : {}),
      },
    ]
  }
  if (resolution.to !== 'unchanged') {
    if (resolution.to !== 'existing' || resolution.basis !== 'onlyOne') return []
    return [
      {
        severity: 'info',
        code: 'MATCHED_AS_ONLY_ONE',
        message: `${what} "${name}" is taken to be "${resolution.destinationName}": each is the only one of its sort, and neither is configured.`,
      },
    ]
  }
  if (resolution.why === 'staleInSource') {
    return [
      {
        severity: 'warning',
        code: 'STALE_REFERENCE',
        message: `${what} "${name}" is not in the source either, though ${by} ${refer} to it. It is carried over unchanged.`,
      },
    ]
  }
  if (resolution.why === 'kindNotMoved') {
    return [
      {
        severity: 'info',
        code: 'KIND_NOT_MOVED',
        message: `${by} ${refer} to ${what.toLowerCase()} "${name}", which is carried over as it is.`,
        nextStep: 'Check that the destination has it.',
      },
    ]
  }
  return resolution.why === 'chosen'
    ? [{ severity: 'warning', code: 'KEPT', message: `${what} "${name}" keeps the source's id, as you chose.` }]
    : []
}

function contentNotes(collection: Collection): PlanNote[] {
  return [...collection.taken.values()].flatMap(({ artifact }) =>
    (kindOf(artifact.kind).notes?.(artifact.content) ?? []).map(
      (note): PlanNote => ({ severity: 'warning', ...note, artifact: { kind: artifact.kind, id: artifact.id } }),
    ),
  )
}

function limitNotes(operations: readonly Operation[], destination: Inventory): PlanNote[] {
  return Object.values(kinds).flatMap((kind): PlanNote[] => {
    const creates = operations.filter(({ action, kind: name }) => action === 'create' && name === kind.name).length
    const after = destination.list(kind.name).length + creates
    if (!kind.limit || creates === 0 || after <= kind.limit) return []
    return [
      {
        severity: 'blocker',
        code: 'LIMIT_EXCEEDED',
        message: `The destination would hold ${after} ${kind.label.many.toLowerCase()}; PingOne keeps ${kind.limit} in an environment.`,
        nextStep: 'Remove what is not used there, or take less.',
      },
    ]
  })
}

/** Several may fit one, or one several of the source. */
function howAmbiguous(candidates: number): string {
  return candidates === 1
    ? 'has one candidate in the destination, which fits others of the source as well'
    : `has ${candidates} candidates in the destination`
}
