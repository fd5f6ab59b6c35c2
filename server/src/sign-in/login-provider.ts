import { PingOneClientError } from '@flightiq/pingone'
import * as openid from 'openid-client'
import { guardedFetch } from '../outgoing/guarded-fetch.ts'
import type { HostPolicy } from '../outgoing/host-policy.ts'
import { ProblemError } from '../problems/problem-error.ts'
import type { Secret } from '../secrets/secret.ts'
import { type Identity, identityOf } from './identity.ts'
import type { StoredLoginApp } from './login-app.ts'
import { SignInRefusal } from './refusal.ts'

/** How long a discovery document is good, in milliseconds. */
const documentLasts = 5 * 60_000
/** How many are kept: one, unless the login app changes. */
const mostDocuments = 10

/** Seconds that the clocks of PingOne and this machine may differ. */
const clockTolerance = 30

/** Seconds that signing out may wait for PingOne: the session here is ended already. */
const signOutWaits = 3

/** What comes back to the callback address. */
export interface AuthorizationAnswer {
  code?: string | undefined
  state?: string | undefined
  iss?: string | undefined
  error?: string | undefined
  error_description?: string | undefined
}

/** What the answer has to fit to. */
export interface ExpectedAnswer {
  state: string
  nonce: string
  verifier: Secret
}

/** The OpenID provider behind the login app: PingOne. Called only where the host policy allows it. */
export class LoginProvider {
  readonly #hostPolicy: HostPolicy
  readonly #fetch: openid.CustomFetch
  /** Discovery documents by issuer. */
  readonly #documents = new Map<string, { metadata: openid.ServerMetadata; until: number }>()

  constructor(hostPolicy: HostPolicy) {
    this.#hostPolicy = hostPolicy
    this.#fetch = guardedFetch(hostPolicy)
  }

  /** Where to lead the browser to sign in. Throws a SignInRefusal SIGN_IN_UNAVAILABLE. */
  async authorizationUrl(loginApp: StoredLoginApp, { state, nonce, verifier }: ExpectedAnswer): Promise<URL> {
    return refused('discovery', async () => {
      const metadata = await this.#discover(loginApp)
      const provider = new openid.Configuration(metadata, loginApp.clientId)
      allowLoopback(provider)
      const url = openid.buildAuthorizationUrl(provider, {
        redirect_uri: loginApp.redirectUri,
        scope: loginApp.scopes,
        state,
        nonce,
        code_challenge: await openid.calculatePKCECodeChallenge(verifier.reveal()),
        code_challenge_method: 'S256',
      })
      this.#hostPolicy.check(url.href)
      return url
    })
  }

