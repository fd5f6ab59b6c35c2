import type { Shapes } from '../api/client.ts'

/** What stands in the form, as typed. */
export interface TenantFields {
  name: string
  environmentId: string
  clientId: string
  clientSecret: string
  /** Empty: detected. `custom`: the hosts below. */
  region: '' | Shapes['Region'] | 'custom'
  authUrl: string
  apiUrl: string
  /** Empty: detected. */
  authMethod: '' | Shapes['TokenAuthMethod']
}

export type FieldErrors = Partial<Record<keyof TenantFields, string>>

/** The regions of PingOne, by the ending of its addresses. */
export const regions: { value: Shapes['Region']; label: string }[] = [
  { value: 'NA', label: 'North America (pingone.com)' },
  { value: 'EU', label: 'Europe (pingone.eu)' },
  { value: 'AP', label: 'Asia Pacific (pingone.asia)' },
  { value: 'AU', label: 'Australia (pingone.com.au)' },
  { value: 'CA', label: 'Canada (pingone.ca)' },
  { value: 'SG', label: 'Singapore (pingone.sg)' },
]

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** A pasted value without the blanks and quotes that come along from documents and JSON. */
export function tidy(pasted: string): string {
  return pasted
    .trim()
    .replace(/^["'“”„`]+|["'“”„`,;]+$/g, '')
    .trim()
}

/** The form of a tenant that is there already; the secret is never known. */
export function fieldsOf(tenant?: Shapes['Tenant']): TenantFields {
  return {
    name: tenant?.name ?? '',
    environmentId: tenant?.environmentId ?? '',
    clientId: tenant?.clientId ?? '',
    clientSecret: '',
    region: tenant?.hosts ? 'custom' : (tenant?.region ?? ''),
    authUrl: tenant?.hosts?.authUrl ?? '',
    apiUrl: tenant?.hosts?.apiUrl ?? '',
    authMethod: tenant?.authMethod ?? '',
  }
}

/** What is wrong with the fields, in words. A tenant that has a secret may leave it empty. */
export function errorsOf(fields: TenantFields, hasSecret: boolean): FieldErrors {
  const errors: FieldErrors = {}
  if (tidy(fields.name) === '') errors.name = 'Give the tenant a name.'
  const environmentId = idError(fields.environmentId, 'environment ID')
  if (environmentId) errors.environmentId = environmentId
  const clientId = idError(fields.clientId, 'client ID')
  if (clientId) errors.clientId = clientId
  if (!hasSecret && tidy(fields.clientSecret) === '') errors.clientSecret = 'Enter the client secret.'
  if (fields.region === 'custom') {
    const authUrl = hostError(fields.authUrl)
    if (authUrl) errors.authUrl = authUrl
    const apiUrl = hostError(fields.apiUrl)
    if (apiUrl) errors.apiUrl = apiUrl
  }
  return errors
}

/** What is wrong with an id while it is being typed: nothing as long as it can still become one. */
export function typingError(value: string): string | undefined {
  const typed = tidy(value)
  if (typed === '' || uuid.test(typed)) return undefined
  if (/[^0-9a-f-]/i.test(typed)) return `“${/[^0-9a-f-]/i.exec(typed)?.[0]}” cannot be part of an ID.`
  return typed.length > 36 ? 'This is longer than an ID: 36 characters, such as 0f6b…-….' : undefined
}

function idError(value: string, what: string): string | undefined {
  const typed = tidy(value)
  if (typed === '') return `Enter the ${what}.`
  return uuid.test(typed) ? undefined : `The ${what} is a UUID of 36 characters: 8-4-4-4-12 of 0–9 and a–f.`
}

function hostError(value: string): string | undefined {
  const typed = tidy(value)
  if (!URL.canParse(typed) || !/^https?:$/.test(new URL(typed).protocol)) {
    return 'Enter an address such as https://auth.example.com.'
  }
  return new URL(typed).pathname === '/' ? undefined : 'Only the host, without a path.'
}

/** The body of a request to save the fields. Leave out what is detected, and a secret that stays. */
export function requestOf(fields: TenantFields): Shapes['TenantChange'] {
  const secret = tidy(fields.clientSecret)
  return {
    name: fields.name.trim(),
    environmentId: tidy(fields.environmentId).toLowerCase(),
    clientId: tidy(fields.clientId).toLowerCase(),
    ...(secret === '' ? {} : { clientSecret: secret }),
    ...(fields.region === 'custom'
      ? { hosts: { authUrl: new URL(tidy(fields.authUrl)).origin, apiUrl: new URL(tidy(fields.apiUrl)).origin } }
      : fields.region === ''
        ? {}
        : { region: fields.region }),
    ...(fields.authMethod === '' ? {} : { authMethod: fields.authMethod }),
  }
}
