import type { placeRoutes } from '../contract/places.ts'
import type { Handlers } from '../http/handlers.ts'
import type { Services } from '../services.ts'

/** Kinds and artifacts over HTTP. */
export function placeHandlers({ places }: Services): Handlers<typeof placeRoutes> {
  return {
    listKinds: () => places.listKinds(),
    listArtifacts: ({ caller, params, query, signal }) =>
      places.listArtifacts(caller, params.tenantId, params.kind, query.in, { signal }),
    getArtifact: ({ caller, params, query, signal }) =>
      places.getArtifact(caller, params.tenantId, params.kind, params.id, query.in, { signal }),
  }
}
