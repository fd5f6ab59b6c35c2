import type { JsonObject } from '@flightiq/core'
import { derivedHexId } from '../load/derived-ids.ts'
import type { FlowBuilder, Value } from './flow-builder.ts'
import { Bare } from './flow-builder.ts'
import { type FlowKey, flowNames } from './flow-names.ts'
import { type Page, pageCss, pageHtml, pageScript } from './pages.ts'
import { t } from './slate.ts'

/** The steps that journeys are made of, one node each unless said otherwise. All take the key of the node first. */

/** A page; with several buttons also a node `<key>-button` that tells which was pressed. */
export function page(
  f: FlowBuilder,
  key: string,
  title: string,
  content: Page,
  more: { css?: string; providers?: string[] } = {},
): void {
  const fields = (content.fields ?? []).map(({ name, type }) => ({
    propertyName: name,
    preferredDataType: type === 'checkbox' ? 'boolean' : 'string',
    preferredControlType: type === 'checkbox' ? 'toggleSwitch' : 'textField',
    value: '',
  }))
  const providers = (more.providers ?? []).map((connectorId) => ({
    connectionId: f.here.instanceOf(connectorId).id,
    connectorId,
    properties: {},
  }))
  f.node(key, 'httpConnector', 'customHTMLTemplate', title, {
    customHTML: t(pageHtml(content)),
    customCSS: t(more.css ?? pageCss),
    customScript: t(pageScript),
    formFieldsList: [
      ...fields,
      { propertyName: 'buttonValue', preferredDataType: 'string', preferredControlType: 'textField', value: '' },
    ],
    validationRules: (content.fields ?? [])
      .filter(({ type }) => type === 'email')
      .map(({ name }) => ({
        propertyName: name,
        rules: [{ ruleName: 'email', message: 'Write a whole e-mail address.' }],
      })),
    ...(providers.length > 0 ? { idpList: new Bare({ constructType: 'skConnectorList', value: providers }) } : {}),
  })
  if (content.buttons.length < 2) return
  const pressed = `{{local.@${key}.payload.output.buttonValue}}`
  choose(
    f,
    `${key}-button`,
    `${title}: which button`,
    pressed,
    content.buttons.map(([value]) => value),
  )
  f.always(key, `${key}-button`)
}

/** A page that the journey can come back to: `<key>-entry` is where a teleport lands. */
export function pageWithEntry(
  f: FlowBuilder,
  key: string,
  title: string,
  content: Page,
  more: { css?: string; providers?: string[] } = {},
): void {
  entry(f, `${key}-entry`, `To: ${title}`)
  page(f, key, title, content, more)
  f.path(`${key}-entry`, key)
}

/** Tells which of several values something has; `f.on(key, value, next)` leads on. */
export function choose(f: FlowBuilder, key: string, title: string, left: string, values: string[]): void {
  f.node(key, 'functionsConnector', 'AEqualsMultipleB', title, {
    leftValueA: t(left),
    rightValueB: t(values[0] ?? ''),
    rightValueMultiple: values.map((value) => ({ value: t(value), id: f.id(`${key}=${value}`) })),
  })
}

/** Whether two values are equal; `f.fails` leads on when they aren't. */
export function compare(
  f: FlowBuilder,
  key: string,
  title: string,
  left: string,
  right: string,
  type = 'string',
): void {
  f.node(key, 'functionsConnector', 'AEqualsB', title, { leftValueA: t(left), rightValueB: t(right), type })
}

/** Whether a number is smaller than another. */
export function isLess(f: FlowBuilder, key: string, title: string, left: string, right: string): void {
  f.node(key, 'functionsConnector', 'ALessThanB', title, { leftValueA: t(left), rightValueB: t(right), type: 'number' })
}

/** Whether nothing is there. */
export function isEmpty(f: FlowBuilder, key: string, title: string, left: string): void {
  f.node(key, 'functionsConnector', 'AIsEmpty', title, { leftValueA: t(left), checkNullORUndefined: true })
}

/** Own code with named inputs and outputs. */
export function calculate(
  f: FlowBuilder,
  key: string,
  title: string,
  inputs: Record<string, string>,
  outputs: string[],
  code: string,
): void {
  const properties = Object.fromEntries(outputs.map((name) => [name, { type: 'string' }]))
  f.node(key, 'functionsConnector', 'customFunction', title, {
    variableInputList: Object.entries(inputs).map(([name, value]) => ({
      name,
      preferredDataType: 'string',
      value: t(value),
    })),
    code,
    outputSchema: JSON.stringify({ output: { type: 'object', properties } }, null, 2),
  })
}

