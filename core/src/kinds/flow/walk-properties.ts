import { isObject, type Json, type JsonObject, stringAt } from '../../json.ts'
import { pointerStep } from '../../properties.ts'
import { slateLiteral } from '../../templates/slate.ts'
import { mapField, mapFields, mapList, renameKeys } from './sharing.ts'
import { isPointer, type Spot, spotOf } from './spots.ts'
import { type Found, type Listener, namesInstances, walkText, walkTexts } from './walk-text.ts'

/** Answers one property of a node with its references replaced. `siblings` are all properties of the node. */
export function walkProperty(
  connectorId: string,
  key: string,
  property: Json,
  siblings: JsonObject,
  pointer: string,
  hear: Listener,
): Json {
  if (property === null || typeof property === 'number' || typeof property === 'boolean') return property
  if (isObject(property) && property.constructType === 'skConnectorList') {
    return walkValue(property, pointer, hear, (value, at) => walkConnectorList(value, at, hear))
  }
  const special = Object.hasOwn(specials, key) ? specials[key] : undefined
  if (special) return special(property, pointer, hear, connectorId, siblings)
  const spot = spotOf(connectorId, key)
  if (hear.comparing && !spot && isPlainText(property)) return property
  if (spot) return walkValue(property, pointer, hear, (value, at) => walkPicked(spot, value, at, hear))
  if (key.startsWith('claimsNameValuePairs')) return walkItems(property, pointer, hear, claim)
  return walkTexts(property, pointer, hear)
}

/** The commonest property by far: a text alone, in which nothing but an identity provider button names an instance. */
function isPlainText(property: Json): boolean {
  const value = isObject(property) ? property.value : property
  if (typeof value !== 'string' || namesInstances(value)) return false
  if (!isObject(property)) return true
  for (const key in property) if (key !== 'value') return false
  return true
}

type Special = (property: Json, pointer: string, hear: Listener, connectorId: string, siblings: JsonObject) => Json

/** Properties that hold references in a form of their own (observed in DaVinci exports). */
const specials: Readonly<Record<string, Special>> = {
  subFlowId: (property, pointer, hear) =>
    walkValue(property, pointer, hear, (value, at) => walkSubflow(value, at, hear)),
  nodeInstanceId: (property, pointer, hear) =>
    walkValue(property, pointer, hear, (value, at) => wholeValue(value, hear, { kind: 'node', by: 'id' }, at)),
  connectionId: (property, pointer, hear, connectorId) => {
    if (connectorId !== 'userPolicyConnector') return walkTexts(property, pointer, hear)
    const parts = { kind: 'connectorInstance', by: 'id', connectorId: 'skUserPool' } as const
    return walkValue(property, pointer, hear, (value, at) => wholeValue(value, hear, parts, at))
  },
  externalIdentityProvider: walkIdentityProviders,
  sktemplate: walkUiTemplate,
  saveVariables: (property, pointer, hear) => walkItems(property, pointer, hear, savedVariable(undefined)),
  saveFlowVariables: (property, pointer, hear) => walkItems(property, pointer, hear, savedVariable('flow')),
  saveCompanyVariables: (property, pointer, hear) => walkItems(property, pointer, hear, savedVariable('company')),
  variable: (property, pointer, hear, connectorId) =>
    connectorId === 'variablesConnector'
      ? walkValue(property, pointer, hear, (value, at) => wholeValue(value, hear, { kind: 'variable', by: 'name' }, at))
      : walkTexts(property, pointer, hear),
  additionalUserProperties: (property, pointer, hear) => walkItems(property, pointer, hear, userProperty),
  formData: (property, pointer, hear) => walkItems(property, pointer, hear, formField),
}

/** Applies a mapping to the value of a property: wrapped in `{value}` mostly, bare in some. */
function walkValue(property: Json, pointer: string, hear: Listener, map: (value: Json, pointer: string) => Json): Json {
  if (!isObject(property) || !Object.hasOwn(property, 'value')) return map(property, pointer)
  return mapFields(property, (value, key) =>
    key === 'value' ? map(value, `${pointer}/value`) : walkTexts(value, `${pointer}/${pointerStep(key)}`, hear),
  )
}

function wholeValue(value: Json, hear: Listener, parts: Omit<Found, 'target' | 'pointer' | 'spot'>, pointer: string) {
  if (typeof value !== 'string') return walkTexts(value, pointer, hear)
  if (value === '' || value.includes('{{')) return walkText(value, pointer, hear)
  const literal = slateLiteral(value)
  if (literal)
    return replaceLiteral(value, literal, hear({ ...parts, target: literal.value, pointer, spot: 'template' }))
  return hear({ ...parts, target: value, pointer, spot: 'value' }) ?? value
}

