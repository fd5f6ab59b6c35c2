import Fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { refuseUndeclaredRoutes } from '../src/http/declared.ts'
import { contract, type Permission, type RoleScope, type RouteDeclaration, scopeOf } from '../src/index.ts'
import { type Caller, type Parameters, type PreparedWorld, prepareCallers } from './support/callers.ts'
import { databases } from './support/databases.ts'
import { startWorld, type World } from './support/world.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const kinds = databases()

afterAll(async () => {
  for (const kind of kinds) await kind.stop()
})

/** What each role may do, written a second time: a slip in the first would otherwise go with both. */
const allowed: Record<RoleScope['role'], Permission[]> = {
  viewer: ['read'],
  operator: ['read', 'plan', 'run'],
  approver: ['read', 'approve'],
  admin: ['read', 'plan', 'run', 'approve', 'configure'],
}

/** Whether roles let somebody through to a route, by its declaration alone. */
function letsThrough(roles: RoleScope[], route: RouteDeclaration, tenantId: string): boolean {
  const { permission } = route
  if (permission === 'public' || permission === 'signedIn') return true
  return roles.some((held) => {
    if (!allowed[held.role].includes(permission)) return false
    const everywhere = held.tenantId === undefined && held.environmentId === undefined
    const inTenant = everywhere || held.tenantId === tenantId
    const byScope = {
      installation: everywhere,
      tenant: inTenant && held.environmentId === undefined,
      environment: inTenant,
      anywhere: true,
    }
    return byScope[scopeOf(route)]
  })
}

/** What a caller is to be answered: a status and code, or `through`. */
function expectedOf(caller: Caller, route: RouteDeclaration, tenantId: string): string {
  if (caller.forged && route.method !== 'GET') return `403 ${caller.forged}`
  // A page of the browser's own leads to the sign-in page, which says why; its answer lets nobody in.
  if (caller.unknown && (route.permission !== 'public' || (caller.token && !route.redirects))) {
    return `401 ${caller.unknown}`
  }
  if (letsThrough(caller.roles ?? [], route, tenantId)) return 'through'
  return '403 PERMISSION_MISSING'
}

const refusals = new Set(['HEADER_MISSING', 'ORIGIN_FOREIGN', 'PERMISSION_MISSING'])

