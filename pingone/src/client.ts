import { inspect } from 'node:util'
import type { RetryOptions } from './backoff.ts'
import { type Correlation, Engine } from './engine.ts'
import { checkHost, type Hosts } from './hosts.ts'
import { probesResource } from './probes.ts'
import { RateBudget, type RateBudgetState } from './rate-budget.ts'
import { applicationRoleAssignmentsResource } from './resources/application-role-assignments.ts'
import { applicationsResource } from './resources/applications.ts'
import { connectorInstancesResource } from './resources/connector-instances.ts'
import { connectorsResource } from './resources/connectors.ts'
import { environmentsResource } from './resources/environments.ts'
import { flowPoliciesResource } from './resources/flow-policies.ts'
import { flowVersionsResource } from './resources/flow-versions.ts'
import { flowsResource } from './resources/flows.ts'
import { organizationsResource } from './resources/organizations.ts'
import { populationsResource } from './resources/populations.ts'
import { rolesResource } from './resources/roles.ts'
import { variablesResource } from './resources/variables.ts'
import { workerApplicationResource } from './resources/worker-application.ts'
import { type AuthMethod, type Credentials, TokenSource } from './token.ts'
import { createTransport, type Timeouts } from './transport.ts'

/**
 * A licence allows 600 configuration requests a minute, of which one source address gets 35 %
 * (PingOne platform limits, 2026).
 */
export const defaultRequestsPerMinute = 210

/** PingOne takes 100 requests a second from one source address; some are left to others behind the same one. */
const defaultRequestsPerSecond = 95

export interface ClientOptions extends Credentials {
  hosts: Hosts
  /** Absent: found out with the first token. */
  authMethod?: AuthMethod | undefined
  /** The share of PingOne's limit that this client takes; null: none, which only a sandbox allows. */
  requestsPerMinute?: number | null
  requestsPerSecond?: number | null
  /** Requests under way at once. */
  concurrency?: number
  timeouts?: Partial<Timeouts>
  retry?: Partial<RetryOptions>
  /** Asked with every call of the API: what PingOne is to note beside it in its log. */
  correlation?: () => Correlation | undefined
  /** Length of the rate budget's "minute", for tests that can't wait for one. */
  rateWindowMilliseconds?: number
}

/** One tenant's PingOne: all its environments, one rate budget, one token. */
export interface PingOneClient {
  readonly environments: ReturnType<typeof environmentsResource>
  readonly organizations: ReturnType<typeof organizationsResource>
  readonly flows: ReturnType<typeof flowsResource>
  readonly flowVersions: ReturnType<typeof flowVersionsResource>
  readonly connectors: ReturnType<typeof connectorsResource>
  readonly connectorInstances: ReturnType<typeof connectorInstancesResource>
  readonly variables: ReturnType<typeof variablesResource>
  readonly applications: ReturnType<typeof applicationsResource>
  readonly flowPolicies: ReturnType<typeof flowPoliciesResource>
  readonly roles: ReturnType<typeof rolesResource>
  readonly applicationRoleAssignments: ReturnType<typeof applicationRoleAssignmentsResource>
  readonly workerApplication: ReturnType<typeof workerApplicationResource>
  readonly populations: ReturnType<typeof populationsResource>
  readonly probes: ReturnType<typeof probesResource>
  /** How much of the request limit is being used. */
  rateBudget(): RateBudgetState
  /** The token endpoint authentication method in use; undefined until the first token where none was given. */
  authMethod(): AuthMethod | undefined
  /** Ends idle connections. */
  close(): void
}

/**
 * Makes the client of a tenant; sends nothing yet. Throws a ConfigurationError for hosts that are not allowed.
 * Neither the client nor its errors show the secret; given as a function it isn't kept either.
 */
export function createPingOneClient(options: ClientOptions): PingOneClient {
  const { hosts, concurrency = 8, requestsPerMinute = defaultRequestsPerMinute } = options
  const timeouts = options.timeouts === undefined ? {} : { timeouts: options.timeouts }
  const allowPrivate = hosts.allowPrivateAddresses ?? false
  const api = createTransport(checkHost(hosts.apiUrl, allowPrivate), { concurrency, ...timeouts })
  const auth = createTransport(checkHost(hosts.authUrl, allowPrivate), { concurrency: 1, ...timeouts })
  const limited = requestsPerMinute !== null && Number.isFinite(requestsPerMinute)
  const budget = new RateBudget({
    concurrency,
    requestsPerMinute: limited ? Math.max(1, requestsPerMinute) : null,
    requestsPerSecond: options.requestsPerSecond === undefined ? defaultRequestsPerSecond : options.requestsPerSecond,
    ...(options.rateWindowMilliseconds === undefined ? {} : { windowMilliseconds: options.rateWindowMilliseconds }),
  })
  const tokens = new TokenSource(auth, {
    environmentId: options.environmentId,
    clientId: options.clientId,
    clientSecret: options.clientSecret,
    authMethod: options.authMethod,
    environmentInPath: hosts.environmentInAuthPath ?? true,
    retry: options.retry,
  })
  const engine = new Engine(api, tokens, budget, options.retry, options.correlation)
  const client: PingOneClient = {
    environments: environmentsResource(engine),
    organizations: organizationsResource(engine),
    flows: flowsResource(engine),
    flowVersions: flowVersionsResource(engine),
    connectors: connectorsResource(engine),
    connectorInstances: connectorInstancesResource(engine),
    variables: variablesResource(engine),
    applications: applicationsResource(engine),
    flowPolicies: flowPoliciesResource(engine),
    roles: rolesResource(engine),
    applicationRoleAssignments: applicationRoleAssignmentsResource(engine),
    workerApplication: workerApplicationResource(engine),
    populations: populationsResource(engine),
    probes: probesResource(engine),
    rateBudget: () => budget.state(),
    authMethod: () => tokens.method,
    close: () => {
      api.close()
      auth.close()
    },
  }
  Object.defineProperty(client, inspect.custom, { value: () => `PingOneClient { ${api.origin} }` })
  return client
}
