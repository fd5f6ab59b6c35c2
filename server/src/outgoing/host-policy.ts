import { type CheckedHost, checkHost, hostsOfRegion, regions } from '@flightiq/pingone'
import { ProblemError } from '../problems/problem-error.ts'

/** A host that the operator allows: a name, or all names below one; without a port the one of its scheme. */
interface AllowedHost {
  name: string
  below: boolean
  /** `*`: any. */
  port: string
}

const pingOneHosts = regions
  .map(hostsOfRegion)
  .flatMap(({ authUrl, apiUrl }) => [authUrl, apiUrl])
  .map((url) => new URL(url).host)

/**
 * Which hosts FlightIQ calls: PingOne's, and those that the operator allows. Every address that a person can enter
 * passes here when it is saved, and again each time before it is called.
 */
export class HostPolicy {
  readonly #allowed: AllowedHost[]

  /**
   * Takes what the operator allows: `login.example.com`, `*.example.com` (all below it), `127.0.0.1:4700`, `localhost:*`.
   * Throws a ProblemError ALLOWED_HOSTS_INVALID.
   */
  constructor(allowed: readonly string[] = []) {
    this.#allowed = [...pingOneHosts, ...allowed].map(parseAllowed)
  }

  /** Allows the host of an address that the operator's own settings name. */
  allow(url: string): void {
    this.#allowed.push(parseAllowed(new URL(url).host))
  }

  /**
   * Checks an absolute address (its path doesn't matter); `pointer` names the field that it was entered in. Throws a
   * ProblemError HOST_NOT_ALLOWED, or a ConfigurationError HOST_REFUSED for one that is none: not encrypted, with
   * credentials, an address of a private network.
   */
  check(url: string, pointer?: string): CheckedHost {
    const checked = checkHost(withoutPath(url))
    const { hostname, port, host, protocol } = new URL(checked.origin)
    if (this.#allowed.some((allowed) => fits(allowed, hostname, port, protocol))) return checked
    throw new ProblemError({
      status: 422,
      code: 'HOST_NOT_ALLOWED',
      detail: `FlightIQ may not call ${host}: it is none of PingOne's hosts, and nobody has allowed it.`,
      nextStep: `Choose a region, or have whoever runs FlightIQ add ${host} to FLIGHTIQ_ALLOWED_HOSTS.`,
      ...(pointer === undefined ? {} : { errors: [{ pointer, message: 'This host is not allowed.' }] }),
    })
  }
}

/** The hosts in a setting's text: separated by commas, spaces around them don't matter. */
export function allowedHostsIn(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
}

const entryPattern = /^(\*\.)?([^*/@:?#\s]+|\[[0-9a-f:.]+\])(?::(\d{1,5}|\*))?$/i

function parseAllowed(entry: string): AllowedHost {
  const [, below, name = '', port = ''] = entryPattern.exec(entry) ?? []
  const address = `https://${name}`
  if (name === '' || !URL.canParse(address)) {
    throw new ProblemError({
      status: 500,
      code: 'ALLOWED_HOSTS_INVALID',
      detail: `"${entry}" among the allowed hosts is no host name.`,
      nextStep: 'Write names as login.example.com, *.example.com or 127.0.0.1:4700, separated by commas.',
    })
  }
  return { name: new URL(address).hostname, below: below !== undefined, port }
}

function fits({ name, below, port }: AllowedHost, hostname: string, wantedPort: string, protocol: string): boolean {
  const sameName = below ? hostname.endsWith(`.${name}`) : hostname === name
  const samePort = port === wantedPort || (wantedPort === '' && port === (protocol === 'https:' ? '443' : '80'))
  return sameName && (samePort || port === '*')
}

function withoutPath(url: string): string {
  return URL.canParse(url) ? Object.assign(new URL(url), { pathname: '/', search: '', hash: '' }).href : url
}
