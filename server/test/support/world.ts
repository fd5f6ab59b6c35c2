import { type Sandbox, startSandbox } from '@flightiq/sandbox'
import { expect } from 'vitest'
import type { ComparisonReport, PlanRecord, Problem, Run, Tenant } from '../../src/index.ts'
import { openServices, type RunningServer, type ServiceSettings, type Services, startServer } from '../../src/index.ts'
import { openChoices } from './choices.ts'
import { fill } from './content.ts'
import type { DatabaseKind, TestDatabase } from './databases.ts'
import { type Gate, startGate } from './gate.ts'

export interface Answer<Body> {
  status: number
  headers: Headers
  body: Body
  text: string
}

/** A sandbox with content, a gate before it, and a server on an empty database. */
export interface World {
  sandbox: Sandbox
  gate: Gate
  flows: ReturnType<typeof fill>
  database: TestDatabase
  services: Services
  server: RunningServer
  /** Lines of the log. */
  log: string[]
  /** Everything that the server answered. */
  answers: string[]
  tenant: Tenant
  call<Body = Problem>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer<Body>>
  /** A path below the tenant. */
  at(path: string): string
  compare(from?: string, to?: string): Promise<ComparisonReport>
  plan(selection?: object, options?: object): Promise<PlanRecord>
  /** A plan in which everything is decided: what is missing is created. */
  decidedPlan(selection?: object, options?: object): Promise<PlanRecord>
  start(planId: string): Promise<Run>
  /** Waits until the run has ended. */
  ended(runId: string): Promise<Run>
  /** Closes the server and opens one on the same database. */
  reopen(): Promise<void>
  close(): Promise<void>
}

export const masterKey = Buffer.alloc(32, 7).toString('base64')

/** Where sandboxes and gates of tests serve. */
export const loopbackHosts = ['127.0.0.1:*']

export async function startWorld(kind: DatabaseKind, settings: ServiceSettings = {}): Promise<World> {
  const sandbox = await startSandbox({ port: 0, demo: false, rateLimitPerMinute: null })
  const flows = fill(sandbox)
  const gate = await startGate(sandbox.apiUrl)
  const database = await kind.make()
  const log: string[] = []
  const open = async () => {
    const services = await openServices({
      ...database.settings,
      masterKey,
      allowedHosts: loopbackHosts,
      client: { requestsPerMinute: null, retry: { baseMilliseconds: 20 } },
      leaseSeconds: 2,
      ...settings,
    })
    const stream = { write: (line: string) => log.push(line) }
    const server = await startServer({
      services,
      port: 0,
      requestsPerMinute: 100_000,
      log: { level: 'debug', stream },
    })
    return { services, server }
  }
  const { services, server } = await open()
  const world: World = {
    sandbox,
    gate,
    flows,
    database,
    services,
    server,
    log,
    answers: [],
    tenant: undefined as unknown as Tenant,
    call: async (method, path, body, headers = {}) => {
      const response = await fetch(world.server.url + path, {
        method,
        headers: {
          'x-flightiq': '1',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await response.text()
      world.answers.push(text)
      const json = /[/+]json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : undefined
      return { status: response.status, headers: response.headers, body: json, text }
    },
    at: (path) => `/api/tenants/${world.tenant.id}${path}`,
    compare: async (from = 'Development', to = 'Production') => {
      const path = world.at(`/comparison?from=env:${from}&to=env:${to}&refresh=true`)
      return expectStatus(await world.call<ComparisonReport>('GET', path), 200)
    },
    plan: async (selection = { all: true }, options = {}) => {
      const body = { from: 'env:Development', to: 'env:Production', selection, options }
      return expectStatus(await world.call<PlanRecord>('POST', world.at('/plans'), body), 201)
    },
    decidedPlan: async (selection, options) => {
      const record = await world.plan(selection, options)
      const choices = openChoices(record.plan)
      if (choices.length === 0) return record
      const path = world.at(`/plans/${record.id}/choices`)
      return expectStatus(await world.call<PlanRecord>('POST', path, { choices }), 201)
    },
    start: async (planId) => expectStatus(await world.call<Run>('POST', world.at(`/plans/${planId}/runs`)), 202),
    ended: async (runId) => {
      const events = await world.call<undefined>('GET', world.at(`/runs/${runId}/events`))
      expect(events.status).toBe(200)
      return expectStatus(await world.call<Run>('GET', world.at(`/runs/${runId}`)), 200)
    },
    reopen: async () => {
      await world.server.close()
      await world.services.close()
      Object.assign(world, await open())
    },
    close: async () => {
      gate.open()
      await world.server.close()
      await world.services.close()
      await gate.close()
      await sandbox.close()
      await database.remove()
    },
  }
  world.tenant = expectStatus(await world.call<Tenant>('POST', '/api/tenants', newTenant(world)), 201)
  return world
}

/** A tenant as a person enters it, reached through the gate. */
export function newTenant({ sandbox, gate }: Pick<World, 'sandbox' | 'gate'>, name = 'Northwind') {
  const { environmentId, clientId, clientSecret } = sandbox.tenants[0]!
  const hosts = { authUrl: gate.url, apiUrl: gate.url }
  return { name, environmentId, clientId, clientSecret, hosts }
}

export function expectStatus<Body>(answer: Answer<Body>, status: number): Body {
  expect({ status: answer.status, ...(answer.status === status ? {} : { text: answer.text }) }).toEqual({ status })
  return answer.body
}

/** The data of an event stream. */
export function eventsIn<Event>(text: string): Event[] {
  return text.split('\n').flatMap((line) => (line.startsWith('data: ') ? [JSON.parse(line.slice(6)) as Event] : []))
}
