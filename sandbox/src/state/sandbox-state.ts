import { assignmentsOf, type RoleGrant } from '../roles/grants.ts'
import { SignOnState, type StoredSignOn } from '../sign-on/sign-on-state.ts'
import { type EnvironmentHead, EnvironmentState, type StoredEnvironment } from './environment-state.ts'
import { type Clock, type Organization, timestamp, type WorkerApplication } from './records.ts'
import { restoredWorker, type StoredWorker } from './stored-worker.ts'

/** A signing key pair as JSON Web Keys, so that tokens outlive a restart. */
export interface StoredKey {
  kid: string
  privateKey: Record<string, unknown>
  publicKey: Record<string, unknown>
}

/** What belongs to no environment alone. */
export interface StoredSandbox {
  organizations: Organization[]
  workers: StoredWorker[]
  key: StoredKey
  /** Tokens that were issued and neither revoked nor expired: their id and the epoch second of their expiry. */
  tokens: [string, number][]
  /** Absent in earlier data folders. */
  signOn?: StoredSignOn
}

/** All of a sandbox, as data. */
export interface StoredState {
  sandbox: StoredSandbox
  environments: StoredEnvironment[]
}

/** A tenant as the sandbox starts it: an organization, its environments, and a worker application. */
export interface TenantSeed {
  name: string
  description: string
  organizationId: string
  licenceId: string
  region: EnvironmentHead['region']
  worker: Pick<
    WorkerApplication,
    'name' | 'clientId' | 'clientSecret' | 'tokenEndpointAuthMethod' | 'environmentId'
  > & {
    roles: readonly RoleGrant[]
  }
  environments: { id: string; name: string; type: 'PRODUCTION' | 'SANDBOX'; subtype?: string }[]
}

/** All that the sandbox holds: organizations, worker applications, environments. */
export class SandboxState {
  readonly now: Clock
  readonly organizations: Organization[] = []
  readonly workers: WorkerApplication[] = []
  readonly environments = new Map<string, EnvironmentState>()
  /** Who can sign on, and through which applications. */
  readonly signOn: SignOnState
  key: StoredKey
  /** The ids of tokens that are good until the epoch second given. */
  readonly liveTokens = new Map<string, number>()
  /** Called when something changed; without an environment when it belongs to none. */
  onChange: (environment?: EnvironmentState) => void = () => {}

  constructor(now: Clock, key: StoredKey, from: readonly TenantSeed[] | StoredState) {
    this.now = now
    this.key = key
    if ('sandbox' in from) this.#restore(from.sandbox, from.environments)
    else for (const seed of from) this.#plant(seed)
    const stored = 'sandbox' in from ? from.sandbox.signOn : undefined
    const tenants = this.workers.map(({ organizationId, environmentId }) => ({
      name: this.organizations.find(({ id }) => id === organizationId)?.name ?? '',
      environmentId,
    }))
    this.signOn = new SignOnState(stored, tenants, () => this.onChange())
  }

  /**
   * An environment by its name or id; the first organization's come first.
   * Throws a RangeError that names those there are.
   */
  environment(nameOrId: string): EnvironmentState {
    const all = [...this.environments.values()]
    const found = this.environments.get(nameOrId) ?? all.find(({ name }) => name === nameOrId)
    if (found) return found
    throw new RangeError(`No environment is called ${nameOrId}. There are: ${all.map(({ name }) => name).join(', ')}.`)
  }

  /** A new environment, with what PingOne puts into each. */
  addEnvironment(head: EnvironmentHead): EnvironmentState {
    const environment = new EnvironmentState(head, this.now)
    environment.insertedAt.set(environment.id, this.now())
    this.#add(environment)
    this.onChange(environment)
    return environment
  }

  /** Removes an environment with all that is in it; worker applications lose their roles on it. */
  removeEnvironment(environment: EnvironmentState): void {
    this.environments.delete(environment.id)
    for (const worker of this.workers) {
      worker.roleAssignments = worker.roleAssignments.filter(
        ({ scope, environmentId }) => (environmentId ?? scope.id) !== environment.id,
      )
    }
    this.onChange(environment)
    this.onChange()
  }

  /** A worker application. Throws a RangeError when there is none of that id. */
  worker(clientId: string): WorkerApplication {
    const found = this.workers.find((worker) => worker.clientId === clientId)
    if (found) return found
    throw new RangeError(`No application has the id ${clientId}.`)
  }

  /** Gives a worker application these roles and no others. Throws a RangeError for a role or scope that isn't there. */
  setRoles(clientId: string, grants: readonly RoleGrant[]): void {
    const worker = this.worker(clientId)
    worker.roleAssignments = assignmentsOf(grants, worker, this)
    this.onChange()
  }

  /** Refuses every token issued until now. */
  revokeTokens(): void {
    this.liveTokens.clear()
    this.onChange()
  }

  /** Notes a token as good, and forgets those that are expired. */
  rememberToken(id: string, expires: number): void {
    const now = this.now() / 1000
    for (const [known, end] of this.liveTokens) if (end <= now) this.liveTokens.delete(known)
    this.liveTokens.set(id, expires)
    this.onChange()
  }

  /** What belongs to no environment, as data. */
  toStored(): StoredSandbox {
    return {
      organizations: this.organizations,
      workers: this.workers,
      key: this.key,
      tokens: [...this.liveTokens],
      signOn: this.signOn.toStored(),
    }
  }

  #plant(seed: TenantSeed): void {
    const at = timestamp(this.now)
    const { organizationId, licenceId } = seed
    const { roles, ...worker } = seed.worker
    this.organizations.push({
      id: organizationId,
      name: seed.name,
      description: seed.description,
      type: 'INTERNAL',
      licenceId,
      createdAt: at,
      updatedAt: at,
    })
    const administrators = { id: worker.environmentId, name: 'Administrators', type: 'SANDBOX' as const }
    for (const environment of [administrators, ...seed.environments]) {
      const head: EnvironmentHead = {
        description: '',
        organizationId,
        licenceId,
        region: seed.region,
        createdAt: at,
        updatedAt: at,
        products: ['PING_ONE_BASE', 'PING_ONE_DAVINCI', 'PING_ONE_MFA', 'PING_ONE_RISK'],
        position: this.environments.size,
        ...environment,
      }
      this.#add(new EnvironmentState(head, this.now))
    }
    this.workers.push({
      ...worker,
      organizationId,
      enabled: true,
      grantTypes: ['CLIENT_CREDENTIALS'],
      roleAssignments: assignmentsOf(roles, { clientId: worker.clientId, organizationId }, this),
      createdAt: at,
      updatedAt: at,
    })
  }

  #add(environment: EnvironmentState): void {
    this.environments.set(environment.id, environment)
    environment.onChange = (changed) => this.onChange(changed)
  }

  #restore(sandbox: StoredSandbox, environments: StoredEnvironment[]): void {
    this.organizations.push(...sandbox.organizations)
    this.workers.push(...sandbox.workers.map((worker) => restoredWorker(worker, sandbox.organizations)))
    for (const [id, expires] of sandbox.tokens) this.liveTokens.set(id, expires)
    for (const stored of environments) this.#add(new EnvironmentState(stored.head, this.now, stored))
  }
}
