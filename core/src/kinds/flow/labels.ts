import { isObject, type Json, type JsonObject, objectAt, stringAt } from '../../json.ts'
import { readable } from '../../properties.ts'
import { slateText } from '../../templates/slate.ts'

/** What a node is called on the canvas: its title, else its label, else the name of its instance, else its id. */
export function nodeTitle(data: JsonObject): string {
  const title = objectAt(objectAt(data, 'properties'), 'nodeTitle')?.value
  if (typeof title === 'string' && title.trim() !== '') return title.startsWith('[') ? slateText(title) : title
  return firstText(data.label, data.title, data.name, data.id)
}

function firstText(...values: (Json | undefined)[]): string {
  for (const value of values) if (typeof value === 'string' && value !== '') return value
  return ''
}

/** `Node "Send OTP" (Notifications · sendEmail)`. */
export function nodeLabel(data: JsonObject): string {
  if (data.nodeType === 'ANNOTATION') return `Annotation "${annotationText(data)}"`
  const connector = firstText(data.name, data.connectorName) || readable(stringAt(data, 'connectorId') ?? '')
  const what = [connector, stringAt(data, 'capabilityName') ?? ''].filter((part) => part !== '').join(' · ')
  return `Node "${nodeTitle(data)}"${what === '' ? '' : ` (${what})`}`
}

const annotationLength = 60

function annotationText(data: JsonObject): string {
  const value = objectAt(objectAt(data, 'properties'), 'annotation')?.value
  const text = typeof value === 'string' ? slateText(value).replaceAll(/\s+/g, ' ').trim() : nodeTitle(data)
  return text.length > annotationLength ? `${text.slice(0, annotationLength - 1)}…` : text
}

/** Names nodes, conditions and lines of one graph (or of the two that are compared) for a person. */
export class GraphLabels {
  readonly #data = new Map<string, JsonObject>()
  readonly #before = new Map<string, Set<string>>()
  readonly #after = new Map<string, Set<string>>()

  /** Takes in the nodes and edges of a comparable graph; what was taken in before keeps its name. */
  add(nodes: Iterable<Json>, edges: Iterable<Json>): void {
    for (const node of nodes) {
      const data = objectAt(node, 'data')
      const id = stringAt(data, 'id')
      if (data && id !== undefined && !this.#data.has(id)) this.#data.set(id, data)
    }
    for (const edge of edges) {
      const data = objectAt(edge, 'data')
      const source = stringAt(data, 'source')
      const target = stringAt(data, 'target')
      if (source === undefined || target === undefined) continue
      addTo(this.#before, target, source)
      addTo(this.#after, source, target)
    }
  }

  /** The label of a node or of a condition on a line. */
  node(data: JsonObject): string {
    if (data.nodeType !== 'EVAL') return nodeLabel(data)
    const id = stringAt(data, 'id') ?? ''
    return `Condition of the line from ${this.#names(this.#before, id)} to ${this.#names(this.#after, id)}`
  }

  /** `Line from "A" to "B"`; a line that ends at a condition is told by what lies beyond it. */
  edge(data: JsonObject): string {
    const source = stringAt(data, 'source') ?? ''
    const target = stringAt(data, 'target') ?? ''
    const from = this.#isCondition(source)
      ? `the condition after ${this.#names(this.#before, source)}`
      : this.name(source)
    const to = this.#isCondition(target)
      ? `the condition before ${this.#names(this.#after, target)}`
      : this.name(target)
    return `Line from ${from} to ${to}${this.#value(source, stringAt(data, 'multiValueSourceId'))}`
  }

  /** The title of a node in quotes, or its id where there is no such node. */
  name(id: string): string {
    const data = this.#data.get(id)
    if (!data) return `the missing node ${id}`
    return data.nodeType === 'EVAL' ? `condition ${id}` : `"${nodeTitle(data)}"`
  }

  #isCondition(id: string): boolean {
    return this.#data.get(id)?.nodeType === 'EVAL'
  }

  #names(ends: ReadonlyMap<string, Set<string>>, id: string): string {
    const ids = [...(ends.get(id) ?? [])]
    return ids.length === 0 ? 'nothing' : ids.map((end) => this.name(end)).join(' and ')
  }

  /** The answer that a line of a several-way comparison, or of a form's button, stands for. */
  #value(source: string, id: string | undefined): string {
    if (id === undefined) return ''
    if (id === '-1') return ' when nothing matches'
    const data = this.#data.get(source)
    const values = objectAt(objectAt(data, 'properties'), 'rightValueMultiple')?.value
    const outcomes = data?.outcomes
    for (const item of [...(Array.isArray(values) ? values : []), ...(Array.isArray(outcomes) ? outcomes : [])]) {
      if (!isObject(item) || item.id !== id) continue
      const text = item.value ?? item.label ?? item.result
      return ` for "${typeof text === 'string' ? slateText(text) : JSON.stringify(text)}"`
    }
    return ` for answer ${id}`
  }
}

function addTo(map: Map<string, Set<string>>, key: string, value: string): void {
  const known = map.get(key)
  if (known) known.add(value)
  else map.set(key, new Set([value]))
}
