import { z } from 'zod'
import { roleScopeSchema } from './roles.ts'
import { defineRoute } from './route.ts'

export const sessionInfoSchema = z
  .object({
    id: z.uuid(),
    startedAt: z.string(),
    lastSeenAt: z.string(),
    expiresAt: z.string(),
    address: z.string(),
    browser: z.string(),
    current: z.boolean().describe('The session of this very call.'),
  })
  .meta({ id: 'SessionInfo' })

export const personSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    email: z.string().optional(),
    issuer: z.string(),
    subject: z.string(),
    claims: z.record(z.string(), z.array(z.string())).describe('As PingOne gave them at the last sign-in.'),
    disabled: z.boolean(),
    firstSeenAt: z.string(),
    lastSeenAt: z.string(),
    roles: z.array(roleScopeSchema.extend({ grantId: z.uuid() })),
    sessions: z.array(sessionInfoSchema),
  })
  .meta({ id: 'Person' })
export type Person = z.infer<typeof personSchema>

const subject = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('person'), personId: z.uuid() }),
    z.object({
      type: z.literal('claim'),
      claim: z.string().trim().min(1).max(100).describe('`groups`, `email`, `sub` …'),
      value: z.string().trim().min(1).max(500),
    }),
  ])
  .describe('One person, or whoever signs in with this claim.')

export const newGrantSchema = z.object({ ...roleScopeSchema.shape, to: subject }).meta({ id: 'NewGrant' })
export type NewGrant = z.infer<typeof newGrantSchema>

export const grantSchema = newGrantSchema
  .extend({ id: z.uuid(), createdAt: z.string(), createdBy: z.string() })
  .meta({ id: 'Grant' })
export type Grant = z.infer<typeof grantSchema>

export const newApiTokenSchema = z
  .object({
    name: z.string().trim().min(1).max(100),
    roles: z.array(roleScopeSchema).min(1).max(50).describe('At most what its maker may do.'),
    expiresInDays: z.number().int().min(1).max(365),
  })
  .meta({ id: 'NewApiToken' })
export type NewApiToken = z.infer<typeof newApiTokenSchema>

export const apiTokenSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    roles: z.array(roleScopeSchema),
    createdBy: z.string(),
    createdAt: z.string(),
    expiresAt: z.string(),
    lastUsedAt: z.string().optional(),
    revokedAt: z.string().optional(),
    own: z.boolean(),
  })
  .meta({ id: 'ApiToken' })
export type ApiToken = z.infer<typeof apiTokenSchema>

const personParams = z.object({ personId: z.uuid() })

export const peopleRoutes = {
  listPeople: defineRoute({
    operationId: 'listPeople',
    method: 'GET',
    url: '/api/people',
    summary: 'Who has signed in, with their roles and sessions.',
    tag: 'people',
    permission: 'configure',
    schema: { response: { 200: z.array(personSchema) } },
  }),
  changePerson: defineRoute({
    operationId: 'changePerson',
    method: 'PATCH',
    url: '/api/people/:personId',
    summary: 'Shuts a person out, or lets them in again. Shutting out ends their sessions and tokens at once.',
    tag: 'people',
    permission: 'configure',
    audit: 'person.changed',
    schema: { params: personParams, body: z.object({ disabled: z.boolean() }), response: { 200: personSchema } },
  }),
  endSessions: defineRoute({
    operationId: 'endSessions',
    method: 'DELETE',
    url: '/api/people/:personId/sessions',
    summary: 'Ends all sessions of a person at once.',
    tag: 'people',
    permission: 'configure',
    audit: 'sessions.ended',
    schema: { params: personParams, response: { 200: z.object({ ended: z.number().int() }) } },
  }),
  endSession: defineRoute({
    operationId: 'endSession',
    method: 'DELETE',
    url: '/api/people/:personId/sessions/:sessionId',
    summary: 'Ends one session at once.',
    tag: 'people',
    permission: 'configure',
    audit: 'sessions.ended',
    schema: { params: personParams.extend({ sessionId: z.uuid() }), response: { 204: z.undefined() } },
  }),
  listGrants: defineRoute({
    operationId: 'listGrants',
    method: 'GET',
    url: '/api/grants',
    summary: 'Which role goes to whom: by hand, or by a claim such as a group.',
    tag: 'people',
    permission: 'configure',
    schema: { response: { 200: z.array(grantSchema) } },
  }),
  createGrant: defineRoute({
    operationId: 'createGrant',
    method: 'POST',
    url: '/api/grants',
    summary: 'Gives a role. It holds at once.',
    tag: 'people',
    permission: 'configure',
    audit: 'grant.created',
    schema: { body: newGrantSchema, response: { 201: grantSchema } },
  }),
  deleteGrant: defineRoute({
    operationId: 'deleteGrant',
    method: 'DELETE',
    url: '/api/grants/:grantId',
    summary: 'Takes a role back, at once. The last way for anybody to be an administrator stays.',
    tag: 'people',
    permission: 'configure',
    audit: 'grant.removed',
    schema: { params: z.object({ grantId: z.uuid() }), response: { 204: z.undefined() } },
  }),
  listApiTokens: defineRoute({
    operationId: 'listApiTokens',
    method: 'GET',
    url: '/api/tokens',
    summary: 'API tokens for automation: the own ones; for administrators all.',
    tag: 'people',
    permission: 'read',
    scope: 'anywhere',
    schema: { response: { 200: z.array(apiTokenSchema) } },
  }),
  createApiToken: defineRoute({
    operationId: 'createApiToken',
    method: 'POST',
    url: '/api/tokens',
    summary: 'Makes an API token. It is answered this once, and kept as a hash only. Tokens cannot make tokens.',
    tag: 'people',
    permission: 'read',
    scope: 'anywhere',
    audit: 'token.created',
    schema: {
      body: newApiTokenSchema,
      response: {
        201: apiTokenSchema.extend({ token: z.string().describe('Shown this once.') }).meta({ id: 'FreshApiToken' }),
      },
    },
  }),
  revokeApiToken: defineRoute({
    operationId: 'revokeApiToken',
    method: 'DELETE',
    url: '/api/tokens/:tokenId',
    summary: 'Makes a token useless at once: an own one, or as an administrator any.',
    tag: 'people',
    permission: 'read',
    scope: 'anywhere',
    audit: 'token.revoked',
    schema: { params: z.object({ tokenId: z.uuid() }), response: { 204: z.undefined() } },
  }),
}
