import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

/** An OpenID provider that answers whatever a test wants, to see what is let through. */
export interface ForgingProvider {
  issuer: string
  clientId: string
  clientSecret: string
  /** The next id token: claims beside those that are right, how it is signed, or all of it. */
  forge(how: Forgery): void
  close(): Promise<void>
}

export interface Forgery {
  claims?: Record<string, unknown>
  /** `other`: with a key that isn't the provider's. `none`, `secret`: not with a key at all, or with the client secret. */
  signed?: 'well' | 'other' | 'none' | 'secret'
  /** Changes the token once it is signed. */
  tamper?: (idToken: string) => string
  userInfo?: Record<string, unknown>
  /** Answered instead of tokens. */
  error?: { status: number; body: object }
}

export const forgedSubject = 'b7e0c3a1-0000-4000-8000-000000000001'

/** Starts it. The nonce of an id token is the one in the code: `code=<nonce>`. */
export async function startForgingProvider(): Promise<ForgingProvider> {
  const [own, other] = [await generateKeyPair('RS256'), await generateKeyPair('RS256')]
  const key = { ...(await exportJWK(own.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }
  const [clientId, clientSecret] = ['forged-client', 'forged-client-secret-forged-client']
  let forgery: Forgery = {}

  async function idToken(nonce: string): Promise<string> {
    const now = Math.floor(Date.now() / 1000)
    const right = { iss: issuer, aud: clientId, sub: forgedSubject, nonce, iat: now, exp: now + 300, name: 'Mallory' }
    const claims = { ...right, ...forgery.claims }
    const { signed = 'well', tamper = (token: string) => token } = forgery
    if (signed === 'none') {
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
      return tamper(`${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`)
    }
    const token = new SignJWT(claims)
    if (signed === 'secret') {
      return tamper(await token.setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(clientSecret)))
    }
    token.setProtectedHeader({ alg: 'RS256', kid: 'one' })
    return tamper(await token.sign(signed === 'other' ? other.privateKey : own.privateKey))
  }

  const server = createServer(async (request, response) => {
    const answer = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    const path = new URL(request.url ?? '/', 'http://forger').pathname
    if (path === '/as/.well-known/openid-configuration') {
      return answer(200, {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        userinfo_endpoint: `${issuer}/userinfo`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        // It allows what no provider should, so that only the console's own care is tried.
        id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
        code_challenge_methods_supported: ['S256'],
      })
    }
    if (path === '/as/jwks') return answer(200, { keys: [key] })
    if (path === '/as/userinfo') return answer(200, { sub: forgedSubject, ...forgery.userInfo })
    if (path !== '/as/token') return answer(404, {})
    if (forgery.error) return answer(forgery.error.status, forgery.error.body)
    let form = ''
    for await (const chunk of request) form += chunk
    const nonce = new URLSearchParams(form).get('code') ?? ''
    return answer(200, {
      access_token: 'forged',
      token_type: 'Bearer',
      expires_in: 300,
      id_token: await idToken(nonce),
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/as`
  return {
    issuer,
    clientId,
    clientSecret,
    forge: (how) => {
      forgery = how
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
