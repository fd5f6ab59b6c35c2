import type { JsonObject } from '@flightiq/core'
import { expect } from 'vitest'
import { type RoleGrant, type Sandbox, type SandboxOptions, type SandboxTenant, startSandbox } from '../src/index.ts'
import { contractProblems, type Exchange } from './contract.ts'

/** An answer over HTTP. */
export interface Answer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into answers freely
  body: any
  headers: Headers
}

/** What a request carries beside method and path. */
export interface CallOptions {
  body?: unknown
  mediaType?: string
  token?: string
}

/** A sandbox and a client of one of its tenants. Each exchange is checked against the API descriptions. */
export interface Client {
  sandbox: Sandbox
  tenant: SandboxTenant
  /** The path of an environment below /v1: Development unless another is named. */
  in(environment?: string): string
  call(method: string, path: string, options?: CallOptions): Promise<Answer>
  /** What was sent and answered so far. */
  exchanges: Exchange[]
  stop(): Promise<void>
}

/** Asks for a token the way an application of that tenant does. */
export async function requestToken(sandbox: Sandbox, tenant: SandboxTenant): Promise<string> {
  const basic = tenant.authMethod === 'client_secret_basic'
  const form = new URLSearchParams({ grant_type: 'client_credentials' })
  if (!basic) {
    form.set('client_id', tenant.clientId)
    form.set('client_secret', tenant.clientSecret)
  }
  const headers: Record<string, string> = basic
    ? { authorization: `Basic ${Buffer.from(`${tenant.clientId}:${tenant.clientSecret}`).toString('base64')}` }
    : {}
  const answer = await fetch(`${sandbox.authUrl}/${tenant.environmentId}/as/token`, {
    method: 'POST',
    headers,
    body: form,
  })
  return ((await answer.json()) as { access_token: string }).access_token
}

/** Starts a sandbox without demo content, and a client of its first tenant. */
export async function startClient(options: SandboxOptions = {}, tenantIndex = 0): Promise<Client> {
  const sandbox = await startSandbox({ empty: true, rateLimitPerMinute: null, ...options })
  const tenant = sandbox.tenants[tenantIndex]!
  const token = await requestToken(sandbox, tenant)
  const exchanges: Exchange[] = []
  return {
    sandbox,
    tenant,
    exchanges,
    in: (environment = 'Development') =>
      `/v1/environments/${tenant.environments.find(({ name }) => name === environment)!.id}`,
    stop: () => sandbox.close(),
    call: async (method, path, { body, mediaType, token: other } = {}) => {
      const type = mediaType ?? (body === undefined ? undefined : 'application/json')
      const response = await fetch(`${sandbox.apiUrl}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${other ?? token}`,
          ...(type ? { 'content-type': type } : {}),
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await response.text()
      const answer = text === '' ? undefined : JSON.parse(text)
      const exchange = { method, path, mediaType: type, request: body, status: response.status, answer }
      exchanges.push(exchange)
      expect(contractProblems(exchange)).toEqual([])
      return { status: response.status, body: answer, headers: response.headers }
    },
  }
}

/** Roles by which a worker may do all that these tests do, in every environment of its organization. */
export const everything: RoleGrant[] = ['Organization Admin', 'Environment Admin', 'DaVinci Admin'].map((role) => ({
  role,
  scope: 'organization',
}))

/** A small graph: a page, a branch behind it, and a node that stores a variable. */
export function graph(): JsonObject {
  return {
    elements: {
      nodes: [
        {
          data: {
            id: 'pagenode01',
            nodeType: 'CONNECTION',
            connectorId: 'httpConnector',
            connectionId: '867ed4363b2bc21c860085ad2baa817d',
            name: 'Http',
            label: 'Http',
            status: 'configured',
            capabilityName: 'customHtmlMessage',
            type: 'trigger',
            properties: { message: { value: 'Welcome, {{global.variables.greeting}}' } },
          },
          position: { x: 277.1234567890123, y: 236 },
        },
        { data: { id: 'evalnode01', nodeType: 'EVAL', properties: { pagenode01: { value: 'allTriggersFalse' } } } },
      ],
      edges: [{ data: { id: 'edge000001', source: 'pagenode01', target: 'evalnode01' } }],
    },
  }
}
