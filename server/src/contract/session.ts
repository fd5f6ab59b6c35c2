import { z } from 'zod'
import { roleScopeSchema } from './roles.ts'
import { defineRoute } from './route.ts'

export const callerSchema = z
  .object({
    kind: z
      .enum(['person', 'token', 'localAdministrator', 'openConsole'])
      .describe('openConsole: nobody has to sign in here, so whoever reaches the console is its administrator.'),
    id: z.string(),
    name: z.string(),
    email: z.string().optional(),
    roles: z.array(roleScopeSchema).describe('Empty: signed in, but nothing was given to this person yet.'),
    since: z.string().optional().describe('ISO 8601: when the session began.'),
    expiresAt: z.string().optional().describe('ISO 8601: when the session ends at the latest.'),
  })
  .meta({ id: 'CallerInfo' })
export type CallerInfo = z.infer<typeof callerSchema>

export const sessionSchema = z
  .object({
    signInRequired: z.boolean(),
    signInAvailable: z.boolean().describe('A login app is configured.'),
    localAdministrator: z.boolean().describe('The one-time token that the server printed can be used to sign in.'),
    caller: callerSchema.optional().describe('Absent: nobody is signed in.'),
  })
  .meta({ id: 'Session' })
export type Session = z.infer<typeof sessionSchema>

const returnTo = z
  .string()
  .max(2000)
  .optional()
  .describe('A path of the console to go back to; anything else is ignored.')

export const sessionRoutes = {
  getSession: defineRoute({
    operationId: 'getSession',
    method: 'GET',
    url: '/api/session',
    summary: 'Who calls, what they may do, and how to sign in.',
    tag: 'session',
    permission: 'public',
    schema: { response: { 200: sessionSchema } },
  }),
  signIn: defineRoute({
    operationId: 'signIn',
    method: 'GET',
    url: '/auth/sign-in',
    summary: 'Leads the browser to PingOne to sign in.',
    tag: 'session',
    permission: 'public',
    callsPerMinute: 30,
    redirects: true,
    schema: {
      querystring: z.object({
        returnTo,
        led: z.string().max(1).optional().describe('Set by the console when it leads the browser to its own address.'),
      }),
      response: { 302: z.undefined() },
    },
  }),
  signInCallback: defineRoute({
    operationId: 'signInCallback',
    method: 'GET',
    url: '/auth/callback',
    summary:
      'Where PingOne sends the browser back to. Leads on to the console, or to its sign-in page with the reason.',
    tag: 'session',
    permission: 'public',
    callsPerMinute: 30,
    redirects: true,
    schema: {
      querystring: z.looseObject({
        code: z.string().max(4000).optional(),
        state: z.string().max(500).optional(),
        iss: z.string().max(1000).optional(),
        error: z.string().max(200).optional(),
        error_description: z.string().max(2000).optional(),
      }),
      response: { 302: z.undefined() },
    },
  }),
  signInAsLocalAdministrator: defineRoute({
    operationId: 'signInAsLocalAdministrator',
    method: 'POST',
    url: '/api/session/local-administrator',
    summary: 'Signs in with the one-time token that the server printed. Off once sign-in works.',
    tag: 'session',
    permission: 'public',
    audit: 'session.localAdministrator',
    callsPerMinute: 5,
    schema: { body: z.object({ token: z.string().min(1).max(200) }), response: { 200: sessionSchema } },
  }),
  signOut: defineRoute({
    operationId: 'signOut',
    method: 'POST',
    url: '/api/session/sign-out',
    summary: 'Ends the session, and tells where to end the one at PingOne too.',
    tag: 'session',
    permission: 'signedIn',
    audit: 'session.signedOut',
    schema: {
      response: {
        200: z
          .object({ endSessionUrl: z.string().optional().describe('Lead the browser there to sign out of PingOne.') })
          .meta({ id: 'SignedOut' }),
      },
    },
  }),
}
