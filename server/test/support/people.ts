import { expect } from 'vitest'
import type { Grant, LoginApp, RoleScope } from '../../src/index.ts'
import { loginAppOf, Visitor } from './console.ts'
import type { World } from './world.ts'

/** A console at which people sign in with the sandbox, as whoever they are added. */
export interface People {
  /** Whoever set the login app up: an administrator without a name, until one with a name signs in. */
  owner: Visitor
  /** Gives somebody new these roles. */
  add(name: string, ...roles: RoleScope[]): Promise<void>
  /** Signs somebody in who was added. */
  enter(name: string): Promise<Visitor>
  /** Both. */
  join(name: string, ...roles: RoleScope[]): Promise<Visitor>
}

/** Has everybody sign in from now on. */
export async function requireSignIn(world: World): Promise<People> {
  const { url } = world.server
  const console = { url, host: new URL(url).host }
  const owner = new Visitor(console)
  const tenant = world.sandbox.tenants[0]!
  await saveLoginApp(world, owner)
  const people: People = {
    owner,
    add: async (name, ...roles) => {
      const { environmentId } = tenant.loginApp
      const email = emailOf(name)
      world.sandbox.signOn.addPerson({ environmentId }, { givenName: name, familyName: 'Northwind', email })
      for (const role of roles) {
        const to = { type: 'claim', claim: 'email', value: email }
        expect((await owner.call<Grant>('POST', '/api/grants', { ...role, to })).status).toBe(201)
      }
    },
    enter: async (name) => {
      const visitor = new Visitor(console)
      expect(await visitor.signIn(emailOf(name))).toBe('/')
      return visitor
    },
    join: async (name, ...roles) => {
      await people.add(name, ...roles)
      return people.enter(name)
    },
  }
  return people
}

/** The address of somebody who was added. None is the end of another: people are chosen by what is written on a button. */
export function emailOf(name: string): string {
  return `it.is.${name.toLowerCase()}@northwind.example`
}

/** Saves the login app as somebody who may. */
export async function saveLoginApp({ sandbox, server }: World, who: Visitor): Promise<void> {
  const tenant = sandbox.tenants[0]!
  const saved = await who.call<LoginApp>('PUT', '/api/login-app', loginAppOf({ tenant, url: server.url }))
  expect(saved.status).toBe(200)
}

/** A script with an API token that somebody made. */
export async function tokenOf(maker: Visitor, ...roles: RoleScope[]): Promise<Visitor> {
  const made = await maker.call<{ token: string }>('POST', '/api/tokens', { name: 'Pipeline', roles, expiresInDays: 1 })
  expect(made.status).toBe(201)
  return new Visitor(maker.console, { token: made.body.token })
}
