/** @flightiq/pingone: typed client of PingOne and PingOne DaVinci. Knows HTTP, and nothing of what it is used for. */

export type { RetryOptions } from './backoff.ts'
export {
  type ClientOptions,
  createPingOneClient,
  defaultRequestsPerMinute,
  type PingOneClient,
} from './client.ts'
export { answerSize, type CallOptions, type Correlation } from './engine.ts'
export * from './errors.ts'
export { type CheckedHost, checkHost, type Hosts, hostsOfRegion, type Region, regions } from './hosts.ts'
export type { Json, JsonObject } from './json.ts'
export { type ProbedOperation, type ProbedThing, type ProbeResult, probedOperations } from './probes.ts'
export type { Priority, RateBudgetState } from './rate-budget.ts'
export type { ApplicationRoleAssignment } from './resources/application-role-assignments.ts'
export type { Application } from './resources/applications.ts'
export type { ConnectorInstance } from './resources/connector-instances.ts'
export type { Connector } from './resources/connectors.ts'
export type { Environment } from './resources/environments.ts'
export type { FlowPolicy } from './resources/flow-policies.ts'
export type { ExportOptions, FlowVersion } from './resources/flow-versions.ts'
export type { Flow } from './resources/flows.ts'
export type { Organization } from './resources/organizations.ts'
export type { Population } from './resources/populations.ts'
export { permissionsOf, type Role } from './resources/roles.ts'
export type { Variable } from './resources/variables.ts'
export type { WorkerApplication } from './resources/worker-application.ts'
export {
  type CredentialsCause,
  type CredentialsCheck,
  type CredentialsTest,
  type CredentialsTestOptions,
  testCredentials,
} from './test-credentials.ts'
export { type AuthMethod, authMethods, type Credentials } from './token.ts'
export { type Answer, createTransport, type Exchange, type Timeouts, type Transport } from './transport.ts'
