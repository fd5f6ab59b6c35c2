import type { JsonObject } from '@flightiq/core'
import { derivedUuid } from '../load/derived-ids.ts'
import type { FlowKey } from './flow-names.ts'

/** A variable of the demo. */
export interface DemoVariable {
  name: string
  context: 'company' | 'flow' | 'flowInstance' | 'user'
  dataType: 'boolean' | 'number' | 'object' | 'secret' | 'string'
  displayName: string
  value?: string
  min?: number
  max?: number
  mutable?: boolean
  /** The flow whose own it is, for the context flow. */
  flow?: FlowKey
}

const company = (
  name: string,
  dataType: DemoVariable['dataType'],
  displayName: string,
  value?: string,
): DemoVariable => ({
  name,
  context: 'company',
  dataType,
  displayName,
  ...(value === undefined ? {} : { value }),
})

/** The variables of an environment of the ferry line. Values that name something of the environment differ in each. */
export function ferryVariables(environmentName: string): DemoVariable[] {
  const stage = environmentName === 'Production' ? '' : `${environmentName.toLowerCase()}.`
  const uuid = (...words: string[]) => derivedUuid('lumenfjord', environmentName, ...words)
  const policies = { signOn: uuid('risk', 'sign-on'), registration: uuid('risk', 'registration'), threshold: 75 }
  return [
    company('companyName', 'string', 'Name shown on pages', 'Lumenfjord Ferries'),
    company('companyLogoUrl', 'string', 'Logo shown on pages', 'https://static.lumenfjord.example/logo.svg'),
    company('supportEmail', 'string', 'Address shown when something fails', 'help@lumenfjord.example'),
    company('bookingApiUrl', 'string', 'Base address of the booking API', `https://api.${stage}lumenfjord.example/v2`),
    company('bookingApiKey', 'secret', 'Key of the booking API', '******'),
    company('passwordlessEnabled', 'boolean', 'Offer signing on without a password', 'true'),
    company('maintenanceMode', 'boolean', 'Show the maintenance page to everybody', 'false'),
    company('maxSignOnAttempts', 'number', 'Wrong passwords before the account is held', '5'),
    company('sessionLengthMinutes', 'number', 'How long a session lasts', '720'),
    company('riskPolicies', 'object', 'Ids of the risk policies', JSON.stringify(policies)),
    company('termsAgreementId', 'string', 'Agreement with the terms of carriage', uuid('agreement', 'terms')),
    company('customerPopulationId', 'string', 'Population of customers', uuid('population', 'customers')),
    company('locale', 'string', 'Language when nothing else is known', 'en'),
    { name: 'locale', context: 'flowInstance', dataType: 'string', displayName: 'Language of this visit' },
    { name: 'authMethod', context: 'flowInstance', dataType: 'string', displayName: 'How the person signed on' },
    {
      name: 'signOnAttempts',
      context: 'flowInstance',
      dataType: 'number',
      displayName: 'Wrong passwords so far',
      value: '0',
      min: 0,
      max: 20,
    },
    { name: 'rememberDevice', context: 'flowInstance', dataType: 'boolean', displayName: 'Remember this device' },
    {
      name: 'selectedDevice',
      context: 'flowInstance',
      dataType: 'object',
      displayName: 'Device chosen for verification',
    },
    { name: 'riskLevel', context: 'flowInstance', dataType: 'string', displayName: 'Result of the risk evaluation' },
    { name: 'pageError', context: 'flowInstance', dataType: 'string', displayName: 'Message shown on the next page' },
    {
      name: 'otpAttempts',
      context: 'flow',
      flow: 'step-up',
      dataType: 'number',
      displayName: 'Wrong codes so far',
      value: '0',
      min: 0,
      max: 10,
    },
    {
      name: 'otpAttempts',
      context: 'flow',
      flow: 'account-recovery',
      dataType: 'number',
      displayName: 'Wrong codes so far',
      value: '0',
      min: 0,
      max: 10,
    },
    { name: 'lastEvent', context: 'flow', flow: 'audit-log', dataType: 'string', displayName: 'Last event written' },
    {
      name: 'preferredLanguage',
      context: 'user',
      dataType: 'string',
      displayName: 'Language chosen by the person',
      value: 'en',
    },
    { name: 'lastPasskeyPrompt', context: 'user', dataType: 'number', displayName: 'When a passkey was last offered' },
    {
      name: 'marketingOptIn',
      context: 'user',
      dataType: 'boolean',
      displayName: 'Wants news by e-mail',
      value: 'false',
    },
  ]
}

/** The variables of an environment of the library. */
export function libraryVariables(environmentName: string): DemoVariable[] {
  return [
    company('libraryName', 'string', 'Name shown on pages', 'Quillhaven Libraries'),
    company(
      'catalogueUrl',
      'string',
      'Address of the catalogue',
      `https://catalogue.quillhaven.example/${environmentName.toLowerCase()}`,
    ),
    company('pinLength', 'number', 'Digits of a PIN', '6'),
    { name: 'pageError', context: 'flowInstance', dataType: 'string', displayName: 'Message shown on the next page' },
  ]
}

/** A variable as the API answers it. */
export function variableContent(
  variable: DemoVariable,
  environmentName: string,
  flowId: (key: FlowKey) => string,
): JsonObject {
  const { flow, ...rest } = variable
  return {
    id: derivedUuid('variable', environmentName, variable.name, variable.context, flow ?? ''),
    mutable: true,
    min: 0,
    max: 2000,
    ...rest,
    ...(flow ? { flow: { id: flowId(flow) } } : {}),
  }
}
