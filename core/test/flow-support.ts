import type { Json, JsonObject, Reference } from '@flightiq/core'

/** The value that a JSON pointer names, or undefined. */
export function at(content: Json, pointer: string): Json | undefined {
  let value: Json | undefined = content
  for (const step of pointer.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as JsonObject)[key]
  }
  return value
}

/** Whether a reference's target really stands where the reference says. */
export function standsThere(content: JsonObject, { pointer, spot, target }: Reference): boolean {
  const value = at(content, pointer)
  if (spot === 'value') return value === target
  if (spot === 'key') return typeof value === 'object' && value !== null && Object.hasOwn(value, target)
  return typeof value === 'string' && (value.includes(target) || value.includes(JSON.stringify(target).slice(1, -1)))
}

/** A flow with these nodes and lines, as PingOne answers it. */
export function flowWith(nodes: JsonObject[], lines: [string, string][] = [], more: JsonObject = {}): JsonObject {
  const edges = lines.map(([source, target], index): JsonObject => ({ data: { id: `e${index}`, source, target } }))
  return { id: 'f1', name: 'Sign on', enabled: true, graphData: { elements: { nodes, edges } }, ...more }
}

/** A node of a connector. */
export function nodeOf(id: string, connectorId: string, properties: JsonObject, more: JsonObject = {}): JsonObject {
  return {
    data: {
      id,
      nodeType: 'CONNECTION',
      connectionId: `of-${connectorId}`,
      connectorId,
      label: id,
      properties,
      ...more,
    },
    position: { x: 10, y: 20 },
  }
}

/** A condition on a line. */
export function condition(id: string, properties: JsonObject = {}): JsonObject {
  return { data: { id, nodeType: 'EVAL', properties }, position: { x: 0, y: 0 } }
}

/** A rich text with one link, in which the expression stands twice, and a text of its own. */
export function richText(data: string, text = ''): string {
  const link = { type: 'link', src: 'variable.svg', url: 'x', data, tooltip: data, children: [{ text: 'x' }] }
  return JSON.stringify([{ children: [{ text }, link] }], null, 2)
}

/** A rich text that holds nothing but a text. */
export function plainRichText(text: string): string {
  return JSON.stringify([{ children: [{ text }] }], null, 2)
}
