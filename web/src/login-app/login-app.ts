import { queryOptions } from '@tanstack/react-query'
import { answerOf, api, type Shapes } from '../api/client.ts'
import { tidy, typingError } from '../tenants/tenant-fields.ts'

export type LoginApp = Shapes['LoginApp']

/** The login app, if there is one. */
export const loginAppQuery = queryOptions({
  queryKey: ['loginApp'],
  queryFn: ({ signal }) => answerOf(api.GET('/api/login-app', { signal })),
})

/** Where PingOne sends people back to: the address of this console as it is used right now. */
export const redirectUri = (): string => `${location.origin}/auth/callback`

/** What stands in the form, as typed. */
export interface LoginAppFields {
  authBaseUrl: string
  environmentId: string
  clientId: string
  clientSecret: string
  scopes: string
}

export type LoginAppErrors = Partial<Record<keyof LoginAppFields, string>>

const authHosts: Record<Shapes['Region'], string> = {
  NA: 'https://auth.pingone.com',
  EU: 'https://auth.pingone.eu',
  AP: 'https://auth.pingone.asia',
  AU: 'https://auth.pingone.com.au',
  CA: 'https://auth.pingone.ca',
  SG: 'https://auth.pingone.sg',
}

/** The auth hosts of PingOne's regions. */
export const knownAuthHosts = Object.values(authHosts)

/** The form: what is saved, or for a first login app what follows from a tenant. The secret is never known. */
export function loginAppFieldsOf(saved: LoginApp | undefined, tenant: Shapes['Tenant'] | undefined): LoginAppFields {
  if (saved) {
    const { authBaseUrl, environmentId = '', clientId, scopes } = saved
    return { authBaseUrl, environmentId, clientId, clientSecret: '', scopes }
  }
  return {
    authBaseUrl: tenant?.hosts?.authUrl ?? (tenant?.region ? authHosts[tenant.region] : ''),
    environmentId: tenant?.environmentId ?? '',
    clientId: '',
    clientSecret: '',
    scopes: 'openid profile email',
  }
}

/** What is wrong with the fields, in words. One that has a secret may leave it empty. */
export function loginAppErrorsOf(fields: LoginAppFields, hasSecret: boolean): LoginAppErrors {
  const errors: LoginAppErrors = {}
  const address = tidy(fields.authBaseUrl)
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
    errors.authBaseUrl = 'Enter an address such as https://auth.pingone.eu.'
  } else if (new URL(address).pathname !== '/') {
    errors.authBaseUrl = 'Only the host, without a path: the environment ID goes into its own field.'
  } else if (tidy(fields.environmentId) === '' && knownAuthHosts.includes(new URL(address).origin)) {
    errors.environmentId = 'Enter the environment ID. Only an own domain does without.'
  }
  const environmentId = tidy(fields.environmentId)
  if (environmentId !== '' && (typingError(environmentId) || environmentId.length !== 36)) {
    errors.environmentId = 'The environment ID is a UUID of 36 characters: 8-4-4-4-12 of 0–9 and a–f.'
  }
  if (tidy(fields.clientId) === '') errors.clientId = 'Enter the client ID.'
  if (!hasSecret && tidy(fields.clientSecret) === '') errors.clientSecret = 'Enter the client secret.'
  if (!fields.scopes.split(/\s+/).includes('openid')) errors.scopes = 'The scope openid has to be among them.'
  return errors
}

/** The body of a request to save the fields. */
export function loginAppRequestOf(fields: LoginAppFields): Shapes['LoginAppChange'] {
  const environmentId = tidy(fields.environmentId).toLowerCase()
  const clientSecret = tidy(fields.clientSecret)
  return {
    authBaseUrl: new URL(tidy(fields.authBaseUrl)).origin,
    clientId: tidy(fields.clientId),
    redirectUri: redirectUri(),
    scopes: fields.scopes.trim().split(/\s+/).join(' '),
    ...(environmentId === '' ? {} : { environmentId }),
    ...(clientSecret === '' ? {} : { clientSecret }),
  }
}
