import { isObject, type Json, type JsonObject, stringAt } from '../../json.ts'
import { isMasked } from '../../secrets.ts'
import { put } from './sharing.ts'

const ofPlace = new Set([
  '_links',
  'environment',
  'id',
  'flow',
  'flowId',
  'companyId',
  'customerId',
  'createdAt',
  'updatedAt',
  'createdDate',
  'updatedDate',
])

/** The variables that a flow version's export carries, keyed by context and name. */
export function normaliseVariables(variables: Json): Json | undefined {
  if (variables === null || (Array.isArray(variables) && variables.length === 0)) return undefined
  if (!Array.isArray(variables)) return variables // comparable already
  const result: JsonObject = {}
  for (const variable of variables) {
    if (!isObject(variable)) continue
    const name = (stringAt(variable, 'name') ?? '').split('##SK##')[0] ?? ''
    const kept: JsonObject = {}
    for (const key of Object.keys(variable)) {
      if (!ofPlace.has(key) && !isMasked(variable[key])) put(kept, key, variable[key] as Json)
    }
    kept.name = name
    put(result, `${stringAt(variable, 'context') ?? ''}/${name}`, kept)
  }
  return result
}
