import { serverItself } from '../authorization/caller.ts'
import type { statusRoutes } from '../contract/status.ts'
import type { Handlers } from '../http/handlers.ts'
import type { Services } from '../services.ts'
import { version } from './version.ts'

/** What is running. */
export function statusHandlers(services: Services, demo: boolean): Handlers<typeof statusRoutes> {
  return {
    getStatus: async () => ({
      version,
      tenants: (await services.tenants.list(serverItself)).length,
      database: services.database,
      masterKey: services.masterKey.origin,
      demo,
    }),
  }
}
