import type { comparisonRoutes } from '../contract/comparison.ts'
import type { Handlers } from '../http/handlers.ts'
import type { Services } from '../services.ts'

/** Comparisons over HTTP. */
export function comparisonHandlers({ comparison }: Services): Handlers<typeof comparisonRoutes> {
  return {
    compare: ({ caller, params, query, signal }) => comparison.compare(caller, params.tenantId, query, { signal }),
    compareEvents: ({ caller, params, query, signal }) =>
      comparison.compareEvents(caller, params.tenantId, query, signal),
    comparePair: ({ caller, params, query, signal }) =>
      comparison.comparePair(caller, params.tenantId, params.kind, query, { signal }),
  }
}
