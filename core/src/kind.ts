import type { Artifact, Domain, Inventory, KindName } from './artifact.ts'
import type { Difference } from './difference.ts'
import type { JsonObject } from './json.ts'
import type { Reference } from './reference.ts'

/** Says what an id or name of the source is called in the destination; undefined leaves it as it is. */
export type Rewriter = (reference: Reference) => string | undefined

/** All that is special about one sort of artifact. One folder each in kinds/, listed in kinds/registry.ts. */
export interface Kind {
  name: KindName
  domain: Domain
  label: { one: string; many: string }
  /** Whether FlightIQ can create and replace it. */
  writable: boolean
  /** Id and name of a PingOne object of this kind. */
  identify(content: JsonObject): { id: string; name: string }
  /**
   * What the artifact is by meaning, the same in every environment: `httpConnector/Http` for a connector instance.
   * Undefined where only the id tells.
   */
  meaning(content: JsonObject, inventory: Inventory): string | undefined
  /**
   * A comparable form: dates, versions, links, masked secrets and defaults left out, key order irrelevant.
   * Idempotent. Shares the parts that it doesn't change with its input: treat both as read-only.
   */
  normalise(content: JsonObject): JsonObject
  /** Every pointer to another artifact, in the order of the content. */
  references(content: JsonObject): Reference[]
  /** A copy with references rewritten; parts without any are shared with the input. */
  rewrite(content: JsonObject, rewriter: Rewriter): JsonObject
  /** The differences of two normalised contents whose references speak of the same place. */
  compare(source: JsonObject, destination: JsonObject): Difference[]
  /** The content that the API takes on create and replace: read-only fields left out, unknown ones kept. */
  toRequest(content: JsonObject): JsonObject
  /** A copy for screens, files and logs: secrets that PingOne returns in clear replaced by `******`. */
  redact(content: JsonObject): JsonObject
  /** What a person must fill in by hand after a create, because it can't be read: secrets. */
  followUp?(artifact: Artifact): string[]
  /** Whether two artifacts that match in nothing else can stand for each other when each is the only one of its sort. */
  interchangeable?(source: Artifact, destination: Artifact): boolean
  /** The sort within the kind that a candidate must share: for a connector instance its connector. */
  family?(content: JsonObject): string
}
