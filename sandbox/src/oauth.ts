import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { exportJWK, generateKeyPair, importJWK, type JWK, jwtVerify, SignJWT } from 'jose'
import type { Context } from './context.ts'
import { pathParameter } from './context.ts'
import { notFound, tokenRefused } from './errors.ts'
import { newUuid } from './ids.ts'
import { originOf } from './links.ts'
import type { SignOn } from './sign-on/sign-on.ts'
import type { WorkerApplication } from './state/records.ts'
import type { StoredKey } from './state/sandbox-state.ts'

/** An answer of the token endpoint that is not a token: OAuth's shape (RFC 6749), not the API's. */
class OAuthError extends Error {
  override name = 'OAuthError'
  readonly status: number
  readonly error: string

  constructor(status: number, error: string, description: string) {
    super(description)
    this.status = status
    this.error = error
  }
}

function clientRefused(reason: string): OAuthError {
  return new OAuthError(401, 'invalid_client', `Request denied: ${reason} (Correlation ID: ${newUuid()})`)
}

/** A new RSA key to sign tokens with. */
export async function newSigningKey(): Promise<StoredKey> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
  return {
    kid: newUuid(),
    privateKey: { ...(await exportJWK(privateKey)) },
    publicKey: { ...(await exportJWK(publicKey)) },
  }
}

const knownGrants = new Set(['client_credentials', 'authorization_code', 'refresh_token', 'implicit'])

/**
 * The authorization server of every environment, as far as it is for worker applications: token, keys, discovery; and
 * the check of a request's token. What is for people is the sign-on's.
 */
export class AuthorizationServer {
  readonly #context: Context
  readonly #signOn: SignOn
  /** Tokens found good before, so that a signature is verified once: token → worker and expiry in milliseconds. */
  readonly #verified = new Map<string, { jti: string; clientId: string; expires: number }>()

  constructor(context: Context, signOn: SignOn) {
    this.#context = context
    this.#signOn = signOn
  }

  /** Adds the routes below /{environmentID}/as, and those of a custom domain, which has no id in the path. */
  register(app: FastifyInstance): void {
    for (const prefix of ['/:environmentId/as', '/as']) {
      app.post(`${prefix}/token`, (request, reply) => this.#token(request, reply))
      app.get(`${prefix}/jwks`, (request) => this.#keys(request))
    }
    app.get('/as/.well-known/openid-configuration', (request) => this.#discovery(request))
  }

  /** The worker a request's bearer token belongs to. Throws 401 when it is missing, expired, revoked or not ours. */
  async authenticate(request: FastifyRequest): Promise<WorkerApplication> {
    const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
    if (!token) throw tokenRefused()
    const { state } = this.#context
    const known = this.#verified.get(token) ?? (await this.#verify(token))
    if (known.expires <= state.now() || !state.liveTokens.has(known.jti)) {
      this.#verified.delete(token)
      throw tokenRefused()
    }
    const worker = state.workers.find(({ clientId }) => clientId === known.clientId)
    if (!worker?.enabled) throw tokenRefused()
    return worker
  }

  async #verify(token: string): Promise<{ jti: string; clientId: string; expires: number }> {
    const { state } = this.#context
    try {
      const key = await importJWK(state.key.publicKey as JWK, 'RS256')
      const { payload } = await jwtVerify(token, key, { algorithms: ['RS256'], currentDate: new Date(state.now()) })
      const verified = {
        jti: String(payload.jti),
        clientId: String(payload.client_id),
        expires: (payload.exp ?? 0) * 1000,
      }
      this.#verified.set(token, verified)
      return verified
    } catch {
      // Whatever is wrong with a token, the answer is the same.
      throw tokenRefused()
    }
  }

  async #token(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    reply.header('cache-control', 'no-store')
    try {
      return await this.#grant(request, reply)
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error
      reply.code(error.status)
      return { error: error.error, error_description: error.message }
    }
  }

  async #grant(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const { state } = this.#context
    const environmentId = this.#environmentId(request)
    const form = new URLSearchParams((request.body as Buffer | undefined)?.toString('utf8') ?? '')
    const grant = form.get('grant_type')
    if (!grant) throw new OAuthError(400, 'invalid_request', 'Missing parameter: grant_type')
    if (!knownGrants.has(grant)) throw new OAuthError(400, 'unsupported_grant_type', `Unsupported grant type: ${grant}`)

    const { method, clientId, secret } = credentialsOf(request, form)
    if (environmentId && state.signOn.enabledApplication(environmentId, clientId)) {
      return this.#signOn.answer(request, reply)
    }
    const worker = state.workers.find((candidate) => candidate.clientId === clientId)
    if (!worker || (environmentId && worker.environmentId !== environmentId)) {
      throw clientRefused('Invalid client credentials')
    }
    // Observed on live answers: the method is looked at before the secret.
    if (method !== worker.tokenEndpointAuthMethod) throw clientRefused('Unsupported authentication method')
    if (!same(secret, worker.clientSecret)) throw clientRefused('Invalid client credentials')
    // PingOne's sentence for a disabled application is not known; this one says what it is.
    if (!worker.enabled) throw clientRefused('Application is disabled')
    if (!worker.grantTypes.includes(grant.toUpperCase())) {
      throw new OAuthError(400, 'unauthorized_client', `The client is not authorized for the grant type ${grant}`)
    }
    if (grant !== 'client_credentials') {
      throw new OAuthError(
        400,
        'unsupported_grant_type',
        `People sign on through login applications, so there is no grant ${grant} here`,
      )
    }
    return this.#issue(worker, originOf(request))
  }

