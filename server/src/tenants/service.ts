import { randomUUID } from 'node:crypto'
import { type ClientOptions, createPingOneClient, type PingOneClient } from '@flightiq/pingone'
import type { z } from 'zod'
import { correlationNow } from '../audit/correlation.ts'
import type { Caller } from '../authorization/caller.ts'
import { may, maySomewhere, permissionMissing, requirePermission } from '../authorization/permissions.ts'
import type {
  environmentSchema,
  NewTenant,
  rateBudgetSchema,
  Tenant,
  TenantTest,
  tenantChangeSchema,
} from '../contract/tenants.ts'
import { newTenantSchema } from '../contract/tenants.ts'
import type { HostPolicy } from '../outgoing/host-policy.ts'
import { notFound, ProblemError } from '../problems/problem-error.ts'
import type { MasterKey } from '../secrets/master-key.ts'
import { Secret } from '../secrets/secret.ts'
import { readSecret, removeSecret, saveSecret } from '../secrets/store.ts'
import { refuseLoginApp } from '../sign-in/login-app.ts'
import type { Storage } from '../storage/database.ts'
import { toEnvironment } from './environments.ts'
import { readTenant, readTenantIdByName, readTenants, removeTenant, writeTenant } from './store.ts'
import { testWorkerApp } from './test-worker-app.ts'
import { hostsOf, transientTenantId } from './worker-app.ts'

export type TenantChange = z.infer<typeof tenantChangeSchema>
export type Environment = z.infer<typeof environmentSchema>
export type RateBudget = z.infer<typeof rateBudgetSchema>

const secretKind = 'tenant.clientSecret'

/** How clients of PingOne are made; what is absent is as the client has it by default. */
export type ClientSettings = Pick<ClientOptions, 'requestsPerMinute' | 'concurrency' | 'timeouts' | 'retry'>

/**
 * The configured tenants, and the one client that each has. What takes a caller asks whether they may; the rest is for
 * FlightIQ's own parts, which have asked.
 */
export class TenantService {
  readonly #storage: Storage
  readonly #masterKey: MasterKey
  readonly #hostPolicy: HostPolicy
  readonly #clientSettings: ClientSettings
  readonly #transient = new Map<string, { tenant: Tenant; secret: Secret }>()
  readonly #clients = new Map<string, Promise<PingOneClient>>()
  readonly #changeListeners: ((tenantId: string) => void)[] = []

  constructor(parts: {
    storage: Storage
    masterKey: MasterKey
    hostPolicy: HostPolicy
    clientSettings: ClientSettings
  }) {
    this.#storage = parts.storage
    this.#masterKey = parts.masterKey
    this.#hostPolicy = parts.hostPolicy
    this.#clientSettings = parts.clientSettings
  }

  /** Calls back when a tenant was changed or removed, so that what was read with it is dropped. */
  onChange(listener: (tenantId: string) => void): void {
    this.#changeListeners.push(listener)
  }