/** Writes variables, all of one context. */
export function save(f: FlowBuilder, key: string, title: string, values: Record<string, string>): void {
  const variables = Object.entries(values).map(([name, value]) => ({ ...f.here.variable(name), assigned: value }))
  const context = variables[0]?.context
  const capability = context === 'user' ? 'saveValueUserInfo' : context === 'flow' ? 'saveFlowValue' : 'saveValue'
  const property = context === 'flow' ? 'saveFlowVariables' : 'saveVariables'
  f.node(key, 'variablesConnector', capability, title, {
    [property]: variables.map(({ name, dataType, assigned }) => ({
      name,
      value: t(assigned),
      key: Number.parseInt(derivedHexId('key', key, name).slice(0, 12), 16) / 2 ** 48,
      label: `${name} (${dataType} - ${context})`,
      type: dataType,
    })),
  })
}

/** Counts a variable up by one. */
export function countUp(f: FlowBuilder, key: string, title: string, name: string): void {
  f.node(key, 'variablesConnector', 'incrementByN', title, { variable: name, incrementCounter: t('1') })
}

/** Starts a subflow: one that shows pages with `pages`, otherwise one that only works. */
export function subflow(
  f: FlowBuilder,
  key: string,
  title: string,
  flow: FlowKey,
  inputs: Record<string, string> = {},
  more: { pages?: boolean; label?: string } = {},
): void {
  f.node(key, 'flowConnector', more.pages ? 'startUiSubFlow' : 'startSubFlow', title, {
    subFlowId: { label: more.label ?? flowNames[flow], value: f.here.flowId(flow) },
    subFlowVersionId: -1,
    ...texts(inputs),
  })
}

/** Writes an event to the audit log. */
export function audit(
  f: FlowBuilder,
  key: string,
  event: string,
  userId: string,
  outcome: 'success' | 'failure' = 'success',
): void {
  subflow(f, key, `Log: ${event}`, 'audit-log', { event, userId, outcome })
}

/** Where a teleport lands. */
export function entry(f: FlowBuilder, key: string, title: string, inputs: string[] = []): void {
  const properties = Object.fromEntries(
    inputs.map((name) => [
      name,
      {
        type: 'string',
        displayName: name,
        preferredControlType: 'textField',
        propertyName: name,
        enableParameters: true,
      },
    ]),
  )
  f.node(key, 'nodeConnector', 'startNode', title, {
    inputSchema: JSON.stringify({ type: 'object', properties }, null, 2),
  })
}

/** A teleport to another part of the flow. */
export function goTo(
  f: FlowBuilder,
  key: string,
  title: string,
  target: string,
  inputs: Record<string, string> = {},
): void {
  f.node(key, 'nodeConnector', 'goToNode', title, { nodeInstanceId: f.id(target), ...texts(inputs) })
}

/** Sets the message of the next page and goes back to it: two nodes, of which the second is `<key>-back`. */
export function sayAndGoBack(f: FlowBuilder, key: string, message: string, target: string): void {
  save(f, key, `Say: ${message}`, { pageError: message })
  goTo(f, `${key}-back`, 'Back to the page', target)
  f.path(key, `${key}-back`)
}

/** Ends with a message for the person. */
export function stop(f: FlowBuilder, key: string, title: string, message: string, code = 'FAILED'): void {
  f.node(key, 'errorConnector', 'customErrorMessage', title, {
    errorMessage: t(message),
    errorDescription: t(`${message} Reference: {{global.interactionId}}.`),
    errorCode: t(code),
    errorReason: t(title),
  })
}

/** Ends a subflow well, with claims for the flow that started it. */
export function succeed(f: FlowBuilder, key: string, claims: Record<string, string> = {}): void {
  f.node(key, 'httpConnector', 'createSuccessResponse', 'Answer: success', {
    backgroundColor: '#d5f5e3ff',
    claimsNameValuePairs: Object.entries(claims).map(([name, value]) => ({
      name,
      value: t(value),
      label: name,
      type: 'string',
      nameDefault: name,
    })),
  })
}

