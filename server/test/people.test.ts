import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Grant, Person, Session } from '../src/index.ts'
import { type Console, people, setUpSignIn, startConsole, Visitor } from './support/console.ts'
import { databases } from './support/databases.ts'

const kinds = databases()
afterAll(async () => {
  for (const kind of kinds) await kind.stop()
})

describe.each(kinds)('people and their roles, on $name', (kind) => {
  let console: Console
  let administrator: Visitor
  let nobody: Visitor
  beforeAll(async () => {
    console = await startConsole(kind)
    await setUpSignIn(console)
    ;[administrator, nobody] = [new Visitor(console), new Visitor(console)]
    await administrator.signIn(people.admin)
    await nobody.signIn(people.nobody)
  })
  afterAll(() => console.close())

  const knownAs = async (name: string) =>
    (await administrator.get<Person[]>('/api/people')).body.find((person) => person.name.startsWith(name))!
  const give = (role: string, to: object, where: object = {}) =>
    administrator.call<Grant>('POST', '/api/grants', { role, to, ...where })
  const take = (id: string) => administrator.outcome('DELETE', `/api/grants/${id}`)
  const rolesOf = async (visitor: Visitor) => (await visitor.get<Session>('/api/session')).body.caller?.roles
  const tenantId = '00000000-0000-4000-8000-000000000001'

  it('are known as PingOne describes them', async () => {
    expect(await knownAs(people.admin)).toMatchObject({
      name: 'Torsten Vikane',
      email: 'torsten.vikane@lumenfjord.example',
      issuer: console.tenant.loginApp.issuer,
      claims: { groups: ['flightiq-admins'], given_name: ['Torsten'] },
      disabled: false,
      roles: [{ role: 'admin', grantId: expect.any(String) }],
    })
    expect((await knownAs(people.admin)).claims).not.toHaveProperty('nonce')
  })

  it('get a role at once, by name or by a claim, and lose it at once', async () => {
    expect(await nobody.outcome('GET', '/api/tenants')).toBe('403 PERMISSION_MISSING')
    const { id } = await knownAs(people.nobody)
    const byName = (await give('viewer', { type: 'person', personId: id })).body
    expect(byName).toMatchObject({ createdBy: 'Torsten Vikane', to: { type: 'person', personId: id } })
    expect(await nobody.outcome('GET', '/api/tenants')).toBe('200')
    const email = { type: 'claim', claim: 'email', value: 'LIV.Sundby@lumenfjord.example' }
    const byClaim = (await give('operator', email, { tenantId })).body
    expect(await rolesOf(nobody)).toEqual([{ role: 'viewer' }, { role: 'operator', tenantId }])
    expect((await knownAs(people.nobody)).roles.map(({ grantId }) => grantId)).toEqual([byName.id, byClaim.id])
    expect(await take(byName.id)).toBe('204')
    expect(await rolesOf(nobody)).toEqual([{ role: 'operator', tenantId }])
    expect(await take(byClaim.id)).toBe('204')
    expect(await take(byClaim.id)).toBe('404 GRANT_NOT_FOUND')
    expect(await nobody.outcome('GET', '/api/tenants')).toBe('403 PERMISSION_MISSING')
  })

  it('have a claim only as it is written, and no more than their own', async () => {
    const values = ['flightiq', 'flightiq-admins ', 'FLIGHTIQ-ADMINS', 'flightiq-admin']
    const grants: string[] = []
    for (const [at, value] of values.entries()) {
      const { body } = await give('admin', { type: 'claim', claim: at === 1 ? '__proto__' : 'groups', value })
      grants.push(body.id)
    }
    expect(await rolesOf(nobody)).toEqual([])
    for (const id of grants) expect(await take(id)).toBe('204')
  })

  it('get the same role once', async () => {
    const to = { type: 'claim', claim: 'groups', value: 'twice' }
    const [one, two] = [(await give('viewer', to)).body, (await give('viewer', to)).body]
    expect(two.id).toBe(one.id)
    expect(await take(one.id)).toBe('204')
  })

  it('are refused what makes no sense', async () => {
    const outcome = async (role: string, to: object, where: object = {}) =>
      (await give(role, to, where)).body as { code?: string }
    const nobodyAtAll = { type: 'person', personId: '00000000-0000-4000-8000-000000000009' }
    expect((await outcome('viewer', nobodyAtAll)).code).toBe('PERSON_NOT_FOUND')
    const claim = { type: 'claim', claim: 'groups', value: 'x' }
    expect((await outcome('viewer', claim, { environmentId: tenantId })).code).toBe('SCOPE_INVALID')
    expect((await outcome('owner', claim)).code).toBe('VALIDATION_FAILED')
    expect(await administrator.outcome('PATCH', `/api/people/${tenantId}`, { disabled: true })).toBe(
      '404 PERSON_NOT_FOUND',
    )
  })

  it('carry on with what their tokens say at the next sign-in', async () => {
    const { signOn } = console.sandbox.state
    const person = signOn.people.find(({ givenName }) => givenName === people.nobody)!
    signOn.changePerson(person.id, { groups: ['flightiq-approvers', 'others'], familyName: 'Sundby-Vik' })
    expect(await rolesOf(nobody)).toEqual([])
    await nobody.signIn(people.nobody)
    expect(await rolesOf(nobody)).toEqual([{ role: 'approver' }])
    expect(await knownAs(people.nobody)).toMatchObject({
      name: 'Liv Sundby-Vik',
      claims: { groups: ['flightiq-approvers', 'others'] },
    })
    signOn.changePerson(person.id, { groups: [] })
    await nobody.signIn(people.nobody)
    expect(await rolesOf(nobody)).toEqual([])
  })

  it('are seen and changed by administrators of the whole console only', async () => {
    const { id } = await knownAs(people.nobody)
    const scoped = (await give('admin', { type: 'person', personId: id }, { tenantId })).body
    for (const [method, path] of [
      ['GET', '/api/people'],
      ['GET', '/api/grants'],
      ['GET', '/api/login-app'],
      ['DELETE', `/api/people/${id}/sessions`],
      ['DELETE', `/api/grants/${scoped.id}`],
    ] as const) {
      expect(await nobody.outcome(method, path)).toBe('403 PERMISSION_MISSING')
    }
    await take(scoped.id)
  })

  describe('the last administrator', () => {
    it('stays: neither the role nor the person can be taken away', async () => {
      const { id, roles } = await knownAs(people.admin)
      expect(await take(roles[0]!.grantId)).toBe('409 LAST_ADMINISTRATOR')
      expect(await administrator.outcome('PATCH', `/api/people/${id}`, { disabled: true })).toBe(
        '409 LAST_ADMINISTRATOR',
      )
      expect(await administrator.outcome('GET', '/api/people')).toBe('200')
    })

    it('is still the last one when others could only become it', async () => {
      const { roles } = await knownAs(people.admin)
      const empty = (await give('admin', { type: 'claim', claim: 'groups', value: 'nobody-is-in-it' })).body
      const tenantOnly = (
        await give('admin', { type: 'person', personId: (await knownAs(people.nobody)).id }, { tenantId })
      ).body
      expect(await take(roles[0]!.grantId)).toBe('409 LAST_ADMINISTRATOR')
      expect(await take(empty.id)).toBe('204')
      expect(await take(tenantOnly.id)).toBe('204')
    })

    it('stays also when two are taken away at the same moment', async () => {
      const [one, two] = [await knownAs(people.admin), await knownAs(people.nobody)]
      const grant = (await give('admin', { type: 'person', personId: two.id })).body
      // By the service itself: over HTTP one of them is soon a little later.
      const { grants, people: known } = console.services
      await Promise.all(Array.from({ length: 8 }, () => known.list(undefined)))
      const both = await Promise.allSettled([grant.id, one.roles[0]!.grantId].map((id) => grants.delete(id)))
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      const left = (await console.services.people.list(undefined)).filter(({ roles }) =>
        roles.some(({ role, tenantId: only }) => role === 'admin' && only === undefined),
      )
      expect(left).toHaveLength(1)
    })
  })

  it('leave every change in the audit log', async () => {
    const [grant] = await console.audited('grant.created')
    expect(grant).toMatchObject({ outcome: 'done', details: { role: 'admin', to: { type: 'person' } } })
    const refused = (await console.audited('grant.removed')).filter(({ outcome }) => outcome === 'refused')
    expect(refused.map(({ details }) => details?.code)).toContain('LAST_ADMINISTRATOR')
  })
})
