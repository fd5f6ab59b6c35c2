import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { recordable } from '../src/audit/recordable.ts'
import { viewOf } from '../src/audit/search.ts'
import { Secret } from '../src/index.ts'
import { type AuditWorld, newEntry, startAuditWorld } from './support/audit-log.ts'
import { databases } from './support/databases.ts'

const [embedded] = databases()
const now = new Date('2026-05-04T03:02:01.000Z')

describe('an audit entry', () => {
  const named = (name: string) => recordable({ ...newEntry(1), actor: { ...newEntry(1).actor, name } }, now)

  it('stays on one line and reads in one direction, whatever names hold', () => {
    expect(named('one\r\ntwo\u0000\u001b[2J\u2028\u202egnp').actor.name).toBe(
      'one\\u000d\\u000atwo\\u0000\\u001b[2J\\u2028\\u202egnp',
    )
    expect(named('Zoë — 東京 ✈️').actor.name).toBe('Zoë — 東京 ✈️')
    expect(named('half \ud800 of one').actor.name).toBe('half \ufffd of one')
    const { details } = recordable(newEntry(1, { details: { 'a\nb': ['c\nd', { e: '\u0007' }] } }), now)
    expect(details).toEqual({ 'a\\u000ab': ['c\\u000ad', { e: '\\u0007' }] })
  })

  it('is of a bounded size', () => {
    expect(named('x'.repeat(5000)).actor.name).toHaveLength(300)
    expect(named('✈'.repeat(5000)).actor.name).toHaveLength(300)
    const sizes = [
      { list: Array.from({ length: 5000 }, (_, nth) => nth) },
      { text: 'é'.repeat(100_000) },
      Object.fromEntries(Array.from({ length: 3000 }, (_, nth) => [`key ${nth}`, '\u0001'])),
      { many: Array.from({ length: 60 }, () => '\u0001'.repeat(1000)) },
    ].map((details) => Buffer.byteLength(JSON.stringify(recordable(newEntry(1, { details }), now).details)))
    for (const size of sizes) expect(size).toBeLessThanOrEqual(8 * 1024)
  })

  it('holds no credential, whoever put it there', () => {
    const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJl'
    const details = {
      clientSecret: 'hidden-1',
      nested: [{ access_token: 'hidden-2', apiKey: 'hidden-3' }],
      sealed: new Secret('hidden-4'),
      said: `Authorization: Bearer hidden-5, or ${jwt}`,
      secretReplaced: true,
    }
    const text = JSON.stringify(recordable(newEntry(1, { details }), now))
    expect(text).not.toContain('hidden')
    expect(text).not.toContain(jwt)
    expect(text).toContain('"secretReplaced":true')
  })
})

describe('what administrators see of the audit log', () => {
  const caller = (roles: Parameters<typeof viewOf>[0]['roles']) =>
    viewOf({ kind: 'person', id: 'one', name: 'One', from: 'x', roles })

  it('is what they administer', () => {
    expect(caller([{ role: 'admin' }])).toBe('all')
    expect(caller([{ role: 'operator' }, { role: 'admin', tenantId: 't1' }])).toEqual([
      { tenantId: 't1', environmentId: undefined },
    ])
    expect(caller([{ role: 'admin', tenantId: 't1', environmentId: 'e1' }])).toEqual([
      { tenantId: 't1', environmentId: 'e1' },
    ])
    expect(caller([{ role: 'approver', tenantId: 't1' }])).toEqual([])
  })
})

describe('an audit log', () => {
  let world: AuditWorld
  beforeEach(async () => {
    world = await startAuditWorld(embedded!)
  })
  afterEach(() => world.close())

  it('shows each administrator the own tenant, and nothing of the installation', async () => {
    await world.fill(12)
    const all = (await world.audit.list('all', { limit: 100 })).entries
    const [one] = all.flatMap(({ tenantId, environmentId }) =>
      environmentId ? [{ tenantId: tenantId!, environmentId }] : [],
    )
    const seen = (await world.audit.list([{ tenantId: one!.tenantId }], { limit: 100 })).entries
    expect(seen).toEqual(all.filter(({ tenantId }) => tenantId === one!.tenantId))
    expect(seen.length).toBeGreaterThan(1)
    expect((await world.audit.list([one!], { limit: 100 })).entries).toEqual(
      all.filter(({ environmentId }) => environmentId === one!.environmentId),
    )
    expect((await world.audit.list([], { limit: 100 })).entries).toEqual([])
    const others = all.find(({ tenantId }) => tenantId !== undefined && tenantId !== one!.tenantId)!.tenantId!
    expect((await world.audit.list([one!], { tenantId: others, limit: 100 })).entries).toEqual([])
  })

  it('counts refusals that repeat, and tells the number', async () => {
    const refused = (from: string, code = 'SIGN_IN_NEEDED', id = 'anonymous', subject = 'x') =>
      newEntry(1, {
        event: 'route.listTenants',
        outcome: 'refused',
        actor: { kind: 'person', id, name: id, from },
        subject: { kind: 'plan', id: subject },
        details: { code },
      })
    const floods = [
      refused('192.0.2.1'),
      refused('192.0.2.2'),
      refused('192.0.2.1', 'TOKEN_INVALID'),
      refused('192.0.2.1', 'PERMISSION_MISSING', 'ada', 'plan-1'),
      refused('192.0.2.1', 'PERMISSION_MISSING', 'ada', 'plan-2'),
    ]
    for (const one of floods) for (let nth = 0; nth < 40; nth += 1) await world.audit.record(one)
    // Of nobody in particular it makes no difference what they were after.
    await world.audit.record(refused('192.0.2.1', 'SIGN_IN_NEEDED', 'anonymous', 'another'))
    const told = async () => (await world.audit.list('all', { limit: 500 })).entries.toReversed()
    expect(await told()).toHaveLength(floods.length)
    await world.audit.close()
    const numbers = (await told()).slice(floods.length).map(({ details }) => details?.repeated)
    expect(numbers).toEqual([40, 39, 39, 39, 39])
    expect(await world.audit.verify()).toMatchObject({ ok: true })
  })

  it('is not filled by refusals from ever other addresses', async () => {
    for (let nth = 0; nth < 3000; nth += 1) {
      const actor = { kind: 'person', id: 'anonymous', name: 'Nobody', from: `2001:db8::${nth}` } as const
      await world.audit.record(newEntry(1, { outcome: 'refused', actor, details: { code: 'SIGN_IN_NEEDED' } }))
    }
    await world.audit.close()
    const { entries } = await world.audit.list('all', { limit: 2000 })
    expect(entries.length).toBeLessThan(520)
    expect(entries[0]).toMatchObject({ event: 'refusals.many', details: { repeated: 2499 } })
  })
})
