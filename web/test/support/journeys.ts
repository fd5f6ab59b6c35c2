import type { JsonObject } from '@flightiq/core'
import type { EnvironmentState } from '@flightiq/sandbox'
import type { Stack } from '../../../test/support/stack.ts'

const http = '867ed4363b2bc21c860085ad2baa817d'
const functions = 'de650ca45593b82c49064ead10b9fe17'
const notifications = 'cacf3d2861657174d93cbf445d55797a'
const sso = '94141bf2f1b9b59a5f5365ff135e02bb'
const annotation = '921bfae85c38ed45045e07be703d86b8'

interface NodeSpec {
  id: string
  title: string
  connectionId: string
  connectorId: string
  capability: string
  properties?: JsonObject
  at?: { x: number; y: number }
}

/** A rich text as DaVinci keeps it: JSON within a string, with one variable in it. */
export function richText(before: string, variable: string, after: string): string {
  const reference = `{{global.variables.${variable}}}`
  const link = {
    type: 'link',
    src: 'variable.svg',
    url: variable,
    data: reference,
    tooltip: reference,
    children: [{ text: variable }],
  }
  return JSON.stringify([{ children: [{ text: before }, link, { text: after }] }], null, 2)
}

/** A flow of nodes in a row, a condition after each, joined by lines. */
export function flowOf(name: string, nodes: NodeSpec[], more: JsonObject = {}): JsonObject {
  const steps = nodes.map((node, index) => ({
    data: {
      id: node.id,
      nodeType: node.connectorId === 'annotationConnector' ? 'ANNOTATION' : 'CONNECTION',
      connectionId: node.connectionId,
      connectorId: node.connectorId,
      capabilityName: node.capability,
      type: 'action',
      status: 'configured',
      properties: { nodeTitle: { value: node.title }, ...node.properties },
    },
    position: node.at ?? { x: 120 + (index % 5) * 320, y: 120 + Math.floor(index / 5) * 170 + (index % 2) * 40 },
  }))
  const wired = steps.filter(({ data }) => data.nodeType === 'CONNECTION')
  const conditions = wired.slice(0, -1).map((step, index) => ({
    data: { id: `if${step.data.id}`.slice(0, 10), nodeType: 'EVAL', label: 'Evaluator', properties: {} },
    position: {
      x: (step.position.x + (wired[index + 1]?.position.x ?? 0)) / 2,
      y: (step.position.y + (wired[index + 1]?.position.y ?? 0)) / 2,
    },
  }))
  const edges = conditions.flatMap((condition, index) => {
    const [from, to] = [wired[index]?.data.id ?? '', wired[index + 1]?.data.id ?? '']
    return [
      { data: { id: `a${condition.data.id}`, source: from, target: condition.data.id } },
      { data: { id: `b${condition.data.id}`, source: condition.data.id, target: to } },
    ]
  })
  return {
    name,
    description: `The journey ${name}`,
    settings: { csp: "worker-src 'self' blob:", logLevel: 2 },
    graphData: { elements: { nodes: [...steps, ...conditions], edges } },
    ...more,
  }
}

const page = (id: string, title: string, html: string, more: Partial<NodeSpec> = {}): NodeSpec => ({
  id,
  title,
  connectionId: http,
  connectorId: 'httpConnector',
  capability: 'customHtmlMessage',
  properties: { customHTML: { value: html }, customCSS: { value: '.card { padding: 16px; }\n' } },
  ...more,
})

const codeStep = (id: string, title: string, code: string): NodeSpec => ({
  id,
  title,
  connectionId: functions,
  connectorId: 'functionsConnector',
  capability: 'runCustomFunction',
  properties: { code: { value: code } },
})

const lookUp = (id: string): NodeSpec => ({
  id,
  title: 'Find the user',
  connectionId: sso,
  connectorId: 'pingOneSSOConnector',
  capability: 'userLookup',
})

const send = (id: string, text: string): NodeSpec => ({
  id,
  title: 'Send the code',
  connectionId: notifications,
  connectorId: 'notificationsConnector',
  capability: 'sendEmail',
  properties: { body: { value: text } },
})

function call(id: string, title: string, flowId: string, name: string, environment: EnvironmentState): NodeSpec {
  const conductor = [...environment.connectorInstances.values()].find(
    ({ content }) => content.name === 'Flow Conductor',
  )
  return {
    id,
    title,
    connectionId: conductor?.id ?? '',
    connectorId: 'flowConnector',
    capability: 'startUiSubFlow',
    properties: { subFlowId: { value: { label: name, value: flowId } }, subFlowVersionId: { value: -1 } },
  }
}

const formPage = (button: string, extra = '') =>
  `<form id="register">\n  <h1>Create your account</h1>\n  <input name="email" type="email" required>\n${extra}  <button type="submit">${button}</button>\n</form>\n`

/**
 * Fills Development and Production with journeys that stand to each other in every way there is: identical,
 * different, moved only, on one side only, ambiguous; one needs a connector instance that Production lacks.
 */
