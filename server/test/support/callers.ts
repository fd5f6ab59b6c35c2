import { expect } from 'vitest'
import type { Approval, Person, PlanRecord, RoleScope, Run, Tenant } from '../../src/index.ts'
import { openChoices } from './choices.ts'
import type { Visitor } from './console.ts'
import { environmentOf, flow, message } from './content.ts'
import { emailOf, type People, requireSignIn, saveLoginApp } from './people.ts'
import { newTenant, type World } from './world.ts'

/** Somebody, or something, that calls the API. */
export interface Caller {
  /** What they may do; absent: nobody who is known. */
  roles?: RoleScope[]
  /** With which code those are answered who aren't known: 401 on whatever isn't public. */
  unknown?: 'SIGN_IN_NEEDED' | 'SESSION_ENDED' | 'TOKEN_INVALID'
  /** With which code everything that changes something is refused. */
  forged?: 'HEADER_MISSING' | 'ORIGIN_FOREIGN'
  /** A token that isn't good is refused everywhere: whoever sends one means it. */
  token?: true
  headers(): Record<string, string>
  /** Who it is, where they can sign in again. */
  name?: string
  visitor?: Visitor
}

/** What routes are about, by the names of their parameters. */
export type Parameters = Record<string, string>

/** A console with everything in it that routes can be called with, and all sorts of callers. */
export interface PreparedWorld {
  callers: Map<string, Caller>
  /** About Production. */
  there: Parameters
  /** About Test, which some callers have roles on. */
  here: Parameters
  /** What only those may learn who may read Production. */
  marks: string[]
  /** Puts back what a call of an administrator took away: the login app, somebody's session. */
  repair(): Promise<void>
}

const operationsIn = (run: Run) => run.operations[0]!.operationId

