import type { Json, JsonObject } from '@flightiq/core'
import { derivedHexId } from '../load/derived-ids.ts'
import { type FlowKey, flowNames } from './flow-names.ts'
import { type Line, layOut } from './layout.ts'
import { slate, Text } from './slate.ts'
import type { Surroundings } from './surroundings.ts'

/** A value of a property: texts in it become Slate documents. */
export type Value = Json | Text | Value[] | { [key: string]: Value }

/** A property that DaVinci keeps without the usual `{ "value": … }` around it. */
export class Bare {
  readonly content: { [key: string]: Value }

  constructor(content: { [key: string]: Value }) {
    this.content = content
  }
}

/** What a flow is, and how its graph is drawn. */
export interface FlowSpec {
  key: FlowKey
  description: string
  color?: string
  trigger?: JsonObject
  settings?: JsonObject
  inputs?: Record<string, 'string' | 'number' | 'boolean' | 'object' | 'array'>
  outputs?: Record<string, 'string' | 'number' | 'boolean' | 'object'>
  draw(f: FlowBuilder): void
}

/** How a line is taken from a condition to a node. */
type Condition = 'allTriggersTrue' | 'anyTriggersFalse' | 'always'

interface DrawnNode {
  id: string
  data: JsonObject
  /** Of an annotation: the node that it stands above. */
  above?: string
}

const triggers = new Set([
  'functionsConnector',
  'variablesConnector',
  'nodeConnector:startNode',
  'httpConnector:customHTMLTemplate',
  'flowConnector:startUiSubFlow',
])

/** Draws the graph of a flow: nodes by keys that are stable across environments, and the ways between them. */
export class FlowBuilder {
  readonly spec: FlowSpec
  readonly here: Surroundings
  readonly #nodes = new Map<string, DrawnNode>()
  readonly #lines: (Line & { id: string; multiValueSourceId?: string })[] = []

  constructor(spec: FlowSpec, surroundings: Surroundings) {
    this.spec = spec
    this.here = surroundings
  }

  /** Whether this environment's version of the flow has something that newer ones have. */
  has(feature: string): boolean {
    return !this.here.without.has(feature)
  }

  /** The id of the node of a key: the same in every environment, as imports keep it. */
  id(key: string): string {
    const number = BigInt(`0x${derivedHexId('node', this.spec.key, key).slice(0, 16)}`)
    return number.toString(36).padStart(10, 'z').slice(-10)
  }

