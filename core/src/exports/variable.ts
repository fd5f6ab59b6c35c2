import { isObject, type JsonObject, objectAt, stringAt } from '../json.ts'
import { present, type Reading, without } from './content.ts'
import { isoDate } from './dates.ts'
import { derivedUuid } from './ids.ts'

/** Parts the name in the older model from the context: `theme##SK##company`, `step##SK##flow##SK##<flow id>`. */
const separator = '##SK##'

const contexts = new Set(['company', 'flow', 'flowInstance', 'user'])

/** Fields of a variable in the older model that were converted, or that say the same for every variable. */
const legacyFields = new Set([
  'id',
  'name',
  'context',
  'companyId',
  'customerId',
  'flowId',
  'createdDate',
  'updatedDate',
  'fields',
])
const convertedFields = new Set(['type', 'displayName', 'mutable', 'min', 'max', 'value'])

/** A variable of any export form as reading it from the API would give it. */
export function toApiVariable(variable: JsonObject, reading: Reading, pointer: string): JsonObject {
  const isLegacy = isObject(variable.fields) || stringAt(variable, 'name')?.includes(separator)
  if (!isLegacy || stringAt(variable, 'dataType')) return withId(without(variable, new Set(['_links'])))
  const [name = '', contextInName, flowInName] = (stringAt(variable, 'name') ?? '').split(separator)
  const context = stringAt(variable, 'context')
  const fields = objectAt(variable, 'fields') ?? {}
  const unknownFields = without(fields, convertedFields)
  const companyId = stringAt(variable, 'companyId')
  const flowId = stringAt(variable, 'flowId') ?? flowInName
  const { type, visibility, ...rest } = without(variable, legacyFields)
  return withId({
    ...present({
      environment: companyId ? { id: companyId } : undefined,
      id: stringAt(variable, 'id'),
    }),
    name,
    // Very old exports name the connector there (“Flow Connector”); the name itself then tells the context.
    ...present({ context: context && contexts.has(context) ? context : (contextInName ?? context) }),
    ...present({
      dataType: fields.type ?? 'string',
      displayName: fields.displayName,
      mutable: fields.mutable ?? true,
      min: fields.min,
      max: fields.max,
      value: fields.value,
      flow: flowId ? { id: flowId } : undefined,
      createdAt: isoDate(variable.createdDate, reading, pointer, 'createdDate'),
      updatedAt: isoDate(variable.updatedDate, reading, pointer, 'updatedDate'),
      // Every variable is a private property in the older model: that says nothing.
      type: type === 'property' ? undefined : type,
      visibility: visibility === 'private' ? undefined : visibility,
    }),
    ...rest,
    ...(Object.keys(unknownFields).length > 0 ? { fields: unknownFields } : {}),
  })
}

/** What makes a variable unique in its environment: name, context, and the flow that it belongs to. */
export function variableKey(variable: JsonObject): string {
  const flowId = variable.context === 'flow' ? stringAt(variable.flow, 'id') : undefined
  return [stringAt(variable, 'name'), stringAt(variable, 'context'), flowId ?? ''].join('\n')
}

/** Old exports give their variables no id: they get one that stays the same each time the file is read. */
function withId(variable: JsonObject): JsonObject {
  if (stringAt(variable, 'id')) return variable
  const environmentId = stringAt(variable.environment, 'id') ?? ''
  return { id: derivedUuid(['variable', environmentId, variableKey(variable)]), ...variable }
}
