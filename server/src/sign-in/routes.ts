import type { loginAppRoutes } from '../contract/login-app.ts'
import type { sessionRoutes } from '../contract/session.ts'
import type { Handlers } from '../http/handlers.ts'
import { unfinished } from '../problems/unfinished.ts'
import type { Services } from '../services.ts'

/** Sign-in, sign-out and the session over HTTP. */
export function sessionHandlers(_services: Services): Handlers<typeof sessionRoutes> {
  return {
    getSession: ({ caller }) => ({
      signInRequired: false,
      signInAvailable: false,
      localAdministrator: false,
      caller: { kind: 'openConsole', id: caller.id, name: caller.name, roles: [...caller.roles] },
    }),
    signIn: unfinished,
    signInCallback: unfinished,
    signInAsLocalAdministrator: unfinished,
    signOut: unfinished,
  }
}

/** The login app over HTTP. */
export function loginAppHandlers(_services: Services): Handlers<typeof loginAppRoutes> {
  return { getLoginApp: unfinished, saveLoginApp: unfinished, testLoginApp: unfinished, removeLoginApp: unfinished }
}
