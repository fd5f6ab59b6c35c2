import { existsSync } from 'node:fs'
import { hostname, userInfo } from 'node:os'
import type { Problem } from '@flightiq/server'
import {
  allowedHostsIn,
  directCalls,
  newTenantSchema,
  openServices,
  ownerOfMachine,
  problemOf,
  type Services,
} from '@flightiq/server'
import { z } from 'zod'
import { CommandError, commandErrorOf } from '../command-error.ts'
import { dataFolderOf, type Settings, settingsTable } from '../settings.ts'
import type { Console } from './console.ts'

/** What a command needs of the storage: a place that lasts, or memory where nothing has been kept yet. */
export type Keeping = 'lasting' | 'memory'

/**
 * FlightIQ inside this process. With a tenant from settings alone, commands that only read keep nothing on disk.
 * @throws CommandError as every method does: the services' errors, told in one line.
 */
export async function openEmbedded(settings: Settings, keeping: Keeping): Promise<Console> {
  const transient = transientTenant(settings)
  const dispensable = transient !== undefined && keeping === 'memory' && !settings.databaseUrl
  if (!dispensable || !existsSync(dataFolderOf(settings))) return opened(settings, transient, dispensable)
  try {
    // Choices that were made in earlier runs are kept there.
    return await opened(settings, transient, false)
  } catch (error) {
    if (!(error instanceof CommandError) || error.code !== 'DATA_FOLDER_LOCKED') throw error
    return opened(settings, transient, true)
  }
}

async function opened(
  settings: Settings,
  transient: ReturnType<typeof transientTenant>,
  inMemory: boolean,
): Promise<Console> {
  const requestsPerMinute = settings.requestsPerMinute === undefined ? undefined : perMinute(settings.requestsPerMinute)
  const services = await told(() =>
    openServices({
      ...(inMemory ? {} : { dataFolder: dataFolderOf(settings) }),
      ...(settings.databaseUrl && !inMemory ? { databaseUrl: settings.databaseUrl } : {}),
      masterKey: settings.masterKey,
      masterKeyPrevious: settings.masterKeyPrevious,
      masterKeyFile: settings.masterKeyFile,
      allowedHosts: allowedHostsIn(settings.allowedHosts ?? ''),
      filePlaces: true,
      ...(requestsPerMinute === undefined ? {} : { client: { requestsPerMinute } }),
    }),
  )
  if (transient) {
    try {
      await told(() => services.tenants.useTransient(transient))
    } catch (error) {
      await services.close()
      throw error
    }
  }
  return consoleOf(services)
}

