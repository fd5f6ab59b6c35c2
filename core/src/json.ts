import { z } from 'zod'

/** JSON as data. Content from PingOne is kept in this form, unknown fields included. */
export type Json = null | boolean | number | string | Json[] | JsonObject

/** A JSON object. */
export interface JsonObject {
  [key: string]: Json
}

/** Whether a value is a JSON object (not null, not an array). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object at a key, or undefined when there is none. */
export function objectAt(value: Json | undefined, key: string): JsonObject | undefined {
  const found = isObject(value) ? value[key] : undefined
  return isObject(found) ? found : undefined
}

/** The array at a key, or an empty one. */
export function arrayAt(value: Json | undefined, key: string): Json[] {
  const found = isObject(value) ? value[key] : undefined
  return Array.isArray(found) ? found : []
}

/** The string at a key, or undefined. */
export function stringAt(value: Json | undefined, key: string): string | undefined {
  const found = isObject(value) ? value[key] : undefined
  return typeof found === 'string' ? found : undefined
}

/** The number at a key, or undefined. */
export function numberAt(value: Json | undefined, key: string): number | undefined {
  const found = isObject(value) ? value[key] : undefined
  return typeof found === 'number' ? found : undefined
}

/** Deep equality of JSON values; the order of an object's keys does not count. */
export function equal(left: Json | undefined, right: Json | undefined): boolean {
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  if (left === undefined || right === undefined) return false
  if (Array.isArray(left)) {
    if (!Array.isArray(right) || left.length !== right.length) return false
    return left.every((item, index) => equal(item, right[index]))
  }
  if (Array.isArray(right)) return false
  const keys = Object.keys(left)
  if (keys.length !== Object.keys(right).length) return false
  return keys.every((key) => Object.hasOwn(right, key) && equal(left[key], right[key]))
}

/** Schema of content: any JSON object. Its fields are PingOne's, so none is checked and none is dropped. */
export const jsonObjectSchema = z.record(z.string(), z.unknown()) as unknown as z.ZodType<JsonObject, JsonObject>

/** Schema of any JSON value. */
export const jsonSchema = z.unknown() as unknown as z.ZodType<Json, Json>

/** Whether two texts are the same JSON in different formatting. Texts that are no JSON arrays or objects never are. */
export function sameJsonText(left: string, right: string): boolean {
  if (!/^\s*[[{]/.test(left) || !/^\s*[[{]/.test(right)) return false
  try {
    return equal(JSON.parse(left) as Json, JSON.parse(right) as Json)
  } catch {
    return false // a text that only looks like JSON: its characters decide
  }
}
