/**
 * The limits PingOne sets, as data. Each names where it was read and when, because PingOne changes them.
 * All can be overridden when the sandbox is started.
 */
export interface Limit {
  value: number
  source: string
  /** When the source was read. */
  read: string
}

const flowLimits = 'PingOne DaVinci documentation, flow limits'
const read = '2026-11-23'

export const documentedLimits = {
  flows: { value: 100, source: flowLimits, read },
  connectorInstances: { value: 100, source: flowLimits, read },
  /** Kept per flow. PingOne doesn't say which go: the sandbox drops the oldest that is neither current nor published. */
  versions: { value: 100, source: flowLimits, read },
  /** Older copies of the page and the best practices say 100. */
  variables: { value: 200, source: `${flowLimits} (copy of 2026)`, read },
  variableBytes: { value: 1024 * 1024, source: `${flowLimits} (copy of 2026)`, read },
  /**
   * The page speaks of 10 MB for an API call when a flow runs, and names no other ceiling for a body. The sandbox
   * applies it to each request of the configuration API: larger ones are answered with 413.
   */
  bodyBytes: { value: 10 * 1024 * 1024, source: flowLimits, read },
  /** Per licence, shared by all its environments. */
  configurationRequestsPerMinute: { value: 600, source: 'PingOne rate limits, group rlgConfigRpm', read },
  tokenLifetimeSeconds: { value: 3600, source: 'PingOne API reference, access tokens of the platform', read },
} satisfies Record<string, Limit>

/** The limits in force in one sandbox. */
export type Limits = Record<keyof typeof documentedLimits, number>

/** The documented limits, with some replaced. */
export function limitsWith(overrides: Partial<Limits> = {}): Limits {
  const documented = Object.fromEntries(Object.entries(documentedLimits).map(([name, limit]) => [name, limit.value]))
  return { ...(documented as Limits), ...overrides }
}
