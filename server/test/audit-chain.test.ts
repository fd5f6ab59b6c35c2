import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canonical } from '@flightiq/core'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { beginning } from '../src/audit/chain.ts'
import { ProblemError } from '../src/problems/problem-error.ts'
import type { Database } from '../src/storage/database.ts'
import { type AuditWorld, newEntry, startAuditWorld } from './support/audit-log.ts'
import { databases } from './support/databases.ts'

const kinds = databases()
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')

afterAll(async () => {
  for (const kind of kinds) await kind.stop()
})

/** Entries of the logs that are tampered with. */
const size = 30
const anyRow = fc.integer({ min: 1, max: size })

describe.each(kinds)('tampering with an audit log on $name', (kind) => {
  let world: AuditWorld
  beforeAll(async () => {
    world = await startAuditWorld(kind)
    await world.fill(size)
    await world.keep()
  })
  afterAll(() => world.close())
  afterEach(() => world.restore())

  const expectFound = async (tampering: (database: Database) => Promise<unknown>) => {
    await world.tamper(tampering)
    const result = await world.audit.verify()
    await world.restore()
    expect(result).toMatchObject({ ok: false, fault: { explanation: expect.stringMatching(/^[A-Z].*\.$/) } })
    return result.fault!
  }

  it('is not told of where there is none', async () => {
    const verification = await world.audit.verify()
    expect(verification).toMatchObject({ ok: true, entries: size, head: { sequence: size } })
  })

  const edits = {
    sequence: sql`sequence + 1000`,
    at: sql`at + interval '1 microsecond'`,
    event: sql`event || '.'`,
    outcome: sql`CASE outcome WHEN 'done' THEN 'refused' ELSE 'done' END`,
    actor_id: sql`upper(actor_id)`,
    actor_name: sql`actor_name || ' '`,
    tenant_id: sql`CASE WHEN tenant_id IS NULL THEN 'some' END`,
    environment_id: sql`coalesce(environment_id, '') || '1'`,
    entry: sql`replace(entry, 'the', 'THE')`,
    previous: sql`md5(previous)`,
    hash: sql`md5(hash)`,
  }

  it('is found for each column that there is', async () => {
    const { rows } = await sql<{ name: string }>`
      SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'audit_entries'`.execute(
      world.queries,
    )
    expect(rows.map(({ name }) => name).sort()).toEqual(Object.keys(edits).sort())
  })

  it.each(Object.keys(edits) as (keyof typeof edits)[])(
    'is found where the column %s of any row was edited',
    async (column) => {
      await fc.assert(
        fc.asyncProperty(anyRow, async (row) => {
          const fault = await expectFound((database) =>
            sql`UPDATE audit_entries SET ${sql.ref(column)} = ${edits[column]} WHERE sequence = ${row}`.execute(
              database,
            ),
          )
          if (column !== 'sequence') expect(fault).toMatchObject({ kind: 'changed', sequence: row })
        }),
        { numRuns: 6 },
      )
    },
  )

  it('is found where a row was written anew with a hash that fits', async () => {
    await fc.assert(
      fc.asyncProperty(anyRow, async (row) => {
        const fault = await expectFound(async (database) => {
          const { entry } = await entryAt(database, row)
          const forged = canonical({ ...JSON.parse(entry), details: { nth: 'another' } })
          await sql`UPDATE audit_entries SET entry = ${forged}, hash = ${hashOf(forged)} WHERE sequence = ${row}`.execute(
            database,
          )
        })
        expect(fault).toMatchObject({ kind: 'changed', sequence: row })
      }),
      { numRuns: 10 },
    )
  })

  it('is found where all that follows a forged row was made to fit, and the head too', async () => {
    await fc.assert(
      fc.asyncProperty(anyRow, async (row) => {
        const fault = await expectFound((database) => writeAnew(database, row))
        expect(fault.kind).toBe('headForged')
      }),
      { numRuns: 6 },
    )
  })

  it('is found where any rows were deleted', async () => {
    await fc.assert(
      fc.asyncProperty(anyRow, fc.integer({ min: 1, max: 5 }), async (row, count) => {
        const fault = await expectFound((database) =>
          sql`DELETE FROM audit_entries WHERE sequence >= ${row} AND sequence < ${row + count}`.execute(database),
        )
        expect(fault).toMatchObject({ kind: row + count > size ? 'truncated' : 'missing', sequence: row })
      }),
      { numRuns: 15 },
    )
  })

  it('is found where any two rows were swapped', async () => {
    await fc.assert(
      fc.asyncProperty(anyRow, anyRow, async (one, other) => {
        fc.pre(one !== other)
        const fault = await expectFound(async (database) => {
          await sql`UPDATE audit_entries SET sequence = -1 WHERE sequence = ${one}`.execute(database)
          await sql`UPDATE audit_entries SET sequence = ${one} WHERE sequence = ${other}`.execute(database)
          await sql`UPDATE audit_entries SET sequence = ${other} WHERE sequence = -1`.execute(database)
        })
        expect(fault).toMatchObject({ kind: 'reordered', sequence: Math.min(one, other) })
      }),
      { numRuns: 10 },
    )
  })

  it('is found where rows were put before, between or behind', async () => {
    for (const sequence of [-3, 0, size + 1]) {
      await expectFound((database) =>
        sql`INSERT INTO audit_entries SELECT ${sequence}, at, event, outcome, actor_id, actor_name, tenant_id,
          environment_id, entry, previous, hash FROM audit_entries WHERE sequence = 1`.execute(database),
      )
    }
  })

  it('is found in each column of the head, and where there is none', async () => {
    const forgeries = [
      sql`sequence = sequence + 1`,
      sql`sequence = sequence - 1`,
      sql`hash = md5(hash)`,
      sql`key_version = 'another'`,
      sql`signature = md5(signature)`,
      sql`signature = ''`,
      sql`updated_at = updated_at + interval '1 microsecond'`,
    ]
    for (const forgery of forgeries) {
      const fault = await expectFound((database) => sql`UPDATE audit_head SET ${forgery}`.execute(database))
      expect(fault.kind).toBe('headForged')
    }
    expect((await expectFound((database) => sql`DELETE FROM audit_head`.execute(database))).kind).toBe('headForged')
  })

  it('is found where the tail was cut off and the head of that time put back', async () => {
    const older = await startAuditWorld(kind)
    try {
      await older.fill(20)
      const { rows } = await sql<Record<string, unknown>>`SELECT * FROM audit_head`.execute(older.queries)
      await older.fill(10)
      await older.tamper(async (database) => {
        await sql`DELETE FROM audit_entries WHERE sequence > 20`.execute(database)
        await database.deleteFrom('audit_head').execute()
        await database
          .insertInto('audit_head')
          .values(rows[0] as never)
          .execute()
      })
      expect((await older.audit.verify()).fault).toMatchObject({ kind: 'truncated', sequence: 21 })
      // Whoever hasn't seen the end can't know; that is what the checkpoint in a file is for.
      expect(await (await older.another()).verify()).toMatchObject({ ok: true, entries: 20 })
    } finally {
      await older.close()
    }
  })

  it('is found where the table was emptied, with or without its head', async () => {
    const emptied = await expectFound((database) => sql`DELETE FROM audit_entries`.execute(database))
    expect(emptied).toMatchObject({ kind: 'truncated', sequence: 1 })
    const gone = await expectFound(async (database) => {
      await sql`DELETE FROM audit_entries`.execute(database)
      await sql`DELETE FROM audit_head`.execute(database)
    })
    expect(gone).toMatchObject({ kind: 'truncated', sequence: 1 })
  })

  it('stays found after more was written', async () => {
    const tamperings: [string, (database: Database) => Promise<unknown>][] = [
      ['headForged', (database) => writeAnew(database, 7)],
      ['headForged', (database) => sql`DELETE FROM audit_head`.execute(database)],
      ['headForged', (database) => sql`UPDATE audit_head SET sequence = 3`.execute(database)],
      ['missing', (database) => sql`DELETE FROM audit_entries WHERE sequence > 20`.execute(database)],
      ['changed', (database) => sql`UPDATE audit_entries SET event = 'x' WHERE sequence = 9`.execute(database)],
    ]
    for (const [kindOfFault, tampering] of tamperings) {
      await world.tamper(tampering)
      await world.fill(3)
      expect((await world.audit.verify()).fault?.kind).toBe(kindOfFault)
      await world.restore()
    }
  })

  async function entryAt(database: Database, sequence: number) {
    return database
      .selectFrom('audit_entries')
      .select(['entry', 'hash'])
      .where('sequence', '=', String(sequence))
      .executeTakeFirstOrThrow()
  }

  /** Forges a row as somebody does who knows how hashes are made, but has no key. */
  async function writeAnew(database: Database, from: number): Promise<void> {
    let previous = from === 1 ? beginning.hash : (await entryAt(database, from - 1)).hash
    for (let sequence = from; sequence <= size; sequence += 1) {
      const { entry } = await entryAt(database, sequence)
      const told = JSON.parse(entry)
      const forged = canonical({ ...told, previous, ...(sequence === from ? { details: { forged: true } } : {}) })
      const hash = hashOf(forged)
      await sql`UPDATE audit_entries SET entry = ${forged}, previous = ${previous}, hash = ${hash}
        WHERE sequence = ${sequence}`.execute(database)
      previous = hash
    }
    await sql`UPDATE audit_head SET hash = ${previous}`.execute(database)
  }
})

