import { type JsonObject, numberAt, stringAt } from '@flightiq/core'

/** The fields that the API adds to an answer and ignores in a request (PingOne API reference, read-only fields). */
const readOnly = {
  resource: new Set(['_links', '_embedded', 'environment', 'id', 'createdAt', 'updatedAt']),
  flow: new Set([
    '_links',
    '_embedded',
    'environment',
    'id',
    'createdAt',
    'updatedAt',
    'deployedAt',
    'currentVersion',
    'publishedVersion',
    'enabled',
    'connectors',
    'dvlinterErrorCount',
    'dvlinterWarningCount',
  ]),
}

/** A copy of an object without some keys. */
export function withoutKeys(content: JsonObject, keys: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(content).filter(([key]) => !keys.has(key)))
}

/** A copy of a resource's content without what only the API writes. */
export function readOnlyRemoved(sort: keyof typeof readOnly, content: JsonObject): JsonObject {
  return withoutKeys(content, readOnly[sort])
}

/** The dates a content brings along, or `now`. */
export function timesOf(content: JsonObject, now: string): { createdAt: string; updatedAt: string } {
  const createdAt = stringAt(content, 'createdAt') ?? now
  return { createdAt, updatedAt: stringAt(content, 'updatedAt') ?? createdAt }
}

/** The version numbers a flow's content brings along; a new flow starts at 0, unpublished. */
export function versionsOf(content: JsonObject): { currentVersion: number; publishedVersion?: number } {
  const currentVersion = numberAt(content, 'currentVersion') ?? 0
  const published = numberAt(content, 'publishedVersion')
  // An export of a flow that was never deployed says -1.
  if (published === undefined || published < 0) return { currentVersion }
  return { currentVersion, publishedVersion: Math.min(published, currentVersion) }
}
