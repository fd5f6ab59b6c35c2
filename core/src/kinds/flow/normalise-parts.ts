import { isObject, type Json, type JsonObject, stringAt } from '../../json.ts'
import { isEmpty, put } from './sharing.ts'

/** Settings that are texts or lists: an empty one is none (consoles write "", {} and [] for nothing). */
const emptyIsNone = new Set([
  'csp',
  'css',
  'cssLinks',
  'jsLinks',
  'jsCustomFlowPlayer',
  'customErrorScreenBrandLogoUrl',
  'customFaviconLink',
  'customTitle',
  'customTimeoutErrorScreenCSS',
  'customTimeoutErrorScreenHTML',
  'customTimeoutErrorScreenMessage',
  'intermediateLoadingScreenCSS',
  'intermediateLoadingScreenHTML',
  'sensitiveInfoFields',
])

/** Switches that are off where nothing is said. */
const offIsNone = new Set([
  'useCustomCSS',
  'useCustomScript',
  'useCustomFlowPlayer',
  'useIntermediateLoadingScreen',
  'requireAuthenticationToInitiate',
  'debugMode',
  'displayNodeIDs',
  'pingOneFlow',
  'cibaFlow',
])

/** Settings in one form: switches and numbers that older consoles wrote as strings, empty texts, link lists. */
export function normaliseSettings(settings: Json): Json | undefined {
  if (!isObject(settings)) return settings === null ? undefined : settings
  const result: JsonObject = {}
  for (const key of Object.keys(settings)) {
    const name = key === 'useCsp' && settings.useCSP === undefined ? 'useCSP' : key
    const value = meant(settings[key] as Json)
    if (value === null) continue
    if (emptyIsNone.has(name) && (value === '' || isEmpty(value))) continue
    if (offIsNone.has(name) && value === false) continue
    put(result, name, name === 'jsLinks' ? normaliseLinks(value) : value)
  }
  return isEmpty(result) ? undefined : result
}

function meant(value: Json): Json {
  if (typeof value !== 'string') return value
  if (value === 'true') return true
  if (value === 'false') return false
  return /^-?(?:0|[1-9]\d{0,14})$/.test(value) ? Number(value) : value
}

const linkOptions = new Set(['label', 'defer', 'crossorigin', 'integrity', 'referrerpolicy', 'type'])

/** Scripts were plain addresses once, and are objects with load options now. */
function normaliseLinks(links: Json): Json {
  if (!Array.isArray(links)) return links
  return links.map((link): Json => {
    if (typeof link === 'string') return { value: link }
    if (!isObject(link)) return link
    const result: JsonObject = {}
    for (const key of Object.keys(link)) {
      const value = link[key] as Json
      if (linkOptions.has(key) && (value === '' || value === null || value === false)) continue
      if (key === 'label' && value === link.value) continue
      put(result, key, value)
    }
    return result
  })
}

/** A trigger, unless it is an empty form. */
export function normaliseTrigger(trigger: Json | undefined): Json | undefined {
  return trigger === undefined || trigger === null || isEmpty(trigger) ? undefined : trigger
}

/** Inputs keyed by name; what an input has by default left out. */
export function normaliseInputs(inputs: Json): Json | undefined {
  if (inputs === null || isEmpty(inputs)) return undefined
  if (!Array.isArray(inputs)) return inputs // comparable already
  const result: JsonObject = {}
  for (const [index, input] of inputs.entries()) {
    const key = stringAt(input, 'propertyName') ?? String(index)
    let free = key
    for (let count = 2; Object.hasOwn(result, free); count += 1) free = `${key} (${count})`
    put(result, free, isObject(input) ? normaliseInput(input) : input)
  }
  return result
}

function normaliseInput(input: JsonObject): JsonObject {
  const result: JsonObject = {}
  for (const key of Object.keys(input)) {
    const value = input[key] as Json
    if (key === 'description' && (value === '' || value === null)) continue
    if (key === 'required' && (value === false || value === null)) continue
    if (key === 'isExpanded' && value === true) continue
    if (key === 'preferredControlType' && value === 'textField') continue
    put(result, key, value)
  }
  return result
}

/** The output schema; none of the forms that say "nothing in particular". */
export function normaliseOutputs(schema: Json): Json | undefined {
  if (schema === null || isEmpty(schema)) return undefined
  if (!isObject(schema) || !isObject(schema.output)) {
    return isObject(schema) && schema.output === null && Object.keys(schema).length === 1 ? undefined : schema
  }
  const output: JsonObject = {}
  for (const key of Object.keys(schema.output)) {
    const value = schema.output[key] as Json
    if (key === 'type' && value === 'object') continue
    if (key === 'additionalProperties' && value === true) continue
    if (key === 'properties' && (value === null || isEmpty(value))) continue
    put(output, key, value)
  }
  if (isEmpty(output)) {
    const { output: _none, ...rest } = schema
    return isEmpty(rest) ? undefined : rest
  }
  return { ...schema, output }
}
