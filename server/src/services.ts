import { join } from 'node:path'
import { AccessService } from './access/service.ts'
import { CheckpointFile } from './audit/checkpoint.ts'
import { thisProcess } from './audit/entry.ts'
import { AuditService } from './audit/service.ts'
import { ComparisonService } from './comparison/service.ts'
import { ApprovalService } from './guards/approvals.ts'
import { RunGate } from './guards/gate.ts'
import { GuardService } from './guards/service.ts'
import { MappingService } from './mappings/service.ts'
import { HostPolicy } from './outgoing/host-policy.ts'
import { ApiTokenService } from './people/api-tokens.ts'
import { GrantService } from './people/grants.ts'
import { PeopleService } from './people/people.ts'
import { Readings } from './places/readings.ts'
import { PlaceService } from './places/service.ts'
import { PlanService } from './plans/service.ts'
import { RunDispatch, releaseLostRuns } from './runs/dispatch.ts'
import { RunExecutor, type RunLog } from './runs/executor.ts'
import { RunService } from './runs/service.ts'
import { ChangeSignal } from './runs/watch.ts'
import { loadMasterKey, type MasterKey, type MasterKeySettings } from './secrets/master-key.ts'
import { takeUpMasterKey } from './secrets/rotation.ts'
import { KeyService } from './secrets/service.ts'
import { openSigner } from './secrets/signing.ts'
import { FailedAttempts } from './sign-in/failed-attempts.ts'
import { LoginAppService } from './sign-in/login-app.ts'
import { LoginProvider } from './sign-in/login-provider.ts'
import { PersonSignIn } from './sign-in/person-sign-in.ts'
import { SignInService } from './sign-in/service.ts'
import { type SessionLimits, Sessions } from './sign-in/sessions.ts'
import { openStorage, type StorageSettings } from './storage/database.ts'
import { type ClientSettings, TenantService } from './tenants/service.ts'

export interface ServiceSettings extends StorageSettings, MasterKeySettings {
  /** Lets `file:` places be read: for whoever sits at this machine, never on a server. */
  filePlaces?: boolean | undefined
  /** Hosts beside PingOne's that may be called: `login.example.com`, `*.example.com`, `127.0.0.1:4700`. */
  allowedHosts?: readonly string[] | undefined
  /** How the clients of PingOne are made. */
  client?: ClientSettings | undefined
  /** How long sessions last: 60 minutes without a call, 12 hours at most, unless given. */
  sessions?: Partial<SessionLimits> | undefined
  /** The time, for tests of what ends with it. */
  now?: (() => Date) | undefined
  /** How long a silent process is taken to be carrying a run out (default 15). */
  leaseSeconds?: number | undefined
  /** How long a reading of a place is good enough for looking at, in milliseconds (default a minute). */
  readingsLast?: number | undefined
}

/** Everything that FlightIQ does, without HTTP. */
export interface Services {
  tenants: TenantService
  places: PlaceService
  comparison: ComparisonService
  plans: PlanService
  runs: RunService
  guards: GuardService
  approvals: ApprovalService
  signIn: SignInService
  personSignIn: PersonSignIn
  loginProvider: LoginProvider
  loginApp: LoginAppService
  people: PeopleService
  grants: GrantService
  apiTokens: ApiTokenService
  access: AccessService
  audit: AuditService
  keys: KeyService
  /** Which hosts may be called. */
  readonly hostPolicy: HostPolicy
  readonly database: 'embedded' | 'postgresql'
  /** spare: an earlier key was given that opens nothing any more. */
  readonly masterKey: Pick<MasterKey, 'origin' | 'madeAt'> & { spare: boolean }
  /** Begins to carry out queued runs of all processes, and to take up those that lost theirs. A server does. */
  work(): Promise<void>
  /** Has what happens to runs told to a log; before that it is told to nobody. */
  logTo(log: RunLog): void
  /** Tells other processes where this one can be reached. */
  announce(url: string): Promise<void>
  /** Lets go of runs under way after their current operation, and closes the database. */
  close(): Promise<void>
}

/**
 * Opens the services. Throws a ProblemError: DATA_FOLDER_LOCKED, DATABASE_UNAVAILABLE, MASTER_KEY_INVALID,
 * MASTER_KEY_DIFFERS, ALLOWED_HOSTS_INVALID, AUDIT_UNAVAILABLE.
 */
