import { equal, isObject, type Json, type JsonObject, stringAt } from '../json.ts'
import { impliedConnectorInstances, toApiConnectorInstance } from './connector-instance.ts'
import { type ExportContent, type ExportWarning, type Reading, step, without } from './content.ts'
import { ExportError } from './error.ts'
import { toApiFlow } from './flow.ts'
import { checkEdges, checkFlow, checkName } from './flow-schema.ts'
import { toApiVariable, variableKey } from './variable.ts'

/** How an import names the flows it holds, where it differs from their own names. */
interface Naming {
  byId?: JsonObject
  name?: string
  description?: string
}

/** What around flows has a known meaning, and is not carried on as unknown. */
const envelopeFields = new Set([
  'flows',
  'flowsInfo',
  'flowInfo',
  'flowNameMapping',
  'companyId',
  'customerId',
  'forms',
  'variables',
  'connections',
  'connectorInstances',
])
const listFields = new Set(['_embedded', '_links', 'count', 'size'])

/**
 * What an export file holds, in the API's form, whichever form the file has: one flow or several as the console exports
 * them, the body of an import around these, a flow version as the API exports it, or a list as the API answers it.
 * The input is not changed; parts that need no conversion are shared with it. Reading twice gives the same.
 * Throws an ExportError that names the spot.
 */
export function readExport(json: unknown, fileName: string): ExportContent {
  if (!isObject(json)) {
    throw new ExportError(
      'NOT_AN_OBJECT',
      `${fileName} holds ${Array.isArray(json) ? 'a list' : 'a single value'} where an export holds an object.`,
      'Choose a file that DaVinci exported.',
      { pointer: '' },
    )
  }
  const content: ExportContent = {
    fileName,
    environmentId: undefined,
    flows: [],
    variables: [],
    connectorInstances: [],
    impliedConnectorInstances: [],
    forms: [],
    unknown: {},
    warnings: [],
  }
  const reader = new Reader(content)
  reader.read(json)
  if (
    content.flows.length + content.variables.length + content.connectorInstances.length + content.forms.length ===
    0
  ) {
    throw new ExportError(
      'NOTHING_FOUND',
      `${fileName} holds no flow, variable or connector instance.`,
      'Choose a file that DaVinci exported.',
      { pointer: '' },
    )
  }
  content.impliedConnectorInstances = impliedConnectorInstances(content.flows, content.connectorInstances)
  content.environmentId ??= content.flows.map((flow) => stringAt(flow.environment, 'id')).find(Boolean)
  return content
}

class Reader implements Reading {
  readonly content: ExportContent
  readonly #variables = new Map<string, JsonObject>()

  constructor(content: ExportContent) {
    this.content = content
  }

  warn(code: ExportWarning['code'], message: string, pointer: string): void {
    this.content.warnings.push({ code, message, pointer })
  }

  read(json: JsonObject): void {
    if (isFlow(json)) this.#flow(json, '', {})
    else this.#around(json, '', {})
  }