export function plantJourneys(stack: Stack): void {
  const development = environment(stack, 'Development')
  const production = environment(stack, 'Production')
  for (const place of [development, production]) {
    const live = place === production
    const put = (content: JsonObject) => place.insertFlow({ currentVersion: 1, publishedVersion: 1, ...content }).id
    place.insertVariable({
      name: 'brandName',
      context: 'company',
      dataType: 'string',
      mutable: true,
      value: 'Northwind',
    })
    place.insertVariable({
      name: 'supportEmail',
      context: 'company',
      dataType: 'string',
      mutable: true,
      value: live ? 'help@northwind.example' : 'dev-team@northwind.example',
    })
    const sendCode = put(
      flowOf('Send one-time passcode', [
        lookUp('look000001'),
        send('send000001', richText(live ? 'Your code for ' : 'Here is your code for ', 'brandName', ' is ready.')),
        page('code000001', 'Ask for the code', '<input name="code" autocomplete="one-time-code">\n'),
      ]),
    )
    put(
      flowOf('Password reset', [
        lookUp('look000002'),
        call('call000002', 'Send a passcode', sendCode, 'Send one-time passcode', place),
        page('pass000002', 'New password', '<input name="password" type="password">\n'),
      ]),
    )
    put(
      flowOf(
        'Registration',
        [
          page(
            'form000003',
            'Registration form',
            formPage(
              live ? 'Register' : 'Create account',
              live ? '' : '  <label><input type="checkbox" name="terms" required> I agree</label>\n',
            ),
          ),
          codeStep(
            'code000003',
            'Check the address',
            `const allowed = params.email.includes('@')\nreturn { allowed${live ? '' : ', checkedAt: Date.now()'} }\n`,
          ),
          ...(live ? [] : [page('terms00003', 'Terms of use', '<p>Terms</p>\n')]),
          call('call000003', 'Confirm the address', sendCode, 'Send one-time passcode', place),
          page('done000003', 'Welcome', richText('Welcome to ', 'brandName', live ? '' : ' – good to see you')),
        ],
        { settings: { csp: "worker-src 'self' blob:", logLevel: live ? 2 : 4 } },
      ),
    )
    put(
      flowOf('Progressive consent', [
        page('cons000004', 'Consent', '<p>Consent</p>\n', { at: { x: live ? 120 : 160, y: 140 } }),
        lookUp('look000004'),
      ]),
    )
    put(
      flowOf('Sign in', [
        page('sign000005', 'User name', '<input name="username">\n'),
        lookUp('look000005'),
        page('pass000005', 'Password', '<input name="password" type="password">\n'),
        {
          ...page('note000005', 'Keep in step with the brand guide', ''),
          connectionId: annotation,
          connectorId: 'annotationConnector',
          at: { x: 440, y: 30 },
        },
      ]),
    )
    if (live) {
      put(flowOf('Legacy sign in', [page('old0000006', 'Old form', '<input name="user">\n')]))
      put(flowOf('Account linking', [lookUp('look000007')]))
      put(flowOf('Account linking', [lookUp('look000008')]))
    } else put(flowOf('Account linking', [lookUp('look000009')]))
  }
  const crm = development.insertConnectorInstance({
    name: 'Customer records',
    connector: { id: 'genericConnector' },
    properties: { baseUrl: { value: 'https://crm.example' }, clientSecret: { value: 'kept-by-pingone' } },
  })
  development.insertVariable({
    name: 'loyaltyTier',
    context: 'company',
    dataType: 'string',
    mutable: true,
    value: 'silver',
  })
  development.insertFlow({
    currentVersion: 3,
    publishedVersion: 2,
    ...flowOf('Profile update', [
      page('prof000010', 'Profile', richText('Hello, tier ', 'loyaltyTier', '')),
      {
        id: 'crm0000010',
        title: 'Write to the customer records',
        connectionId: crm.id,
        connectorId: 'genericConnector',
        capability: 'updateRecord',
      },
    ]),
  })
}

/** Adds small flows to Development alone, and answers their ids. */
export function plantCampaigns(stack: Stack, number: number): string[] {
  const place = environment(stack, 'Development')
  return Array.from({ length: number }, (_, index) => {
    const content = flowOf(`Campaign ${index + 1}`, [page(`p${index}`.padEnd(10, '0'), 'Page', '<p>New</p>\n')])
    return place.insertFlow({ currentVersion: 1, publishedVersion: 1, ...content }).id
  })
}

/** Adds small flows that both sides have, every third of them different. */
export function plantMany(stack: Stack, number: number): void {
  for (const name of ['Development', 'Production']) {
    const place = environment(stack, name)
    for (let index = 0; index < number; index++) {
      const html = index % 3 === 0 && name === 'Development' ? '<p>New</p>\n' : '<p>Old</p>\n'
      place.insertFlow({
        currentVersion: 1,
        publishedVersion: 1,
        ...flowOf(`Campaign ${String(index + 1).padStart(4, '0')}`, [page(`p${index}`.padEnd(10, '0'), 'Page', html)]),
      })
    }
  }
}

function environment(stack: Stack, name: string): EnvironmentState {
  return stack.sandbox.state.environment(stack.environmentId(name))
}
