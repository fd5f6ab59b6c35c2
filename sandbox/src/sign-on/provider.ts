import {
  type ClientMetadata,
  type Configuration,
  interactionPolicy,
  type KoaContextWithOIDC,
  Provider,
} from 'oidc-provider'
import type { SandboxState } from '../state/sandbox-state.ts'
import { isRegistered, type LoginApplication } from './login-application.ts'
import { messagePage, pageHeaders, signOffPage } from './pages.ts'
import { claimsOf, openidClaims, scopedClaims } from './people.ts'

const day = 24 * 3600

/**
 * The OpenID provider of an environment as it is reached under one address. The issuer is `{origin}/{environmentId}/as`,
 * and the endpoints are called as PingOne calls them (PingOne API reference, "OpenID Connect/OAuth 2").
 */
export function signOnProvider(issuer: string, environmentId: string, state: SandboxState): Provider {
  const { signOn, key } = state
  const { pathname } = new URL(issuer)
  const findAccount: Configuration['findAccount'] = (_context, sub) => {
    const person = signOn.peopleOf(environmentId).find(({ id, enabled }) => id === sub && enabled)
    return person && { accountId: person.id, claims: () => ({ ...claimsOf(person), sub: person.id }) }
  }
  const provider = new Provider(issuer, {
    adapter: (model) => {
      const shelf = signOn.memory.shelf(environmentId, model)
      if (model !== 'Client') return shelf
      return {
        ...shelf,
        find: async (clientId) => {
          const application = signOn.enabledApplication(environmentId, clientId)
          return application && metadataOf(application)
        },
      }
    },
    jwks: { keys: [{ ...key.privateKey, kid: key.kid, use: 'sig', alg: 'RS256', kty: 'RSA' }] },
    routes: {
      authorization: '/authorize',
      token: '/token',
      userinfo: '/userinfo',
      jwks: '/jwks',
      end_session: '/signoff',
      pushed_authorization_request: '/par',
    },
    responseTypes: ['code'],
    pkce: { required: () => true },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post'],
    scopes: ['openid', 'profile', 'email'],
    claims: { openid: openidClaims(signOn.peopleOf(environmentId)), ...scopedClaims },
    conformIdTokenClaims: false,
    findAccount,
    loadExistingGrant,
    interactions: {
      url: (_context, { uid }) => `${pathname}/signon/${uid}`,
      policy: policy(),
    },
    cookies: {
      names: { session: 'sandbox_session', interaction: 'sandbox_signon', resume: 'sandbox_resume' },
      // Tenants share a host, and each has sessions of its own.
      long: { path: pathname, httpOnly: true, sameSite: 'lax' },
      short: { httpOnly: true, sameSite: 'lax' },
    },
    ttl: {
      AccessToken: 3600,
      AuthorizationCode: 60,
      IdToken: () => signOn.idTokenLifetimeSeconds,
      Interaction: 3600,
      Session: day,
      Grant: day,
    },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      resourceIndicators: { enabled: false },
      // Worker applications are answered by the sandbox itself, at the same endpoint.
      clientCredentials: { enabled: true },
      pushedAuthorizationRequests: { enabled: true },
      rpInitiatedLogout: { enabled: true, logoutSource, postLogoutSuccessSource },
    },
    clientBasedCORS: () => false,
    renderError,
  })
  provider.on('server_error', (_context, error) => console.error('The sandbox’s sign-on failed to answer:', error))
  // Behind a proxy the sandbox is reached under that proxy's address.
  provider.proxy = true
  acceptRegisteredAddresses(provider, environmentId, state)
  return provider
}

function metadataOf(application: LoginApplication): ClientMetadata {
  return {
    client_id: application.clientId,
    client_secret: application.clientSecret,
    client_name: application.name,
    grant_types: ['authorization_code'],
    response_types: ['code'],
    redirect_uris: application.redirectUris.map(withoutPattern),
    post_logout_redirect_uris: application.postLogoutRedirectUris.map(withoutPattern),
    token_endpoint_auth_method: 'client_secret_basic',
    require_auth_time: true,
  }
}

function withoutPattern(address: string): string {
  return address.replace(':*', '').replace(/\*$/, '')
}

/** The provider knows only exact addresses, so it is taught those of any port. */
function acceptRegisteredAddresses(provider: Provider, environmentId: string, { signOn }: SandboxState): void {
  provider.Client.prototype.redirectUriAllowed = function (address) {
    return isRegistered(address, signOn.enabledApplication(environmentId, this.clientId)?.redirectUris ?? [])
  }
  provider.Client.prototype.postLogoutRedirectUriAllowed = function (address) {
    return isRegistered(address, signOn.enabledApplication(environmentId, this.clientId)?.postLogoutRedirectUris ?? [])
  }
}

/** Nobody is asked for consent: what the application asks for is granted. */
async function loadExistingGrant({ oidc }: KoaContextWithOIDC) {
  const { client, session, account, provider, requestParamScopes } = oidc
  if (!client || !account) return undefined
  const grantId = session?.grantIdFor(client.clientId)
  const known = grantId ? await provider.Grant.find(grantId) : undefined
  const grant = known ?? new provider.Grant({ clientId: client.clientId, accountId: account.accountId })
  grant.addOIDCScope([...requestParamScopes].join(' '))
  await grant.save()
  return grant
}

function policy() {
  const prompts = interactionPolicy.base()
  prompts.remove('consent')
  prompts
    .get('login')
    ?.checks.add(
      new interactionPolicy.Check(
        'account_gone',
        'whoever is signed on is not there any more, or is disabled',
        'login_required',
        ({ oidc }) => oidc.session?.accountId !== undefined && !oidc.account,
      ),
    )
  return prompts
}

/**
 * Signs off. PingOne doesn't ask whoever an application sends with an id token of theirs; whoever comes without one is
 * asked, so that no other site can sign people off.
 */
async function logoutSource(context: KoaContextWithOIDC, form: string): Promise<void> {
  const { session, params, entities, provider } = context.oidc
  if (!session || entities.IdTokenHint?.payload.sub !== session.accountId) {
    context.set(pageHeaders(stringOf(params?.post_logout_redirect_uri)))
    context.body = signOffPage(form)
    return
  }
  for (const clientId of Object.keys(session.authorizations ?? {})) {
    const grantId = session.grantIdFor(clientId)
    // Codes and tokens of a grant that is gone are refused.
    if (grantId !== undefined) await (await provider.Grant.find(grantId))?.destroy()
  }
  await session.destroy()
  context.redirect(afterSignOff(context))
}

/** Where to go once the session is ended: the application, or a page that says so. */
function afterSignOff({ oidc }: KoaContextWithOIDC): string {
  const address = stringOf(oidc.params?.post_logout_redirect_uri)
  if (address === undefined) return oidc.urlFor('end_session_success')
  const url = new URL(address)
  const state = stringOf(oidc.params?.state)
  if (state !== undefined) url.searchParams.set('state', state)
  return url.href
}

function postLogoutSuccessSource(context: KoaContextWithOIDC): void {
  context.set(pageHeaders())
  context.body = messagePage('Signed off', 'You are signed off in the sandbox. You can close this page.')
}

const renderError: Configuration['renderError'] = (context, { error, error_description }) => {
  context.set(pageHeaders())
  context.body = messagePage('This sign-on can’t go on', `${error_description ?? 'Something is wrong.'} (${error})`)
}

function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
