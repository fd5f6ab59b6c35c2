import type { comparisonRoutes } from '../contract/comparison.ts'
import type { Handlers } from '../http/handlers.ts'
import type { Services } from '../services.ts'

/** Comparisons over HTTP. */
export function comparisonHandlers({ comparison }: Services): Handlers<typeof comparisonRoutes> {
  return {
    compare: ({ params, query, signal }) => comparison.compare(params.tenantId, query, { signal }),
    compareEvents: ({ params, query, signal }) => comparison.compareEvents(params.tenantId, query, signal),
    comparePair: ({ params, query, signal }) => comparison.comparePair(params.tenantId, params.kind, query, { signal }),
  }
}
