import type { JsonObject } from '@flightiq/core'
import { derivedHexId } from '../load/derived-ids.ts'

/** A connector instance that an environment has beside those that PingOne puts into each. */
export interface DemoInstance {
  connectorId: string
  name: string
  properties?: JsonObject
  /** Tells instances of the same connector and name apart. */
  twin?: string
}

const mask = '******'
const text = (value: string): JsonObject => ({ type: 'string', value })

/** The instances whose ids differ in each environment, though PingOne makes them everywhere. */
export const ownInstances: DemoInstance[] = [
  { connectorId: 'nodeConnector', name: 'Node' },
  { connectorId: 'flowConnector', name: 'Flow Conductor' },
  { connectorId: 'errorConnector', name: 'Error Message' },
  { connectorId: 'challengeConnector', name: 'Challenge' },
]

const maskCode = `module.exports = a = async ({ params }) => {
  const short = String(params.userId ?? '').slice(0, 8)
  return { userId: short, event: \`\${params.event}:\${short}\` }
}
`

/** The instances that the ferry line made, in each of its environments. */
function common(environmentName: string): DemoInstance[] {
  const stage = environmentName === 'Production' ? '' : `${environmentName.toLowerCase()}.`
  return [
    {
      connectorId: 'httpConnector',
      name: 'Booking API',
      properties: {
        whiteList: { value: [`api.${stage}lumenfjord.example`] },
        recaptchaSiteKey: text(`site-${environmentName.toLowerCase()}`),
        recaptchaSecretKey: { value: mask },
      },
    },
    {
      connectorId: 'smtpConnector',
      name: 'SMTP Relay',
      properties: {
        hostname: text(`relay.${stage}lumenfjord.example`),
        port: { type: 'number', value: 587 },
        secureFlag: { type: 'boolean', value: true },
        username: text('identity'),
        password: { value: mask },
        name: text('Lumenfjord'),
      },
    },
    {
      connectorId: 'twilioConnector',
      name: 'Twilio Messaging',
      properties: {
        accountSid: text(`AC-${environmentName.toLowerCase()}`),
        authToken: { value: mask },
        senderPhoneNumber: text('+4700000000'),
      },
    },
    {
      connectorId: 'codeSnippetConnector',
      name: 'Mask Personal Data',
      properties: {
        code: { value: maskCode },
        inputSchema: {
          value: JSON.stringify({
            type: 'object',
            properties: { userId: { type: 'string' }, event: { type: 'string' } },
          }),
        },
        outputSchema: {
          value: JSON.stringify({
            type: 'object',
            properties: { userId: { type: 'string' }, event: { type: 'string' } },
          }),
        },
      },
    },
    {
      connectorId: 'googleConnector',
      name: 'Google Sign-In',
      properties: {
        openId: {
          properties: {
            clientId: {
              type: 'string',
              displayName: 'Client ID',
              preferredControlType: 'textField',
              required: true,
              value: `${environmentName.toLowerCase()}.lumenfjord`,
            },
            clientSecret: {
              type: 'string',
              displayName: 'Client Secret',
              preferredControlType: 'textField',
              secure: true,
              required: true,
              value: mask,
            },
            scope: {
              type: 'string',
              displayName: 'Scope',
              preferredControlType: 'textField',
              value: 'openid email profile',
            },
          },
        },
      },
    },
    {
      connectorId: 'splunkConnector',
      name: 'Security Events',
      properties: {
        apiUrl: text(`https://events.${stage}lumenfjord.example`),
        port: { type: 'number', value: 8088 },
        token: { value: mask },
      },
    },
    { connectorId: 'stringsConnector', name: 'String' },
    { connectorId: 'analyticsConnector', name: 'Flow Analytics' },
  ]
}

/**
 * The instances of an environment of the ferry line. Development has one that Production lacks; Production has two of
 * one name, because someone moved the text messages to another account and left the old one.
 */
export function ferryInstances(environmentName: string): DemoInstance[] {
  const instances = common(environmentName)
  if (environmentName === 'Development') {
    instances.push({
      connectorId: 'genericConnector',
      name: 'Loyalty Partner',
      properties: {
        customAuth: {
          properties: {
            authTypeDropdown: {
              type: 'string',
              displayName: 'Auth Type',
              preferredControlType: 'dropDown',
              value: 'oauth2',
            },
            tokenEndpoint: {
              type: 'string',
              displayName: 'Token Endpoint',
              preferredControlType: 'textField',
              value: 'https://loyalty.partner.example/oauth/token',
            },
            clientId: {
              type: 'string',
              displayName: 'App ID',
              preferredControlType: 'textField',
              value: 'lumenfjord-dev',
            },
            clientSecret: {
              type: 'string',
              displayName: 'Client Secret',
              preferredControlType: 'textField',
              secure: true,
              value: mask,
            },
          },
        },
      },
    })
  }
  if (environmentName === 'Production') {
    instances.push(
      {
        connectorId: 'twilioConnector',
        name: 'Twilio Messaging',
        twin: 'second',
        properties: {
          accountSid: text('AC-production-2'),
          authToken: { value: mask },
          senderPhoneNumber: text('+4711111111'),
        },
      },
      {
        connectorId: 'connectorAWSLambda',
        name: 'Newsletter',
        properties: { region: text('eu-north-1'), accessKeyId: text('newsletter'), secretAccessKey: { value: mask } },
      },
    )
  }
  return instances
}

/** The id of an instance in an environment: another in each. */
export function instanceId(environmentName: string, { connectorId, name, twin }: DemoInstance): string {
  return derivedHexId('connectorInstance', environmentName, connectorId, name, twin ?? '')
}
