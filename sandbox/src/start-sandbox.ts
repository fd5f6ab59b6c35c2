import type { AddressInfo } from 'node:net'
import type { ExportContent } from '@flightiq/core'
import type { Context, Settings } from './context.ts'
import { demoTenants, fillDemo } from './demo/index.ts'
import { type Denial, denialsFrom } from './denials.ts'
import { newSecret, newUuid } from './ids.ts'
import { type Limits, limitsWith } from './limits.ts'
import { type LoadReport, loadExport, loadExportFile } from './load/index.ts'
import { newSigningKey } from './oauth.ts'
import { type LoggedRequest, RequestLog } from './request-log.ts'
import { visibleEnvironments } from './roles/access.ts'
import { grantsOf, type RoleGrant } from './roles/grants.ts'
import { buildServer } from './server.ts'
import type { SignOnState } from './sign-on/sign-on-state.ts'
import { DataFolder, readDataFolder } from './state/data-folder.ts'
import type { Clock } from './state/records.ts'
import { SandboxState, type TenantSeed } from './state/sandbox-state.ts'

/** How a sandbox is started. */
export interface SandboxOptions {
  /** 0, the default, takes a free one. */
  port?: number
  /** Where the state is kept between starts; in memory alone without it. */
  dataFolder?: string
  /** Starts with what PingOne puts into each new environment, and nothing else. */
  empty?: boolean
  /** Fills the environments with the demo content, with ids and credentials that are always the same; true unless `empty`. */
  demo?: boolean
  /** Each answer is held back so long. */
  latencyMilliseconds?: number
  /** Configuration requests a minute and licence; null switches the limit off. */
  rateLimitPerMinute?: number | null
  tokenLifetimeSeconds?: number
  /** How long a change takes until all of PingOne knows of it; 0, the default, makes everything known at once. */
  settleMilliseconds?: number
  /** Replaces documented limits. */
  limits?: Partial<Limits>
  /** The time in epoch milliseconds, for tests. */
  now?: Clock
}

/** A tenant of the sandbox, with what a client needs to reach it. */
export interface SandboxTenant {
  name: string
  organizationId: string
  /** Where the worker application lives: the id in the token path. */
  environmentId: string
  clientId: string
  clientSecret: string
  authMethod: 'client_secret_basic' | 'client_secret_post'
  /** Those it has a role on. */
  environments: { id: string; name: string }[]
  /** Through which people sign on. */
  loginApp: {
    clientId: string
    clientSecret: string
    /** Where it lives: the id in the issuer. */
    environmentId: string
    authUrl: string
    /** Of its id tokens: `{authUrl}/{environmentId}/as`. */
    issuer: string
  }
}

/** A running sandbox. */
export interface Sandbox {
  authUrl: string
  apiUrl: string
  port: number
  readonly tenants: SandboxTenant[]
  /** What it holds, to look at and to fill. */
  state: SandboxState
  /** Every request so far. */
  requests: readonly LoggedRequest[]
  resetRequests(): void
  /**
   * Puts an export, read already or still a file, into an environment of that name or id; with `standIns` what it
   * refers to and doesn't hold is made up. Throws a RangeError for an unknown environment, a LoadError or an ExportError.
   */
  load(environment: string, exported: ExportContent | string, options?: { standIns?: boolean }): Promise<LoadReport>
  /** Who can sign on in which tenant, and through which application. */
  signOn: SignOnState
  /** Refuses every token issued so far. */
  revokeTokens(): void
  /** The roles of a worker application. Throws a RangeError when there is none of that id. */
  rolesOf(clientId: string): RoleGrant[]
  /**
   * Gives a worker application these roles and no others; tokens it has act by them at once.
   * Throws a RangeError for a role or scope that isn't there.
   */
  setRoles(clientId: string, roles: readonly RoleGrant[]): void
  /** Refuses these requests from now on, whatever roles allow, and no others. Throws for one that makes no sense. */
  setDenials(denials: readonly Denial[]): void
  /** Changes latency, rate limit and the like; the limits stay. */
  change(settings: Partial<Omit<Settings, 'limits'>>): void
  close(): Promise<void>
}