function consoleOf(services: Services): Console {
  const { tenants, places, comparison, runs, keys, access } = services
  // Whoever can read the data folder needs no permission; what they did is told with their name.
  const caller = ownerOfMachine('commandLine', `${userInfo().username}@${hostname()}`, hostname())
  const audited = directCalls(services, caller)
  const explained = <T>(tenantId: string, call: () => Promise<T>) =>
    told(call, (error) => access.explain(caller, tenantId, error))
  return {
    trialKey: services.masterKey.origin === 'trial',
    tenants: () => told(() => tenants.list(caller)),
    addTenant: (tenant) => told(() => audited.createTenant({ body: tenant })),
    testTenant: (tenantId) => told(() => audited.testTenant({ params: { tenantId } })),
    removeTenant: (tenantId) => told(async () => void (await audited.deleteTenant({ params: { tenantId } }))),
    environments: (tenantId, options) =>
      explained(tenantId, () => tenants.listEnvironments(caller, tenantId, { signal: options?.signal })),
    listArtifacts: (tenantId, kind, place, options) =>
      explained(tenantId, () => places.listArtifacts(caller, tenantId, kind, place, options)),
    getArtifact: (tenantId, kind, id, place, options) =>
      explained(tenantId, () => places.getArtifact(caller, tenantId, kind, id, place, options)),
    compare: (tenantId, { kinds, ...request }, options) =>
      explained(tenantId, () =>
        comparison.compare(caller, tenantId, { ...request, ...(kinds ? { kinds: kinds.join(',') } : {}) }, options),
      ),
    comparePair: (tenantId, kind, request, options) =>
      explained(tenantId, () => comparison.comparePair(caller, tenantId, kind, request, options)),
    createPlan: (tenantId, body, options) =>
      explained(tenantId, () => audited.createPlan({ params: { tenantId }, body }, options)),
    importPlan: (tenantId, body) => told(() => audited.importPlan({ params: { tenantId }, body })),
    // The services carry out just what is started here; other runs are taken up by whoever is asked to.
    startRun: (tenantId, planId) => told(() => audited.startRun({ params: { tenantId, planId } })),
    resumeRun: (tenantId, runId) => told(() => audited.resumeRun({ params: { tenantId, runId } })),
    cancelRun: (tenantId, runId) => told(() => audited.cancelRun({ params: { tenantId, runId } })),
    listRuns: (tenantId) => told(() => runs.list(caller, tenantId)),
    getRun: (tenantId, runId) => told(() => runs.get(caller, tenantId, runId)),
    access: (tenantId, request, options) =>
      explained(tenantId, () =>
        access.matrix(caller, tenantId, request, {
          signal: options?.signal,
          onProgress: (done, total, label) => options?.onProgress?.({ label, done, total, requests: done }),
        }),
      ),
    accessJobs: async () => access.listJobs(),
    accessAdvice: (tenantId, request) => explained(tenantId, () => access.advise(caller, tenantId, request)),
    masterKey: () => told(() => keys.status()),
    rotateMasterKey: () => told(() => audited.rotateMasterKey({})),
    auditEntries: (filter, limit) => told(() => audited.listAudit({ query: { ...filter, limit } })),
    exportAudit: (filter, format) =>
      told(async () => (await audited.exportAudit({ query: { ...filter, format } })).chunks),
    verifyAudit: () => told(() => audited.verifyAudit({})),
    watchRun: (tenantId, runId) => runs.watch(caller, tenantId, runId),
    close: () => services.close(),
  }
}

/** Runs a call of the services; their errors become errors of the command. */
async function told<T>(
  call: () => Promise<T>,
  explain: (error: unknown) => Promise<Problem> = async (error) => problemOf(error),
): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof CommandError) throw error
    const problem = await explain(error)
    if (problem.code === 'INTERNAL_ERROR') throw error
    throw commandErrorOf(problem)
  }
}

/**
 * The tenant that settings alone describe, or undefined when they describe none.
 * @throws CommandError when some are there and others lack, or are no ids.
 */
export function transientTenant(settings: Settings): z.infer<typeof newTenantSchema> | undefined {
  const { environmentId, clientId, clientSecret, authUrl, apiUrl, region, authMethod } = settings
  if (!environmentId && !clientId && !clientSecret) return undefined
  const named = {
    FLIGHTIQ_ENVIRONMENT_ID: environmentId,
    FLIGHTIQ_CLIENT_ID: clientId,
    FLIGHTIQ_CLIENT_SECRET: clientSecret,
  }
  const lacking = Object.entries(named).flatMap(([variable, value]) => (value ? [] : [variable]))
  if (Boolean(authUrl) !== Boolean(apiUrl)) lacking.push(authUrl ? 'FLIGHTIQ_API_URL' : 'FLIGHTIQ_AUTH_URL')
  if (lacking.length > 0) {
    throw new CommandError(`The tenant from settings lacks ${lacking.join(' and ')}.`, {
      nextStep: 'Set what lacks, or unset the others to use a saved tenant.',
    })
  }
  const parsed = newTenantSchema.safeParse({
    name: 'From settings',
    environmentId,
    clientId,
    clientSecret,
    ...(authUrl && apiUrl ? { hosts: { authUrl, apiUrl } } : {}),
    ...(region ? { region: region.toUpperCase() } : {}),
    ...(authMethod ? { authMethod } : {}),
  })
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const key = issue?.path.at(-1)
  const variable = settingsTable.find((setting) => setting.key === key)?.variable ?? 'a setting'
  throw new CommandError(`The tenant from settings is not right: ${variable}: ${issue?.message}.`, {
    nextStep: 'Ids are UUIDs as PingOne shows them; addresses start with https://.',
  })
}

function perMinute(text: string): number {
  const parsed = z.coerce.number().int().min(1).max(6000).safeParse(text)
  if (parsed.success) return parsed.data
  throw new CommandError(`"${text}" is no number of requests a minute.`, { nextStep: 'Give a number from 1 to 6000.' })
}
