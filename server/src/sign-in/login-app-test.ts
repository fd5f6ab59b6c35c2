import { PingOneClientError } from '@flightiq/pingone'
import { z } from 'zod'
import type { LoginAppTest } from '../contract/login-app.ts'
import { type GuardedFetch, guardedFetch } from '../outgoing/guarded-fetch.ts'
import type { HostPolicy } from '../outgoing/host-policy.ts'
import { ProblemError } from '../problems/problem-error.ts'
import type { Secret } from '../secrets/secret.ts'
import type { StoredLoginApp } from './login-app.ts'

type Check = LoginAppTest['checks'][number] & { nextStep?: string }

const documentSchema = z.looseObject({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
  userinfo_endpoint: z.url().optional(),
  code_challenge_methods_supported: z.array(z.string()).optional(),
})
type Document = z.infer<typeof documentSchema>

const names = {
  document: 'PingOne can be reached',
  issuer: 'Environment and address fit',
  endpoints: 'Its addresses may be called',
  pkce: 'Sign-in is protected by PKCE',
  credentials: 'Client ID and secret are right',
  redirect: 'The redirect URI is known',
}

/** Tries a login app as far as that goes without a person signing in. Each check says what was found, and what to do. */
export async function testLoginApp(
  loginApp: StoredLoginApp,
  clientSecret: Secret,
  hostPolicy: HostPolicy,
): Promise<LoginAppTest> {
  const call = guardedFetch(hostPolicy, { redirects: 'shown' })
  const checks: Check[] = []
  const document = await readDocument(loginApp, call, checks)
  if (document) {
    checks.push(issuerCheck(loginApp, document))
    const endpoints = endpointsCheck(document, hostPolicy)
    checks.push(endpoints, pkceCheck(document))
    if (endpoints.outcome === 'passed') {
      checks.push(await credentialsCheck(loginApp, clientSecret, document, call))
      checks.push(await redirectCheck(loginApp, document, call))
    }
  }
  const missing = Object.values(names).filter((name) => !checks.some((check) => check.name === name))
  const skipped = missing.map(
    (name): Check => ({ name, outcome: 'skipped', detail: 'Not tried, because of the above.' }),
  )
  return resultOf([...checks, ...skipped])
}

function resultOf(checks: Check[]): LoginAppTest {
  const failed = checks.find(({ outcome }) => outcome === 'failed')
  return {
    ok: failed === undefined,
    checks: checks.map(({ name, outcome, detail }) => ({ name, outcome, detail })),
    explanation:
      failed?.detail ?? 'Everything that can be tried without a person works. Now sign in once to see it to the end.',
    ...(failed?.nextStep === undefined ? {} : { nextStep: failed.nextStep }),
  }
}

async function readDocument(
  { issuer }: StoredLoginApp,
  call: GuardedFetch,
  checks: Check[],
): Promise<Document | undefined> {
  const name = names.document
  try {
    const response = await call(`${issuer}/.well-known/openid-configuration`, {
      headers: { accept: 'application/json' },
    })
    const parsed = response.status === 200 ? documentSchema.safeParse(await jsonOf(response)) : undefined
    if (parsed?.success) {
      checks.push({ name, outcome: 'passed', detail: `${new URL(issuer).host} answers.` })
      return parsed.data
    }
    const what = parsed ? 'no OpenID configuration' : `status ${response.status}`
    checks.push({
      name,
      outcome: 'failed',
      detail: `${new URL(issuer).host} answers, but with ${what} for this environment.`,
      nextStep: 'Check the Auth base URL and the Environment ID: the environment has to be in that region.',
    })
  } catch (error) {
    checks.push(unreachable(name, error))
  }
  return undefined
}

function issuerCheck({ issuer }: StoredLoginApp, document: Document): Check {
  const name = names.issuer
  if (document.issuer === issuer) return { name, outcome: 'passed', detail: `The issuer is ${issuer}.` }
  return {
    name,
    outcome: 'failed',
    detail: `PingOne calls itself ${document.issuer.slice(0, 300)} there, not ${issuer}.`,
    nextStep: 'Enter the address that PingOne names: with a custom domain, that domain and no Environment ID.',
  }
}

function endpointsCheck(document: Document, hostPolicy: HostPolicy): Check {
  const { authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint } = document
  const name = names.endpoints
  for (const url of [authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint]) {
    if (url === undefined) continue
    try {
      hostPolicy.check(url)
    } catch (error) {
      return unreachable(name, error)
    }
  }
  return { name, outcome: 'passed', detail: 'All of them are on hosts that FlightIQ may call.' }
}