  /** The tenants of which the caller may read something, the one that is only held in memory first. */
  async list(caller: Caller): Promise<Tenant[]> {
    const held = [...this.#transient.values()].map(({ tenant }) => tenant)
    // A process that lives on one tenant from variables needs no database to tell which it is.
    const stored = held.length > 0 && !this.#storage.persistent ? [] : await readTenants(await this.#storage.queries())
    return [...held, ...stored].filter(({ id }) => maySomewhere(caller, 'read', { tenantId: id }))
  }

  /** One tenant. Throws a ProblemError TENANT_NOT_FOUND. */
  async get(tenantId: string): Promise<Tenant> {
    const held = this.#transient.get(tenantId)
    const tenant = held?.tenant ?? (await readTenant(await this.#storage.queries(), tenantId))
    if (tenant) return tenant
    throw notFound('TENANT_NOT_FOUND', 'There is no tenant with this id.', 'Look at the list of tenants.')
  }

  /** Whether this process knows a tenant: one that another process holds in memory it doesn't. */
  async knows(tenantId: string): Promise<boolean> {
    return this.#transient.has(tenantId) || (await readTenant(await this.#storage.queries(), tenantId)) !== undefined
  }

  /** Adds a tenant. Throws a ProblemError PERMISSION_MISSING, TENANT_NAME_TAKEN, or as `HostPolicy.check` does. */
  async create(caller: Caller, input: NewTenant): Promise<Tenant> {
    requirePermission(caller, 'configure', {})
    const { clientSecret, ...fields } = input
    this.#checkHosts(fields.hosts)
    const now = new Date().toISOString()
    const tenant: Tenant = {
      ...withoutRegionBesideHosts(fields),
      id: randomUUID(),
      secretSetAt: now,
      secretSetBy: caller.name,
      createdAt: now,
      updatedAt: now,
    }
    await this.#write(tenant, new Secret(clientSecret))
    return tenant
  }

  /**
   * Changes a tenant; the secret stays unless a new one is given. Throws a ProblemError PERMISSION_MISSING,
   * TENANT_NAME_TAKEN, or SECRET_NEEDED where the stored secret would be sent to another host, or as `HostPolicy.check`
   * does.
   */
  async update(caller: Caller, tenantId: string, change: TenantChange): Promise<Tenant> {
    requirePermission(caller, 'configure', { tenantId })
    const present = await this.get(tenantId)
    const { clientSecret, ...fields } = change
    this.#checkHosts(fields.hosts)
    const now = new Date().toISOString()
    const tenant: Tenant = {
      ...withoutRegionBesideHosts(fields),
      id: present.id,
      ...(clientSecret === undefined ? secretSettingOf(present) : { secretSetAt: now, secretSetBy: caller.name }),
      createdAt: present.createdAt,
      updatedAt: now,
    }
    if (clientSecret === undefined && tenant.hosts && !sameHosts(tenant.hosts, present.hosts)) {
      throw new ProblemError({
        status: 422,
        code: 'SECRET_NEEDED',
        detail:
          'The client secret must be entered again when the hosts change, so that it is not sent elsewhere unseen.',
        nextStep: 'Enter the client secret with the new hosts.',
        errors: [{ pointer: '/clientSecret', message: 'Enter it again: the hosts change.' }],
      })
    }
    const held = this.#transient.get(tenantId)
    if (held) {
      const secret = clientSecret === undefined ? held.secret : new Secret(clientSecret)
      this.#transient.set(tenantId, { tenant, secret })
    } else {
      await this.#write(tenant, clientSecret === undefined ? undefined : new Secret(clientSecret))
    }
    this.#changed(tenantId)
    return tenant
  }

  /** Removes a tenant with its secret, plans and runs. Throws a ProblemError TENANT_BUSY while a run is under way. */
  async delete(caller: Caller, tenantId: string): Promise<void> {
    requirePermission(caller, 'configure', { tenantId })
    await this.get(tenantId)
    if (!this.#transient.delete(tenantId)) {
      const queries = await this.#storage.queries()
      await queries.transaction().execute(async (transaction) => {
        const active = await transaction
          .selectFrom('runs')
          .select('id')
          .where('tenant_id', '=', tenantId)
          .where('state', 'in', ['queued', 'running', 'interrupted'])
          .executeTakeFirst()
        if (active) throw busy(active.id)
        await removeSecret(transaction, { recordId: tenantId, kind: secretKind })
        await removeTenant(transaction, tenantId)
      })
    }
    this.#changed(tenantId)
  }

  /** Tests the worker app. What it finds out (region, authentication method) is saved. */
  async test(caller: Caller, tenantId: string): Promise<TenantTest> {
    requirePermission(caller, 'configure', { tenantId })
    const tenant = await this.get(tenantId)
    this.#checkHosts(tenant.hosts)
    const result = await testWorkerApp(tenant, this.#unsealing(tenantId))
    if (result.ok) await this.#learn(tenant, result)
    return result
  }

  /** The environments that the worker app sees and the caller may read. Throws what the client throws. */
  async listEnvironments(
    caller: Caller,
    tenantId: string,
    options: { signal?: AbortSignal | undefined } = {},
  ): Promise<Environment[]> {
    const client = await this.client(tenantId)
    const environments = await client.environments.list({ signal: options.signal })
    return environments.map(toEnvironment).filter(({ id }) => may(caller, 'read', { tenantId, environmentId: id }))
  }

  /** How much of PingOne's request limit is being used. */
  async getRateBudget(caller: Caller, tenantId: string): Promise<RateBudget> {
    if (!maySomewhere(caller, 'read', { tenantId })) throw permissionMissing(caller, 'read')
    return (await this.client(tenantId)).rateBudget()
  }

  /**
   * Holds a tenant in memory only (one given by variables). Its id comes from its worker app. Its hosts are allowed
   * with it: whoever sets variables is the operator.
   */
  async useTransient(input: NewTenant): Promise<Tenant> {
    const { clientSecret, ...fields } = newTenantSchema.parse(input)
    for (const url of Object.values(fields.hosts ?? {})) this.#hostPolicy.allow(url)
    this.#checkHosts(fields.hosts)
    const now = new Date().toISOString()
    const id = transientTenantId(fields.environmentId, fields.clientId)
    const tenant: Tenant = { ...withoutRegionBesideHosts(fields), id, secretSetAt: now, createdAt: now, updatedAt: now }
    this.#transient.set(id, { tenant, secret: new Secret(clientSecret) })
    this.#changed(id)
    return tenant
  }

  /** The client of a tenant: one for all who use it, since it holds the token and the rate budget. */
  client(tenantId: string): Promise<PingOneClient> {
    const known = this.#clients.get(tenantId)
    if (known) return known
    const made = this.#makeClient(tenantId)
    this.#clients.set(tenantId, made)
    made.catch(() => {
      if (this.#clients.get(tenantId) === made) this.#clients.delete(tenantId)
    })
    return made
  }

  /** Ends the connections of all clients. */
  async close(): Promise<void> {
    const clients = [...this.#clients.values()]
    this.#clients.clear()
    for (const client of await Promise.allSettled(clients)) {
      if (client.status === 'fulfilled') client.value.close()
    }
  }

  async #makeClient(tenantId: string): Promise<PingOneClient> {
    let tenant = await this.get(tenantId)
    this.#checkHosts(tenant.hosts)
    const clientSecret = this.#unsealing(tenantId)
    if (!hostsOf(tenant)) {
      const found = await testWorkerApp(tenant, clientSecret)
      if (!found.ok) throw testFailed(found)
      tenant = await this.#learn(tenant, found)
    }
    const hosts = hostsOf(tenant)
    if (!hosts) throw notFound('REGION_UNKNOWN', 'The region of the tenant is not known.', 'Set it in the tenant.')
    return createPingOneClient({
      hosts,
      environmentId: tenant.environmentId,
      clientId: tenant.clientId,
      clientSecret,
      authMethod: tenant.authMethod,
      correlation: correlationNow,
      ...this.#clientSettings,
    })
  }

  /** What was allowed when it was saved may not be any more. */
  #checkHosts(hosts: Tenant['hosts']): void {
    if (!hosts) return
    this.#hostPolicy.check(hosts.authUrl, '/hosts/authUrl')
    this.#hostPolicy.check(hosts.apiUrl, '/hosts/apiUrl')
  }

  /** Saves what a test found out; what a person has set stays. */
  async #learn(tenant: Tenant, found: TenantTest): Promise<Tenant> {
    const { region, authMethod } = found
    const learned: Tenant = {
      ...tenant,
      ...(tenant.hosts || region === undefined ? {} : { region }),
      ...(authMethod === undefined ? {} : { authMethod }),
    }
    if (learned.region === tenant.region && learned.authMethod === tenant.authMethod) return tenant
    const held = this.#transient.get(tenant.id)
    if (held) this.#transient.set(tenant.id, { ...held, tenant: learned })
    else await writeTenant(await this.#storage.queries(), learned)
    return learned
  }

  /** The secret in clear for one request of a token: whoever asks for it drops it after that. */
  #unsealing(tenantId: string): () => Promise<string> {
    return async () => (await this.#secretOf(tenantId)).reveal()
  }

  async #secretOf(tenantId: string): Promise<Secret> {
    const held = this.#transient.get(tenantId)
    if (held) return held.secret
    const owner = { recordId: tenantId, kind: secretKind }
    const secret = await readSecret(await this.#storage.queries(), this.#masterKey, owner)
    if (secret) return secret
    throw notFound('SECRET_MISSING', 'The tenant has no client secret.', 'Enter it in the tenant configuration.')
  }

  async #write(tenant: Tenant, secret: Secret | undefined): Promise<void> {
    const queries = await this.#storage.queries()
    await queries.transaction().execute(async (transaction) => {
      const owner = await readTenantIdByName(transaction, tenant.name)
      if (owner !== undefined && owner !== tenant.id) throw nameTaken(tenant.name)
      await refuseLoginApp(transaction, tenant.clientId)
      await writeTenant(transaction, tenant)
      if (secret) {
        await saveSecret(transaction, this.#masterKey, { recordId: tenant.id, kind: secretKind }, secret)
      }
    })
  }

  #changed(tenantId: string): void {
    const client = this.#clients.get(tenantId)
    this.#clients.delete(tenantId)
    // One that couldn't be made has nothing to close.
    client?.then(
      (made) => made.close(),
      () => {},
    )
    for (const listener of this.#changeListeners) listener(tenantId)
  }
}

function withoutRegionBesideHosts<T extends { region?: unknown; hosts?: unknown }>(fields: T): T {
  if (fields.hosts === undefined) return fields
  const { region: _region, ...rest } = fields
  return rest as T
}

function secretSettingOf({ secretSetAt, secretSetBy }: Tenant): Pick<Tenant, 'secretSetAt' | 'secretSetBy'> {
  return { secretSetAt, ...(secretSetBy === undefined ? {} : { secretSetBy }) }
}

function sameHosts(left: NonNullable<Tenant['hosts']>, right: Tenant['hosts']): boolean {
  return left.authUrl === right?.authUrl && left.apiUrl === right.apiUrl
}

function nameTaken(name: string): ProblemError {
  return new ProblemError({
    status: 409,
    code: 'TENANT_NAME_TAKEN',
    detail: `There is already a tenant named "${name}".`,
    nextStep: 'Choose another name.',
    errors: [{ pointer: '/name', message: 'Another tenant has this name.' }],
  })
}

function busy(runId: string): ProblemError {
  return new ProblemError({
    status: 409,
    code: 'TENANT_BUSY',
    detail: `Run ${runId} of this tenant is under way.`,
    nextStep: 'Wait until it has ended, or cancel it.',
  })
}

function testFailed(result: TenantTest): ProblemError {
  return new ProblemError({
    status: 502,
    code: 'CREDENTIALS_REFUSED',
    detail: result.explanation,
    nextStep: result.nextStep ?? 'Test the credentials in the tenant configuration.',
  })
}
