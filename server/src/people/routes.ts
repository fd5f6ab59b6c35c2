import type { peopleRoutes } from '../contract/people.ts'
import type { Handlers } from '../http/handlers.ts'
import { unfinished } from '../problems/unfinished.ts'
import type { Services } from '../services.ts'

/** People, their roles and sessions, and API tokens over HTTP. */
export function peopleHandlers(_services: Services): Handlers<typeof peopleRoutes> {
  return {
    listPeople: unfinished,
    changePerson: unfinished,
    endSessions: unfinished,
    endSession: unfinished,
    listGrants: unfinished,
    createGrant: unfinished,
    deleteGrant: unfinished,
    listApiTokens: unfinished,
    createApiToken: unfinished,
    revokeApiToken: unfinished,
  }
}