describe.each(kinds)('every route on $name', (kind) => {
  let world: World
  let prepared: PreparedWorld
  let hours = 0
  beforeAll(async () => {
    world = await startWorld(kind, { now: () => new Date(Date.now() + hours * 3_600_000) })
    prepared = await prepareCallers(world, (more) => {
      hours += more
    })
  })
  afterAll(() => world.close())

  async function call(caller: Caller, route: RouteDeclaration, parameters: Parameters) {
    const changes = route.method !== 'GET'
    const response = await fetch(world.server.url + addressOf(route, parameters), {
      method: route.method,
      redirect: 'manual',
      headers: { ...caller.headers(), ...(changes ? { 'content-type': 'application/json' } : {}) },
      // Who isn't let through isn't told what is wrong with it; for the others it is mostly too little.
      ...(changes && route.schema.body ? { body: '{}' } : {}),
    })
    const text = await response.text()
    const json = response.headers.get('content-type')?.includes('json') && text !== ''
    const code = json ? (JSON.parse(text) as { code?: string }).code : undefined
    const refused = response.status === 401 || (response.status === 403 && refusals.has(code ?? ''))
    return { status: response.status, outcome: refused ? `${response.status} ${code}` : 'through', text }
  }

  /** Calls every route as somebody, and tells what was not as expected. */
  async function surprises(
    caller: Caller,
    parameters: Parameters,
    check: (route: RouteDeclaration, answer: Awaited<ReturnType<typeof call>>) => unknown,
  ): Promise<unknown[]> {
    const found: unknown[] = []
    for (const route of contract) {
      const answer = await call(caller, route, parameters)
      const surprise = check(route, answer)
      if (surprise !== undefined) found.push({ route: `${route.method} ${route.url}`, surprise })
      if (route.method !== 'GET' && answer.outcome === 'through') await prepared.repair()
    }
    return found
  }

  it('can be called: what its parameters are called is known here', () => {
    const names = contract.flatMap(({ url }) => [...url.matchAll(/:(\w+)/g)].map(([, name]) => name!))
    expect([...new Set(names)].filter((name) => !(name in prepared.there))).toEqual([])
  })

  // Known before the world is: each is a test of its own.
  const titles = [
    'anonymous',
    'a session that has expired',
    'a session that was ended',
    'an API token that has expired',
    'an API token that was revoked',
    'an API token that never was one',
    'a person without a role',
    'a viewer',
    'an approver',
    'an operator',
    'a viewer of the tenant',
    'an operator of the tenant',
    'an operator of another tenant',
    'an administrator of another tenant',
    "an operator's API token to view",
    'an administrator without the header X-FlightIQ',
    'an administrator on a foreign page',
    'an administrator of the tenant',
    "an administrator's API token",
    'an administrator',
  ]
  const ofOneEnvironment = [
    'a viewer of one environment',
    'an operator of one environment',
    'an administrator of one environment',
  ]

  it('is tried by all callers', () => {
    expect([...prepared.callers.keys()].toSorted()).toEqual([...titles, ...ofOneEnvironment].toSorted())
  })

  it.each(titles)('answers %s as its declaration says', async (title) => {
    const caller = prepared.callers.get(title)!
    const found = await surprises(caller, prepared.there, (route, { outcome, status, text }) => {
      const expected = expectedOf(caller, route, prepared.there.tenantId!)
      if (outcome !== expected) return { expected, outcome, text: text.slice(0, 300) }
      return status >= 500 ? { status, text: text.slice(0, 300) } : undefined
    })
    expect(found).toEqual([])
  })

  it.each(ofOneEnvironment)('gives %s what is of that, and nothing of another', async (title) => {
    const caller = prepared.callers.get(title)!
    const there = await surprises(caller, prepared.there, (route, { outcome, status, text }) => {
      const told = prepared.marks.filter((mark) => text.includes(mark))
      if (told.length > 0) return { told, text: text.slice(0, 300) }
      const about = route.method !== 'GET' && scopeOf(route) === 'environment'
      if (about && status < 400) return { status }
      return outcome !== 'through' || letsThrough(caller.roles ?? [], route, prepared.there.tenantId!)
        ? undefined
        : { outcome }
    })
    expect(there).toEqual([])
    const here = await surprises(caller, prepared.here, (route, { outcome, text }) => {
      const expected = expectedOf(caller, route, prepared.here.tenantId!)
      return outcome === expected ? undefined : { expected, outcome, text: text.slice(0, 300) }
    })
    expect(here).toEqual([])
  })

  it('tells nobody of another tenant whether a tenant is there', async () => {
    const unknown = { ...prepared.there, tenantId: '3f0c1f6e-3f0d-4f0e-8f0f-000000000000' }
    const stranger = prepared.callers.get('an administrator of another tenant')!
    const ofTenants = contract.filter(({ url }) => url.includes('/:tenantId'))
    expect(ofTenants.length).toBeGreaterThan(20)
    for (const route of ofTenants) {
      const [present, absent] = [await call(stranger, route, prepared.there), await call(stranger, route, unknown)]
      expect({ route: route.operationId, ...present }).toEqual({ route: route.operationId, ...absent })
    }
  })
})

describe('a route', () => {
  const refused = (config: object, method: 'GET' | 'POST' = 'GET') => {
    const app = Fastify()
    refuseUndeclaredRoutes(app)
    return () => app.route({ method, url: '/api/anything', config, handler: async () => 'done' })
  }

  it('that declares no permission keeps the server from starting, and so does a change without an audit event', () => {
    const declaration = { ...contract.find(({ method, audit }) => method === 'POST' && audit)! }
    expect(refused({})).toThrow('declares no permission')
    expect(refused({ declaration: { ...declaration, permission: undefined } }, 'POST')).toThrow(
      'declares no permission',
    )
    expect(refused({ declaration: { ...declaration, audit: undefined } }, 'POST')).toThrow('declares no audit event')
    expect(refused({ declaration }, 'POST')).not.toThrow()
  })
})

/** The address of a route, with everything in it that the world knows by that name. */
function addressOf({ url }: RouteDeclaration, parameters: Parameters): string {
  const path = url.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(parameters[name] ?? 'unknown'))
  const query = new URLSearchParams(
    Object.entries(parameters).filter(([name]) => ['in', 'from', 'to', 'jobs'].includes(name)),
  )
  return `${path}?${query}`
}