  /**
   * Who has signed in: exchanges the code, and checks the id token's signature, issuer, audience, nonce and times. Throws a
   * SignInRefusal.
   */
  async identify(
    loginApp: StoredLoginApp,
    clientSecret: Secret,
    answer: AuthorizationAnswer,
    expected: ExpectedAnswer,
  ): Promise<Identity> {
    const metadata = await refused('discovery', () => this.#discover(loginApp))
    return refused('answer', async () => {
      const provider = new openid.Configuration(
        metadata,
        loginApp.clientId,
        { [openid.clockTolerance]: clockTolerance },
        openid.ClientSecretBasic(clientSecret.reveal()),
      )
      provider[openid.customFetch] = this.#fetch
      allowLoopback(provider)
      // The signature counts, not only that the token came over TLS.
      openid.enableNonRepudiationChecks(provider)
      const tokens = await openid.authorizationCodeGrant(provider, callbackUrl(loginApp, answer), {
        expectedState: expected.state,
        expectedNonce: expected.nonce,
        pkceCodeVerifier: expected.verifier.reveal(),
        idTokenExpected: true,
      })
      const claims = tokens.claims()
      if (!claims) throw new SignInRefusal('SIGN_IN_TOKEN_INVALID', 'There is no id token in the answer.')
      const userInfo = metadata.userinfo_endpoint
        ? await openid.fetchUserInfo(provider, tokens.access_token, claims.sub)
        : {}
      return identityOf(claims, userInfo)
    })
  }

  /**
   * Where the browser signs out of PingOne, coming back to an address; undefined where PingOne doesn't say or can't be
   * reached. It names the login app and not the person: an id token in an address would end up in logs and histories.
   */
  async endSessionUrl(loginApp: StoredLoginApp, comingBackTo: string): Promise<string | undefined> {
    try {
      const metadata = await this.#discover(loginApp, signOutWaits)
      if (metadata.end_session_endpoint === undefined) return undefined
      const provider = new openid.Configuration(metadata, loginApp.clientId)
      allowLoopback(provider)
      const url = openid.buildEndSessionUrl(provider, { post_logout_redirect_uri: comingBackTo })
      this.#hostPolicy.check(url.href)
      return url.href
    } catch (error) {
      if (isOfProvider(error)) return undefined
      throw error
    }
  }

  async #discover({ issuer, clientId }: StoredLoginApp, timeout?: number): Promise<openid.ServerMetadata> {
    const known = this.#documents.get(issuer)
    if (known && known.until > Date.now()) return known.metadata
    const found = await openid.discovery(new URL(issuer), clientId, undefined, openid.None(), {
      [openid.customFetch]: this.#fetch,
      // This very function: the library looks for it before the first request.
      execute: [openid.allowInsecureRequests],
      ...(timeout === undefined ? {} : { timeout }),
    })
    const metadata = { ...found.serverMetadata() }
    if (this.#documents.size >= mostDocuments) this.#documents.clear()
    this.#documents.set(issuer, { metadata, until: Date.now() + documentLasts })
    return metadata
  }
}

/** The host policy decides what may be called without TLS: nothing but this very machine. */
function allowLoopback(provider: openid.Configuration): void {
  openid.allowInsecureRequests(provider)
}

function callbackUrl({ redirectUri }: StoredLoginApp, answer: AuthorizationAnswer): URL {
  const url = new URL(redirectUri)
  for (const [name, value] of Object.entries(answer)) if (value !== undefined) url.searchParams.set(name, value)
  return url
}

/** Does a call of the provider; what goes wrong with it becomes a SignInRefusal. */
async function refused<T>(step: 'discovery' | 'answer', call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof SignInRefusal || !isOfProvider(error)) throw error
    throw refusalOf(step, error)
  }
}

function isOfProvider(error: unknown): error is Error {
  return (
    error instanceof openid.ClientError ||
    error instanceof openid.AuthorizationResponseError ||
    error instanceof openid.ResponseBodyError ||
    error instanceof openid.WWWAuthenticateChallengeError ||
    error instanceof ProblemError ||
    error instanceof PingOneClientError
  )
}

/** Faults of the way to the provider, or of how the login app is set up; all others are the answer's. */
const faults = new Set([
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_HTTP_REQUEST_FORBIDDEN',
  'OAUTH_REQUEST_PROTOCOL_FORBIDDEN',
  'OAUTH_MISSING_SERVER_METADATA',
  'OAUTH_INVALID_SERVER_METADATA',
])

function refusalOf(step: 'discovery' | 'answer', error: Error): SignInRefusal {
  if (error instanceof openid.AuthorizationResponseError || error instanceof openid.ResponseBodyError) {
    const misconfigured = ['invalid_client', 'unauthorized_client'].includes(error.error)
    const facts = {
      error: error.error,
      ...(error.error_description === undefined ? {} : { description: error.error_description }),
    }
    return new SignInRefusal(
      misconfigured ? 'SIGN_IN_UNAVAILABLE' : 'SIGN_IN_REFUSED',
      `PingOne answered ${error.error}.`,
      {
        cause: error,
        facts,
      },
    )
  }
  const known = causesOf(error).find((cause) => cause instanceof ProblemError || cause instanceof PingOneClientError)
  if (known) return new SignInRefusal('SIGN_IN_UNAVAILABLE', known.message, { cause: error })
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const atFault = step === 'discovery' || faults.has(code) || error instanceof openid.WWWAuthenticateChallengeError
  const reason = causesOf(error).map(({ message }) => message)
  return new SignInRefusal(atFault ? 'SIGN_IN_UNAVAILABLE' : 'SIGN_IN_TOKEN_INVALID', reason.join(': '), {
    cause: error,
  })
}

function causesOf(error: unknown): Error[] {
  return error instanceof Error ? [error, ...causesOf(error.cause)] : []
}
