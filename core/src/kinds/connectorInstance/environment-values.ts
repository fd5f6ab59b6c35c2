import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../../json.ts'
import type { Rewriter } from '../../kind.ts'
import { pointerStep } from '../../properties.ts'
import type { Reference } from '../../reference.ts'

/**
 * Properties whose whole value is the id of the instance's own environment (`envId` of the PingOne connectors):
 * in another environment they mean that one.
 */
export function environmentReferences(content: JsonObject): Reference[] {
  const environmentId = stringAt(objectAt(content, 'environment'), 'id')
  if (!environmentId) return []
  return find(content.properties, '/properties', environmentId)
}

function find(value: Json | undefined, pointer: string, environmentId: string): Reference[] {
  if (value === environmentId) return [{ kind: 'environment', by: 'id', target: environmentId, pointer, spot: 'value' }]
  if (Array.isArray(value)) return value.flatMap((item, index) => find(item, `${pointer}/${index}`, environmentId))
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([key, item]) => find(item, `${pointer}/${pointerStep(key)}`, environmentId))
}

/** Rewrites the environment ids that environmentReferences finds. */
export function rewriteEnvironment(content: JsonObject, rewriter: Rewriter): JsonObject {
  const environmentId = stringAt(objectAt(content, 'environment'), 'id')
  const [first] = environmentReferences(content)
  const replacement = first && rewriter(first)
  if (!environmentId || !replacement) return content
  return { ...content, properties: replace(content.properties ?? null, environmentId, replacement) }
}

function replace(value: Json, from: string, to: string): Json {
  if (value === from) return to
  if (Array.isArray(value)) return value.map((item) => replace(item, from, to))
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replace(item, from, to)]))
}
