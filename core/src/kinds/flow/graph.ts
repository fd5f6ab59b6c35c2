import { type Json, type JsonObject, objectAt } from '../../json.ts'

export type Elements = Record<string, Json>

/** Nodes and edges of a comparable graph, by key. */
export interface Graph {
  nodes: Elements
  edges: Elements
}

/** The nodes and edges of a comparable graph (see normaliseFlow). */
export function elementsOf(graph: JsonObject): Graph {
  const elements = objectAt(graph, 'elements')
  return { nodes: objectAt(elements, 'nodes') ?? {}, edges: objectAt(elements, 'edges') ?? {} }
}

/** The data of a node or an edge, or an empty object. */
export function dataOf(element: Json | undefined): JsonObject {
  return objectAt(element, 'data') ?? {}
}
