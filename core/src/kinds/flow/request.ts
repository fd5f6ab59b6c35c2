import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../../json.ts'
import { answerFields } from './answer-fields.ts'
import { isEmpty, mapField, mapFields, mapList, put } from './sharing.ts'

/** What only answers have, what has an operation of its own, and what travels beside a flow in exports. */
const notSent = new Set<string>([...answerFields, 'enabled', 'variables'])
const emptyIsNone = new Set(['description', 'color', 'settings', 'trigger', 'inputSchema', 'outputSchema'])

/**
 * The body to create or replace a flow with (PingOne API reference, DaVinci flows): what only answers have is left
 * out, unknown fields are kept. A flow that PingOne starts itself takes no inputs of its own.
 */
export function flowRequest(content: JsonObject): JsonObject {
  const imposed = stringAt(objectAt(content, 'trigger'), 'type') === 'AUTHENTICATION'
  const body: JsonObject = {}
  for (const key of Object.keys(content)) {
    const value = content[key] as Json
    if (notSent.has(key) || (key === 'inputSchema' && imposed)) continue
    if (emptyIsNone.has(key) && (value === null || (key === 'trigger' && isEmpty(value)))) continue
    put(body, key, key === 'graphData' ? withoutFindings(value) : value)
  }
  return body
}

/** A graph without the linter's findings, which PingOne adds to answers. */
function withoutFindings(graph: Json): Json {
  if (!isObject(graph)) return graph
  return mapField(withoutField(withoutField(graph, 'allLinterErrors'), 'linterError'), 'elements', (elements) =>
    isObject(elements)
      ? mapFields(elements, (list) => (Array.isArray(list) ? mapList(list, withoutFinding) : list))
      : elements,
  )
}

function withoutFinding(element: Json): Json {
  if (!isObject(element)) return element
  return mapField(withoutField(element, 'linterError'), 'data', (data) =>
    isObject(data) ? withoutField(data, 'linterError') : data,
  )
}

function withoutField(object: JsonObject, key: string): JsonObject {
  if (object[key] === undefined) return object
  const { [key]: _finding, ...rest } = object
  return rest
}
