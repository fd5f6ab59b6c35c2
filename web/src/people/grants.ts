import { queryOptions } from '@tanstack/react-query'
import { answerOf, api, type Shapes } from '../api/client.ts'

export type Grant = Shapes['Grant']
export type Person = Shapes['Person']

/** Who has signed in, with their roles and sessions. */
export const peopleQuery = queryOptions({
  queryKey: ['people'],
  queryFn: ({ signal }) => answerOf(api.GET('/api/people', { signal })),
})

/** Which role goes to whom. */
export const grantsQuery = queryOptions({
  queryKey: ['grants'],
  queryFn: ({ signal }) => answerOf(api.GET('/api/grants', { signal })),
})

/** Whom a grant is for: `Ada Vale`, `Members of identity-admins`, `Whoever has the e-mail ada@example.com`. */
export function subjectInWords(to: Grant['to'], people: readonly Person[]): string {
  if (to.type === 'person') return people.find(({ id }) => id === to.personId)?.name ?? 'Somebody who is not listed'
  if (to.claim === 'groups') return `Whoever is in the group ${to.value}`
  if (to.claim === 'email') return `Whoever has the e-mail ${to.value}`
  return `Whoever has ${to.claim} = ${to.value}`
}
