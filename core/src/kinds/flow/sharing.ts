import { isObject, type Json, type JsonObject } from '../../json.ts'

/** Sets a key of a new object, whatever its name (`__proto__` is a name like any other in JSON). */
export function put(target: JsonObject, key: string, value: Json): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true })
  } else target[key] = value
}

/** The list with each item mapped: the very same list when no item changes. */
export function mapList(list: Json[], map: (item: Json, index: number) => Json): Json[] {
  let result = list
  for (let index = 0; index < list.length; index += 1) {
    const item = list[index] as Json
    const to = map(item, index)
    if (to === item) continue
    if (result === list) result = [...list]
    result[index] = to
  }
  return result
}

/** The object with each field mapped: the very same object when no field changes. */
export function mapFields(object: JsonObject, map: (value: Json, key: string) => Json): JsonObject {
  let result = object
  for (const key in object) {
    const value = object[key] as Json
    const to = map(value, key)
    if (to === value) continue
    if (result === object) result = { ...object }
    result[key] = to
  }
  return result
}

/** The object with one field mapped, when it has it. */
export function mapField(object: JsonObject, key: string, map: (value: Json) => Json): JsonObject {
  const value = object[key]
  if (value === undefined) return object
  const to = map(value)
  return to === value ? object : { ...object, [key]: to }
}

/** The object with keys renamed in place; a new name that is taken already is not given. */
export function renameKeys(object: JsonObject, rename: (key: string) => string | undefined): JsonObject {
  const names = new Map<string, string>()
  for (const key in object) {
    const to = rename(key)
    if (to !== undefined && to !== key) names.set(key, to)
  }
  if (names.size === 0) return object
  const result: JsonObject = {}
  for (const key in object) {
    const to = names.get(key)
    const free = to !== undefined && !Object.hasOwn(result, to) && (!Object.hasOwn(object, to) || names.has(to))
    put(result, free ? to : key, object[key] as Json)
  }
  return result
}

/** Whether a value is an object without fields. */
export function isEmpty(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.length === 0
  return isObject(value) && !hasField(value)
}

function hasField(object: JsonObject): boolean {
  for (const _key in object) return true
  return false
}

/** JSON text with the keys of every object in order: equal exactly for equal values. */
export function stableText(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(stableText).join()}]`
  if (!isObject(value)) return JSON.stringify(value)
  const fields = Object.keys(value).sort()
  return `{${fields.map((key) => `${JSON.stringify(key)}:${stableText(value[key] as Json)}`).join()}}`
}
