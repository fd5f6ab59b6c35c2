import { isIP } from 'node:net'
import { ProblemError } from '../problems/problem-error.ts'
import { isLoopbackHost } from './guards.ts'

/** The address under which browsers reach the console. Throws a ProblemError PUBLIC_URL_INVALID. */
export function parsePublicUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const encrypted = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackHost(url.hostname))
  if (url && encrypted && url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '')
    return url
  throw new ProblemError({
    status: 500,
    code: 'PUBLIC_URL_INVALID',
    detail: `"${text}" can't be the public address of the console.`,
    nextStep: 'Set FLIGHTIQ_PUBLIC_URL to scheme and host alone, with https: https://flightiq.example.com',
  })
}

const namedNetworks = new Set(['loopback', 'linklocal', 'uniquelocal'])

/** Addresses and networks of proxies, as given. Throws a ProblemError TRUSTED_PROXIES_INVALID. */
export function checkProxies(proxies: readonly string[]): string[] {
  const wrong = proxies.find((proxy) => {
    const [address = '', bits, ...more] = proxy.split('/')
    const version = isIP(address)
    const network = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
    return !namedNetworks.has(proxy) && (version === 0 || !network || more.length > 0)
  })
  if (wrong === undefined) return [...proxies]
  throw new ProblemError({
    status: 500,
    code: 'TRUSTED_PROXIES_INVALID',
    detail: `"${wrong}" among the trusted proxies is neither an address nor a network.`,
    nextStep: 'Write them as 10.0.0.7 or 10.0.0.0/24, separated by commas.',
  })
}
