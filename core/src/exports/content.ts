import type { Json, JsonObject } from '../json.ts'

/** Something in an export that was read in one way where there was more than one, or that could not be kept. */
export interface ExportWarning {
  code:
    | 'FLOW_TWICE'
    | 'VARIABLE_TWICE'
    | 'CONNECTOR_INSTANCE_TWICE'
    | 'DATE_UNREADABLE'
    | 'UNKNOWN_TRIGGER'
    | 'FLOW_WITHOUT_GRAPH'
    | 'FORM_UNREADABLE'
  message: string
  pointer: string
}

/** What an export file holds, in the form in which the PingOne API answers. */
export interface ExportContent {
  fileName: string
  /** The environment that it was exported from, where the file says it. */
  environmentId: string | undefined
  /** As reading a flow gives it. The main flow comes first in most exports. */
  flows: JsonObject[]
  variables: JsonObject[]
  /** Those that the file holds whole. */
  connectorInstances: JsonObject[]
  /** Those that nodes refer to and the file doesn't hold: id, connector, and the name that most nodes give them. */
  impliedConnectorInstances: JsonObject[]
  /** As they stand in the file. */
  forms: JsonObject[]
  /** Fields around the flows that have no known meaning. */
  unknown: JsonObject
  warnings: ExportWarning[]
}

/** What is added to while a file is gone through. */
export interface Reading {
  content: ExportContent
  warn(code: ExportWarning['code'], message: string, pointer: string): void
}

/** A copy of an object without some of its keys. */
export function without(content: JsonObject, keys: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(content).filter(([key]) => !keys.has(key)))
}

/** An object of those entries that have a value. */
export function present(entries: Record<string, Json | undefined>): JsonObject {
  return Object.fromEntries(
    Object.entries(entries).filter(([, value]) => value !== undefined && value !== null),
  ) as JsonObject
}

/** One step of a JSON pointer (RFC 6901). */
export function step(pointer: string, key: string | number): string {
  return `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`
}
