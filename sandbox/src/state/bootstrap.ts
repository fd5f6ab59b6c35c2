import { newHexId } from '../ids.ts'
import { defaultInstances } from './default-instances.ts'
import type { EnvironmentState } from './environment-state.ts'

/** The connectors whose instances call PingOne itself, and hold a worker's credentials and the environment's id. */
const pingOneConnectors = new Set([
  'pingOneSSOConnector',
  'pingOneMfaConnector',
  'notificationsConnector',
  'pingOneRiskConnector',
])

/** Puts into a new environment what PingOne puts there: the instances of the core connectors and one application. */
export function bootstrap(environment: EnvironmentState): void {
  for (const { connectorId, name, id } of defaultInstances) {
    environment.insertConnectorInstance({
      id: id ?? newHexId(),
      name,
      connector: { id: connectorId },
      ...(pingOneConnectors.has(connectorId)
        ? {
            properties: {
              envId: { value: environment.id },
              region: { value: environment.head.region },
            },
          }
        : {}),
    })
  }
  environment.insertApplication({
    name: 'PingOne SSO Connection',
    oauth: { redirectUris: ['https://auth.pingone.com/callback'] },
  })
}
