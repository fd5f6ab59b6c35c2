/** @flightiq/server: tenants, places, comparison, plans and runs, as services and over HTTP. */
export * from './contract/index.ts'
export { openApiDocument } from './contract/openapi.ts'
export type { LogSettings } from './http/logging.ts'
export { type RunningServer, type ServerSettings, startServer } from './http/server.ts'
export { problemOf, toProblemError } from './problems/from-error.ts'
export { ProblemError } from './problems/problem-error.ts'
export { Secret } from './secrets/secret.ts'
export { openServices, type ServiceSettings, type Services } from './services.ts'
