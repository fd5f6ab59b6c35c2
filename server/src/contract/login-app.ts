import { z } from 'zod'
import { defineRoute } from './route.ts'

const loginAppFields = {
  authBaseUrl: z
    .url()
    .max(500)
    .describe('`https://auth.pingone.eu`, the auth host of another region, or a custom domain of PingOne.'),
  environmentId: z
    .uuid()
    .optional()
    .describe('The environment that the login app lives in. Absent: a custom domain, whose issuer is `<address>/as`.'),
  clientId: z.string().trim().min(1).max(256),
  redirectUri: z.url().max(1000).describe('`https://<this console>/auth/callback`, exactly as in the login app.'),
  scopes: z
    .string()
    .trim()
    .min(1)
    .max(500)
    .default('openid profile email')
    .describe('Separated by blanks; with `openid`.'),
}

export const loginAppSchema = z
  .object({
    ...loginAppFields,
    secretSetAt: z.string(),
    secretSetBy: z.string().optional(),
    updatedAt: z.string(),
    worksSince: z.string().optional().describe('ISO 8601: since then an administrator has signed in through it.'),
  })
  .meta({ id: 'LoginApp' })
export type LoginApp = z.infer<typeof loginAppSchema>

export const loginAppChangeSchema = z
  .object({
    ...loginAppFields,
    clientSecret: z.string().min(1).max(1024).optional().describe('Write-only. Absent: the saved one stays.'),
  })
  .meta({ id: 'LoginAppChange' })
export type LoginAppChange = z.infer<typeof loginAppChangeSchema>

export const loginAppTestSchema = z
  .object({
    ok: z.boolean(),
    checks: z.array(
      z.object({ name: z.string(), outcome: z.enum(['passed', 'failed', 'skipped']), detail: z.string() }),
    ),
    explanation: z.string(),
    nextStep: z.string().optional(),
  })
  .meta({ id: 'LoginAppTest' })
export type LoginAppTest = z.infer<typeof loginAppTestSchema>

export const loginAppRoutes = {
  getLoginApp: defineRoute({
    operationId: 'getLoginApp',
    method: 'GET',
    url: '/api/login-app',
    summary: 'The login app, through which people sign in.',
    tag: 'session',
    permission: 'configure',
    schema: { response: { 200: z.object({ loginApp: loginAppSchema.optional() }).meta({ id: 'LoginAppState' }) } },
  }),
  saveLoginApp: defineRoute({
    operationId: 'saveLoginApp',
    method: 'PUT',
    url: '/api/login-app',
    summary: 'Saves the login app. From then on everybody has to sign in.',
    tag: 'session',
    permission: 'configure',
    audit: 'loginApp.saved',
    schema: { body: loginAppChangeSchema, response: { 200: loginAppSchema } },
  }),
  testLoginApp: defineRoute({
    operationId: 'testLoginApp',
    method: 'POST',
    url: '/api/login-app/test',
    summary: 'Tries the saved login app as far as that is possible without a person.',
    tag: 'session',
    permission: 'configure',
    audit: 'loginApp.tested',
    callsPerMinute: 10,
    schema: { response: { 200: loginAppTestSchema } },
  }),
  removeLoginApp: defineRoute({
    operationId: 'removeLoginApp',
    method: 'DELETE',
    url: '/api/login-app',
    summary: 'Removes the login app and ends all sessions of people.',
    tag: 'session',
    permission: 'configure',
    audit: 'loginApp.removed',
    schema: { response: { 204: z.undefined() } },
  }),
}
