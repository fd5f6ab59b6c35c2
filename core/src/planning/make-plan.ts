import type { Inventory } from '../artifact.ts'
import { matchPlaces } from '../match-places.ts'
import type { SavedMapping } from '../matching.ts'
import type { PlaceDescription } from '../place.ts'
import { type Plan, type PlanOptions, type PlanSelection, planOptionsSchema, type Resolution } from '../plan.ts'
import { collect, keyOf } from './collect.ts'
import { checkChoices, planNotes } from './notes.ts'
import { operationsFor } from './operations.ts'

/** One side of a plan: what the place is, and what was read from it. */
export interface PlanSide {
  description: PlaceDescription
  inventory: Inventory
}

/**
 * Makes the plan that brings what was selected, with all it needs, from the source to the destination.
 * Nothing is guessed: what can't be decided stands in it as unresolved, with the choices there are.
 * @throws PlanError when nothing is selected, a flow is unknown, or a choice speaks of something that isn't there.
 */
export function makePlan(input: {
  source: PlanSide
  destination: PlanSide
  selection: PlanSelection
  options?: Partial<PlanOptions> | undefined
  saved?: readonly SavedMapping[]
}): Plan {
  const { source, destination, selection } = input
  const options = planOptionsSchema.parse(input.options ?? {})
  checkChoices(options.choices, source.inventory, destination.inventory)
  const chosen = options.choices.flatMap((choice) => (choice.action === 'map' ? [choice] : []))
  const matching = matchPlaces(source.inventory, destination.inventory, [...chosen, ...(input.saved ?? [])])
  const collection = collect(source.inventory, destination.inventory, matching, selection, options)
  const { operations, createdBy } = operationsFor(collection, destination.inventory, options)

  const mapping: Plan['mapping'] = {}
  const map = (kind: keyof Plan['mapping'], from: string, to: string) => {
    mapping[kind] = { ...mapping[kind], [from]: to }
  }
  const { environmentId: from } = source.description
  const { environmentId: to } = destination.description
  if (from && to) map('environment', from, to)

  const references = [...collection.references.values()].map(({ artifact, resolution, ...reference }) => {
    const creation = artifact && createdBy.get(keyOf(artifact.kind, artifact.id))
    if (resolution.to === 'existing') map(reference.kind, reference.target, resolution.destinationId)
    const settled: Resolution =
      resolution.to === 'created'
        ? { to: 'created', operationId: creation?.id ?? '', destinationName: creation?.name ?? reference.name }
        : resolution
    return { ...reference, resolution: settled }
  })
  for (const { artifact, destination: match } of collection.taken.values()) {
    if (match) map(artifact.kind, artifact.id, match.id)
  }

  const count = (action: string) => operations.filter((operation) => operation.action === action).length
  return {
    version: 1,
    source: source.description,
    destination: destination.description,
    selection,
    options,
    operations,
    references,
    notes: planNotes(collection, operations, destination.inventory),
    mapping,
    totals: {
      create: operations.filter((operation) => operation.action === 'create').length,
      update: operations.filter((operation) => operation.action === 'update').length,
      deploy: count('deploy'),
      unchanged: collection.unchanged.length,
      requests: operations.reduce((sum, operation) => sum + requestsOf[operation.action], 0),
    },
  }
}

/** What each operation costs: the write, the look before it (update) and the look after it. */
const requestsOf = { create: 2, update: 3, deploy: 1, enable: 1, disable: 1 } as const