  async #issue(worker: WorkerApplication, origin: string): Promise<unknown> {
    const { state, settings } = this.#context
    const issued = Math.floor(state.now() / 1000)
    const jti = newUuid()
    const key = await importJWK(state.key.privateKey as JWK, 'RS256')
    const token = await new SignJWT({
      client_id: worker.clientId,
      iss: `${origin}/${worker.environmentId}/as`,
      jti,
      iat: issued,
      exp: issued + settings.tokenLifetimeSeconds,
      aud: [origin],
      env: worker.environmentId,
      org: worker.organizationId,
    })
      .setProtectedHeader({ alg: 'RS256', kid: state.key.kid })
      .sign(key)
    state.rememberToken(jti, issued + settings.tokenLifetimeSeconds)
    return { access_token: token, token_type: 'Bearer', expires_in: settings.tokenLifetimeSeconds }
  }

  #keys(request: FastifyRequest): unknown {
    this.#environmentId(request)
    const { kid, publicKey } = this.#context.state.key
    return { keys: [{ ...publicKey, kid, use: 'sig', alg: 'RS256' }] }
  }

  /** Of a custom domain, where nobody signs on: below an environment, the sign-on describes the whole server. */
  #discovery(request: FastifyRequest): unknown {
    const issuer = `${originOf(request)}/as`
    return {
      issuer,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      grant_types_supported: ['client_credentials'],
      response_types_supported: [],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    }
  }

  /** The environment in the path; undefined on a custom domain. Throws 404 when there is none of that id. */
  #environmentId(request: FastifyRequest): string | undefined {
    const id = pathParameter(request, 'environmentId')
    if (id === '') return undefined
    if (!this.#context.state.environments.has(id)) throw notFound(`Unable to find environment with ID: '${id}'`)
    return id
  }
}

interface Credentials {
  method: WorkerApplication['tokenEndpointAuthMethod'] | 'NONE'
  clientId: string
  secret: string
}

function credentialsOf(request: FastifyRequest, form: URLSearchParams): Credentials {
  const encoded = /^Basic (\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (encoded !== undefined) {
    const pair = Buffer.from(encoded, 'base64').toString('utf8')
    const colon = pair.indexOf(':')
    if (colon < 0) throw clientRefused('Invalid client credentials')
    return {
      method: 'CLIENT_SECRET_BASIC',
      clientId: formDecoded(pair.slice(0, colon)),
      secret: formDecoded(pair.slice(colon + 1)),
    }
  }
  const clientId = form.get('client_id')
  if (!clientId) throw clientRefused('Invalid client credentials')
  const secret = form.get('client_secret')
  return { method: secret === null ? 'NONE' : 'CLIENT_SECRET_POST', clientId, secret: secret ?? '' }
}

/** Id and secret are form-encoded inside the header (RFC 6749, 2.3.1); a text that isn't is taken as it stands. */
function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

function same(given: string, expected: string): boolean {
  const left = Buffer.from(given)
  const right = Buffer.from(expected)
  return left.length === right.length && timingSafeEqual(left, right)
}
