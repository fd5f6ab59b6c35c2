/** @flightiq/sandbox: an emulator of the PingOne APIs over real HTTP, for trying FlightIQ offline and for tests. */

export type { Denial } from './denials.ts'
export { documentedLimits, type Limits } from './limits.ts'
export { LoadError, type LoadReport, loadExport, loadExportFile } from './load/index.ts'
export type { LoggedRequest } from './request-log.ts'
export type { RoleGrant } from './roles/grants.ts'
export { platformRoles, type Role } from './roles/platform-roles.ts'
export { type Sandbox, type SandboxOptions, type SandboxTenant, startSandbox } from './start-sandbox.ts'
export { DataFolderError } from './state/data-folder.ts'
export { EnvironmentState, type FlowInsert } from './state/environment-state.ts'
export type { Flow, FlowPolicy, FlowVersion, Resource, WorkerApplication } from './state/records.ts'
export { SandboxState } from './state/sandbox-state.ts'