function replaceLiteral(text: string, { from, to }: { from: number; to: number }, replacement: string | undefined) {
  if (replacement === undefined) return text
  return text.slice(0, from) + JSON.stringify(replacement).slice(1, -1) + text.slice(to)
}

/** A subflow is `{label, value}`, or just its id. */
function walkSubflow(value: Json, pointer: string, hear: Listener): Json {
  const target = isObject(value) ? value.value : value
  if (typeof target !== 'string' || target === '') return value
  const found: Found = {
    kind: 'flow',
    by: 'id',
    target,
    pointer: isObject(value) ? `${pointer}/value` : pointer,
    spot: 'value',
  }
  const label = stringAt(value, 'label')
  if (label !== undefined) found.label = label
  const to = hear(found)
  if (to === undefined || to === target) return value
  return isObject(value) ? { ...value, value: to } : to
}

function walkConnectorList(value: Json, pointer: string, hear: Listener): Json {
  if (!Array.isArray(value)) return walkTexts(value, pointer, hear)
  return mapList(value, (item, index) => {
    if (!isObject(item)) return item
    const connectorId = stringAt(item, 'connectorId')
    return mapFields(item, (field, key) => {
      const at = `${pointer}/${index}/${pointerStep(key)}`
      if (key !== 'connectionId' || typeof field !== 'string' || field === '') return walkTexts(field, at, hear)
      return hear(instance(field, at, 'value', connectorId)) ?? field
    })
  })
}

function instance(target: string, pointer: string, spot: Found['spot'], connectorId: string | undefined): Found {
  const found: Found = { kind: 'connectorInstance', by: 'id', target, pointer, spot }
  if (connectorId !== undefined && connectorId !== '') found.connectorId = connectorId
  return found
}

/** `{<connectionId>: {identityProvider: [{identityProviderId, populationId, …}]}}`: the keys are the instances. */
/** Instances have settings with a list of providers; ids are 32 letters and digits (observed in DaVinci exports). */
function isInstanceKey(key: string, item: JsonObject, connectors: ReadonlyMap<string, string>): boolean {
  if (Object.hasOwn(item, 'identityProvider') || Object.keys(item).length === 0) return true
  return connectors.has(key) || /^[\da-z]{32}$/i.test(key)
}

function walkIdentityProviders(
  property: Json,
  pointer: string,
  hear: Listener,
  _connectorId: string,
  siblings: JsonObject,
): Json {
  return walkValue(property, pointer, hear, (value, at) => {
    if (!isObject(value)) return walkTexts(value, at, hear)
    const connectors = connectorsIn(siblings)
    const renamed = new Map<string, string>()
    const walked = mapFields(value, (item, key) => {
      // What isn't the settings of a connector instance is a field nobody knows yet.
      if (!isObject(item) || !isInstanceKey(key, item, connectors)) return item
      const to = hear(instance(key, at, 'key', connectors.get(key)))
      if (to !== undefined) renamed.set(key, to)
      return mapField(item, 'identityProvider', (list) =>
        walkProviders(list, `${at}/${pointerStep(key)}/identityProvider`, hear),
      )
    })
    return renameKeys(walked, (key) => renamed.get(key))
  })
}

function walkProviders(list: Json, pointer: string, hear: Listener): Json {
  if (!Array.isArray(list)) return list
  return mapList(list, (item, index) => {
    if (!isObject(item)) return item
    return mapFields(item, (field, key) => {
      const at = `${pointer}/${index}/${pointerStep(key)}`
      if (key === 'identityProviderId') return wholeValue(field, hear, { kind: 'identityProvider', by: 'id' }, at)
      if (key === 'populationId') return wholeValue(field, hear, { kind: 'population', by: 'id' }, at)
      return walkTexts(field, at, hear)
    })
  })
}

/** Which connector each instance in the node's connector lists is of. */
function connectorsIn(siblings: JsonObject): Map<string, string> {
  const result = new Map<string, string>()
  for (const property of Object.values(siblings)) {
    if (!isObject(property) || property.constructType !== 'skConnectorList' || !Array.isArray(property.value)) continue
    for (const item of property.value) {
      const id = stringAt(item, 'connectionId')
      const connectorId = stringAt(item, 'connectorId')
      if (id !== undefined && connectorId !== undefined) result.set(id, connectorId)
    }
  }
  return result
}

