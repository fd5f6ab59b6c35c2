import { z } from 'zod'
import { derivedUuid } from '../load/derived-ids.ts'

/** A web application through which people sign on (in PingOne: type OIDC Web App). */
export interface LoginApplication {
  clientId: string
  clientSecret: string
  name: string
  environmentId: string
  /** An application that is switched off is unknown to the sign-on. */
  enabled: boolean
  redirectUris: string[]
  postLogoutRedirectUris: string[]
}

const address = z.string().regex(/^https?:\/\/[^#\s]+$/, 'must be an address without a fragment')

/** What can be changed of a login application. */
export const loginApplicationChangeSchema = z.strictObject({
  enabled: z.boolean().optional(),
  clientSecret: z.string().min(1).optional(),
  redirectUris: z.array(address).min(1).optional(),
  postLogoutRedirectUris: z.array(address).optional(),
})

/** A change of a login application: what is left out stays. */
export type LoginApplicationChange = z.input<typeof loginApplicationChangeSchema>

/** The login application of an environment, as the sandbox starts with it. Its id follows from the environment's. */
export function firstLoginApplication(environmentId: string, clientSecret: string): LoginApplication {
  return {
    clientId: derivedUuid('login application', environmentId),
    clientSecret,
    name: 'FlightIQ User Login',
    environmentId,
    enabled: true,
    redirectUris: ['http://127.0.0.1:*/auth/callback', 'http://localhost:*/auth/callback'],
    postLogoutRedirectUris: ['http://127.0.0.1:*/*', 'http://localhost:*/*'],
  }
}

/**
 * Whether an address is one of those that were registered: exactly, but that `:*` stands for any port of this machine,
 * since consoles of demos and tests listen wherever there is room, and a last `/*` for any path there.
 */
export function isRegistered(address: string, registered: readonly string[]): boolean {
  return registered.includes(address) || registered.some((pattern) => matchesLoopback(address, pattern))
}

function matchesLoopback(address: string, pattern: string): boolean {
  const [, start, path] = /^(http:\/\/(?:127\.0\.0\.1|localhost)):\*(\/.*)$/.exec(pattern) ?? []
  if (start === undefined || path === undefined || !URL.canParse(address)) return false
  const url = new URL(address)
  // What the parser would straighten out (user names, dot segments, fragments) is not what was registered.
  if (![address, `${address}/`].includes(url.href) || url.hash !== '' || `${url.protocol}//${url.hostname}` !== start)
    return false
  return path === '/*' || `${url.pathname}${url.search}` === path
}