function pkceCheck({ code_challenge_methods_supported: methods }: Document): Check {
  const name = names.pkce
  if (methods === undefined)
    return { name, outcome: 'skipped', detail: 'PingOne does not say; FlightIQ uses it anyway.' }
  if (methods.includes('S256')) return { name, outcome: 'passed', detail: 'S256 is supported.' }
  return {
    name,
    outcome: 'failed',
    detail: 'PKCE with S256 is not supported there.',
    nextStep: 'Check that the address is that of PingOne.',
  }
}

/** Sends a code that can't be right: that the code is refused, and not the app, tells that the app was accepted. */
async function credentialsCheck(
  loginApp: StoredLoginApp,
  clientSecret: Secret,
  document: Document,
  call: GuardedFetch,
): Promise<Check> {
  const name = names.credentials
  const { clientId, redirectUri } = loginApp
  const form = { grant_type: 'authorization_code', code: 'flightiq-test', redirect_uri: redirectUri }
  const verifier = 'flightiq-test-flightiq-test-flightiq-test-0'
  const ask = async (secretIn: 'basic' | 'post') => {
    const body = new URLSearchParams({
      ...form,
      code_verifier: verifier,
      ...(secretIn === 'post' ? { client_id: clientId, client_secret: clientSecret.reveal() } : {}),
    })
    const basic = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret.reveal())}`
    const response = await call(document.token_endpoint, {
      method: 'POST',
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        ...(secretIn === 'basic' ? { authorization: `Basic ${Buffer.from(basic).toString('base64')}` } : {}),
      },
      body,
    })
    const parsed = z.looseObject({ error: z.string() }).safeParse(await jsonOf(response))
    return parsed.success ? parsed.data.error : `status ${response.status}`
  }
  try {
    const said = await ask('basic')
    if (said === 'invalid_grant') return { name, outcome: 'passed', detail: 'PingOne accepts them.' }
    if (said !== 'invalid_client') {
      return {
        name,
        outcome: 'failed',
        detail: `PingOne answers ${said.slice(0, 100)} to a try.`,
        nextStep: 'Check in PingOne that the application has response type Code and grant type Authorization Code.',
      }
    }
    if ((await ask('post')) === 'invalid_grant') {
      return {
        name,
        outcome: 'failed',
        detail: 'They are right, but the application wants the secret sent in the other way.',
        nextStep: 'Set its Token Endpoint Authentication Method to Client Secret Basic in PingOne.',
      }
    }
    return {
      name,
      outcome: 'failed',
      detail: 'PingOne refuses the client ID or the client secret, or the application is switched off.',
      nextStep: 'Copy both again from the application in PingOne, and see that it is switched on.',
    }
  } catch (error) {
    return unreachable(name, error)
  }
}

/** Asks for a sign-in without showing anything: an error that comes back to the redirect URI tells that it is known. */
async function redirectCheck(loginApp: StoredLoginApp, document: Document, call: GuardedFetch): Promise<Check> {
  const name = names.redirect
  const { clientId, redirectUri, scopes } = loginApp
  const url = new URL(document.authorization_endpoint)
  const parameters = {
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: scopes,
    prompt: 'none',
    state: 'flightiq-test',
    nonce: 'flightiq-test',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  }
  for (const [key, value] of Object.entries(parameters)) url.searchParams.set(key, value)
  try {
    const response = await call(url)
    const location = response.headers.get('location')
    const leadsTo = location !== null && URL.canParse(location, url) ? new URL(location, url) : undefined
    if (leadsTo && leadsTo.origin + leadsTo.pathname === redirectUri) {
      const error = leadsTo.searchParams.get('error')
      if (error === 'invalid_scope') {
        return {
          name,
          outcome: 'failed',
          detail: 'The redirect URI is known, but a scope is not allowed for the application.',
          nextStep: 'Allow the scopes on the Resources tab of the application in PingOne, or enter fewer.',
        }
      }
      return { name, outcome: 'passed', detail: `PingOne leads back to ${redirectUri}.` }
    }
    return {
      name,
      outcome: 'failed',
      detail: `PingOne does not lead back to ${redirectUri}.`,
      nextStep: 'Enter exactly this address among the Redirect URIs of the application in PingOne.',
    }
  } catch (error) {
    return unreachable(name, error)
  }
}

function unreachable(name: string, error: unknown): Check {
  if (!(error instanceof ProblemError) && !(error instanceof PingOneClientError)) throw error
  const { message: detail, nextStep = 'Check the Auth base URL, and that this machine can reach it.' } = error
  return { name, outcome: 'failed', detail, nextStep }
}

/** The body as JSON; undefined for anything else, such as an error page. */
async function jsonOf(response: Response): Promise<unknown> {
  try {
    return JSON.parse(await response.text())
  } catch {
    return undefined
  }
}
