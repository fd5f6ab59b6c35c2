import { BlockList, isIP } from 'node:net'
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

/** Networks that no host of the internet has (IANA special-purpose address registries, RFC 6890). */
const linkLocal = blockList('169.254.0.0/16', 'fe80::/10')
const privateNetworks = blockList(
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '::1/128',
  'fc00::/7',
  'fec0::/10',
)
const noHosts = blockList('0.0.0.0/8', '192.0.0.0/24', '224.0.0.0/3', '::/128', 'ff00::/8')
/** Addresses that stand for an IPv4 address, which could be an inner one. */
const wrapping = blockList('::/96', '64:ff9b:1::/48', '2001::/32', '2002::/16')

function blockList(...networks: string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', length] = network.split('/')
    const bits = Number(length)
    if (address.includes(':')) list.addSubnet(address, bits, 'ipv6')
    else {
      list.addSubnet(address, bits, 'ipv4')
      // Networks with IPv6 alone reach IPv4 hosts as this (NAT64, RFC 6052).
      list.addSubnet(`64:ff9b::${address}`, 96 + bits, 'ipv6')
    }
  }
  return list
}

/**
 * Why a connection to an IP address is refused, or undefined when it is fine. Keeps a name that resolves to an inner
 * address (a cloud's metadata service, say) from being called with credentials.
 */
export function refusedAddress(address: string, allowPrivate: boolean): string | undefined {
  // A list knows IPv4 addresses in their IPv6 form, too.
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  const isIn = (list: BlockList) => list.check(address, family)
  if (isIn(linkLocal)) return 'it is a link-local address'
  if (isIn(noHosts)) return 'it is no address of a host'
  if (isIn(privateNetworks)) return allowPrivate ? undefined : 'it is an address of a private network'
  return isIn(wrapping) ? 'it stands for another address' : undefined
}
