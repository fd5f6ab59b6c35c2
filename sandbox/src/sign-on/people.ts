import { z } from 'zod'
import { derivedUuid } from '../load/derived-ids.ts'

/** The groups that people of the sandbox are in. */
export const signOnGroups = ['flightiq-viewers', 'flightiq-operators', 'flightiq-approvers', 'flightiq-admins'] as const

/** Somebody who can sign on in an environment. */
export interface Person {
  /** The `sub` of their tokens. */
  id: string
  environmentId: string
  givenName: string
  familyName: string
  email: string
  groups: string[]
  /** Claims beside or instead of those that follow from the above; with `null` a claim is left out. */
  claims: Record<string, unknown>
  /** Nobody who is disabled gets a token. */
  enabled: boolean
}

/** What can be changed of a person. */
export const personChangeSchema = z.strictObject({
  givenName: z.string().min(1).optional(),
  familyName: z.string().min(1).optional(),
  email: z.email().optional(),
  groups: z.array(z.string().min(1)).optional(),
  claims: z.record(z.string(), z.unknown()).optional(),
  enabled: z.boolean().optional(),
})

/** A change of a person: what is left out stays. */
export type PersonChange = z.input<typeof personChangeSchema>

/** What a new person needs. */
export const newPersonSchema = personChangeSchema.required({ givenName: true, familyName: true, email: true })

/** A new person: without groups, claims and `enabled`, somebody in no group who can sign on. */
export type NewPerson = z.input<typeof newPersonSchema>

/** The claims in a person's id token and userinfo; which of them a client gets is decided by the scopes it asks for. */
export function claimsOf(person: Person): Record<string, unknown> {
  const claims = {
    name: nameOf(person),
    given_name: person.givenName,
    family_name: person.familyName,
    preferred_username: person.email,
    email: person.email,
    email_verified: true,
    groups: person.groups,
    env: person.environmentId,
    ...person.claims,
  }
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== null))
}

/** Claims by the scope that brings them. All others come with `openid`, as attributes mapped in PingOne do. */
export const scopedClaims = {
  profile: ['name', 'given_name', 'family_name', 'preferred_username'],
  email: ['email', 'email_verified'],
}

/** The names of the claims that come with `openid`, of all these people together. */
export function openidClaims(people: readonly Person[]): string[] {
  const scoped = new Set(Object.values(scopedClaims).flat())
  const names = people.flatMap((person) => Object.keys(claimsOf(person)))
  return ['sub', ...new Set(names.filter((name) => !scoped.has(name)))]
}

/** A person's full name. */
export function nameOf({ givenName, familyName }: Person): string {
  return `${givenName} ${familyName}`
}

type FirstPerson = [givenName: string, familyName: string, group?: (typeof signOnGroups)[number]]

const crews: Record<string, { domain: string; people: FirstPerson[] }> = {
  'Quillhaven Libraries': {
    domain: 'quillhaven.example',
    people: [
      ['Agnes', 'Thornbury', 'flightiq-viewers'],
      ['Milo', 'Pennfield', 'flightiq-operators'],
      ['Beatrix', 'Fenn', 'flightiq-approvers'],
      ['Orla', 'Quillan', 'flightiq-admins'],
      ['Jasper', 'Lowe'],
    ],
  },
}

const ferryCrew: { domain: string; people: FirstPerson[] } = {
  domain: 'lumenfjord.example',
  people: [
    ['Solveig', 'Tangen', 'flightiq-viewers'],
    ['Eirik', 'Nordvik', 'flightiq-operators'],
    ['Ingrid', 'Haugland', 'flightiq-approvers'],
    ['Torsten', 'Vikane', 'flightiq-admins'],
    ['Liv', 'Sundby'],
  ],
}

/** Those who can sign on from the start: one in each group, and one in none. Their ids follow from the environment's. */
export function firstPeople(tenant: string, environmentId: string): Person[] {
  const { domain, people } = crews[tenant] ?? ferryCrew
  return people.map(([givenName, familyName, group]) => {
    const email = `${givenName}.${familyName}@${domain}`.toLowerCase()
    return {
      id: derivedUuid('person', environmentId, email),
      environmentId,
      givenName,
      familyName,
      email,
      groups: group ? [group] : [],
      claims: {},
      enabled: true,
    }
  })
}
