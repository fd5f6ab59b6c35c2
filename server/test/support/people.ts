import { expect } from 'vitest'
import type { Grant, LoginApp, RoleScope } from '../../src/index.ts'
import { loginAppOf, Visitor } from './console.ts'
import type { World } from './world.ts'

/** A console at which people sign in with the sandbox, as whoever they are added. */
export interface People {
  /** Whoever set the login app up: an administrator without a name. */
  owner: Visitor
  /** Somebody new with these roles, signed in. */
  join(name: string, ...roles: RoleScope[]): Promise<Visitor>
}

/** Has everybody sign in from now on. */
export async function requireSignIn(world: World): Promise<People> {
  const { url } = world.server
  const console = { url, host: new URL(url).host }
  const owner = new Visitor(console)
  const tenant = world.sandbox.tenants[0]!
  const saved = await owner.call<LoginApp>('PUT', '/api/login-app', loginAppOf({ tenant, url }))
  expect(saved.status).toBe(200)
  return {
    owner,
    join: async (name, ...roles) => {
      const email = `${name.toLowerCase()}@northwind.example`
      const { environmentId } = tenant.loginApp
      world.sandbox.signOn.addPerson({ environmentId }, { givenName: name, familyName: 'Northwind', email })
      for (const role of roles) {
        const to = { type: 'claim', claim: 'email', value: email }
        expect((await owner.call<Grant>('POST', '/api/grants', { ...role, to })).status).toBe(201)
      }
      const visitor = new Visitor(console)
      expect(await visitor.signIn(email)).toBe('/')
      return visitor
    },
  }
}

/** A script with an API token that somebody made. */
export async function tokenOf(maker: Visitor, ...roles: RoleScope[]): Promise<Visitor> {
  const made = await maker.call<{ token: string }>('POST', '/api/tokens', { name: 'Pipeline', roles, expiresInDays: 1 })
  expect(made.status).toBe(201)
  return new Visitor(maker.console, { token: made.body.token })
}
