import type { Difference, PropertyChange } from './difference.ts'
import { equal, isObject, type Json, type JsonObject } from './json.ts'

/** A copy of an object without some of its keys; the object itself when it has none of them. */
export function without(content: JsonObject, keys: ReadonlySet<string>): JsonObject {
  const own = Object.keys(content)
  if (!own.some((key) => keys.has(key))) return content
  const rest: JsonObject = {}
  for (const key of own) if (!keys.has(key)) rest[key] = content[key] as Json
  return rest
}

/** A key made readable: `clientSecret` → `Client secret`. */
export function readable(key: string): string {
  const words = key
    .replaceAll(/[_-]+/g, ' ')
    .replaceAll(/([\p{Ll}\d])(\p{Lu})/gu, (_match, end: string, start: string) => `${end} ${start.toLowerCase()}`)
    .trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Escapes one step of a JSON pointer (RFC 6901). */
export function pointerStep(key: string | number): string {
  return String(key).replaceAll('~', '~0').replaceAll('/', '~1')
}

/**
 * The changes between two JSON values, one per leaf. Objects are gone through key by key, arrays of the same length
 * item by item; anything else that differs is one change.
 */
export function propertyChanges(
  destination: Json | undefined,
  source: Json | undefined,
  pointer = '',
): PropertyChange[] {
  if (equal(destination, source)) return []
  if (isObject(destination) && isObject(source)) {
    const keys = new Set([...Object.keys(destination), ...Object.keys(source)])
    return [...keys].flatMap((key) => propertyChanges(destination[key], source[key], `${pointer}/${pointerStep(key)}`))
  }
  if (Array.isArray(destination) && Array.isArray(source) && destination.length === source.length) {
    return source.flatMap((item, index) => propertyChanges(destination[index], item, `${pointer}/${index}`))
  }
  return [propertyChange(pointer, destination, source)]
}

function propertyChange(pointer: string, before: Json | undefined, after: Json | undefined): PropertyChange {
  const steps = pointer.split('/').filter((step) => step !== 'value' && step !== 'properties' && step !== '')
  const multiline = [before, after].every((value) => typeof value === 'string') && `${before}${after}`.includes('\n')
  return {
    pointer,
    label: readable(steps.at(-1) ?? 'value'),
    change: before === undefined ? 'added' : after === undefined ? 'removed' : 'changed',
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...(multiline ? { text: 'text' as const } : {}),
  }
}

/** Differences of two flat contents: one per top-level key that differs, with its leaves as properties. */
export function fieldDifferences(source: JsonObject, destination: JsonObject, section: string): Difference[] {
  const keys = [...new Set([...Object.keys(source), ...Object.keys(destination)])]
  return keys.flatMap((key) => {
    const properties = propertyChanges(destination[key], source[key], `/${pointerStep(key)}`)
    if (properties.length === 0) return []
    const change = destination[key] === undefined ? 'added' : source[key] === undefined ? 'removed' : 'changed'
    return [{ section, change, id: key, label: readable(key), properties } satisfies Difference]
  })
}
