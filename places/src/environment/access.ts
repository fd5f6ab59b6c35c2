import { type Artifact, type JsonObject, type Kind, type KindName, kindOf, stringAt } from '@flightiq/core'
import type { PingOneClient } from '@flightiq/pingone'
import type { ArtifactCache, CacheKey } from '../artifact-cache.ts'
import type { Reading } from '../reading.ts'

/** What the access to a kind works with, during one reading or writing. */
export interface Reach {
  client: PingOneClient
  environmentId: string
  environmentName: string
  cache: ArtifactCache
  reading: Reading
  /** Which application a flow policy belongs to, as far as seen. */
  applicationOfPolicy: Map<string, string>
}

/** How artifacts of one kind are read from and written to an environment. Content is as PingOne takes and gives it. */
export interface KindAccess {
  /** All, as the list gives them. */
  list(reach: Reach): Promise<Artifact[]>
  /** One, whole. */
  get(reach: Reach, id: string): Promise<Artifact>
  /** One that the list gave in part; `get` if absent. */
  getListed?(reach: Reach, listed: Artifact): Promise<Artifact>
  create?(reach: Reach, content: JsonObject): Promise<Artifact>
  replace?(reach: Reach, id: string, content: JsonObject): Promise<Artifact>
  remove?(reach: Reach, id: string): Promise<void>
  /** What is done to a fresh artifact after its create, also when it was only found by looking. */
  settle?(reach: Reach, made: Artifact, content: JsonObject): Promise<Artifact>
}

/** An artifact of what PingOne returned. */
export function artifactOf(kind: KindName, content: JsonObject): Artifact {
  const { id, name } = kindOf(kind).identify(content)
  return { kind, id, name, content }
}

/** The body that the API takes. */
export function requestOf(kind: KindName, content: JsonObject): JsonObject {
  return kindOf(kind).toRequest(content)
}

/** The label of a step of reading: `Flows of Development`. */
export function labelOf(kind: Kind, reach: Reach): string {
  return `${kind.label.many} of ${reach.environmentName}`
}

/** The key of a content's state; undefined when the content doesn't tell its state. */
export function cacheKey(environmentId: string, kind: KindName, id: string, content: JsonObject): CacheKey | undefined {
  const updatedAt = stringAt(content, 'updatedAt')
  if (updatedAt === undefined) return undefined
  const marks = ['currentVersion', 'publishedVersion', 'deployedAt', 'enabled'].map((field) => content[field] ?? '')
  return { environmentId, kind, id, updatedAt, version: marks.join('/') }
}