/** Ends a subflow badly. */
export function refuse(f: FlowBuilder, key: string, reason: string): void {
  f.node(key, 'httpConnector', 'createErrorResponse', 'Answer: failure', {
    backgroundColor: '#ffc8c1ff',
    claimsNameValuePairs: [
      { name: 'reason', value: t(reason), label: 'reason', type: 'string', nameDefault: 'reason' },
    ],
    message: t(reason),
  })
}

/** Ends a flow that PingOne started, with the person signed on. */
export function signOn(f: FlowBuilder, key: string, userId: string, method: string): void {
  f.node(key, 'pingOneAuthenticationConnector', 'returnSuccessResponseRedirect', 'Signed on', {
    idleTimeout: 43200,
    overrideAuthState: false,
    userId: t(userId),
    authenticationMethods: 'customAuthenticationMethods',
    customAuthenticationMethods: t(method),
    backgroundColor: '#d5f5e3ff',
  })
}

/** Ends a flow that PingOne started, without success. */
export function turnAway(f: FlowBuilder, key: string, message: string): void {
  f.node(key, 'pingOneAuthenticationConnector', 'returnErrorResponseRedirect', 'Turned away', {
    customErrorFlag: true,
    errorMessage: t(message),
    errorDescription: t(message),
    backgroundColor: '#ffc8c1ff',
  })
}

/** Calls a web service through an instance of the HTTP connector. */
export function callService(
  f: FlowBuilder,
  key: string,
  title: string,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  url: string,
  body?: JsonObject,
): void {
  f.node(
    key,
    'httpConnector',
    'makeRestApiCall',
    title,
    {
      url: t(url),
      httpMethod: method,
      headers: [
        { key: 'Accept', value: t('application/json') },
        { key: 'X-Api-Key', value: t('{{global.company.variables.bookingApiKey}}') },
      ],
      ...(body ? { httpBody: t(JSON.stringify(body, null, 2)), contentType: 'application/json' } : {}),
    },
    { instance: 'Booking API' },
  )
}

/** A step of PingOne: users, devices, notifications, risk. Strings become texts; everything else stays as it is. */
export function pingOne(
  f: FlowBuilder,
  key: string,
  connector: 'SSO' | 'Mfa' | 'Risk' | 'Authentication' | 'notifications',
  capability: string,
  title: string,
  inputs: Record<string, Value> = {},
): void {
  const connectorId = connector === 'notifications' ? 'notificationsConnector' : `pingOne${connector}Connector`
  f.node(key, connectorId, capability, title, inputs)
}

/** Properties that are texts. */
export function texts(inputs: Record<string, string>): Record<string, Value> {
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, t(value)]))
}

/**
 * Asks for a code and checks it, with another try while there are some left. `<key>-right` is what comes after the right
 * code, and `onTooMany` after too many wrong ones.
 */
export function askForCode(
  f: FlowBuilder,
  key: string,
  options: {
    sentTo: string
    attempts: string
    most: string
    check: (node: string) => void
    resend: (node: string) => void
    next: string
    onTooMany: string
  },
): void {
  pageWithEntry(f, key, 'Enter the code', {
    heading: 'Check your messages',
    lead: `We sent a code to ${options.sentTo}. It is good for ten minutes.`,
    fields: [{ name: 'otp', label: 'Code' }],
    buttons: [
      ['CHECK', 'Continue'],
      ['RESEND', 'Send another code'],
      ['CANCEL', 'Cancel'],
    ],
  })
  options.check(`${key}-check`)
  options.resend(`${key}-resend`)
  f.on(`${key}-button`, 'CHECK', `${key}-check`)
  f.on(`${key}-button`, 'RESEND', `${key}-resend`)
  f.on(`${key}-button`, 'CANCEL', options.onTooMany)
  f.path(`${key}-check`, options.next)
  goTo(f, `${key}-again`, 'Back to the page', `${key}-entry`)
  f.always(`${key}-resend`, `${key}-again`)
  countUp(f, `${key}-count`, 'One more wrong code', options.attempts)
  isLess(f, `${key}-left`, 'Is there a try left?', `{{global.flow.variables.${options.attempts}}}`, options.most)
  f.fails(`${key}-check`, `${key}-count`)
  sayAndGoBack(f, `${key}-wrong`, 'That code is not right.', `${key}-entry`)
  f.path(`${key}-count`, `${key}-left`, `${key}-wrong`)
  f.fails(`${key}-left`, options.onTooMany)
}
