import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type CredentialsTestOptions, type Region, testCredentials } from '../src/index.ts'
import { clientId, clientSecret, environmentId, json, list, startTinyServer, type TinyServer } from './tiny-server.ts'

let here: TinyServer
let elsewhere: TinyServer
beforeEach(async () => {
  here = await startTinyServer()
  elsewhere = await startTinyServer()
  here.api = (request, response) => {
    if (request.path.endsWith('openid-configuration')) json(response, 200, { issuer: here.url })
    else json(response, 200, list('environments', [{ id: environmentId, name: 'Administrators' }]))
  }
  elsewhere.api = (_request, response) => json(response, 404, { code: 'NOT_FOUND' })
})
afterEach(async () => {
  await here.close()
  await elsewhere.close()
})

/** Only Europe knows the environment. */
const regionHosts = (region: Region) => {
  const { url } = region === 'EU' ? here : elsewhere
  return { authUrl: url, apiUrl: url }
}
const test = (options: Partial<CredentialsTestOptions> = {}) =>
  testCredentials({ environmentId, clientId, clientSecret, regionHosts, ...options })
const refuse = (description: string) => {
  here.token = (_request, response) =>
    json(response, 401, { error: 'invalid_client', error_description: `Request denied: ${description}` })
}
const takesOnlyPost: TinyServer['token'] = (request, response) =>
  request.headers.authorization === undefined
    ? json(response, 200, { access_token: 't', expires_in: 3600 })
    : json(response, 401, {
        error: 'invalid_client',
        error_description: 'Request denied: Unsupported authentication method (Correlation ID: x)',
      })

describe('testing credentials', () => {
  it('detects the region and the method, and counts the environments', async () => {
    here.token = takesOnlyPost
    const result = await test()
    expect(result).toMatchObject({
      ok: true,
      cause: 'none',
      region: 'EU',
      authMethod: 'client_secret_post',
      environments: 1,
    })
    expect(result.checks).toContainEqual({
      name: 'Environment ID is known in EU',
      outcome: 'passed',
      detail: 'PingOne knows it there.',
    })
    expect(result.checks).toContainEqual(
      expect.objectContaining({ name: 'Secret sent with Client Secret Basic', outcome: 'failed' }),
    )
  })

  it('sends the secret to no region that does not know the environment', async () => {
    await test()
    expect(elsewhere.tokens).toHaveLength(0)
    expect(elsewhere.requests).toHaveLength(5)
    expect(JSON.stringify(elsewhere.requests)).not.toContain(clientSecret)
  })

  it('names the right region when another was chosen', async () => {
    expect(await test({ region: 'NA' })).toMatchObject({ ok: false, cause: 'region', region: 'EU' })
    expect(elsewhere.tokens).toHaveLength(0)
  })

  it('names the environment id when no region knows it', async () => {
    here.api = elsewhere.api
    expect(await test()).toMatchObject({ ok: false, cause: 'environmentId' })
  })

  it('names the method when the other one is set', async () => {
    here.token = takesOnlyPost
    expect(await test({ authMethod: 'client_secret_basic' })).toMatchObject({
      ok: false,
      cause: 'authMethod',
      authMethod: 'client_secret_post',
    })
  })

  it('names the client id when neither method gets to the secret', async () => {
    refuse('Invalid client credentials (Correlation ID: x)')
    const result = await test()
    expect(result).toMatchObject({ ok: false, cause: 'clientId' })
    expect(result.authMethod).toBeUndefined()
    expect(here.tokens).toHaveLength(2)
  })

  it.each(['client_secret_basic', 'client_secret_post'] as const)(
    'names the secret when PingOne looks at it with %s only',
    async (method) => {
      here.token = (request, response) => {
        const used = request.headers.authorization ? 'client_secret_basic' : 'client_secret_post'
        const reason = used === method ? 'Invalid client credentials' : 'Unsupported authentication method'
        json(response, 401, { error: 'invalid_client', error_description: `Request denied: ${reason}` })
      }
      expect(await test()).toMatchObject({ ok: false, cause: 'secret', authMethod: method })
      expect(await test({ authMethod: 'client_secret_post' })).toMatchObject({ cause: 'secret', authMethod: method })
    },
  )

  it('names the credentials when PingOne does not tell which of them', async () => {
    const wrong = 'Request denied: Invalid client credentials'
    here.token = (request, response) =>
      request.headers.authorization
        ? json(response, 401, { error: 'invalid_client', error_description: wrong })
        : json(response, 503, {})
    expect(await test()).toMatchObject({ ok: false, cause: 'credentials' })
    here.token = (request, response) =>
      json(response, 401, { error: 'invalid_client', error_description: request.headers.authorization ? wrong : '?' })
    expect(await test()).toMatchObject({ ok: false, cause: 'credentials' })
  })

  it('names a disabled worker app', async () => {
    refuse('The application is disabled')
    expect(await test()).toMatchObject({ ok: false, cause: 'disabled' })
    refuse('Something that nobody knows')
    expect(await test()).toMatchObject({ ok: false, cause: 'disabled' })
  })

  it('names a missing grant', async () => {
    here.token = (_request, response) => json(response, 400, { error: 'unauthorized_client' })
    expect(await test()).toMatchObject({ ok: false, cause: 'grant' })
  })

  it('says when a host does not answer', async () => {
    await here.close()
    const hosts = { authUrl: here.url, apiUrl: here.url }
    expect(await test({ hosts })).toMatchObject({ ok: false, cause: 'unreachable' })
  })

  it('says when the worker app sees nothing', async () => {
    here.api = (request, response) => json(response, 200, request.path.includes('well-known') ? {} : { count: 0 })
    expect(await test()).toMatchObject({ ok: false, cause: 'other', environments: 0 })
  })

  it('never tells the secret', async () => {
    here.token = (request, response) =>
      json(response, 401, { error: 'invalid_client', error_description: `${request.body} ${clientSecret}` })
    expect(JSON.stringify(await test())).not.toContain(clientSecret)
  })
})
