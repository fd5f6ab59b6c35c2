import type { Difference, PropertyChange, TextKind } from './difference.ts'
import { equal, isObject, type Json, type JsonObject } from './json.ts'

/** A copy of an object without some of its keys; the object itself when it has none of them. */
export function without(content: JsonObject, keys: ReadonlySet<string>): JsonObject {
  const own = Object.keys(content)
  if (!own.some((key) => keys.has(key))) return content
  const rest: JsonObject = {}
  for (const key of own) if (!keys.has(key)) rest[key] = content[key] as Json
  return rest
}

/** A key made readable: `clientSecret` → `Client secret`, `customLogoURLSelection` → `Custom logo URL selection`. */
export function readable(key: string): string {
  const words = key.replaceAll(/[_-]+/g, ' ').trim().split(wordStart)
  const text = words.map((word) => (/\p{Ll}/u.test(word) || word.length === 1 ? word.toLowerCase() : word)).join(' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

const wordStart = /\s+|(?<=[\p{Ll}\d])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u

/** Escapes one step of a JSON pointer (RFC 6901). */
export function pointerStep(key: string | number): string {
  return String(key).replaceAll('~', '~0').replaceAll('/', '~1')
}

/** How a kind looks at its texts: when two mean the same, how one is best shown, what a property is called. */
export interface PropertyView {
  sameText?: (left: string, right: string) => boolean
  textKind?: (pointer: string, text: string) => TextKind | undefined
  label?: (pointer: string) => string | undefined
}

/**
 * The changes between two JSON values, one per leaf. Objects are gone through key by key, arrays of the same length
 * item by item; anything else that differs is one change.
 */
export function propertyChanges(
  destination: Json | undefined,
  source: Json | undefined,
  pointer = '',
  view: PropertyView = {},
): PropertyChange[] {
  if (equal(destination, source)) return []
  if (isObject(destination) && isObject(source)) {
    const keys = new Set([...Object.keys(destination), ...Object.keys(source)])
    return [...keys].flatMap((key) =>
      propertyChanges(destination[key], source[key], `${pointer}/${pointerStep(key)}`, view),
    )
  }
  if (Array.isArray(destination) && Array.isArray(source) && destination.length === source.length) {
    return source.flatMap((item, index) => propertyChanges(destination[index], item, `${pointer}/${index}`, view))
  }
  if (typeof destination === 'string' && typeof source === 'string' && view.sameText?.(destination, source)) return []
  return [propertyChange(pointer, destination, source, view)]
}

function propertyChange(
  pointer: string,
  before: Json | undefined,
  after: Json | undefined,
  view: PropertyView,
): PropertyChange {
  const text = textKindOf(pointer, before, after, view)
  return {
    pointer,
    label: view.label?.(pointer) ?? propertyLabel(pointer),
    change: before === undefined ? 'added' : after === undefined ? 'removed' : 'changed',
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...(text ? { text } : {}),
  }
}

function propertyLabel(pointer: string): string {
  const steps = pointer.split('/').filter((step) => step !== 'value' && step !== 'properties' && step !== '')
  return readable(steps.at(-1) ?? 'value')
}

function textKindOf(
  pointer: string,
  before: Json | undefined,
  after: Json | undefined,
  view: PropertyView,
): TextKind | undefined {
  const texts = [before, after].filter((value) => value !== undefined)
  if (!texts.every((value) => typeof value === 'string')) return undefined
  const text = texts.join('\n')
  return view.textKind?.(pointer, text) ?? (texts.some((value) => value.includes('\n')) ? 'text' : undefined)
}

/** Differences of two flat contents: one per top-level key that differs, with its leaves as properties. */
export function fieldDifferences(
  source: JsonObject,
  destination: JsonObject,
  section: string,
  view: PropertyView = {},
): Difference[] {
  const keys = [...new Set([...Object.keys(source), ...Object.keys(destination)])]
  return keys.flatMap((key) => {
    const properties = propertyChanges(destination[key], source[key], `/${pointerStep(key)}`, view)
    if (properties.length === 0) return []
    const change = destination[key] === undefined ? 'added' : source[key] === undefined ? 'removed' : 'changed'
    return [{ section, change, id: key, label: readable(key), properties } satisfies Difference]
  })
}
