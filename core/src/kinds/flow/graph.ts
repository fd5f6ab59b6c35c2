import { arrayAt, isObject, type Json, type JsonObject, objectAt, stringAt } from '../../json.ts'

/** The nodes of a flow (or of a flow version) as they stand in `graphData.elements.nodes`. */
export function nodesOf(content: JsonObject): Json[] {
  return arrayAt(objectAt(content, 'graphData')?.elements, 'nodes')
}

/** The edges of a flow as they stand in `graphData.elements.edges`. */
export function edgesOf(content: JsonObject): Json[] {
  return arrayAt(objectAt(content, 'graphData')?.elements, 'edges')
}

/** What a node is called by people: its label, else its name, else what it does. */
export function nodeLabel(data: JsonObject): string {
  return (
    stringAt(data, 'label') ||
    stringAt(data, 'name') ||
    stringAt(data, 'capabilityName') ||
    (data.nodeType === 'EVAL' ? 'Condition' : (stringAt(data, 'id') ?? ''))
  )
}

/** The value of a node property: most are wrapped as `{ value }`, some stand bare (real exports). */
export function unwrap(property: Json | undefined): Json | undefined {
  return isObject(property) && Object.hasOwn(property, 'value') ? property.value : property
}
