import type { accessRoutes } from '../contract/access.ts'
import type { Handlers } from '../http/handlers.ts'
import type { Services } from '../services.ts'

/** What the worker app may do in PingOne, over HTTP. */
export function accessHandlers({ access }: Services): Handlers<typeof accessRoutes> {
  return {
    accessEvents: ({ caller, params, query, signal }) =>
      access.matrixEvents(
        caller,
        params.tenantId,
        { probe: query.probe, environments: query.environments === undefined ? undefined : listOf(query.environments) },
        signal,
      ),
    listAccessJobs: () => access.listJobs(),
    adviseAccess: ({ caller, params, query }) =>
      access.advise(caller, params.tenantId, {
        jobs: listOf(query.jobs),
        sources: listOf(query.sources ?? ''),
        destinations: listOf(query.destinations ?? ''),
      }),
    checklistEvents: ({ caller, params }) => access.checklistEvents(caller, params.tenantId),
    tryWrite: async ({ caller, params, body, audit }) => {
      const item = await access.tryWrite(caller, params.tenantId, body.environmentId)
      audit({ environmentId: body.environmentId, details: { outcome: item.outcome, detail: item.detail } })
      return item
    },
  }
}

/** What a query holds between commas. */
function listOf(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