export async function openServices(settings: ServiceSettings = {}): Promise<Services> {
  const hostPolicy = new HostPolicy(settings.allowedHosts)
  const storage = await openStorage(settings)
  try {
    const masterKey = await loadMasterKey(settings)
    let keyState: Awaited<ReturnType<typeof takeUpMasterKey>> | undefined
    if (storage.persistent) {
      keyState = await takeUpMasterKey(await storage.queries(), masterKey)
      if (!storage.shared) await releaseLostRuns(storage)
    }
    const { leaseSeconds = 15 } = settings
    const now = settings.now ?? (() => new Date())
    let listener: RunLog = () => {}
    const log: RunLog = (level, message, facts) => listener(level, message, facts)
    const audit = new AuditService({
      storage,
      signer: storage.persistent ? await openSigner(await storage.queries(), masterKey) : undefined,
      checkpointFile: checkpointFileOf(settings),
      log,
    })
    if (keyState?.replaced) {
      const details = { before: keyState.replaced, after: keyState.version }
      await audit.record({ event: 'masterKey.rotated', outcome: 'done', actor: thisProcess, details })
    }
    const tenants = new TenantService({ storage, masterKey, hostPolicy, clientSettings: settings.client ?? {} })
    const readings = new Readings(settings.readingsLast)
    tenants.onChange((tenantId) => readings.dropTenant(tenantId))
    const places = new PlaceService(tenants, settings.filePlaces ?? false)
    const mappings = new MappingService(storage)
    const guards = new GuardService({ storage, tenants, peopleSignIn: () => signIn.isRequired(), now })
    const gate = new RunGate({ storage, tenants, guards, now })
    const access = new AccessService(tenants, places, (id, environment) => gate.passWithoutPlan(id, environment))
    const comparison = new ComparisonService(places, readings, mappings, access)
    const plans = new PlanService(storage, tenants, places, comparison)
    const approvals = new ApprovalService({ storage, plans, places, gate, now })
    const changes = new ChangeSignal()
    const onEntry = (runId: string) => changes.tell(runId)
    const executor = new RunExecutor({
      storage,
      mappings,
      gate,
      audit,
      tenants,
      places,
      plans,
      readings,
      access,
      leaseSeconds,
      log,
      onEntry,
    })
    const dispatch = new RunDispatch({ storage, executor, leaseSeconds, log })
    const runs = new RunService({ storage, tenants, places, plans, gate, dispatch, changes })
    const sessions = new Sessions(storage, { idleMinutes: 60, hours: 12, ...settings.sessions }, now)
    const loginApp = new LoginAppService({ storage, masterKey, hostPolicy, tenants, sessions, now })
    const apiTokens = new ApiTokenService(storage, now)
    const signIn = new SignInService({
      storage,
      sessions,
      apiTokens,
      audit,
      failures: new FailedAttempts(now, 5),
      now,
    })
    const loginProvider = new LoginProvider(hostPolicy)
    const personSignIn = new PersonSignIn({
      storage,
      masterKey,
      loginApps: loginApp,
      provider: loginProvider,
      sessions,
      audit,
      failures: new FailedAttempts(now, 20),
      now,
    })
    return {
      signIn,
      personSignIn,
      loginProvider,
      loginApp,
      people: new PeopleService(storage, sessions, now),
      grants: new GrantService(storage, now),
      apiTokens,
      access,
      audit,
      tenants,
      places,
      comparison,
      plans,
      runs,
      guards,
      approvals,
      keys: new KeyService(storage, masterKey),
      hostPolicy,
      database: storage.type,
      masterKey: { origin: masterKey.origin, madeAt: masterKey.madeAt, spare: keyState?.spare ?? false },
      work: () => dispatch.work(),
      logTo: (next) => {
        listener = next
      },
      announce: (url) => storage.announce(url),
      close: async () => {
        await executor.stop()
        await dispatch.stop()
        await tenants.close()
        await audit.close()
        await storage.close()
      },
    }
  } catch (error) {
    await storage.close()
    throw error
  }
}

/** Where the audit log notes how far it has come: outside of the database that it is in. */
function checkpointFileOf({ dataFolder, databaseUrl }: ServiceSettings): CheckpointFile | undefined {
  if (dataFolder === undefined) return undefined
  const database = databaseUrl === undefined ? 'embedded' : databaseNameOf(databaseUrl)
  return new CheckpointFile(join(dataFolder, 'audit-checkpoint.json'), database)
}

/** Host, port and name of a database; never user and password. */
function databaseNameOf(databaseUrl: string): string {
  if (!URL.canParse(databaseUrl)) return 'postgresql'
  const { host, pathname } = new URL(databaseUrl)
  return `postgresql ${host}${pathname}`
}