/** `{value: <id>}`, or the whole template with its id in `uiId` and `value`. */
function walkUiTemplate(property: Json, pointer: string, hear: Listener): Json {
  const parts = { kind: 'uiTemplate', by: 'id' } as const
  if (!isObject(property)) return wholeValue(property, hear, parts, pointer)
  return mapFields(property, (field, key) => {
    const at = `${pointer}/${pointerStep(key)}`
    if (key === 'value' || key === 'uiId') return wholeValue(field, hear, parts, at)
    if (key === 'companyId') return wholeValue(field, hear, { kind: 'environment', by: 'id' }, at)
    return walkTexts(field, at, hear)
  })
}

/** Maps the fields of each item of a list. */
type ItemField = (item: JsonObject, key: string, field: string, pointer: string, hear: Listener) => string | undefined

function walkItems(property: Json, pointer: string, hear: Listener, map: ItemField): Json {
  return walkValue(property, pointer, hear, (value, at) => {
    if (!Array.isArray(value)) return walkTexts(value, at, hear)
    return mapList(value, (item, index) => {
      if (!isObject(item)) return walkTexts(item, `${at}/${index}`, hear)
      return mapFields(item, (field, key) => {
        const spot = `${at}/${index}/${pointerStep(key)}`
        const to = typeof field === 'string' ? map(item, key, field, spot, hear) : undefined
        return to ?? walkTexts(field, spot, hear)
      })
    })
  })
}

const variableLabel = /^(.*) \([^()]* - ([^()]*)\)$/s
const contexts = new Set(['company', 'flow', 'flowInstance', 'user'])

function contextIn(label: string | undefined): string | undefined {
  const context = label === undefined ? undefined : variableLabel.exec(label)?.[2]
  return context !== undefined && contexts.has(context) ? context : undefined
}

/** `{name, value, label: "name (string - flowInstance)"}` of the nodes that save variables. */
function savedVariable(fallback: string | undefined): ItemField {
  return (item, key, field, pointer, hear) => {
    if (key !== 'name' || field === '') return undefined
    const context = contextIn(stringAt(item, 'label')) ?? fallback
    const found: Found = { kind: 'variable', by: 'name', target: field, pointer, spot: 'value' }
    if (context !== undefined) found.context = context
    return hear(found) ?? field
  }
}

/** The label of a claim tells the variable that it returns. */
const claim: ItemField = (_item, key, field, pointer, hear) => {
  const match = key === 'label' ? variableLabel.exec(field) : null
  const target = match?.[1]
  const context = contextIn(field)
  if (target === undefined || target === '' || context === undefined) return undefined
  const to = hear({ kind: 'variable', by: 'name', target, pointer, spot: 'template', context })
  return to === undefined ? field : to + field.slice(target.length)
}

const userProperty: ItemField = (_item, key, field, pointer, hear) => {
  if (key !== 'name' || field === '') return undefined
  return hear({ kind: 'attribute', by: 'name', target: field, pointer, spot: 'value' }) ?? field
}

/** A form field that is bound to a user attribute is called `user.<attribute>`. */
const formField: ItemField = (_item, key, field, pointer, hear) => {
  if (key !== 'key' || !field.startsWith('user.') || field.length === 5) return undefined
  const to = hear({ kind: 'attribute', by: 'name', target: field.slice(5), pointer, spot: 'template' })
  return to === undefined ? field : `user.${to}`
}

/** A picker: an id, a list of them (in objects, too), or a rich text that holds nothing but one. */
function walkPicked(spot: Spot, value: Json, pointer: string, hear: Listener): Json {
  if (Array.isArray(value)) {
    return mapList(value, (item, index) => walkPicked(spot, item, `${pointer}/${index}`, hear))
  }
  if (isObject(value)) {
    return mapFields(value, (item, key) => {
      const at = `${pointer}/${pointerStep(key)}`
      return spot.by === 'id' ? walkPicked(spot, item, at, hear) : walkTexts(item, at, hear)
    })
  }
  if (typeof value !== 'string') return value
  const literal = slateLiteral(value)
  if (literal) {
    if (!isPointer(spot, literal.value)) return walkText(value, pointer, hear)
    return replaceLiteral(value, literal, hear({ ...spot, target: literal.value, pointer, spot: 'template' }))
  }
  if (value.startsWith('[') || !isPointer(spot, value)) return walkText(value, pointer, hear)
  return hear({ ...spot, target: value, pointer, spot: 'value' }) ?? value
}