  /** Adds a node of a connector. Texts in the properties are written as Slate documents. */
  node(
    key: string,
    connectorId: string,
    capabilityName: string,
    title: string,
    properties: Record<string, Value | Bare> = {},
    more: JsonObject & { instance?: string } = {},
  ): void {
    const { instance, ...data } = more
    const { id: connectionId, name } = this.here.instanceOf(connectorId, instance)
    const isTrigger = triggers.has(connectorId) || triggers.has(`${connectorId}:${capabilityName}`)
    this.#add(key, {
      nodeType: 'CONNECTION',
      connectionId,
      connectorId,
      name,
      label: name,
      status: 'configured',
      capabilityName,
      type: isTrigger ? 'trigger' : 'action',
      properties: { nodeTitle: { value: title }, ...this.#wrapped(properties) },
      ...data,
    })
  }

  /** Adds a heading above a node, or above the whole flow. */
  note(text: string, above?: string): void {
    const { id, name } = this.here.instanceOf('annotationConnector')
    const key = `note:${text}`
    const properties = {
      annotation: text,
      annotationTextColor: '#ffffffff',
      backgroundColor: above ? '#2b90c9ff' : '#0b3954ff',
      cornerRadius: 6,
      fontFamily: 'sans-serif',
      fontSize: above ? 14 : 22,
      fontStyle: 'bold',
      width: above ? 420 : 900,
    }
    this.#add(key, {
      nodeType: 'ANNOTATION',
      connectionId: id,
      connectorId: 'annotationConnector',
      name,
      label: 'Annotation',
      status: 'configured',
      capabilityName: 'updateAnnotationProperties',
      type: 'action',
      properties: this.#wrapped(properties),
    })
    const drawn = this.#nodes.get(key)
    if (drawn && above) drawn.above = this.id(above)
  }

  /** Leads from each node to the next when it succeeds. */
  path(...keys: string[]): void {
    for (const [index, key] of keys.entries()) {
      const next = keys[index + 1]
      if (next !== undefined) this.#way(key, next, 'allTriggersTrue')
    }
  }

  /** Leads from a node to another when it fails, or when what it compares is not so. */
  fails(from: string, to: string): void {
    this.#way(from, to, 'anyTriggersFalse')
  }

  /** Leads from a node to another in any case. */
  always(from: string, to: string): void {
    this.#way(from, to, 'always')
  }

  /** Leads from a node with several outcomes to another for one of them; for any other outcome without a name. */
  on(from: string, outcome: string | undefined, to: string): void {
    const multiValueSourceId = outcome === undefined ? '-1' : this.id(`${from}=${outcome}`)
    this.#way(from, to, 'allTriggersTrue', { multiValueSourceId })
  }

  /** The whole flow as reading it from the API gives it, but for what the environment adds. */
  build(): JsonObject {
    this.spec.draw(this)
    const { spec } = this
    return {
      id: this.here.flowId(spec.key),
      name: flowNames[spec.key],
      description: spec.description,
      color: spec.color ?? '#AFD5FF',
      settings: {
        csp: "worker-src 'self' blob:; script-src 'self' https://cdn.jsdelivr.net 'unsafe-inline' 'unsafe-eval';",
        intermediateLoadingScreenCSS: '',
        intermediateLoadingScreenHTML: '',
        flowHttpTimeoutInSeconds: 300,
        logLevel: 2,
        useCustomCSS: true,
        ...spec.settings,
      },
      ...(spec.trigger ? { trigger: spec.trigger } : { inputSchema: this.#inputSchema() }),
      outputSchema: {
        output: {
          type: 'object',
          additionalProperties: true,
          properties: Object.fromEntries(
            Object.entries(spec.outputs ?? {}).map(([name, type]) => [name, { type, preferredDataType: type }]),
          ),
        },
      },
      graphData: this.#graph(),
    }
  }

  #inputSchema(): JsonObject[] {
    return Object.entries(this.spec.inputs ?? {}).map(([propertyName, preferredDataType]) => ({
      propertyName,
      preferredDataType,
      preferredControlType: 'textField',
      isExpanded: true,
      description: '',
      required: false,
    }))
  }

  #graph(): JsonObject {
    const drawn = [...this.#nodes.values()]
    const drawnIds = new Set(drawn.map(({ id }) => id))
    for (const { id, source, target } of this.#lines) {
      if (!drawnIds.has(source) || !drawnIds.has(target)) throw new Error(`Flow ${this.spec.key}: line ${id} is loose.`)
    }
    const isNote = ({ data }: DrawnNode) => data.nodeType === 'ANNOTATION'
    const positions = layOut(
      drawn.filter((one) => !isNote(one)).map(({ id }) => id),
      this.#lines,
    )
    let titles = 0
    for (const one of drawn.filter(isNote)) {
      const below = one.above === undefined ? undefined : positions.get(one.above)
      positions.set(one.id, below ? { x: below.x + 120, y: below.y - 90 } : { x: 600, y: 120 + 60 * titles++ })
    }
    return {
      elements: {
        nodes: drawn.map(({ id, data }) => ({
          data: { id, ...data },
          position: positions.get(id) ?? { x: 0, y: 0 },
          group: 'nodes',
          removed: false,
          selected: false,
          selectable: true,
          locked: false,
          grabbable: true,
          pannable: false,
          classes: '',
        })),
        edges: this.#lines.map(({ id, ...line }) => ({
          data: { id, ...line },
          position: { x: 0, y: 0 },
          group: 'edges',
          removed: false,
          selected: false,
          selectable: true,
          locked: false,
          grabbable: true,
          pannable: true,
          classes: '',
        })),
      },
      data: {},
      zoomingEnabled: true,
      userZoomingEnabled: true,
      zoom: 1,
      minZoom: 1e-50,
      maxZoom: 1e50,
      panningEnabled: true,
      userPanningEnabled: true,
      pan: { x: 0, y: 0 },
      boxSelectionEnabled: true,
      renderer: { name: 'null' },
    }
  }

  #way(from: string, to: string, value: Condition, more: { multiValueSourceId?: string } = {}): void {
    const condition = `${from}>${more.multiValueSourceId ?? ''}`
    const known = this.#nodes.get(condition)
    if (!known) {
      this.#add(condition, { nodeType: 'EVAL', label: 'Evaluator', properties: {} })
      this.#line(from, condition, more)
    }
    const { data } = this.#nodes.get(condition) as DrawnNode
    data.properties = { ...(data.properties as JsonObject), [this.id(to)]: { value } }
    this.#line(condition, to, {})
  }

  #line(source: string, target: string, more: { multiValueSourceId?: string }): void {
    const ends = { source: this.id(source), target: this.id(target) }
    const there = this.#lines.some((line) => line.source === ends.source && line.target === ends.target)
    if (there) return
    this.#lines.push({ id: this.id(`${source}->${target}`), ...ends, ...more })
  }

  #add(key: string, data: JsonObject): void {
    if (this.#nodes.has(key)) throw new Error(`Flow ${this.spec.key} has two nodes ${key}.`)
    const idUnique = derivedHexId('idUnique', this.here.environmentName, this.spec.key, key).slice(0, 10)
    this.#nodes.set(key, { id: this.id(key), data: data.nodeType === 'EVAL' ? data : { ...data, idUnique } })
  }

  #wrapped(properties: Record<string, Value | Bare>): JsonObject {
    return Object.fromEntries(
      Object.entries(properties).map(([name, value]) => [
        name,
        value instanceof Bare ? this.#resolved(value.content) : { value: this.#resolved(value) },
      ]),
    )
  }

  #resolved(value: Value): Json {
    if (value instanceof Text) return slate(this.expressions(value.text))
    if (Array.isArray(value)) return value.map((item) => this.#resolved(item))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#resolved(item as Value)]))
  }

  /** A text with the nodes it names by key named by id: `{{local.@page.payload.output.email}}`. */
  expressions(text: string): string {
    return text.replaceAll(/\{\{local\.@([\w-]+)/g, (_whole, key: string) => `{{local.${this.id(key)}`)
  }
}
