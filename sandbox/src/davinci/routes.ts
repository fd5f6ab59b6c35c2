import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { registerApplications } from './applications.ts'
import { registerConnectorInstances } from './connector-instances.ts'
import { registerConnectors } from './connectors.ts'
import { registerFlowPolicies } from './flow-policies.ts'
import { registerFlowVersions } from './flow-versions.ts'
import { registerFlows } from './flows.ts'
import { registerVariables } from './variables.ts'

/** Adds every resource of DaVinci's admin API. */
export function registerDaVinci(app: FastifyInstance, context: Context): void {
  registerConnectors(app)
  registerConnectorInstances(app, context)
  registerVariables(app, context)
  registerFlows(app, context)
  registerFlowVersions(app, context)
  registerApplications(app)
  registerFlowPolicies(app)
}
