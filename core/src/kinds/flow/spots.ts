import type { ReferenceKind } from '../../reference.ts'

/** What the value of a node's property points at, apart from connector instances, subflows and variables. */
export interface Spot {
  kind: ReferenceKind
  by: 'id' | 'name'
}

const id = (kind: ReferenceKind): Spot => ({ kind, by: 'id' })

/**
 * Properties of PingOne's connectors that pick something of the environment, by property name (PingOne connector
 * reference). Their value is an id, or a sentinel such as `usePopulationId` with a second property that has it.
 */
const pickers: Readonly<Record<string, Spot>> = {
  population: id('population'),
  populationId: id('population'),
  populationIds: id('population'),
  group: id('group'),
  groupId: id('group'),
  groupIds: id('group'),
  createUserGroups: id('group'),
  createUserGroupsInput: id('group'),
  agreement: id('agreement'),
  agreementId: id('agreement'),
  identityProvider: id('identityProvider'),
  identityProviderId: id('identityProvider'),
  idpId: id('identityProvider'),
  notificationPolicyId: id('notificationPolicy'),
  customNotificationPolicyId: id('notificationPolicy'),
  mfaPolicyId: id('mfaPolicy'),
  deviceAuthenticationPolicyId: id('mfaPolicy'),
  customDeviceAuthenticationPolicyId: id('mfaPolicy'),
  workforcePolicyMfaPolicyId: id('mfaPolicy'),
  policyId: id('mfaPolicy'),
  riskPolicySetId: id('riskPolicy'),
  riskPolicyId: id('riskPolicy'),
  riskPolicyID: id('riskPolicy'),
  targetedPolicy: id('riskPolicy'),
  verifyPolicy: id('verifyPolicy'),
  verifyPolicyId: id('verifyPolicy'),
  verifyPolicySelect: id('verifyPolicy'),
  verifyPolicyIdSelect: id('verifyPolicy'),
  application: id('pingOneApplication'),
  applicationId: id('pingOneApplication'),
  applicationIds: id('pingOneApplication'),
  customApplicationId: id('pingOneApplication'),
  authenticatingApplicationId: id('pingOneApplication'),
  customAuthenticatingApplicationId: id('pingOneApplication'),
  policyFactsApplicationId: id('pingOneApplication'),
  applicationInstance: id('pingOneApplication'),
  digitalWalletApplicationId: id('pingOneApplication'),
  gatewayId: id('gateway'),
  userTypeId: id('gateway'),
  gatewayUserTypeList: id('gateway'),
  additionalGatewayUserTypeList: id('gateway'),
  theme: id('theme'),
  themeId: id('theme'),
  form: id('form'),
  formId: id('form'),
  singleFactorSignOnFormId: id('form'),
  envId: id('environment'),
  environmentId: id('environment'),
  issuerFilterEnvIds: id('environment'),
}

const template: Spot = { kind: 'notificationTemplate', by: 'name' }
const language: Spot = { kind: 'language', by: 'name' }
const attribute: Spot = { kind: 'attribute', by: 'name' }

/** DaVinci's own connectors, whose nodes take the same properties as the inputs of a subflow or page. */
const carriers = new Set(['flowConnector', 'httpConnector', 'nodeConnector', 'notificationsConnector', 'skUserPool'])

/** What a property of a connector's node points at, or undefined. */
export function spotOf(connectorId: string, property: string): Spot | undefined {
  if (!connectorId.startsWith('pingOne') && !carriers.has(connectorId)) return undefined
  if (Object.hasOwn(pickers, property)) return pickers[property]
  if (connectorId === 'flowConnector' || connectorId === 'nodeConnector' || connectorId === 'httpConnector') {
    return undefined
  }
  if (property.includes('emplateVariant') || property === 'authTemplateName') return template
  if (property.includes('emplateLocale')) return language
  if (property === 'matchAttribute' || property === 'matchAttributes' || property === 'clearUserAttributes') {
    return attribute
  }
  return undefined
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const placeholder = /^\$\{[^}]*\}$/
const sentinel = /^(?:use|enter|custom|none|default)(?:[A-Z]\w*)?$/

/** Whether a literal in a picker is a pointer: an id (or a deploy tool's placeholder for one), not a sentinel. */
export function isPointer(spot: Spot, value: string): boolean {
  if (value === '' || value === '{}' || value === '[]') return false
  if (spot.by === 'id') return uuid.test(value) || placeholder.test(value)
  if (spot.kind === 'attribute') return value !== 'id' && !sentinel.test(value)
  return !sentinel.test(value) && !value.includes('{{')
}