/**
 * Starts the emulator of PingOne on 127.0.0.1. Throws a DataFolderError when the data folder can't be used, and Node's
 * own error when the port is taken.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const limits = limitsWith(options.limits)
  const settings: Settings = {
    limits,
    latencyMilliseconds: options.latencyMilliseconds ?? 0,
    rateLimitPerMinute:
      options.rateLimitPerMinute === undefined ? limits.configurationRequestsPerMinute : options.rateLimitPerMinute,
    tokenLifetimeSeconds: options.tokenLifetimeSeconds ?? limits.tokenLifetimeSeconds,
    settleMilliseconds: options.settleMilliseconds ?? 0,
  }
  const now = options.now ?? Date.now
  const stored = options.dataFolder ? readDataFolder(options.dataFolder) : undefined
  const demo = options.demo ?? !options.empty
  const seeds = stored ?? (demo ? demoTenants : tenantsOfTheirOwn())
  const state = new SandboxState(now, stored?.sandbox.key ?? (await newSigningKey()), seeds)
  if (demo && !stored) fillDemo(state)
  const folder = options.dataFolder ? new DataFolder(options.dataFolder, state) : undefined

  const log = new RequestLog()
  const context: Context = { state, settings, denials: [] }
  const app = buildServer(context, log)
  await app.listen({ host: '127.0.0.1', port: options.port ?? 0 })
  const { port } = app.server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  return {
    authUrl: url,
    apiUrl: url,
    port,
    get tenants() {
      return tenantsOf(state, url)
    },
    state,
    requests: log.entries,
    resetRequests: () => log.reset(),
    load: async (name, exported, { standIns = false } = {}) => {
      const environment = state.environment(name)
      const loading = { standIns, limits }
      return typeof exported === 'string'
        ? loadExportFile(environment, exported, loading)
        : loadExport(environment, exported, loading)
    },
    signOn: state.signOn,
    revokeTokens: () => state.revokeTokens(),
    rolesOf: (clientId) => grantsOf(state.worker(clientId), state),
    setRoles: (clientId, roles) => state.setRoles(clientId, roles),
    setDenials: (denials) => {
      context.denials = denialsFrom(denials, state)
    },
    change: (changes) => void Object.assign(settings, changes),
    close: async () => {
      await app.close()
      await folder?.close()
    },
  }
}

/**
 * The demo's tenants with ids and secrets of their own: only the demo has the same ones each time, so that what was
 * configured against it survives a restart.
 */
function tenantsOfTheirOwn(): TenantSeed[] {
  return demoTenants.map((tenant) => ({
    ...tenant,
    organizationId: newUuid(),
    licenceId: newUuid(),
    worker: { ...tenant.worker, clientId: newUuid(), clientSecret: newSecret(48), environmentId: newUuid() },
    environments: tenant.environments.map((environment) => ({ ...environment, id: newUuid() })),
  }))
}

function tenantsOf(state: SandboxState, authUrl: string): SandboxTenant[] {
  return state.workers.map((worker) => ({
    name: state.organizations.find(({ id }) => id === worker.organizationId)?.name ?? worker.name,
    organizationId: worker.organizationId,
    environmentId: worker.environmentId,
    clientId: worker.clientId,
    clientSecret: worker.clientSecret,
    authMethod: worker.tokenEndpointAuthMethod === 'CLIENT_SECRET_BASIC' ? 'client_secret_basic' : 'client_secret_post',
    environments: visibleEnvironments(worker, state.environments.values()).map(({ id, name }) => ({ id, name })),
    loginApp: loginAppOf(worker.environmentId, state, authUrl),
  }))
}

function loginAppOf(environmentId: string, { signOn }: SandboxState, authUrl: string): SandboxTenant['loginApp'] {
  const { clientId, clientSecret } = signOn.applicationOf(environmentId)
  return { clientId, clientSecret, environmentId, authUrl, issuer: `${authUrl}/${environmentId}/as` }
}
