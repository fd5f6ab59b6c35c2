import { isNobody } from '../authorization/caller.ts'
import type { loginAppRoutes } from '../contract/login-app.ts'
import type { sessionRoutes } from '../contract/session.ts'
import type { Handlers } from '../http/handlers.ts'
import { unfinished } from '../problems/unfinished.ts'
import type { Services } from '../services.ts'

/** Sign-in, sign-out and the session over HTTP. */
export function sessionHandlers({ signIn }: Services): Handlers<typeof sessionRoutes> {
  return {
    getSession: ({ caller }) => signIn.sessionOf(isNobody(caller) ? undefined : caller),
    signIn: unfinished,
    signInCallback: unfinished,
    signInAsLocalAdministrator: async ({ body, caller, browser, cookies, audit }) => {
      const { id, token, seconds } = await signIn.signInAsLocalAdministrator(body.token, {
        address: caller.from,
        browser,
      })
      audit({ subject: { kind: 'session', id } })
      cookies.set('session', token, seconds)
      return signIn.sessionOf(await signIn.authenticate({ session: token, bearer: undefined, address: caller.from }))
    },
    signOut: async ({ caller, cookies }) => {
      await signIn.signOut(caller)
      cookies.set('session', undefined)
      return {}
    },
  }
}

/** The login app over HTTP. */
export function loginAppHandlers(_services: Services): Handlers<typeof loginAppRoutes> {
  return { getLoginApp: unfinished, saveLoginApp: unfinished, testLoginApp: unfinished, removeLoginApp: unfinished }
}
