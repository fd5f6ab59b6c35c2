import { isObject, type Json, type JsonObject } from './json.ts'

/** What PingOne shows in place of a sensitive value (PingOne API reference, connector instances and variables). */
export const mask = '******'

/** Whether a value is a mask: PingOne's own clients take any string of asterisks alone for one. */
export function isMasked(value: Json | undefined): boolean {
  return typeof value === 'string' && /^\*+$/.test(value)
}

/** The paths (dotted) of masked values, at any depth. */
export function maskedPaths(value: Json, path: readonly string[] = []): string[] {
  if (isMasked(value)) return [path.filter((step) => step !== 'value' && step !== 'properties').join('.')]
  if (Array.isArray(value)) return value.flatMap((item, index) => maskedPaths(item, [...path, String(index)]))
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([key, item]) => maskedPaths(item, [...path, key]))
}

/** A copy without masked values: writing a mask back would store asterisks, or nothing at all. */
export function withoutMasked(value: JsonObject): JsonObject {
  return (strip(value) as JsonObject | undefined) ?? {}
}

function strip(value: Json): Json | undefined {
  if (isMasked(value)) return undefined
  if (Array.isArray(value)) return value.map((item) => strip(item) ?? null)
  if (!isObject(value)) return value
  const rest: JsonObject = {}
  let stripped = false
  for (const [key, item] of Object.entries(value)) {
    const kept = strip(item)
    if (kept === undefined) stripped = true
    else rest[key] = kept
  }
  return stripped && Object.keys(rest).length === 0 ? undefined : rest
}
