import { type Artifact, type ArtifactKey, type Inventory, type KindName, kindNames } from './artifact.ts'
import type { Kind } from './kind.ts'
import { kindOf } from './kinds/registry.ts'
import type { MatchBasis, Matching, Pair, SavedMapping } from './matching.ts'

/**
 * Finds which destination artifact stands for which source artifact: by saved mapping, then by id, then by meaning
 * (name, and what a kind adds to it), then, for interchangeable ones, because each is the only one of its family.
 * Where several fit equally the pair is left open, with the candidates. Owners are matched before what they own, so
 * that a variable of a renamed flow is still that flow's variable.
 */
export function matchPlaces(source: Inventory, destination: Inventory, saved: readonly SavedMapping[] = []): Matching {
  const matcher = new Matcher(source, destination, saved)
  for (const kind of kindNames) matcher.match(kindOf(kind))
  return matcher
}

class Matcher implements Matching {
  readonly pairs: Pair[] = []
  readonly #bySource = new Map<string, Pair>()
  readonly #sourceOf = new Map<string, string>()
  readonly #source: Inventory
  readonly #destination: Inventory
  readonly #saved: readonly SavedMapping[]

  constructor(source: Inventory, destination: Inventory, saved: readonly SavedMapping[]) {
    this.#source = source
    this.#destination = destination
    this.#saved = saved
  }

  destinationId(kind: KindName, sourceId: string): string | undefined {
    return this.pairOf(kind, sourceId)?.destination?.id
  }

  pairOf(kind: KindName, sourceId: string): Pair | undefined {
    return this.#bySource.get(keyOf(kind, sourceId))
  }

  match(kind: Kind): void {
    const from = new Map(this.#source.list(kind.name).map((artifact) => [artifact.id, artifact]))
    const to = new Map(this.#destination.list(kind.name).map((artifact) => [artifact.id, artifact]))
    const pair = (source: Artifact, destination: Artifact, basis: MatchBasis) => {
      from.delete(source.id)
      to.delete(destination.id)
      this.#add({ kind: kind.name, source, destination, basis })
    }
    for (const mapping of this.#saved) {
      const source = mapping.kind === kind.name ? from.get(mapping.sourceId) : undefined
      const destination = to.get(mapping.destinationId)
      if (source && destination) pair(source, destination, 'mapping')
    }
    for (const source of [...from.values()]) {
      const destination = to.get(source.id)
      if (destination && sameFamily(kind, source, destination)) pair(source, destination, 'id')
    }
    const ambiguous = this.#matchByMeaning(kind, from, to, pair)
    this.#matchOnlyOnes(kind, from, to, ambiguous, pair)
    this.#addOpen(kind, from, to, ambiguous)
  }

  #matchByMeaning(
    kind: Kind,
    from: Map<string, Artifact>,
    to: Map<string, Artifact>,
    pair: (source: Artifact, destination: Artifact, basis: MatchBasis) => void,
  ): Map<string, ArtifactKey[]> {
    const ambiguous = new Map<string, ArtifactKey[]>()
    const sources = Map.groupBy(from.values(), (artifact) => kind.meaning(artifact.content, (_kind, id) => id))
    const destinations = Map.groupBy(to.values(), (artifact) =>
      kind.meaning(artifact.content, (owner, id) => this.#sourceOf.get(keyOf(owner, id)) ?? `destination ${id}`),
    )
    for (const [meaning, left] of sources) {
      const right = destinations.get(meaning)
      const [source] = left
      const [destination] = right ?? []
      if (!right || !source || !destination) continue
      if (left.length === 1 && right.length === 1) {
        pair(source, destination, 'name')
        continue
      }
      for (const artifact of left) ambiguous.set(sideKey('source', artifact), right.map(toKey))
      for (const artifact of right) ambiguous.set(sideKey('destination', artifact), left.map(toKey))
    }
    return ambiguous
  }

  #matchOnlyOnes(
    kind: Kind,
    from: Map<string, Artifact>,
    to: Map<string, Artifact>,
    ambiguous: ReadonlyMap<string, ArtifactKey[]>,
    pair: (source: Artifact, destination: Artifact, basis: MatchBasis) => void,
  ): void {
    const { family, interchangeable } = kind
    if (!family || !interchangeable) return
    const destinations = Map.groupBy(this.#destination.list(kind.name), (artifact) => family(artifact.content))
    for (const [name, left] of Map.groupBy(this.#source.list(kind.name), (artifact) => family(artifact.content))) {
      const right = destinations.get(name) ?? []
      const [source] = left
      const [destination] = right
      if (!source || !destination || left.length > 1 || right.length > 1) continue
      if (!from.has(source.id) || !to.has(destination.id)) continue
      if (ambiguous.has(sideKey('source', source)) || ambiguous.has(sideKey('destination', destination))) continue
      if (interchangeable(source, destination)) pair(source, destination, 'onlyOne')
    }
  }

  #addOpen(
    kind: Kind,
    from: ReadonlyMap<string, Artifact>,
    to: ReadonlyMap<string, Artifact>,
    ambiguous: ReadonlyMap<string, ArtifactKey[]>,
  ): void {
    for (const source of from.values()) {
      const candidates = ambiguous.get(sideKey('source', source))
      this.#add({ kind: kind.name, source, ...(candidates ? { candidates } : {}) })
    }
    for (const destination of to.values()) {
      const candidates = ambiguous.get(sideKey('destination', destination))
      this.#add({ kind: kind.name, destination, ...(candidates ? { candidates } : {}) })
    }
  }

  #add(pair: Pair): void {
    this.pairs.push(pair)
    if (!pair.source) return
    this.#bySource.set(keyOf(pair.kind, pair.source.id), pair)
    if (pair.destination) this.#sourceOf.set(keyOf(pair.kind, pair.destination.id), pair.source.id)
  }
}

function sameFamily(kind: Kind, source: Artifact, destination: Artifact): boolean {
  return !kind.family || kind.family(source.content) === kind.family(destination.content)
}

function keyOf(kind: KindName, id: string): string {
  return `${kind} ${id}`
}

function sideKey(side: 'source' | 'destination', artifact: Artifact): string {
  return `${side} ${artifact.id}`
}

function toKey(artifact: Artifact): ArtifactKey {
  return { kind: artifact.kind, id: artifact.id }
}