describe.each(kinds)('an audit log on $name', (kind) => {
  let folder: string
  let file: string
  let world: AuditWorld
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'flightiq-audit-'))
    file = join(folder, 'audit-checkpoint.json')
    world = await startAuditWorld(kind, file)
  })
  afterEach(async () => {
    await world.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('lets nobody change, delete or empty', async () => {
    await world.fill(3)
    const statements = [
      sql`UPDATE audit_entries SET event = 'x' WHERE sequence = 2`,
      sql`DELETE FROM audit_entries WHERE sequence = 2`,
      sql`TRUNCATE audit_entries`,
    ]
    for (const statement of statements) await expect(statement.execute(world.queries)).rejects.toThrow('append-only')
    expect(await world.audit.verify()).toMatchObject({ ok: true, entries: 3 })
  })

  it('is one chain without gaps under parallel writes of several services', { timeout: 60_000 }, async () => {
    const services = [world.audit, await world.another(), await world.another()]
    const checks: Promise<unknown>[] = []
    await Promise.all(
      services.flatMap((service, nth) =>
        Array.from({ length: 60 }, async (_, turn) => {
          await service.record(newEntry(turn, { requestId: `${nth}/${turn}` }))
          if (turn % 20 === 7) checks.push(world.audit.verify())
          if (turn % 20 === 9) {
            // What is written with something else comes and goes with it.
            await world.queries.transaction().execute((one) => service.recordIn(one, newEntry(turn)))
            const undone = world.queries.transaction().execute(async (one) => {
              await service.recordIn(one, newEntry(turn, { event: 'never.happened' }))
              throw new Error('undone')
            })
            await expect(undone).rejects.toThrow('undone')
          }
        }),
      ),
    )
    for (const check of await Promise.all(checks)) expect(check).toMatchObject({ ok: true })
    expect(await world.audit.verify()).toMatchObject({ ok: true, entries: 3 * 63 })
    const { entries } = await world.audit.list('all', { limit: 500 })
    expect(entries.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 189 }, (_, nth) => 189 - nth))
    expect(entries.some(({ event }) => event === 'never.happened')).toBe(false)
    // What one service writes one after the other stands in that order.
    const own = entries.flatMap(({ requestId }) => (requestId?.startsWith('0/') ? [Number(requestId.slice(2))] : []))
    expect(own.toReversed()).toEqual([...own].sort((one, other) => one - other))
  })

  it('notes in a file how far it came, which finds what nothing in the database tells', async () => {
    await world.fill(5)
    const { rows } = await sql<Record<string, unknown>>`SELECT * FROM audit_head`.execute(world.queries)
    await world.fill(5)
    await world.audit.close()
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const noted = await readFile(file, 'utf8')
    await world.tamper(async (database) => {
      await sql`DELETE FROM audit_entries WHERE sequence > 5`.execute(database)
      await database.deleteFrom('audit_head').execute()
      await database
        .insertInto('audit_head')
        .values(rows[0] as never)
        .execute()
    })
    const next = await world.another(file)
    expect((await next.verify()).fault).toMatchObject({ kind: 'truncated', sequence: 6 })
    // More entries than were cut off don't hide it, and don't take the evidence away.
    for (let nth = 1; nth <= 9; nth += 1) await next.record(newEntry(nth))
    expect((await next.verify()).fault).toMatchObject({ kind: 'checkpointDiffers', sequence: 10 })
    await next.close()
    expect(await readFile(file, 'utf8')).toBe(noted)
    expect(world.log).toContainEqual(expect.objectContaining({ message: 'the audit log is not what it was' }))
  })

  it('tells that its file cannot be read', async () => {
    await world.fill(1)
    await writeFile(file, '{"')
    await expect(world.audit.verify()).rejects.toMatchObject({ code: 'AUDIT_CHECKPOINT_UNREADABLE' })
  })

  it('says in the log of the server how far it came', async () => {
    await Promise.all(Array.from({ length: 130 }, (_, nth) => world.audit.record(newEntry(nth))))
    await world.audit.close()
    const { head } = await world.audit.verify()
    expect(world.log).toContainEqual({ level: 'info', message: 'audit checkpoint', facts: head })
  })

  it('fails what cannot be written, and tells later how long', async () => {
    await sql`ALTER TABLE audit_entries RENAME TO elsewhere`.execute(world.queries)
    const refused = { code: 'AUDIT_UNAVAILABLE', status: 503 }
    await expect(world.audit.record(newEntry(1))).rejects.toMatchObject(refused)
    await expect(world.audit.ensureWorks()).rejects.toBeInstanceOf(ProblemError)
    await sql`ALTER TABLE elsewhere RENAME TO audit_entries`.execute(world.queries)
    await world.audit.ensureWorks()
    const { entries } = await world.audit.list('all', { limit: 10 })
    expect(entries).toMatchObject([{ event: 'audit.resumed', details: { unavailableSince: expect.any(String) } }])
  })
})
