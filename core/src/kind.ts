import type { Artifact, ArtifactKey, Domain, KindName } from './artifact.ts'
import type { Difference } from './difference.ts'
import type { JsonObject } from './json.ts'
import type { PlanOptions } from './plan.ts'
import type { Reference } from './reference.ts'

/** Says what an id or name of the source is called in the destination; undefined leaves it as it is. */
export interface Rewriter {
  (reference: Reference): string | undefined
  /**
   * The result is only compared, never written: texts are not searched for references, and copies of names beside
   * a rewritten id are dropped, because the destination has its own.
   */
  readonly comparing?: boolean
}

/** Why an artifact is looked at: it was picked by itself or with its kind, with everything, or others need it. */
export type Need = 'selected' | 'all' | 'dependency'

/** How an artifact is treated when it is missing, or differs, in the destination. */
export interface Treatment {
  /** create: taken along without asking; ask: a person chooses between creating, mapping and leaving. */
  missing: 'create' | 'ask'
  /** update: brought in line; leave: it differs on purpose, and is only pointed to. */
  different: 'update' | 'leave'
}

/** How a deployable artifact stands: which version is current, which one runs, and whether it is switched on. */
export interface Deployment {
  enabled: boolean
  currentVersion?: number
  publishedVersion?: number
}

/**
 * The permissions that each operation needs, all of its array, in PingOne's grammar `<service>:<action>:<resource>`.
 * An operation that is absent doesn't exist for the kind.
 */
export interface Permissions {
  read: string[]
  create?: string[]
  update?: string[]
  delete?: string[]
  /** Making the current version the one that runs. */
  deploy?: string[]
  /** Getting it as a file, which can take more than reading it. */
  export?: string[]
}

/** All that is special about one sort of artifact. One folder each in kinds/, listed in kinds/registry.ts. */
export interface Kind {
  name: KindName
  domain: Domain
  label: { one: string; many: string }
  /** Whether FlightIQ can create and replace it. */
  writable: boolean
  /** What the worker app must be allowed for each operation. */
  permissions: Permissions
  /** How many of it PingOne keeps in one environment, where there is a limit. */
  limit?: number
  /** Id and name of a PingOne object of this kind. */
  identify(content: JsonObject): { id: string; name: string }
  /**
   * What the artifact is by meaning, the same in every environment: `httpConnector/Http` for a connector instance.
   * `stand` turns the id of an artifact that this one belongs to into one that both sides share.
   */
  meaning(content: JsonObject, stand: (kind: KindName, id: string) => string): string
  /**
   * A comparable form: dates, versions, links, masked secrets and defaults left out, key order irrelevant.
   * Idempotent. Shares the parts that it doesn't change with its input: treat both as read-only.
   */
  normalise(content: JsonObject): JsonObject
  /** Every pointer to another artifact, in the order of the content. */
  references(content: JsonObject): Reference[]
  /** A copy with references rewritten; parts without any are shared with the input. */
  rewrite(content: JsonObject, rewriter: Rewriter): JsonObject
  /**
   * The differences of two normalised contents whose references speak of the same place. `nameOf` tells what an
   * artifact that they refer to is called.
   */
  compare(
    source: JsonObject,
    destination: JsonObject,
    nameOf?: (kind: KindName, id: string) => string | undefined,
  ): Difference[]
  /** The content that the API takes on create and replace: read-only fields left out, unknown ones kept. */
  toRequest(content: JsonObject): JsonObject
  /** A copy for screens, files and logs: secrets that PingOne returns in clear replaced by `******`. */
  redact(content: JsonObject): JsonObject
  /** How it is treated when it is only needed by what is taken. */
  treatment(content: JsonObject, options: PlanOptions, need: Need): Treatment
  /** The artifact that this one lives and dies with, and travels with: the flow of a flow-context variable. */
  ownerOf?(content: JsonObject): ArtifactKey | undefined
  /** Whether a reference by name, standing in that artifact, means this one. */
  answersTo?(content: JsonObject, reference: Reference, from: Artifact): boolean
  /** Short facts worth a column in lists: connector, context, data type. */
  facts?(content: JsonObject): Record<string, string>
  /** One line that sums up differences; without it they are counted by section. */
  gist?(differences: Difference[]): string
  /** What is odd about the content itself, such as references that are stale already. */
  notes?(content: JsonObject): { code: string; message: string; pointer: string }[]
  /** What a person must fill in by hand after a create, because it can't be read: secrets. */
  followUp?(content: JsonObject): string[]
  /** Whether two that match in nothing else can stand for each other when each is the only one of its family. */
  interchangeable?(source: Artifact, destination: Artifact): boolean
  /** The sort within the kind that candidates must share: for a connector instance its connector. */
  family?(content: JsonObject): string
  /** Present for kinds whose versions are deployed and switched on and off. */
  deployment?(content: JsonObject): Deployment
  /** A minimal content that only takes the name, for artifacts that refer to each other in a circle. */
  placeholder?(content: JsonObject): JsonObject
  /** Whether replacing the destination's content could remove this difference; absent: always. */
  mendable?(difference: Difference): boolean
}
