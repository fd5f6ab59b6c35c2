import type { FlowKey } from './flow-names.ts'
import type { DemoVariable } from './variables.ts'

/** What a flow of the demo needs to know of the environment that it is built for. */
export interface Surroundings {
  /** The environment's name: ids that PingOne gives anew in each environment are derived from it. */
  environmentName: string
  environmentId: string
  flowId(key: FlowKey): string
  /** The connector instance of that connector; its only or first one when no name is given. */
  instanceOf(connectorId: string, name?: string): { id: string; name: string }
  variable(name: string): DemoVariable
  formId(name: string): string
  /** What newer versions of a flow have, and this environment's doesn't. */
  without: ReadonlySet<string>
}
