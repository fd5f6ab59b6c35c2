import type { Claims } from '../people/roles.ts'

/** Who has signed in, as the login app's tokens say. */
export interface Identity {
  issuer: string
  subject: string
  name: string
  email?: string
  claims: Claims
}

/** Claims about the token, not about the person. */
const ofToken = new Set(
  [
    'iss',
    'aud',
    'exp',
    'iat',
    'nbf',
    'jti',
    'nonce',
    'azp',
    'auth_time',
    'at_hash',
    'c_hash',
    's_hash',
    'sid',
    'acr',
  ].concat(['amr', 'rt_hash', 'client_id']),
)

const claimName = /^[\w.:/@-]{1,100}$/
const mostClaims = 60
const mostValues = 500
const longestValue = 500

/**
 * Who an id token and the answer of the userinfo endpoint speak of. What the token says comes first: it is signed.
 * Of claims those are kept that are texts, numbers, truth values, or lists of them, up to a bound.
 */
export function identityOf(idToken: Record<string, unknown>, userInfo: Record<string, unknown>): Identity {
  const all: Record<string, unknown> = { ...userInfo, ...idToken }
  const email = textOf(all.email)
  const full = [textOf(all.given_name), textOf(all.family_name)].filter((part) => part !== undefined).join(' ')
  const subject = String(idToken.sub)
  const names = [textOf(all.name), full, textOf(all.preferred_username), email, subject]
  return {
    issuer: String(idToken.iss),
    subject,
    name: (names.find((name) => name) ?? '').slice(0, 200),
    ...(email === undefined ? {} : { email }),
    claims: claimsIn(all),
  }
}

function claimsIn(all: Record<string, unknown>): Claims {
  // Whoever may write their own address into their account could take somebody else's: unproven, it gives no role.
  const unproven = all.email_verified === false || all.email_verified === 'false'
  const entries = Object.entries(all).flatMap(([name, value]): [string, string[]][] => {
    if (ofToken.has(name) || !claimName.test(name) || name === '__proto__') return []
    if (name === 'email' && unproven) return []
    const values = [value].flat().flatMap(textsIn).slice(0, mostValues)
    return values.length === 0 ? [] : [[name, values]]
  })
  return Object.fromEntries(entries.slice(0, mostClaims))
}

function textsIn(value: unknown): string[] {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return []
  const text = String(value)
  return text !== '' && text.length <= longestValue ? [text] : []
}

function textOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  return text !== '' && text.length <= longestValue ? text : undefined
}
