import { z } from 'zod'
import type { JsonObject } from './json.ts'

/**
 * The sorts of artifact that FlightIQ reads and writes: the names of the folders in kinds/, owners before what they
 * own.
 */
export const kindNames = [
  'connector',
  'connectorInstance',
  'flow',
  'variable',
  'flowVersion',
  'application',
  'flowPolicy',
] as const
export const kindNameSchema = z.enum(kindNames).meta({ id: 'KindName' })
export type KindName = z.infer<typeof kindNameSchema>

/** The groups of kinds in the navigation. */
export type Domain = 'orchestration' | 'identity'

/** One item of a kind in one place. */
export interface Artifact {
  kind: KindName
  /** The id PingOne gave it; for a connector its id, for a flow version `<flow id>/<version>`. */
  id: string
  name: string
  /** Exactly what PingOne returned, unknown fields included. */
  content: JsonObject
  /** Known only from what refers to it (an export names a connector instance that it doesn't hold). */
  implied?: true
  /** The list gave less than the whole (no graph, say): read it by id before comparing. */
  partial?: true
}

/** A short pointer to an artifact. */
export const artifactKeySchema = z.object({ kind: kindNameSchema, id: z.string() }).meta({ id: 'ArtifactKey' })
export type ArtifactKey = z.infer<typeof artifactKeySchema>

/** A frozen reading of a place: artifacts by kind. */
export class Inventory {
  readonly #byKind = new Map<KindName, Map<string, Artifact>>()

  constructor(artifacts: Iterable<Artifact> = []) {
    for (const artifact of artifacts) this.add(artifact)
  }

  /** Adds an artifact, replacing one of the same kind and id. */
  add(artifact: Artifact): void {
    const ofKind = this.#byKind.get(artifact.kind) ?? new Map<string, Artifact>()
    this.#byKind.set(artifact.kind, ofKind.set(artifact.id, artifact))
  }

  /** The artifact of that kind and id, or undefined. */
  get(kind: KindName, id: string): Artifact | undefined {
    return this.#byKind.get(kind)?.get(id)
  }

  /** The artifacts of a kind, in the order they were read. */
  list(kind: KindName): Artifact[] {
    return [...(this.#byKind.get(kind)?.values() ?? [])]
  }

  /** Every artifact, kind by kind. */
  all(): Artifact[] {
    return [...this.#byKind.values()].flatMap((ofKind) => [...ofKind.values()])
  }
}