/** Prepares a world. Takes how its clock is put forward. */
export async function prepareCallers(world: World, passHours: (hours: number) => void): Promise<PreparedWorld> {
  const environments = { there: environmentOf(world.sandbox, 'Production'), here: environmentOf(world.sandbox, 'Test') }
  const development = environmentOf(world.sandbox, 'Development').id
  // Runs that are over, made while nobody has to sign in.
  const runs = {
    there: await world.ended((await world.start((await planTo(world, 'Production')).id)).id),
    here: await world.ended((await world.start((await planTo(world, 'Test')).id)).id),
  }
  const onlyThere = environments.there.insertFlow(flow('Only in Production', [message('Hidden')])).id
  const onlyHere = environments.here.insertFlow(flow('Only in Test', [message('Shown')])).id
  await holdTenant(world)

  const people = await requireSignIn(world)
  const tenantId = world.tenant.id
  const other = await said<Tenant>(people.owner, 'POST', '/api/tenants', newTenant(world, 'Southwind'))
  await said(people.owner, 'PUT', world.at(`/guards/${environments.here.id}`), { protection: 'protected' })
  const inTest = (role: RoleScope['role']): RoleScope[] => [
    { role: 'viewer', tenantId, environmentId: development },
    { role, tenantId, environmentId: environments.here.id },
  ]
  const roles: Record<string, RoleScope[]> = {
    Viewer: [{ role: 'viewer' }],
    Operator: [{ role: 'operator' }],
    Approver: [{ role: 'approver' }],
    TenantViewer: [{ role: 'viewer', tenantId }],
    TenantOperator: [{ role: 'operator', tenantId }],
    TenantAdmin: [{ role: 'admin', tenantId }],
    OtherOperator: [{ role: 'operator', tenantId: other.id }],
    OtherAdmin: [{ role: 'admin', tenantId: other.id }],
    TestViewer: inTest('viewer'),
    TestOperator: inTest('operator'),
    TestAdmin: inTest('admin'),
    Nobody: [],
    Expired: [{ role: 'operator' }],
    Ended: [{ role: 'operator' }],
    Maker: [{ role: 'operator' }],
    Victim: [{ role: 'viewer' }],
    Admin: [{ role: 'admin' }],
  }
  for (const [name, given] of Object.entries(roles)) await people.add(name, ...given)

  const expired = await people.enter('Expired')
  const expiredToken = await freshToken(expired, roles.Expired!)
  passHours(25)
  const ended = await people.enter('Ended')
  const maker = await people.enter('Maker')
  const revoked = await freshToken(maker, roles.Maker!)
  await said(maker, 'DELETE', `/api/tokens/${revoked.id}`)
  const victimToken = await freshToken(maker, roles.Maker!)
  const victim = await people.enter('Victim')
  const about = {
    there: await approvalAsked(world, maker, 'Production'),
    here: await approvalAsked(world, maker, 'Test'),
  }
  const callers = new Map<string, Caller>([
    ['anonymous', { unknown: 'SIGN_IN_NEEDED', headers: () => ({ 'x-flightiq': '1' }) }],
    ['a session that has expired', { unknown: 'SESSION_ENDED', ...byCookie(expired) }],
    ['a session that was ended', { unknown: 'SESSION_ENDED', ...byCookie(ended) }],
    ['an API token that has expired', { unknown: 'TOKEN_INVALID', token: true, ...byToken(expiredToken.token) }],
    ['an API token that was revoked', { unknown: 'TOKEN_INVALID', token: true, ...byToken(revoked.token) }],
    ['an API token that never was one', { unknown: 'TOKEN_INVALID', token: true, ...byToken(`fiq_${'x'.repeat(43)}`) }],
  ])
  const someone = async (title: string, name: string) => {
    const visitor = await people.enter(name)
    callers.set(title, { roles: roles[name]!, name, visitor, ...byCookie(visitor) })
    return visitor
  }
  await someone('a person without a role', 'Nobody')
  await someone('a viewer', 'Viewer')
  await someone('an approver', 'Approver')
  const operator = await someone('an operator', 'Operator')
  await someone('a viewer of the tenant', 'TenantViewer')
  await someone('an operator of the tenant', 'TenantOperator')
  await someone('an administrator of the tenant', 'TenantAdmin')
  await someone('an operator of another tenant', 'OtherOperator')
  await someone('an administrator of another tenant', 'OtherAdmin')
  await someone('a viewer of one environment', 'TestViewer')
  await someone('an operator of one environment', 'TestOperator')
  await someone('an administrator of one environment', 'TestAdmin')
  const viewerToken = await freshToken(operator, roles.Viewer!)
  callers.set("an operator's API token to view", { roles: roles.Viewer!, ...byToken(viewerToken.token) })
  const admin = await someone('an administrator', 'Admin')
  const adminToken = await freshToken(admin, roles.Admin!)
  callers.set("an administrator's API token", { roles: roles.Admin!, ...byToken(adminToken.token) })
  const cookie = byCookie(admin).headers
  callers.set('an administrator without the header X-FlightIQ', {
    roles: roles.Admin!,
    forged: 'HEADER_MISSING',
    headers: () => ({ cookie: cookie().cookie ?? '' }),
  })
  callers.set('an administrator on a foreign page', {
    roles: roles.Admin!,
    forged: 'ORIGIN_FOREIGN',
    headers: () => ({ ...cookie(), origin: 'https://evil.example' }),
  })

  const known = await said<Person[]>(admin, 'GET', '/api/people')
  const idOf = (name: string) => known.find((person) => person.name === `${name} Northwind`)!
  await said(admin, 'DELETE', `/api/people/${idOf('Ended').id}/sessions`)
  const person = idOf('Victim')
  expect(victim.session).toBeDefined()
  const common = {
    tenantId,
    personId: person.id,
    sessionId: person.sessions[0]!.id,
    grantId: person.roles[0]!.grantId,
    tokenId: victimToken.id,
    kind: 'flow',
    jobs: 'compare',
  }
  const of = (where: 'there' | 'here', place: string, artifactId: string): Parameters => ({
    ...common,
    environmentId: environments[where].id,
    planId: about[where].plan.id,
    approvalId: about[where].approval.id,
    runId: runs[where].id,
    operationId: operationsIn(runs[where]),
    id: artifactId,
    in: `env:${place}`,
    from: 'env:Development',
    to: `env:${place}`,
  })
  const prepared: PreparedWorld = {
    callers,
    there: of('there', 'Production', onlyThere),
    here: of('here', 'Test', onlyHere),
    marks: [
      environments.there.id,
      'Only in Production',
      about.there.plan.id,
      about.there.plan.hash,
      about.there.approval.id,
      runs.there.id,
      runs.there.planId,
    ],
    repair: () => repair(world, people, callers),
  }
  return prepared
}