  /** What stands around flows: a file of several, an import's body, or a list. */
  #around(around: JsonObject, pointer: string, naming: Naming): void {
    const { content } = this
    content.environmentId ??= stringAt(around, 'companyId') || undefined
    const isImport = isObject(around.flowInfo)
    const lists = isObject(around._embedded)
    const known = isImport ? new Set([...envelopeFields, 'name', 'description']) : envelopeFields
    const unknown = without(around, lists ? new Set([...known, ...listFields]) : known)
    content.unknown = { ...content.unknown, ...unknown }
    this.#each(around, 'flows', pointer, (flow, spot) => this.#flow(flow, spot, naming))
    this.#each(around, 'flowsInfo', pointer, (one, spot) => this.#flowOrAround(one, spot, naming))
    if (isObject(around.flowInfo)) {
      const byId = isObject(around.flowNameMapping) ? around.flowNameMapping : undefined
      const name = stringAt(around, 'name')
      const description = stringAt(around, 'description')
      const own: Naming = {
        ...(byId ? { byId } : {}),
        ...(name ? { name } : {}),
        ...(description ? { description } : {}),
      }
      this.#flowOrAround(around.flowInfo, step(pointer, 'flowInfo'), own)
    }
    this.#beside(around, pointer)
    if (isObject(around._embedded)) this.#list(around._embedded, step(pointer, '_embedded'))
  }

  #flowOrAround(value: Json, pointer: string, naming: Naming): void {
    if (isObject(value) && !isFlow(value) && ['flows', 'flowsInfo', 'flowInfo'].some((key) => key in value)) {
      // A body with several flows names each by its id; its own name is the import's.
      this.#around(value, pointer, naming.byId ? { byId: naming.byId } : {})
    } else this.#flow(value, pointer, naming)
  }

  #list(embedded: JsonObject, pointer: string): void {
    const { unknown } = this.content
    const rest = without(embedded, new Set(['flows', 'variables', 'connectorInstances', 'forms']))
    if (Object.keys(rest).length > 0) this.content.unknown = { ...unknown, _embedded: rest }
    this.#each(embedded, 'flows', pointer, (flow, spot) => this.#flow(flow, spot, {}))
    this.#beside(embedded, pointer)
  }

  #flow(value: Json, pointer: string, naming: Naming): void {
    const { content } = this
    const flow = checkFlow(value, pointer, content.fileName)
    const id = stringAt(flow, 'flowId') ?? stringAt(flow, 'id') ?? stringAt(flow.flow, 'id')
    const given = (id === undefined ? undefined : stringAt(naming.byId, id)) ?? naming.name
    const own = stringAt(flow, 'name') ?? stringAt(flow.flow, 'name')
    const name = checkName(given ?? own, pointer, content.fileName)
    checkEdges(flow, name, pointer, content.fileName)
    const converted = toApiFlow(flow, name, this, pointer)
    if (naming.description !== undefined) converted.description = naming.description
    const before = content.flows.find((one) => one.id === converted.id)
    if (!before) content.flows.push(converted)
    else if (!equal(before, converted)) {
      this.warn('FLOW_TWICE', `The file holds flow “${name}” twice, and they differ; the first is taken.`, pointer)
    }
    this.#beside(flow, pointer)
    // The export of a version carries the flows it starts in this way, each like itself.
    if (Array.isArray(flow._embedded)) this.#each(flow, '_embedded', pointer, (one, spot) => this.#flow(one, spot, {}))
  }

  /** What travels beside flows: variables, connector instances, forms. */
  #beside(around: JsonObject, pointer: string): void {
    this.#each(around, 'variables', pointer, (one, spot) => this.#variable(one, spot))
    this.#each(around, 'connections', pointer, (one, spot) => this.#connectorInstance(one, spot))
    this.#each(around, 'connectorInstances', pointer, (one, spot) => this.#connectorInstance(one, spot))
    if (Array.isArray(around.forms)) this.#each(around, 'forms', pointer, (form, spot) => this.#form(form, spot))
    else if (isObject(around.forms)) {
      const spot = step(pointer, 'forms')
      for (const [id, form] of Object.entries(around.forms)) this.#form(form, step(spot, id), id)
    }
  }

  #variable(value: Json, pointer: string): void {
    const variable = toApiVariable(this.#object(value, 'name', pointer, 'variable'), this, pointer)
    const before = this.#variables.get(variableKey(variable))
    if (!before) {
      this.#variables.set(variableKey(variable), variable)
      this.content.variables.push(variable)
    } else if (!sameButDates(before, variable)) {
      const name = stringAt(variable, 'name')
      this.warn(
        'VARIABLE_TWICE',
        `The file holds variable ${name} twice, and they differ; the first is taken.`,
        pointer,
      )
    }
  }

  #connectorInstance(value: Json, pointer: string): void {
    const key = isObject(value) && 'connectionId' in value ? 'connectionId' : 'id'
    const instance = toApiConnectorInstance(this.#object(value, key, pointer, 'connector instance'), this, pointer)
    const before = this.content.connectorInstances.find((one) => one.id === instance.id)
    if (!before) this.content.connectorInstances.push(instance)
    else if (!sameButDates(before, instance)) {
      const name = stringAt(instance, 'name')
      const message = `The file holds connector instance “${name}” twice, and they differ; the first is taken.`
      this.warn('CONNECTOR_INSTANCE_TWICE', message, pointer)
    }
  }

  #form(value: Json, pointer: string, id?: string): void {
    if (!isObject(value)) {
      this.warn('FORM_UNREADABLE', 'The file holds a form that is no object; it is left out.', pointer)
      return
    }
    const form = id === undefined || stringAt(value, 'id') ? value : { id, ...value }
    if (!this.content.forms.some((one) => one.id === form.id)) this.content.forms.push(form)
  }

  #each(around: JsonObject, key: string, pointer: string, read: (item: Json, pointer: string) => void): void {
    const items = around[key]
    if (items === undefined || items === null) return
    if (!Array.isArray(items)) throw this.#unreadable(step(pointer, key), `${key} is no list`)
    for (const [index, item] of items.entries()) read(item, step(step(pointer, key), index))
  }

  #object(value: Json, needed: string, pointer: string, what: string): JsonObject {
    if (isObject(value) && stringAt(value, needed)) return value
    throw this.#unreadable(step(pointer, needed), `a ${what} has no ${needed}`)
  }

  #unreadable(pointer: string, why: string): ExportError {
    return new ExportError(
      'UNREADABLE',
      `${this.content.fileName} can't be read at ${pointer}: ${why}.`,
      'Correct the file at that spot, or export it again.',
      { pointer },
    )
  }
}

/** Whether an object is a flow itself, rather than something around flows. */
function isFlow(value: JsonObject): boolean {
  return 'graphData' in value || typeof value.flowId === 'string' || (isObject(value.flow) && 'version' in value)
}

const dates = new Set(['createdAt', 'updatedAt'])

function sameButDates(left: JsonObject, right: JsonObject): boolean {
  return equal(without(left, dates), without(right, dates))
}
