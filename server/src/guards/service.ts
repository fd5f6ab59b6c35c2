import { createHash } from 'node:crypto'
import { canonical, type Json } from '@flightiq/core'
import type { Caller } from '../authorization/caller.ts'
import { may, requirePermission } from '../authorization/permissions.ts'
import type { Guard, GuardChange, WriteStop } from '../contract/guards.ts'
import { notFound } from '../problems/problem-error.ts'
import type { Storage } from '../storage/database.ts'
import type { Environment, TenantService } from '../tenants/service.ts'
import { frozenAt } from './freezes.ts'
import { readGuards, readWriteStop, type StoredGuard, writeGuard, writeWriteStop } from './store.ts'

/** What the guards have to know of an environment. */
export type GuardedEnvironment = Pick<Environment, 'id' | 'name' | 'type'>

/** A guard as it holds, set or by default. */
export interface HoldingGuard extends GuardChange {
  setBy?: string
}

/** Everything that holds for writing to an environment. */
export interface GuardsOfEnvironment {
  /** The one of the tenant, and what was set through other tenants that reach the same environment: all of them hold. */
  guards: HoldingGuard[]
  /** Hash of all that: another one means that something was set since. */
  hash: string
}

/** How environments are protected against writes. */
export class GuardService {
  readonly #storage: Storage
  readonly #tenants: TenantService
  readonly #peopleSignIn: () => Promise<boolean>
  readonly #now: () => Date

  constructor(parts: {
    storage: Storage
    tenants: TenantService
    /** Whether people sign in here: only then there is somebody else who could approve. */
    peopleSignIn: () => Promise<boolean>
    now: () => Date
  }) {
    this.#storage = parts.storage
    this.#tenants = parts.tenants
    this.#peopleSignIn = parts.peopleSignIn
    this.#now = parts.now
  }

  /** The guards of the environments that the caller may read. Throws what the client throws. */
  async list(caller: Caller, tenantId: string, options: { signal?: AbortSignal | undefined } = {}): Promise<Guard[]> {
    const environments = await this.#tenants.listEnvironments(caller, tenantId, options)
    const ids = environments.map(({ id }) => id)
    const stored = await readGuards(await this.#storage.queries(), ids)
    return Promise.all(
      environments.map((environment) => {
        const own = stored.find((guard) => guard.environmentId === environment.id && guard.tenantId === tenantId)
        return this.#describe(environment, own)
      }),
    )
  }

  /**
   * Sets the guard of an environment; without a change, puts it back to its default. Approvals given before are void.
   * Throws a ProblemError PERMISSION_MISSING, or ENVIRONMENT_NOT_FOUND, also for one that the caller may not read.
   */
  async set(
    caller: Caller,
    tenantId: string,
    environmentId: string,
    change: GuardChange | undefined,
  ): Promise<{ guard: Guard; before: Guard }> {
    const before = (await this.list(caller, tenantId)).find(({ environmentId: id }) => id === environmentId)
    if (!before || !may(caller, 'read', { tenantId, environmentId })) throw noSuchEnvironment()
    requirePermission(caller, 'configure', { tenantId, environmentId })
    const setAt = this.#now().toISOString()
    const stored: StoredGuard = { tenantId, environmentId, change, setAt, setBy: caller.name }
    await writeGuard(await this.#storage.queries(), stored)
    const environment = { id: environmentId, name: before.environmentName, type: before.environmentType }
    return { guard: await this.#describe(environment, stored), before }
  }

  /** Whether all writes are stopped. */
  async getWriteStop(): Promise<WriteStop> {
    return readWriteStop(await this.#storage.queries())
  }

  /** Stops all writes of the installation at once, or lets them go on. Throws a ProblemError PERMISSION_MISSING. */
  async setWriteStop(
    caller: Caller,
    { stopped, reason }: { stopped: boolean; reason?: string | undefined },
  ): Promise<WriteStop> {
    requirePermission(caller, 'configure', {})
    const stop = stopped ? { reason, at: this.#now().toISOString(), by: caller.name } : undefined
    await writeWriteStop(await this.#storage.queries(), stop)
    return this.getWriteStop()
  }

  /** Everything that holds for writing to an environment. For FlightIQ's own parts. */
  async of(tenantId: string, environment: GuardedEnvironment): Promise<GuardsOfEnvironment> {
    const stored = await readGuards(await this.#storage.queries(), [environment.id])
    const own = stored.find((guard) => guard.tenantId === tenantId)
    const held = own?.change ? { ...own.change, setBy: own.setBy } : await this.#defaultFor(environment)
    const others = stored.flatMap(({ tenantId: other, change, setBy }): HoldingGuard[] =>
      other === tenantId || !change ? [] : [{ ...change, setBy }],
    )
    const guards = [held, ...others]
    const facts = { guards, set: stored.map((guard) => [guard.tenantId, guard.setAt]).sort() }
    return { guards, hash: hashOf(facts) }
  }

  async #describe(environment: GuardedEnvironment, stored: StoredGuard | undefined): Promise<Guard> {
    const { protection, approvals, reason, freezes } = stored?.change ?? (await this.#defaultFor(environment))
    const frozen = frozenAt(freezes, this.#now())
    return {
      environmentId: environment.id,
      environmentName: environment.name,
      environmentType: environment.type,
      protection,
      approvals,
      ...(reason === undefined ? {} : { reason }),
      freezes,
      byDefault: stored?.change === undefined,
      ...(frozen ? { frozen: { reason: frozen.reason, until: frozen.until.toISOString() } } : {}),
      ...(stored ? { setAt: stored.setAt, setBy: stored.setBy } : {}),
    }
  }

  /** Without people who sign in nobody could approve, and every run to production would be refused. */
  async #defaultFor({ type }: GuardedEnvironment): Promise<HoldingGuard> {
    const isProtected = type === 'PRODUCTION' && (await this.#peopleSignIn())
    return { protection: isProtected ? 'protected' : 'open', approvals: 1, freezes: [] }
  }
}

/** SHA-256 of facts. */
export function hashOf(facts: unknown): string {
  const json = JSON.parse(JSON.stringify(facts)) as Json
  return createHash('sha256').update(canonical(json)).digest('hex')
}

function noSuchEnvironment() {
  return notFound(
    'ENVIRONMENT_NOT_FOUND',
    'There is no environment with this id, or you may not read it.',
    'Look at the list of environments.',
  )
}
