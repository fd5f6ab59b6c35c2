import type { PropertyChange, TextKind } from '../../difference.ts'
import { equal, isObject, type Json, type JsonObject } from '../../json.ts'
import { pointerStep, propertyChanges, readable } from '../../properties.ts'
import { isSlate, sameSlate, slateText } from '../../templates/slate.ts'

/** The changes of a node: of its data, its properties one by one, and of what stands beside its data. */
export function nodeChanges(before: JsonObject, after: JsonObject, title: (key: string) => string): PropertyChange[] {
  const changes: PropertyChange[] = []
  for (const key of keysOf(before, after)) {
    if (key === 'data' || key === 'position' || equal(before[key], after[key])) continue
    changes.push(change(`/${pointerStep(key)}`, readable(key), before[key], after[key]))
  }
  const from = isObject(before.data) ? before.data : {}
  const to = isObject(after.data) ? after.data : {}
  for (const key of keysOf(from, to)) {
    // Nodes are matched already; PingOne fills in an instance and its name where they are left out.
    if (key === 'id' || equal(from[key], to[key])) continue
    if ((key === 'name' || key === 'connectionId') && (from[key] === undefined || to[key] === undefined)) continue
    if (key === 'properties') changes.push(...nodePropertyChanges(from[key], to[key], title))
    else changes.push(change(`/${pointerStep(key)}`, dataLabels[key] ?? readable(key), from[key], to[key]))
  }
  return changes
}

const dataLabels: Readonly<Record<string, string>> = {
  connectionId: 'Connector instance',
  name: "Name of the connector instance (the node's copy)",
  connectorId: 'Connector',
  capabilityName: 'Capability',
  isDisabled: 'Switched off',
}

function nodePropertyChanges(
  before: Json | undefined,
  after: Json | undefined,
  title: (key: string) => string,
): PropertyChange[] {
  const from = isObject(before) ? before : {}
  const to = isObject(after) ? after : {}
  return keysOf(from, to).flatMap((key) => {
    if (sameValue(from[key], to[key])) return []
    return [propertyChange(`/properties/${pointerStep(key)}`, key, title(key), from[key], to[key])]
  })
}

/** A property is mostly `{value}`: then the change is that of the value. */
function propertyChange(
  pointer: string,
  key: string,
  label: string,
  before: Json | undefined,
  after: Json | undefined,
): PropertyChange {
  const wrapped = [before, after].every((side) => side === undefined || isWrapped(side))
  const onlyValue = wrapped && equal(rest(before), rest(after))
  const from = onlyValue ? valueIn(before) : before
  const to = onlyValue ? valueIn(after) : after
  return { ...texts(from, to, kindOfText(key)), pointer: onlyValue ? `${pointer}/value` : pointer, label }
}

function isWrapped(side: Json): boolean {
  return isObject(side) && (Object.hasOwn(side, 'value') || Object.keys(side).length === 0)
}

function valueIn(side: Json | undefined): Json | undefined {
  return isObject(side) ? side.value : undefined
}

function rest(side: Json | undefined): Json {
  if (!isObject(side)) return {}
  const { value: _value, ...others } = side
  return others
}

function change(pointer: string, label: string, before: Json | undefined, after: Json | undefined): PropertyChange {
  return { ...texts(before, after), pointer, label }
}

function kindOfText(key: string): TextKind | undefined {
  if (/html$/i.test(key)) return 'html'
  if (/css$/i.test(key)) return 'css'
  if (/script$/i.test(key) || key === 'code') return 'javascript'
  return undefined
}

/** Both values, with how to show them line by line. */
function texts(
  before: Json | undefined,
  after: Json | undefined,
  kind?: TextKind,
): Omit<PropertyChange, 'pointer' | 'label'> {
  const change = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed'
  const result: Omit<PropertyChange, 'pointer' | 'label'> = { change }
  if (before !== undefined) result.before = before
  if (after !== undefined) result.after = after
  const text = textKind(before, after, kind)
  if (text) result.text = text
  return result
}

/** Up to here two texts are easily compared on one line. */
const shortText = 80

function textKind(before: Json | undefined, after: Json | undefined, kind: TextKind | undefined): TextKind | undefined {
  const texts = [before, after].filter((side) => side !== undefined)
  if (!texts.every((side) => typeof side === 'string')) return undefined
  const readable = texts.map((side) => (isSlate(side) ? slateText(side) : side))
  // Where only what rich text adds to the words differs, the documents themselves tell it.
  if (readable.length === 2 && readable[0] === readable[1]) return 'json'
  if (kind) return kind
  const long = readable.some((side) => side.length > shortText || side.includes('\n'))
  if (long && readable.every((side) => /^\s*[[{]/.test(side))) return 'json'
  return long ? 'text' : undefined
}

/** Deep equality in which Slate documents that say the same are equal however they are laid out. */
export function sameValue(left: Json | undefined, right: Json | undefined): boolean {
  if (left === right) return true
  if (typeof left === 'string') return typeof right === 'string' && sameSlate(left, right)
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  if (left === undefined || right === undefined) return false
  if (Array.isArray(left)) {
    if (!Array.isArray(right) || left.length !== right.length) return false
    return left.every((item, index) => sameValue(item, right[index]))
  }
  if (Array.isArray(right)) return false
  const keys = Object.keys(left)
  if (keys.length !== Object.keys(right).length) return false
  return keys.every((key) => Object.hasOwn(right, key) && sameValue(left[key], right[key]))
}

/** The keys of both sides, the source's (after) in order first. */
export function keysOf(before: JsonObject, after: JsonObject): string[] {
  const keys = Object.keys(after)
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) keys.push(key)
  return keys
}

/** The changes of a field of the flow itself, text by text. */
export function fieldChanges(before: Json | undefined, after: Json | undefined, key: string): PropertyChange[] {
  const pointer = `/${pointerStep(key)}`
  if (typeof before === 'string' || typeof after === 'string' || before === undefined || after === undefined) {
    return [{ ...texts(before, after, kindOfText(key)), pointer, label: readable(key) }]
  }
  return propertyChanges(before, after, pointer)
}
