import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Sandbox, type SandboxTenant, startSandbox } from '../src/index.ts'
import { requestToken } from './client.ts'

describe('the token endpoint', () => {
  let now = Date.UTC(2026, 0, 2)
  let sandbox: Sandbox
  let basic: SandboxTenant
  let post: SandboxTenant
  beforeAll(async () => {
    sandbox = await startSandbox({ empty: true, now: () => now, tokenLifetimeSeconds: 600 })
    ;[basic, post] = sandbox.tenants as [SandboxTenant, SandboxTenant]
  })
  afterAll(() => sandbox.close())

  interface Attempt {
    by?: 'basic' | 'post' | 'none'
    secret?: string
    clientId?: string
    environmentId?: string
    form?: Record<string, string>
    path?: string
  }

  const ask = async (tenant: SandboxTenant, attempt: Attempt = {}) => {
    const by = attempt.by ?? (tenant === basic ? 'basic' : 'post')
    const id = attempt.clientId ?? tenant.clientId
    const secret = attempt.secret ?? tenant.clientSecret
    const form = { grant_type: 'client_credentials', ...attempt.form }
    const answer = await fetch(
      `${sandbox.authUrl}${attempt.path ?? `/${attempt.environmentId ?? tenant.environmentId}/as/token`}`,
      {
        method: 'POST',
        headers: by === 'basic' ? { authorization: `Basic ${btoa(`${id}:${secret}`)}` } : {},
        body: new URLSearchParams(by === 'post' ? { ...form, client_id: id, client_secret: secret } : form),
      },
    )
    return { status: answer.status, body: (await answer.json()) as Record<string, string> }
  }
  const organizations = (token: string) =>
    fetch(`${sandbox.apiUrl}/v1/organizations`, { headers: { authorization: `Bearer ${token}` } })
  const change = (tenant: SandboxTenant, body: object) =>
    fetch(`${sandbox.apiUrl}/sandbox/applications/${tenant.clientId}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })

  it('gives a signed token that says whose it is, by either method', async () => {
    for (const tenant of [basic, post]) {
      const { status, body } = await ask(tenant)
      expect(status).toBe(200)
      expect(body).toEqual({ access_token: expect.any(String), token_type: 'Bearer', expires_in: 600 })
      const keys = createRemoteJWKSet(new URL(`${sandbox.authUrl}/${tenant.environmentId}/as/jwks`))
      const { payload } = await jwtVerify(body.access_token!, keys, { currentDate: new Date(now) })
      expect(decodeProtectedHeader(body.access_token!)).toMatchObject({ alg: 'RS256', kid: expect.any(String) })
      expect(payload).toMatchObject({
        client_id: tenant.clientId,
        iss: `${sandbox.authUrl}/${tenant.environmentId}/as`,
        aud: [sandbox.apiUrl],
        env: tenant.environmentId,
        org: tenant.organizationId,
        iat: now / 1000,
        exp: now / 1000 + 600,
      })
    }
  })

  it('is found by discovery, and lies at the root for a custom domain too', async () => {
    const found = await fetch(`${sandbox.authUrl}/${basic.environmentId}/as/.well-known/openid-configuration`)
    expect(await found.json()).toMatchObject({ token_endpoint: `${sandbox.authUrl}/${basic.environmentId}/as/token` })
    expect((await ask(basic, { path: '/as/token' })).status).toBe(200)
  })

  it.each([
    ['a wrong secret', { secret: 'wrong' }, 401, 'invalid_client', 'Invalid client credentials'],
    ['an unknown client', { clientId: crypto.randomUUID() }, 401, 'invalid_client', 'Invalid client credentials'],
    ['the other method', { by: 'post' }, 401, 'invalid_client', 'Unsupported authentication method'],
    [
      'the other method and a wrong secret',
      { by: 'post', secret: 'x' },
      401,
      'invalid_client',
      'Unsupported authentication method',
    ],
    ['no credentials', { by: 'none' }, 401, 'invalid_client', 'Invalid client credentials'],
    ['an unknown grant', { form: { grant_type: 'magic' } }, 400, 'unsupported_grant_type', 'magic'],
    ['no grant', { form: { grant_type: '' } }, 400, 'invalid_request', 'grant_type'],
    [
      'a grant it is not allowed',
      { form: { grant_type: 'refresh_token' } },
      400,
      'unauthorized_client',
      'refresh_token',
    ],
  ] as [string, Attempt, number, string, string][])('refuses %s', async (_what, attempt, status, error, sentence) => {
    const answer = await ask(basic, attempt)
    expect(answer).toMatchObject({ status, body: { error } })
    expect(answer.body.error_description).toContain(sentence)
    if (status === 401)
      expect(answer.body.error_description).toMatch(/^Request denied: .+ \(Correlation ID: [0-9a-f-]{36}\)$/)
  })

  it('refuses the right client in another environment, and knows no environment that is not there', async () => {
    const other = await ask(basic, { environmentId: post.environmentId })
    expect(other).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    const none = await ask(basic, { environmentId: crypto.randomUUID() })
    expect(none).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } })
  })

  it('refuses a disabled application, and one without the grant', async () => {
    await change(basic, { enabled: false })
    expect(await ask(basic)).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    await change(basic, { enabled: true, grantTypes: [] })
    expect(await ask(basic)).toMatchObject({ status: 400, body: { error: 'unauthorized_client' } })
    await change(basic, { grantTypes: ['CLIENT_CREDENTIALS'] })
    expect(await ask(basic)).toMatchObject({ status: 200 })
  })

  it('gives tokens that end: by time, by revocation, and with their application', async () => {
    const first = await requestToken(sandbox, basic)
    expect((await organizations(first)).status).toBe(200)
    now += 600_000
    const expired = await organizations(first)
    expect(expired.status).toBe(401)
    expect(await expired.json()).toMatchObject({ code: 'ACCESS_FAILED', details: [{ code: 'INVALID_TOKEN' }] })

    const second = await requestToken(sandbox, basic)
    sandbox.revokeTokens()
    expect((await organizations(second)).status).toBe(401)
    const third = await requestToken(sandbox, basic)
    expect((await organizations(third)).status).toBe(200)
    await fetch(`${sandbox.apiUrl}/sandbox/revoke-tokens`, { method: 'POST' })
    expect((await organizations(third)).status).toBe(401)

    const fourth = await requestToken(sandbox, basic)
    await change(basic, { enabled: false })
    expect((await organizations(fourth)).status).toBe(401)
    await change(basic, { enabled: true })
  })

  it('has a signature that is looked at', async () => {
    const token = await requestToken(sandbox, basic)
    const [header, payload, signature] = token.split('.') as [string, string, string]
    const forged = { ...JSON.parse(Buffer.from(payload, 'base64url').toString()), client_id: post.clientId }
    const again = [header, Buffer.from(JSON.stringify(forged)).toString('base64url'), signature].join('.')
    for (const bad of [again, 'nonsense', '']) expect((await organizations(bad)).status).toBe(401)
    expect((await fetch(`${sandbox.apiUrl}/v1/organizations`)).status).toBe(401)
  })
})
