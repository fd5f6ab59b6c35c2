import { type QueryClient, queryOptions, useQuery } from '@tanstack/react-query'
import { redirect } from '@tanstack/react-router'
import { answerOf, api, type Shapes } from '../api/client.ts'
import { may } from './permissions.ts'

export type Session = Shapes['Session']
export type Caller = Shapes['CallerInfo']

/** Who is signed in, what they may do, and how to sign in. Read again now and then: roles can change while one works. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => readSession(signal),
  staleTime: 30_000,
})

/** The session, and who is signed in. Absent until it was read. */
export function useSession(): { session: Session | undefined; caller: Caller | undefined } {
  const { data: session } = useQuery(sessionQuery)
  return { session, caller: session?.caller }
}

/**
 * For a route that needs somebody signed in, with a role: leads to the sign-in page and back to `address` afterwards, or
 * to the page for those who were given nothing yet. Answers who it is.
 */
export async function requireCaller(queryClient: QueryClient, address: string): Promise<Caller> {
  const { caller } = await queryClient.fetchQuery(sessionQuery)
  if (!caller) throw redirect({ to: '/sign-in', search: { returnTo: address } })
  if (caller.roles.length === 0) throw redirect({ to: '/no-access' })
  return caller
}

/** Whether this person may set up the console, not only one of its tenants. */
export const mayConfigure = (caller: Caller | undefined): boolean =>
  caller !== undefined && may(caller.roles, 'configure', {})

/** Asks the server who is signed in. */
export const readSession = (signal: AbortSignal): Promise<Session> => answerOf(api.GET('/api/session', { signal }))
