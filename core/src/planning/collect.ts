import type { Artifact, Inventory, KindName } from '../artifact.ts'
import { comparePair } from '../compare-pair.ts'
import type { Comparison } from '../difference.ts'
import type { Need, Treatment } from '../kind.ts'
import { kindOf, kinds } from '../kinds/registry.ts'
import type { Matching } from '../matching.ts'
import type { PlanOptions, PlanSelection, Resolution, ResolvedReference } from '../plan.ts'
import type { Reference } from '../reference.ts'
import { PlanError } from './error.ts'

/** What will happen to one source artifact. */
export interface Taken {
  artifact: Artifact
  /** Undefined for a create. */
  destination: Artifact | undefined
  /** Empty for a create. */
  comparison: Comparison | undefined
  /** Asked for by the person, or needed by something that was. */
  reason: string
  references: Reference[]
}

/** A target that taken artifacts refer to, before operations have ids. */
export type OpenReference = Omit<ResolvedReference, 'resolution'> & {
  artifact: Artifact | undefined
  resolution: Exclude<Resolution, { to: 'created' }> | { to: 'created' }
}

/** Everything that a plan is made of, not yet in order. */
export interface Collection {
  taken: Map<string, Taken>
  references: Map<string, OpenReference>
  /** Looked at, and already as they should be. */
  unchanged: Artifact[]
  /** Keys of what was selected by itself, by kind or with everything. */
  selected: Set<string>
  /** Taken with everything, missing over there, needed by nothing that is taken: not worth a question. */
  leftOut: Artifact[]
  /** The destination artifact that stands for a source artifact, or undefined. */
  matchOf(artifact: Artifact): Artifact | undefined
  /** Exist on both sides, differ, and are left alone because they usually differ on purpose. */
  leftAlone: { artifact: Artifact; comparison: Comparison }[]
}

/** Names an artifact of a kind in maps. */
export function keyOf(kind: string, id: string): string {
  return `${kind} ${id}`
}

/**
 * Goes from what was selected along its references to everything it needs, and decides for each artifact whether it
 * is created, updated, pointed to or left alone.
 */
export function collect(
  source: Inventory,
  destination: Inventory,
  matching: Matching,
  selection: PlanSelection,
  options: PlanOptions,
): Collection {
  const collector = new Collector(source, destination, matching, selection, options)
  collector.run()
  return collector
}

class Collector implements Collection {
  readonly taken = new Map<string, Taken>()
  readonly references = new Map<string, OpenReference>()
  readonly unchanged: Artifact[] = []
  readonly leftAlone: { artifact: Artifact; comparison: Comparison }[] = []
  readonly leftOut: Artifact[] = []
  readonly selected = new Set<string>()
  readonly #seen = new Set<string>()
  readonly #source: Inventory
  readonly #destination: Inventory
  readonly #matching: Matching
  readonly #selection: PlanSelection
  readonly #options: PlanOptions
  readonly #byName: Map<string, Artifact[]>
  readonly #owned: Map<string, Artifact[]>

