import type { Difference } from '../../difference.ts'
import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../../json.ts'
import type { Kind } from '../../kind.ts'
import { fieldDifferences, without } from '../../properties.ts'
import { isMasked, mask } from '../../secrets.ts'

const readOnly = new Set(['_links', 'environment', 'id', 'createdAt', 'updatedAt'])

/** A DaVinci variable: flows name it, so its name, context and (flow context) flow are what it is. */
export const variable: Kind = {
  name: 'variable',
  domain: 'orchestration',
  label: { one: 'Variable', many: 'Variables' },
  writable: true,
  // x-permission of the variable operations in PingOne's OpenAPI description, 2026-01.
  permissions: {
    read: ['davinci:read:constructs'],
    create: ['davinci:create:constructs'],
    update: ['davinci:update:constructs'],
    delete: ['davinci:delete:constructs'],
  },
  limit: 200,
  identify: (content) => ({ id: stringAt(content, 'id') ?? '', name: stringAt(content, 'name') ?? '' }),
  meaning: (content, stand) => {
    const flowId = flowOf(content)
    const owner = flowId === undefined ? '' : `/${stand('flow', flowId)}`
    return `${stringAt(content, 'context') ?? ''}${owner}/${stringAt(content, 'name') ?? ''}`
  },
  normalise,
  references: (content) => {
    const flowId = flowOf(content)
    return flowId === undefined
      ? []
      : [{ kind: 'flow', by: 'id', target: flowId, pointer: '/flow/id', spot: 'value' as const }]
  },
  rewrite: (content, rewriter) => {
    const flowId = flowOf(content)
    if (flowId === undefined) return content
    const to = rewriter({ kind: 'flow', by: 'id', target: flowId, pointer: '/flow/id', spot: 'value' })
    return to === undefined ? content : { ...content, flow: { ...objectAt(content, 'flow'), id: to } }
  },
  compare,
  toRequest,
  redact: (content) =>
    stringAt(content, 'dataType') === 'secret' && content.value !== undefined ? { ...content, value: mask } : content,
  treatment: (content, options, need) => ({
    missing: 'create',
    different: options.updateVariables || need === 'selected' || flowOf(content) !== undefined ? 'update' : 'leave',
  }),
  ownerOf: (content) => {
    const flowId = flowOf(content)
    return flowId === undefined ? undefined : { kind: 'flow', id: flowId }
  },
  answersTo: (content, reference, from) => {
    if (reference.context !== undefined && content.context !== reference.context) return false
    return content.context !== 'flow' || flowOf(content) === from.id
  },
  facts: (content) => ({
    context: stringAt(content, 'context') ?? '',
    dataType: stringAt(content, 'dataType') ?? '',
    value: shortValue(content),
  }),
  followUp: (content) =>
    stringAt(content, 'dataType') === 'secret'
      ? [`Set the value of the secret variable "${stringAt(content, 'name') ?? ''}": PingOne never shows it.`]
      : [],
}

/** The flow that a variable of flow context belongs to. */
function flowOf(content: JsonObject): string | undefined {
  return stringAt(content, 'context') === 'flow' ? stringAt(objectAt(content, 'flow'), 'id') : undefined
}

/**
 * Values mean the same whatever JSON type carries them: consoles write numbers, booleans and objects as strings,
 * and the API can't take false and 0 as JSON values (PingOne API reference, variables).
 */
function normalise(content: JsonObject): JsonObject {
  const { value, min, max, displayName, flow: _flow, ...rest } = without(content, readOnly)
  const meant = meantValue(value, stringAt(content, 'dataType'))
  const owner = flowOf(content)
  return {
    ...rest,
    ...(displayName === undefined || displayName === '' || displayName === null ? {} : { displayName }),
    ...(min === undefined || min === null || Number(min) === 0 ? {} : { min: Number(min) }),
    ...(max === undefined || max === null || Number(max) === 2000 ? {} : { max: Number(max) }),
    ...(meant === undefined ? {} : { value: meant }),
    ...(owner === undefined ? {} : { flow: { id: owner } }),
  }
}

function meantValue(value: Json | undefined, dataType: string | undefined): Json | undefined {
  if (value === undefined || value === null || value === '') return undefined
  if (dataType === 'secret' || isMasked(value)) return undefined
  if (typeof value !== 'string') return value
  if (dataType === 'number') return value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value
  if (dataType === 'boolean') return value === 'true' ? true : value === 'false' ? false : value
  if (dataType === 'object') {
    try {
      return JSON.parse(value) as Json
    } catch {
      return value // not JSON: PingOne keeps any text, and so do we
    }
  }
  return value
}

function compare(source: JsonObject, destination: JsonObject): Difference[] {
  return fieldDifferences(source, destination, 'variable')
}

function toRequest(content: JsonObject): JsonObject {
  const { value, displayName, flow, ...rest } = without(content, readOnly)
  const secret = stringAt(content, 'dataType') === 'secret'
  const sent = value === false || value === 0 ? String(value) : value
  const known = sent !== undefined && sent !== null && !isMasked(sent) && !secret
  return {
    ...rest,
    ...(displayName === undefined || displayName === '' || displayName === null ? {} : { displayName }),
    ...(isObject(flow) && stringAt(content, 'context') === 'flow' ? { flow } : {}),
    ...(known ? { value: sent } : {}),
  }
}

function shortValue(content: JsonObject): string {
  const value = content.value
  if (stringAt(content, 'dataType') === 'secret') return value === undefined ? 'not set' : mask
  if (value === undefined || value === null) return ''
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 120 ? `${text.slice(0, 119)}…` : text
}