/** Somebody's plan for an environment, with a request for its approval. */
async function approvalAsked(
  world: World,
  who: Visitor,
  to: string,
): Promise<{ plan: PlanRecord; approval: Approval }> {
  const body = { from: 'env:Development', to: `env:${to}`, selection: { all: true }, options: {} }
  const plan = await said<PlanRecord>(who, 'POST', world.at('/plans'), body)
  return { plan, approval: await said<Approval>(who, 'POST', world.at(`/plans/${plan.id}/approval`), {}) }
}

async function planTo(world: World, to: string): Promise<PlanRecord> {
  const body = { from: 'env:Development', to: `env:${to}`, selection: { all: true }, options: {} }
  const { body: record } = await world.call<PlanRecord>('POST', world.at('/plans'), body)
  const choices = openChoices(record.plan)
  return (await world.call<PlanRecord>('POST', world.at(`/plans/${record.id}/choices`), { choices })).body
}

/** Keeps a run to Development under way, so that nobody can remove the tenant. */
async function holdTenant(world: World): Promise<void> {
  const development = environmentOf(world.sandbox, 'Development')
  const { id: extra } = environmentOf(world.sandbox, 'Test').insertFlow(flow('Extra', [message('More')]))
  const body = { from: 'env:Test', to: 'env:Development', selection: { flows: [extra] }, options: {} }
  const { body: plan } = await world.call<PlanRecord>('POST', world.at('/plans'), body)
  world.gate.treat = ({ method, path }) =>
    method === 'POST' && path.includes(development.id) && path.endsWith('/flows') ? 'hold' : 'pass'
  await world.start(plan.id)
  await world.gate.held()
}

async function repair(world: World, people: People, callers: ReadonlyMap<string, Caller>): Promise<void> {
  const { signInRequired } = await said<{ signInRequired: boolean }>(people.owner, 'GET', '/api/session')
  if (!signInRequired) await saveLoginApp(world, people.owner)
  for (const { visitor, name } of callers.values()) {
    if (!visitor || !name) continue
    const session = await visitor.call<{ caller?: unknown }>('GET', '/api/session')
    if (session.body?.caller !== undefined) continue
    visitor.browser.forget()
    expect(await visitor.signIn(emailOf(name))).toBe('/')
  }
}

async function freshToken(who: Visitor, roles: RoleScope[]): Promise<{ id: string; token: string }> {
  const body = { name: 'Pipeline', roles, expiresInDays: 1 }
  return said<{ id: string; token: string }>(who, 'POST', '/api/tokens', body)
}

function byCookie(visitor: Visitor): { headers(): Record<string, string> } {
  // Browsers forget a cookie that is taken back; these are to be tried on.
  let last = visitor.session
  return {
    headers: () => {
      last = visitor.session ?? last
      return { 'x-flightiq': '1', cookie: `__Host-flightiq-session=${last}` }
    },
  }
}

function byToken(token: string): { headers(): Record<string, string> } {
  return { headers: () => ({ authorization: `Bearer ${token}` }) }
}

/** A call that is to succeed. */
async function said<Body = unknown>(who: Visitor, method: string, path: string, body?: unknown): Promise<Body> {
  const answer = await who.call<Body>(method, path, body)
  expect({ path, answer: answer.status < 300 ? 'fine' : answer.body }).toEqual({ path, answer: 'fine' })
  return answer.body
}