  constructor(
    source: Inventory,
    destination: Inventory,
    matching: Matching,
    selection: PlanSelection,
    options: PlanOptions,
  ) {
    this.#source = source
    this.#destination = destination
    this.#matching = matching
    this.#selection = selection
    this.#options = options
    this.#byName = Map.groupBy(source.all(), (artifact) => keyOf(artifact.kind, artifact.name))
    this.#owned = Map.groupBy(source.all(), (artifact) => {
      const owner = kindOf(artifact.kind).ownerOf?.(artifact.content)
      return owner ? keyOf(owner.kind, owner.id) : ''
    })
  }

  run(): void {
    const need = this.#selection.all ? 'all' : 'selected'
    const asked: Artifact[] = []
    for (const artifact of this.#picked()) {
      this.selected.add(keyOf(artifact.kind, artifact.id))
      if (kindOf(artifact.kind).treatment(artifact.content, this.#options, need).missing === 'ask') asked.push(artifact)
      else this.#settle(artifact, need)
    }
    for (const artifact of asked) this.#settle(artifact, need)
  }

  matchOf(artifact: Artifact): Artifact | undefined {
    return this.#matching.pairOf(artifact.kind, artifact.id)?.destination
  }

  /** Decides about a selected artifact; what stays open is asked like an open reference that nothing refers to. */
  #settle(artifact: Artifact, need: Need): void {
    const key = keyOf(artifact.kind, artifact.id)
    const resolution = this.#decide(artifact, 'Selected', need)
    if (resolution.to !== 'unresolved' || this.references.has(key)) return
    if (need === 'all' && resolution.why === 'missing') this.leftOut.push(artifact)
    else this.references.set(key, { ...this.#open(artifact.kind, artifact), resolution })
  }

  #picked(): Artifact[] {
    const { flows = [], kinds: chosen = [], all = false } = this.#selection
    const names = all ? Object.values(kinds).flatMap((kind) => (kind.writable ? [kind.name] : [])) : chosen
    for (const name of names) {
      if (kindOf(name).writable) continue
      const { many } = kindOf(name).label
      throw new PlanError('NOT_WRITABLE', `${many} can't be written.`, 'Leave them out of the selection.')
    }
    const picked = flows.map((id) => {
      const flow = this.#source.get('flow', id)
      if (flow) return flow
      throw new PlanError(
        'FLOW_NOT_FOUND',
        `The source has no flow "${id}".`,
        'Look at the list of flows in the source.',
      )
    })
    const ofKinds = names.flatMap((name) => this.#source.list(name).filter((artifact) => !artifact.implied))
    if (picked.length === 0 && names.length === 0) {
      throw new PlanError('NOTHING_SELECTED', 'Nothing was selected.', 'Name flows or kinds, or take everything.')
    }
    return [...picked, ...ofKinds]
  }

  /** Decides about one artifact, and answers what a reference to it will point to. */
  #decide(artifact: Artifact, reason: string, need: Need, ownerIsNew = false): OpenReference['resolution'] {
    const kind = kindOf(artifact.kind)
    const key = keyOf(artifact.kind, artifact.id)
    const already = this.taken.get(key)
    if (already && !already.destination) return { to: 'created' }
    const choice = this.#choiceFor(artifact)
    if (choice?.action === 'keep') return { to: 'unchanged', why: 'chosen' }
    const copies = this.#options.mode === 'copy' && kind.deployment !== undefined
    const asNew =
      ownerIsNew || choice?.action === 'create' || (copies && (need !== 'dependency' || this.#options.withSubflows))
    const match = asNew ? undefined : this.matchOf(artifact)
    const treatment = kind.treatment(artifact.content, this.#options, need)
    if (!match) {
      const open = asNew ? undefined : this.#question(artifact, treatment)
      if (open) return open
      this.#take(artifact, undefined, undefined, reason)
      return { to: 'created' }
    }
    if (!this.#seen.has(key) && !artifact.implied && kind.writable) {
      this.#seen.add(key)
      this.#compareWith(match, artifact, reason, treatment)
    }
    const basis = this.#matching.pairOf(artifact.kind, artifact.id)?.basis ?? 'name'
    return { to: 'existing', destinationId: match.id, destinationName: match.name, basis }
  }

  #choiceFor(artifact: Artifact) {
    return this.#options.choices.find((choice) => choice.kind === artifact.kind && choice.sourceId === artifact.id)
  }

  /** What a person must choose for an artifact without a match, or undefined when it is simply created. */
  #question(artifact: Artifact, treatment: Treatment): OpenReference['resolution'] | undefined {
    const kind = kindOf(artifact.kind)
    const ambiguous = this.#matching.pairOf(artifact.kind, artifact.id)?.candidates !== undefined
    if (!ambiguous && treatment.missing === 'create' && !artifact.implied && kind.writable) return undefined
    const candidates = this.#candidates(artifact)
    const creatable = kind.writable && !artifact.implied
    return {
      to: 'unresolved',
      why: ambiguous ? 'ambiguous' : 'missing',
      candidates,
      choices: [...(creatable ? ['create' as const] : []), ...(candidates.length > 0 ? ['map' as const] : []), 'keep'],
    }
  }

  #compareWith(match: Artifact, artifact: Artifact, reason: string, treatment: Treatment): void {
    const kind = kindOf(artifact.kind)
    const comparison = comparePair({ kind: artifact.kind, source: artifact, destination: match }, this.#matching)
    const mendable = comparison.differences.some((difference) => kind.mendable?.(difference) ?? true)
    if (mendable && treatment.different === 'update') {
      this.#take(artifact, match, comparison, reason)
      return
    }
    if (mendable) this.leftAlone.push({ artifact, comparison })
    else this.unchanged.push(artifact)
    // One that stays as it is can still need things that are missing, or subflows that differ.
    this.#follow(artifact, kind.references(artifact.content), false)
  }

  #take(
    artifact: Artifact,
    destination: Artifact | undefined,
    comparison: Comparison | undefined,
    reason: string,
  ): void {
    const references = kindOf(artifact.kind).references(artifact.content)
    this.taken.set(keyOf(artifact.kind, artifact.id), { artifact, destination, comparison, reason, references })
    this.#follow(artifact, references, destination === undefined)
  }

  #follow(artifact: Artifact, references: readonly Reference[], isNew: boolean): void {
    for (const owned of this.#owned.get(keyOf(artifact.kind, artifact.id)) ?? []) {
      this.#decide(owned, `Belongs to "${artifact.name}"`, 'dependency', isNew)
    }
    for (const reference of references) {
      if (reference.kind === 'node' || reference.target === '') continue
      const targets = this.#targets(artifact, reference)
      if (targets.length === 0) this.#use(artifact, reference, undefined)
      for (const target of targets) this.#use(artifact, reference, target)
    }
  }

  #use(artifact: Artifact, reference: Reference, target: Artifact | undefined): void {
    const key = keyOf(reference.kind, target?.id ?? reference.target)
    let open = this.references.get(key)
    if (!open) {
      open = this.#open(reference.kind, target, reference)
      this.references.set(key, open)
      open.resolution = this.#resolution(artifact, reference, target)
    }
    open.usedBy.push({
      artifact: { kind: artifact.kind, id: artifact.id },
      artifactName: artifact.name,
      pointer: reference.pointer,
      ...(reference.node ? { node: reference.node } : {}),
    })
  }

  #open(kind: Reference['kind'], target: Artifact | undefined, reference?: Reference): OpenReference {
    const connectorId = reference?.connectorId ?? (target && kindOf(target.kind).family?.(target.content))
    return {
      kind,
      target: target?.id ?? reference?.target ?? '',
      name: target?.name ?? reference?.label ?? reference?.target ?? '',
      ...(connectorId ? { connectorId } : {}),
      followUp: target ? (kindOf(target.kind).followUp?.(target.content) ?? []) : [],
      usedBy: [],
      artifact: target,
      resolution: { to: 'unchanged', why: 'staleInSource' },
    }
  }

  #resolution(artifact: Artifact, reference: Reference, target: Artifact | undefined): OpenReference['resolution'] {
    if (reference.kind === 'environment' || reference.kind === 'connector') {
      return { to: 'unchanged', why: 'sameEverywhere' }
    }
    if (!isKindName(reference.kind)) return { to: 'unchanged', why: 'kindNotMoved' }
    if (!target) return { to: 'unchanged', why: 'staleInSource' }
    return this.#decide(target, `Needed by "${artifact.name}"`, 'dependency')
  }

  /** The source artifacts that a reference means; a name can mean several (the same variable in two contexts). */
  #targets(artifact: Artifact, reference: Reference): Artifact[] {
    const { kind } = reference
    if (!isKindName(kind)) return []
    if (reference.by === 'id') {
      const found = this.#source.get(kind, reference.target)
      return found ? [found] : []
    }
    return (this.#byName.get(keyOf(kind, reference.target)) ?? []).filter(
      (named) => kindOf(kind).answersTo?.(named.content, reference, artifact) ?? true,
    )
  }

  /** The destination artifacts that could stand for one: those of its family, the likeliest first. */
  #candidates(artifact: Artifact): { id: string; name: string }[] {
    const { family } = kindOf(artifact.kind)
    const equal = new Set(
      this.#matching.pairOf(artifact.kind, artifact.id)?.candidates?.map((candidate) => candidate.id),
    )
    return this.#destination
      .list(artifact.kind)
      .filter(({ id, content }) => (family ? family(content) === family(artifact.content) : equal.has(id)))
      .sort((left, right) => Number(equal.has(right.id)) - Number(equal.has(left.id)))
      .map(({ id, name }) => ({ id, name }))
  }
}

function isKindName(kind: Reference['kind']): kind is KindName {
  return Object.hasOwn(kinds, kind)
}
