/** The typed client of FlightIQ's HTTP API, for the web app and the command line. */
import createClient, { type Client } from 'openapi-fetch'
import type { components, paths } from './schema.d.ts'

export type { components, paths } from './schema.d.ts'

/** The named shapes of the API: `Shapes['Plan']`. */
export type Shapes = components['schemas']
export type ApiClient = Client<paths>

/** A client of the console at `baseUrl` (empty: the page's own origin). Throws nothing by itself: look at `error`. */
export function createApiClient(baseUrl: string, options: { token?: string; fetch?: typeof fetch } = {}): ApiClient {
  return createClient<paths>({
    baseUrl,
    headers: { 'X-FlightIQ': '1', ...(options.token ? { Authorization: `Bearer ${options.token}` } : {}) },
    ...(options.fetch ? { fetch: options.fetch } : {}),
  })
}
