import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commonRoles } from '../src/authorization/permissions.ts'
import type { ApiToken, NewApiToken, Person, Session } from '../src/index.ts'
import { type Console, people, setUpSignIn, startConsole, Visitor } from './support/console.ts'
import { databases } from './support/databases.ts'

type Fresh = ApiToken & { token: string }

const kinds = databases()
afterAll(async () => {
  for (const kind of kinds) await kind.stop()
})

describe.each(kinds)('API tokens, on $name', (kind) => {
  let console: Console
  let administrator: Visitor
  let operator: Visitor
  beforeAll(async () => {
    console = await startConsole(kind)
    await setUpSignIn(console)
    ;[administrator, operator] = [new Visitor(console), new Visitor(console)]
    await administrator.signIn(people.admin)
    await operator.signIn(people.operator)
  })
  afterAll(() => console.close())

  async function made(by: Visitor, change: Partial<NewApiToken> = {}): Promise<Fresh> {
    const wanted = { name: 'Nightly', roles: [{ role: 'viewer' }], expiresInDays: 30, ...change }
    const { status, body } = await by.call<Fresh>('POST', '/api/tokens', wanted)
    expect({ status, body }).toMatchObject({ status: 201 })
    return body
  }
  const script = ({ token }: Pick<Fresh, 'token'>) => new Visitor(console, { token })
  const idOf = async (name: string) =>
    (await administrator.get<Person[]>('/api/people')).body.find((person) => person.name.startsWith(name))!.id

  it('open what their roles allow, and are shown once', async () => {
    const fresh = await made(operator)
    expect(fresh.token).toMatch(/^fiq_[\w-]{43}$/)
    expect(await script(fresh).outcome('GET', '/api/tenants')).toBe('200')
    expect(await script(fresh).outcome('GET', '/api/people')).toBe('403 PERMISSION_MISSING')
    expect((await script(fresh).get<Session>('/api/session')).body.caller).toMatchObject({
      kind: 'token',
      id: fresh.id,
      name: 'Nightly',
      roles: [{ role: 'viewer' }],
      expiresAt: fresh.expiresAt,
    })
    const listed = await operator.get<ApiToken[]>('/api/tokens')
    expect(JSON.stringify(listed.body)).not.toContain(fresh.token)
    expect(listed.body[0]).toMatchObject({ id: fresh.id, own: true, createdBy: 'Eirik Nordvik' })
  })

  it('need no header against foreign pages, since none can send them', async () => {
    const fresh = await made(administrator, { roles: [{ role: 'admin' }] })
    const grant = { role: 'viewer', to: { type: 'claim', claim: 'groups', value: 'by-token' } }
    expect(await script(fresh).outcome('POST', '/api/grants', grant)).toBe('201')
  })

  it('never have more than their maker', async () => {
    const wanted = { name: 'Too much', roles: [{ role: 'viewer' }, { role: 'approver' }], expiresInDays: 1 }
    const { status, body } = await operator.call('POST', '/api/tokens', wanted)
    expect({ status, code: body.code, at: body.errors?.[0]?.pointer }).toEqual({
      status: 403,
      code: 'ROLE_BEYOND_OWN',
      at: '/roles/1',
    })
    const tenantId = '00000000-0000-4000-8000-000000000000'
    const narrow = await made(operator, { roles: [{ role: 'operator', tenantId }] })
    expect((await script(narrow).get<Session>('/api/session')).body.caller?.roles).toEqual([
      { role: 'operator', tenantId },
    ])
  })

  it('lose at once what their maker loses', async () => {
    const viewer = new Visitor(console)
    await viewer.signIn(people.viewer)
    const to = { type: 'person', personId: await idOf(people.viewer) }
    const { body: grant } = await administrator.call<{ id: string }>('POST', '/api/grants', { role: 'admin', to })
    const fresh = await made(viewer, { roles: [{ role: 'admin' }] })
    const roles = async () => (await script(fresh).get<Session>('/api/session')).body.caller?.roles
    expect(await roles()).toContainEqual({ role: 'admin' })
    await administrator.call('DELETE', `/api/grants/${grant.id}`)
    expect(await roles()).toEqual([{ role: 'viewer' }])
    expect(await script(fresh).outcome('GET', '/api/people')).toBe('403 PERMISSION_MISSING')
  })

  it('die with their maker, and stay dead', async () => {
    const fresh = await made(operator)
    const path = `/api/people/${await idOf(people.operator)}`
    await administrator.call('PATCH', path, { disabled: true })
    expect(await script(fresh).outcome('GET', '/api/tenants')).toBe('401 TOKEN_INVALID')
    await administrator.call('PATCH', path, { disabled: false })
    expect(await script(fresh).outcome('GET', '/api/tenants')).toBe('401 TOKEN_INVALID')
    await operator.signIn(people.operator)
  })

  it('are useless once revoked, by their maker or an administrator and nobody else', async () => {
    const [one, two] = [await made(operator), await made(operator)]
    const viewer = new Visitor(console)
    await viewer.signIn(people.viewer)
    expect(await viewer.outcome('DELETE', `/api/tokens/${one.id}`)).toBe('404 TOKEN_NOT_FOUND')
    expect((await viewer.get<ApiToken[]>('/api/tokens')).body.map(({ id }) => id)).not.toContain(one.id)
    expect(await operator.outcome('DELETE', `/api/tokens/${one.id}`)).toBe('204')
    expect(await script(one).outcome('GET', '/api/tenants')).toBe('401 TOKEN_INVALID')
    expect(await administrator.outcome('DELETE', `/api/tokens/${two.id}`)).toBe('204')
    const { status, body } = await script(two).get('/api/tenants')
    expect({ status, detail: body.detail }).toEqual({ status: 401, detail: 'The API token was revoked.' })
    const all = (await administrator.get<ApiToken[]>('/api/tokens')).body
    expect(all.find(({ id }) => id === two.id)).toMatchObject({ own: false, revokedAt: expect.any(String) })
  })

  it('make no tokens, sign nobody out, and see no other', async () => {
    const fresh = await made(administrator, { roles: [{ role: 'viewer' }] })
    const wanted = { name: 'Child', roles: [{ role: 'viewer' }], expiresInDays: 1 }
    expect(await script(fresh).outcome('POST', '/api/tokens', wanted)).toBe('403 TOKEN_MAKES_TOKEN')
    expect(await script(fresh).outcome('POST', '/api/session/sign-out')).toBe('409 NO_SESSION')
    expect((await script(fresh).get<ApiToken[]>('/api/tokens')).body.map(({ id }) => id)).toEqual([fresh.id])
    expect(await script(fresh).outcome('DELETE', `/api/tokens/${fresh.id}`)).toBe('204')
  })

  it('are written down as used, at most once a minute', async () => {
    const fresh = await made(operator)
    const used = async () =>
      (await operator.get<ApiToken[]>('/api/tokens')).body.find(({ id }) => id === fresh.id)!.lastUsedAt
    expect(await used()).toBeUndefined()
    await script(fresh).get('/api/tenants')
    const first = await used()
    await script(fresh).get('/api/tenants')
    expect(await used()).toBe(first)
    console.pass(1)
    await script(fresh).get('/api/tenants')
    expect(Date.parse((await used())!)).toBeGreaterThanOrEqual(Date.parse(first!) + 60_000)
  })

  it('end when they said they would', async () => {
    const fresh = await made(operator, { expiresInDays: 1 })
    console.pass(24 * 60)
    const { status, body } = await script(fresh).get('/api/tenants')
    expect({ status, detail: body.detail }).toEqual({
      status: 401,
      detail: expect.stringMatching(/^The API token expired/),
    })
    await administrator.signIn(people.admin)
    await operator.signIn(people.operator)
  })

  it('can not be guessed: after a few wrong ones the address waits', async () => {
    const fresh = await made(operator)
    const guess = (at: number) => script({ token: `fiq_${String(at).padStart(43, '0')}` })
    for (let at = 0; at < 5; at += 1) expect(await guess(at).outcome('GET', '/api/tenants')).toBe('401 TOKEN_INVALID')
    expect(await guess(5).outcome('GET', '/api/tenants')).toBe('429 TOO_MANY_FAILURES')
    expect(await operator.outcome('GET', '/api/tenants')).toBe('200')
    console.pass(1)
    expect(await script(fresh).outcome('GET', '/api/tenants')).toBe('200')
    // One that is wrong over and over, such as in a script that nobody mended, locks nobody out.
    console.pass(61)
    await operator.signIn(people.operator)
    for (let at = 0; at < 8; at += 1) expect(await guess(0).outcome('GET', '/api/tenants')).toBe('401 TOKEN_INVALID')
  })

  it('leave their making and their end in the audit log, without themselves', async () => {
    const [created] = await console.audited('token.created')
    expect(created).toMatchObject({
      subject: { kind: 'apiToken', name: 'Nightly' },
      details: { roles: [{ role: 'viewer' }] },
    })
    const [revoked] = await console.audited('token.revoked')
    expect(revoked).toMatchObject({ outcome: 'done', actor: { kind: 'token' } })
    const fresh = await made(operator)
    await console.server.close()
    await console.services.close()
    const everywhere = `${await console.database.dump()}\n${console.log.join('\n')}`
    expect(everywhere).toContain(fresh.id)
    expect(everywhere).not.toContain(fresh.token)
    expect(everywhere).not.toMatch(/fiq_/)
  })
})

describe('what two lists of roles have in common', () => {
  const [tenantId, another] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002']
  const environmentId = '00000000-0000-4000-8000-000000000003'
  it.each<
    [string, Parameters<typeof commonRoles>[0], Parameters<typeof commonRoles>[1], ReturnType<typeof commonRoles>]
  >([
    ['the lesser role', [{ role: 'admin' }], [{ role: 'operator' }], [{ role: 'operator' }]],
    ['reading, of operator and approver', [{ role: 'operator' }], [{ role: 'approver' }], [{ role: 'viewer' }]],
    ['the narrower place', [{ role: 'viewer' }], [{ role: 'admin', tenantId }], [{ role: 'viewer', tenantId }]],
    [
      'the environment',
      [{ role: 'operator', tenantId, environmentId }],
      [{ role: 'operator', tenantId }],
      [{ role: 'operator', tenantId, environmentId }],
    ],
    ['nothing, of two tenants', [{ role: 'admin', tenantId }], [{ role: 'admin', tenantId: another }], []],
    ['nothing, of nothing', [{ role: 'admin' }], [], []],
  ])('is %s', (_what, left, right, common) => {
    expect(commonRoles(left, right)).toEqual(common)
    expect(commonRoles(right, left)).toEqual(common)
  })
})
