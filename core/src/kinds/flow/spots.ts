import type { ReferenceKind } from '../../reference.ts'

/** What a node property points at when its value is a plain id or name. */
export interface PropertySpot {
  kind: ReferenceKind
  by: 'id' | 'name'
}

const id = (kind: ReferenceKind): PropertySpot => ({ kind, by: 'id' })
const named = (kind: ReferenceKind): PropertySpot => ({ kind, by: 'name' })

/**
 * Node properties that hold a reference, by property name, as real exports have them. Pickers hold either an id of
 * their environment, or a sentinel (`usePopulationId`) with the id in a second property.
 */
const spots: Record<string, PropertySpot> = {
  nodeInstanceId: id('node'),
  connectionId: id('connectorInstance'),
  form: id('form'),
  population: id('population'),
  populationId: id('population'),
  identityProvider: id('identityProvider'),
  identityProviderId: id('identityProvider'),
  agreement: id('agreement'),
  agreementId: id('agreement'),
  notificationPolicyId: id('notificationPolicy'),
  customNotificationPolicyId: id('notificationPolicy'),
  mfaPolicyId: id('mfaPolicy'),
  deviceAuthenticationPolicyId: id('mfaPolicy'),
  workforcePolicyMfaPolicyId: id('mfaPolicy'),
  riskPolicySetId: id('riskPolicy'),
  riskPolicyId: id('riskPolicy'),
  verifyPolicy: id('verifyPolicy'),
  verifyPolicyId: id('verifyPolicy'),
  application: id('pingOneApplication'),
  applicationId: id('pingOneApplication'),
  customApplicationId: id('pingOneApplication'),
  group: id('group'),
  groupId: id('group'),
  gatewayId: id('gateway'),
  theme: id('theme'),
  themeId: id('theme'),
  sktemplate: id('uiTemplate'),
  templateLocale: named('language'),
  authTemplateName: named('notificationTemplate'),
  customTemplateVariant: named('notificationTemplate'),
  matchAttribute: named('attribute'),
  variable: named('variable'),
}

/** Properties whose value is a list of plain ids or names. */
const listSpots: Record<string, PropertySpot> = {
  applicationIds: id('pingOneApplication'),
  issuerFilterEnvIds: id('environment'),
  matchAttributes: named('attribute'),
}

/** Properties whose value is a list of objects with the name of an attribute. */
export const attributeLists = new Set(['additionalUserProperties', 'formData'])

/** Properties whose value is a list of objects with the name of a variable, and its context in the label. */
export const variableLists = new Set([
  'saveVariables',
  'saveFlowVariables',
  'saveCompanyVariables',
  'claimsNameValuePairs',
])

/** What a property of that name points at, or undefined. Variants are called `templateVariant` or `<action>TemplateVariant`. */
export function spotOf(property: string): PropertySpot | undefined {
  if (Object.hasOwn(spots, property)) return spots[property]
  return /(^t|T)emplateVariant$/.test(property) ? named('notificationTemplate') : undefined
}

/** What the items of a list property point at, or undefined. */
export function listSpotOf(property: string): PropertySpot | undefined {
  return Object.hasOwn(listSpots, property) ? listSpots[property] : undefined
}

/** Whether a text can be an id or name: no sentinel such as `useGroupId`, no template, no Slate document, not empty. */
export function isPlain(text: string): boolean {
  if (text === '' || text.includes('{{') || /^\s*[[{]/.test(text) || text.includes('${')) return false
  return !/^(use|enter)[A-Z]/.test(text)
}

/** Settings that name files: style sheets, scripts and pictures. */
export const assetSettings = ['cssLinks', 'jsLinks', 'customErrorScreenBrandLogoUrl', 'customFaviconLink'] as const
