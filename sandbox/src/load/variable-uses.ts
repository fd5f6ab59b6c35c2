import { arrayAt, isObject, type Json, type JsonObject, objectAt, stringAt } from '@flightiq/core'
import { namesVariable } from '../davinci/flow-references.ts'

/** A variable that a flow uses by name. */
export interface VariableUse {
  /** The name; in a template expression possibly followed by a path into the value. */
  text: string
  context: 'company' | 'flow' | 'flowInstance' | 'user'
  dataType: string
}

const contexts = new Set(['company', 'flow', 'flowInstance', 'user'])
const dataTypes = new Set(['boolean', 'number', 'object', 'secret', 'string'])

/**
 * The variables that a flow uses in ways that tell their context: those its nodes of the Variables connector write
 * (`step (number - flowInstance)` says context and type), and template expressions that name the context. A bare
 * `{{global.variables.x}}` may as well mean nothing at all: real flows are full of leftovers.
 */
export function variableUses(content: JsonObject): VariableUse[] {
  return arrayAt(objectAt(content.graphData, 'elements'), 'nodes').flatMap((node) => {
    if (!isObject(node) || !isObject(node.data)) return []
    const properties = objectAt(node.data, 'properties') ?? {}
    return [...(node.data.connectorId === 'variablesConnector' ? writes(properties) : []), ...templates(properties)]
  })
}

function writes(properties: JsonObject): VariableUse[] {
  const lists = Object.entries(properties).filter(([name]) => /^save\w*Variables$/.test(name))
  const saved = lists.flatMap(([list, property]) =>
    arrayAt(property, 'value').flatMap((one): VariableUse[] => {
      const text = stringAt(one, 'name')
      const said = /\((\w+) - (\w+)\)$/.exec(stringAt(one, 'label') ?? '')
      const usual = list === 'saveCompanyVariables' ? 'company' : list === 'saveFlowVariables' ? 'flow' : 'flowInstance'
      return text ? [use(text, said?.[2] ?? usual, stringAt(one, 'type') ?? said?.[1])] : []
    }),
  )
  const counted = stringAt(objectAt(properties, 'variable'), 'value')
  return counted ? [...saved, use(counted, 'flowInstance', 'number')] : saved
}

function templates(value: Json): VariableUse[] {
  if (typeof value === 'string') {
    if (!value.includes('.variables.')) return []
    const found = value.matchAll(/\{\{\s*global\.(company|flow|user)\.variables\.([^{}"\\]+)\}\}/g)
    return [...found].map(([, context = 'company', text = '']) => use(text.trim(), context, undefined))
  }
  if (Array.isArray(value)) return value.flatMap(templates)
  return isObject(value) ? Object.values(value).flatMap(templates) : []
}

function use(text: string, context: string, dataType: string | undefined): VariableUse {
  return {
    text,
    context: contexts.has(context) ? (context as VariableUse['context']) : 'flowInstance',
    dataType: dataType && dataTypes.has(dataType) ? dataType : 'string',
  }
}

/** Names as the API takes them (PingOne API reference, variables). */
const namePattern = /^(?=\S)[\p{L}\p{M}\p{N}\p{So}/.'_ -]{1,256}$/u

/** The name in a use: without the path into the value. Undefined where it can't be a variable's name. */
export function variableName({ text }: VariableUse): string | undefined {
  const name = text.split(/[.[]/)[0]?.trim() ?? ''
  return namePattern.test(name) ? name : undefined
}

/** Whether a use speaks of a variable. Flow variables are also told apart by their flow. */
export function usesVariable(use: VariableUse, flowId: string, variable: JsonObject): boolean {
  const name = stringAt(variable, 'name')
  if (!name || variable.context !== use.context || !namesVariable(use.text, name)) return false
  return use.context !== 'flow' || stringAt(variable.flow, 'id') === flowId
}
