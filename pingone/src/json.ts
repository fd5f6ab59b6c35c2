/** JSON as data. */
export type Json = null | boolean | number | string | Json[] | JsonObject

/** A JSON object, as PingOne gave it. */
export interface JsonObject {
  [key: string]: Json
}

/** Whether a value is a JSON object (not null, not an array). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
