import type { JsonObject } from '@flightiq/core'
import type { EnvironmentState, Sandbox } from '@flightiq/sandbox'

const http = '867ed4363b2bc21c860085ad2baa817d'

/** An environment of the sandbox's first tenant. */
export function environmentOf(sandbox: Sandbox, name: string): EnvironmentState {
  const { id } = sandbox.tenants[0]!.environments.find((environment) => environment.name === name)!
  return sandbox.state.environments.get(id)!
}

export function node(id: string, connectionId: string, connectorId: string, properties: JsonObject = {}): JsonObject {
  return {
    data: {
      id,
      nodeType: 'CONNECTION',
      connectionId,
      connectorId,
      capabilityName: 'customHtmlMessage',
      properties,
      aFieldOfTomorrow: { kept: true },
    },
    position: { x: 10, y: 20 },
  }
}

export function flow(name: string, nodes: JsonObject[], more: JsonObject = {}): JsonObject {
  return {
    name,
    description: `What ${name} does`,
    currentVersion: 1,
    publishedVersion: 1,
    settings: { csp: "worker-src 'self' blob:" },
    graphData: { elements: { nodes, edges: [] } },
    ...more,
  }
}

export function message(text: string, id = 'message001'): JsonObject {
  return node(id, http, 'httpConnector', { message: { value: text } })
}

export function callTo(id: string, flowId: string, name: string, environment: EnvironmentState): JsonObject {
  const conductor = [...environment.connectorInstances.values()].find(
    ({ content }) => content.name === 'Flow Conductor',
  )
  return node(id, conductor!.id, 'flowConnector', {
    subFlowId: { value: { label: name, value: flowId } },
    subFlowVersionId: { value: -1 },
  })
}

/** The clear values of secrets that PingOne keeps. */
export const keptSecrets = ['a-secret-api-token-of-crm', 'the-secret-variable-value']

/**
 * Fills Development with three flows (one calls another, which is in a circle with the third), an instance that is in
 * Production too, variables, and an application with a policy.
 */
export function fill(sandbox: Sandbox): { signOn: string; sendCode: string; fallback: string } {
  const development = environmentOf(sandbox, 'Development')
  const production = environmentOf(sandbox, 'Production')
  const crm = { name: 'CRM', connector: { id: 'genericConnector' }, properties: { apiToken: keptSecrets[0]! } }
  const instance = development.insertConnectorInstance(crm)
  production.insertConnectorInstance(crm)
  const variable = { context: 'company', mutable: true }
  development.insertVariable({ ...variable, name: 'region', dataType: 'string', value: 'EU' })
  development.insertVariable({ ...variable, name: 'apiSecret', dataType: 'secret', value: keptSecrets[1]! })
  const sendCode = development.insertFlow(flow('Send code', [message('Code')])).id
  const fallback = development.insertFlow(
    flow('Fallback', [message('Try again'), callTo('call000001', sendCode, 'Send code', development)]),
  ).id
  const record = development.flows.get(sendCode)!
  development.saveFlow(
    record,
    flow('Send code', [message('Code'), callTo('call000002', fallback, 'Fallback', development)]),
  )
  development.deployFlow(record)
  const signOn = development.insertFlow(
    flow('Sign on', [
      message('Welcome to {{global.company.variables.region}} {{global.company.variables.apiSecret}}'),
      node('crm0000001', instance.id, 'genericConnector'),
      callTo('call000003', sendCode, 'Send code', development),
    ]),
  ).id
  const application = development.insertApplication({ name: 'Shop' })
  development.insertFlowPolicy(application.id, {
    name: 'Sign on policy',
    status: 'enabled',
    flowDistributions: [{ id: signOn, version: -1, weight: 100 }],
  })
  return { signOn, sendCode, fallback }
}
