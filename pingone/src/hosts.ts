import { isIP } from 'node:net'
import { ConfigurationError } from './errors.ts'

/** The regions of PingOne with the top-level domain of their hosts (PingOne API reference, working with PingOne APIs). */
const topLevelDomains = { NA: 'com', EU: 'eu', AP: 'asia', AU: 'com.au', CA: 'ca', SG: 'sg' } as const
export type Region = keyof typeof topLevelDomains
export const regions = Object.keys(topLevelDomains) as readonly Region[]

/** Where a tenant is reached. Absolute addresses without a path. */
export interface Hosts {
  authUrl: string
  apiUrl: string
  /** Whether the token endpoint's path begins with the environment id (default). False for a custom auth domain, which belongs to one environment. */
  environmentInAuthPath?: boolean
  /** Lets a custom host resolve to an address of a private network. Link-local (metadata) addresses stay refused. */
  allowPrivateAddresses?: boolean
}

/** The hosts of a region. */
export function hostsOfRegion(region: Region): Hosts {
  const domain = topLevelDomains[region]
  return { authUrl: `https://auth.pingone.${domain}`, apiUrl: `https://api.pingone.${domain}` }
}

/** A host that passed the checks. */
export interface CheckedHost {
  origin: string
  /** Named as loopback by its own address: the sandbox, say. */
  loopback: boolean
  allowPrivateAddresses: boolean
}

/**
 * Checks a configured address. Takes an absolute URL without path, query or credentials; https, or http to this very
 * machine. Throws a ConfigurationError.
 */
export function checkHost(url: string, allowPrivateAddresses = false): CheckedHost {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed === undefined) throw refusedHost(url, 'it is not an absolute address')
  if (parsed.username !== '' || parsed.password !== '')
    throw refusedHost(parsed.host, 'it carries a user name or password')
  if (parsed.pathname !== '/' || parsed.search !== '' || parsed.hash !== '') {
    throw refusedHost(parsed.host, 'it has a path, and only scheme, host and port belong there')
  }
  const host = parsed.hostname.replace(/^\[|\]$/g, '')
  const loopback = host === 'localhost' || isLoopback(host)
  if (parsed.protocol !== 'https:' && !(parsed.protocol === 'http:' && loopback)) {
    throw refusedHost(parsed.host, 'it must begin with https:// (http:// only for this very machine)')
  }
  if (isIP(host) !== 0 && !loopback) {
    const reason = refusedAddress(host, allowPrivateAddresses)
    if (reason !== undefined) throw refusedHost(parsed.host, reason)
  }
  return { origin: parsed.origin, loopback, allowPrivateAddresses }
}

function refusedHost(host: string, why: string): ConfigurationError {
  return new ConfigurationError({
    code: 'HOST_REFUSED',
    message: `The address "${host}" is refused: ${why}.`,
    nextStep: 'Give an address such as https://auth.example.com, or choose a region.',
  })
}

function isLoopback(address: string): boolean {
  return address === '::1' || (isIP(address) === 4 && address.startsWith('127.'))
}

/**
 * Why a connection to an IP address is refused, or undefined when it is fine. Keeps a name that resolves to an inner
 * address (a cloud's metadata service, say) from being called with credentials.
 */
export function refusedAddress(address: string, allowPrivate: boolean): string | undefined {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  const plain = (mapped ?? address).toLowerCase()
  if (isIP(plain) === 4) {
    const [first = 0, second = 0] = plain.split('.').map(Number)
    if (first === 169 && second === 254) return 'it is a link-local address'
    if (first === 0 || first >= 224) return 'it is no address of a host'
    const inner =
      first === 10 ||
      first === 127 ||
      (first === 172 && second >= 16 && second <= 31) ||
      (first === 192 && second === 168) ||
      (first === 100 && second >= 64 && second <= 127)
    return inner && !allowPrivate ? 'it is an address of a private network' : undefined
  }
  if (plain === '::' || plain.startsWith('ff')) return 'it is no address of a host'
  if (/^fe[89ab]/.test(plain)) return 'it is a link-local address'
  if ((plain === '::1' || /^f[cd]/.test(plain)) && !allowPrivate) return 'it is an address of a private network'
  return undefined
}
