import type { KindName } from '@flightiq/core'
import type { KindAccess } from './access.ts'
import { applications } from './applications.ts'
import { flowPolicies } from './flow-policies.ts'
import { flowVersions } from './flow-versions.ts'
import { flows } from './flows.ts'
import { variables } from './variables.ts'
import { readWholeLists, wholeLists } from './whole-lists.ts'

/** How each kind is read and written. Adding a kind means adding its line here. */
export const accessTo: Record<KindName, KindAccess> = {
  connector: readWholeLists('connector', (client) => client.connectors),
  connectorInstance: wholeLists('connectorInstance', (client) => client.connectorInstances),
  variable: variables,
  flow: flows,
  flowVersion: flowVersions,
  application: applications,
  flowPolicy: flowPolicies,
}
