import { isNobody } from '../authorization/caller.ts'
import type { loginAppRoutes } from '../contract/login-app.ts'
import type { sessionRoutes } from '../contract/session.ts'
import type { SessionCookies } from '../http/cookies.ts'
import type { HandlerRequest, Handlers } from '../http/handlers.ts'
import type { Services } from '../services.ts'
import { visibleLoginApp } from './login-app.ts'
import { testLoginApp } from './login-app-test.ts'
import { signInSeconds } from './pending-sign-ins.ts'
import type { NextPage, SigningIn } from './person-sign-in.ts'

/** Sign-in, sign-out and the session over HTTP. */
export function sessionHandlers(services: Services): Handlers<typeof sessionRoutes> {
  const { signIn, personSignIn, loginApp, loginProvider } = services
  return {
    getSession: ({ caller }) => signIn.sessionOf(isNobody(caller) ? undefined : caller),
    signIn: async (request) => {
      const { query, origin } = request
      const led = query.led !== undefined
      return onTo(request, await personSignIn.begin({ returnTo: query.returnTo, origin, led }, signingIn(request)))
    },
    signInCallback: async (request) => {
      const { code, state, iss, error, error_description } = request.query
      const answer = { code, state, iss, error, error_description }
      return onTo(request, await personSignIn.complete(answer, signingIn(request)))
    },
    signInAsLocalAdministrator: async ({ body, caller, browser, cookies, audit }) => {
      const session = await signIn.signInAsLocalAdministrator(body.token, { address: caller.from, browser })
      audit({ subject: { kind: 'session', id: session.id } })
      cookies.set('session', session.token, session.seconds)
      return signIn.sessionOf(
        await signIn.authenticate({ session: session.token, bearer: undefined, address: caller.from }),
      )
    },
    signOut: async ({ caller, cookies }) => {
      await signIn.signOut(caller)
      cookies.set('session', undefined)
      const app = caller.kind === 'person' ? await loginApp.find() : undefined
      const comingBackTo = app && `${new URL(app.redirectUri).origin}/sign-in`
      const endSessionUrl = app && comingBackTo && (await loginProvider.endSessionUrl(app, comingBackTo))
      return endSessionUrl === undefined ? {} : { endSessionUrl }
    },
  }
}

/** The login app over HTTP. */
export function loginAppHandlers({ loginApp, hostPolicy, signIn }: Services): Handlers<typeof loginAppRoutes> {
  return {
    getLoginApp: async () => {
      const app = await loginApp.find()
      return app ? { loginApp: visibleLoginApp(app) } : {}
    },
    saveLoginApp: async ({ body, caller, browser, cookies, audit }) => {
      const app = await loginApp.save(body, caller)
      const { authBaseUrl, environmentId, clientId, redirectUri, scopes } = app
      audit({
        subject: { kind: 'loginApp', id: app.id },
        details: {
          authBaseUrl,
          ...(environmentId === undefined ? {} : { environmentId }),
          clientId,
          redirectUri,
          scopes,
          secretChanged: body.clientSecret !== undefined,
          ...(caller.kind === 'openConsole' ? { becomes: 'local administrator' } : {}),
        },
      })
      // From now on everybody has to sign in: whoever was let in by an open console stays in.
      if (caller.kind === 'openConsole') await stayIn(caller.from, browser, cookies)
      return visibleLoginApp(app)
    },
    testLoginApp: async () => {
      const app = await loginApp.get()
      return testLoginApp(app, await loginApp.secretOf(app), hostPolicy)
    },
    removeLoginApp: async ({ caller, browser, cookies, audit }) => {
      const app = await loginApp.remove()
      // Where everybody still has to sign in, the one who did it would be locked out with all others.
      const lockedOut = caller.kind === 'person' && (await signIn.isRequired())
      audit({
        subject: { kind: 'loginApp', id: app.id },
        details: { clientId: app.clientId, ...(lockedOut ? { becomes: 'local administrator' } : {}) },
      })
      if (lockedOut) await stayIn(caller.from, browser, cookies)
      return undefined
    },
  }

  async function stayIn(address: string, browser: string, cookies: SessionCookies): Promise<void> {
    const { token, seconds } = await signIn.keepAsLocalAdministrator({ address, browser })
    cookies.set('session', token, seconds)
  }
}

function signingIn({ caller, browser, requestId, cookies }: PageRequest): SigningIn {
  return { address: caller.from, browser, requestId, browserToken: cookies.signIn, sessionToken: cookies.session }
}

type PageRequest = Pick<HandlerRequest<typeof sessionRoutes.signIn>, 'caller' | 'browser' | 'requestId' | 'cookies'>

/** Leads the browser on, with the cookies that belong to it. */
function onTo({ cookies }: PageRequest, { location, browserToken, session }: NextPage): { location: string } {
  if (browserToken !== undefined) cookies.set('signIn', browserToken, signInSeconds)
  if (session) {
    cookies.set('session', session.token, session.seconds)
    cookies.set('signIn', undefined)
  }
  return { location }
}
