import { isObject, type Json, type JsonObject } from '@flightiq/core'

/** What PingOne answers in place of a sensitive value. */
export const mask = '******'

/** Whether a value is a mask that was read before: a text of asterisks alone. */
export function isMask(value: Json | undefined): boolean {
  return typeof value === 'string' && /^\*+$/.test(value)
}

/**
 * A connector instance's properties with sensitive values masked, at any depth. Sensitive is what its connector's
 * catalogue marks as secure, what says so itself (`secure: true`), and what has the name of a secret.
 */
export function masked(properties: JsonObject, secureNames: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => {
      if (Array.isArray(property))
        return [name, property.map((item) => (isObject(item) ? masked(item, secureNames) : item))]
      if (!isObject(property)) return [name, isSecretName(name) && typeof property === 'string' ? mask : property]
      if (!isSensitive(name, property, secureNames)) return [name, masked(property, secureNames)]
      const { value } = property
      return [
        name,
        typeof value === 'string' && value !== '' ? { ...property, value: mask } : masked(property, secureNames),
      ]
    }),
  )
}

/** The properties sent, with each mask replaced by what was kept at its place; a mask in place of nothing is dropped. */
export function unmasked(sent: JsonObject, kept: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(sent).flatMap(([name, value]): [string, Json][] => {
      const before = kept[name]
      if (isMask(value)) return before === undefined ? [] : [[name, before]]
      if (Array.isArray(value)) return [[name, unmaskedItems(value, before)]]
      return [[name, isObject(value) ? unmasked(value, isObject(before) ? before : {}) : value]]
    }),
  )
}

function unmaskedItems(sent: Json[], kept: Json | undefined): Json[] {
  return sent.map((item, index) => {
    const before = Array.isArray(kept) ? kept[index] : undefined
    return isObject(item) ? unmasked(item, isObject(before) ? before : {}) : item
  })
}

function isSensitive(name: string, property: JsonObject, secureNames: ReadonlySet<string>): boolean {
  return property.secure === true || secureNames.has(name) || isSecretName(name)
}

/** Names as connectors use them: clientSecret, apiKey, accessToken, password, privateKey, but not passwordPolicy. */
function isSecretName(name: string): boolean {
  return /(secret|password|passphrase|api_?key|privatekey|accesskey|token)$/i.test(name)
}
