import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frozenAt } from '../src/guards/freezes.ts'
import { type Freeze, freezeSchema } from '../src/index.ts'

const weekly = (from: [number, string], until: [number, string], timeZone = 'UTC'): Freeze => ({
  type: 'weekly',
  reason: 'Weekend',
  fromDay: from[0],
  fromTime: from[1],
  untilDay: until[0],
  untilTime: until[1],
  timeZone,
})

/** When a freeze that is on at a time ends; undefined when none is. */
const until = (freezes: Freeze[], at: string) => frozenAt(freezes, new Date(at))?.until.toISOString()

describe('a freeze', () => {
  it('that is on once holds from its first moment until just before its end', () => {
    const once: Freeze = {
      type: 'once',
      reason: 'Launch',
      from: '2026-03-01T10:00:00Z',
      until: '2026-03-02T10:00:00Z',
    }
    expect(until([once], '2026-03-01T09:59:59.999Z')).toBeUndefined()
    expect(until([once], '2026-03-01T10:00:00Z')).toBe('2026-03-02T10:00:00.000Z')
    expect(until([once], '2026-03-02T09:59:59.999Z')).toBe('2026-03-02T10:00:00.000Z')
    expect(until([once], '2026-03-02T10:00:00Z')).toBeUndefined()
  })

  it('of every week goes over the end of the week', () => {
    // 2026-03-06 is a Friday.
    const weekend = [weekly([5, '17:00'], [1, '07:00'])]
    expect(until(weekend, '2026-03-06T16:59:00Z')).toBeUndefined()
    for (const at of ['2026-03-06T17:00:00Z', '2026-03-08T23:59:59Z', '2026-03-09T06:59:59Z']) {
      expect(until(weekend, at)).toBe('2026-03-09T07:00:00.000Z')
    }
    expect(until(weekend, '2026-03-09T07:00:00Z')).toBeUndefined()
  })

  it('of every week that ends on its own weekday lasts hours, or the whole week but hours', () => {
    const night = [weekly([3, '01:00'], [3, '05:00'])]
    expect(until(night, '2026-03-04T01:00:00Z')).toBe('2026-03-04T05:00:00.000Z')
    expect(until(night, '2026-03-05T01:00:00Z')).toBeUndefined()
    const allBut = [weekly([3, '05:00'], [3, '01:00'])]
    expect(until(allBut, '2026-03-04T03:00:00Z')).toBeUndefined()
    expect(until(allBut, '2026-03-04T05:00:00Z')).toBe('2026-03-11T01:00:00.000Z')
    expect(until(allBut, '2026-03-04T00:59:00Z')).toBe('2026-03-04T01:00:00.000Z')
  })

  it('goes by the clock of its time zone, before and after the clocks are changed', () => {
    // Europe/Oslo: from 2026-03-29 01:00 UTC two hours ahead of UTC, before that one, and again from 2026-10-25 01:00 UTC.
    const weekend = [weekly([5, '17:00'], [1, '07:00'], 'Europe/Oslo')]
    expect(until(weekend, '2026-03-20T15:59:00Z')).toBeUndefined()
    expect(until(weekend, '2026-03-20T16:00:00Z')).toBe('2026-03-23T06:00:00.000Z')
    expect(until(weekend, '2026-03-27T16:00:00Z')).toBe('2026-03-30T05:00:00.000Z')
    expect(until(weekend, '2026-04-03T15:00:00Z')).toBe('2026-04-06T05:00:00.000Z')
    expect(until(weekend, '2026-10-23T15:00:00Z')).toBe('2026-10-26T06:00:00.000Z')
    const half = [weekly([1, '09:00'], [1, '10:00'], 'Asia/Kolkata')]
    expect(until(half, '2026-03-09T03:30:00Z')).toBe('2026-03-09T04:30:00.000Z')
  })

  it('is the longer one where the clock shows its beginning or its end twice, or leaves it out', () => {
    // Oslo, Sunday 2026-10-25: 02:30 is at 00:30 UTC and again at 01:30 UTC.
    const untilTwice = [weekly([7, '01:00'], [7, '02:30'], 'Europe/Oslo')]
    for (const at of ['2026-10-24T23:00:00Z', '2026-10-25T00:45:00Z', '2026-10-25T01:15:00Z']) {
      expect(until(untilTwice, at)).toBe('2026-10-25T01:30:00.000Z')
    }
    expect(until(untilTwice, '2026-10-25T01:30:00Z')).toBeUndefined()
    const fromTwice = [weekly([7, '02:30'], [7, '04:00'], 'Europe/Oslo')]
    expect(until(fromTwice, '2026-10-25T00:29:00Z')).toBeUndefined()
    expect(until(fromTwice, '2026-10-25T00:30:00Z')).toBe('2026-10-25T03:00:00.000Z')
    // Sunday 2026-03-29: after 01:59:59 (00:59:59 UTC) comes 03:00.
    const fromNever = [weekly([7, '02:30'], [7, '05:00'], 'Europe/Oslo')]
    expect(until(fromNever, '2026-03-29T01:00:00Z')).toBe('2026-03-29T03:00:00.000Z')
    const untilNever = [weekly([6, '12:00'], [7, '02:30'], 'Europe/Oslo')]
    expect(until(untilNever, '2026-03-29T00:59:00Z')).toBe('2026-03-29T01:30:00.000Z')
    expect(until(untilNever, '2026-03-29T01:30:00Z')).toBeUndefined()
  })

  it('lasts as long as the one that follows it', () => {
    const first: Freeze = { type: 'once', reason: 'One', from: '2026-03-04T00:00:00Z', until: '2026-03-06T18:00:00Z' }
    const found = frozenAt([weekly([5, '17:00'], [1, '07:00']), first], new Date('2026-03-05T12:00:00Z'))
    expect(found).toEqual({ reason: 'One', until: new Date('2026-03-09T07:00:00Z') })
  })

  it('of every week begins and ends when the clock on the wall says so, whatever the zone and the time', () => {
    const zones = ['UTC', 'Europe/Oslo', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia', 'Asia/Kolkata']
    const time = fc.integer({ min: 0, max: 7 * 24 * 60 - 1 })
    const written = (minutes: number): [number, string] => {
      const [hours, rest] = [Math.floor(minutes / 60) % 24, minutes % 60]
      return [Math.floor(minutes / 1440) + 1, `${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`]
    }
    fc.assert(
      fc.property(
        time,
        time,
        fc.constantFrom(...zones),
        fc.date({ min: new Date('2024-01-01'), max: new Date('2030-01-01'), noInvalidDate: true }),
        (from, to, timeZone, at) => {
          fc.pre(from !== to)
          // Near a change of the clocks "rather longer" may differ from what the wall shows.
          const offset = (near: number) => minutesOnTheWall(new Date(near), timeZone) - near / 60_000
          const change = [-8, 8].some((days) => {
            const difference = offset(at.getTime()) - offset(at.getTime() + days * 86_400_000)
            return Math.round(difference) % (7 * 1440) !== 0
          })
          fc.pre(!change)
          const shown = Math.floor(minutesOnTheWall(at, timeZone))
          const inside = from < to ? from <= shown && shown < to : shown >= from || shown < to
          expect(frozenAt([weekly(written(from), written(to), timeZone)], at) !== undefined).toBe(inside)
        },
      ),
    )
  })

  it('is refused when it never begins, or nobody knows its time zone', () => {
    const once = { type: 'once', reason: 'x', from: '2026-03-02T10:00:00Z', until: '2026-03-01T10:00:00Z' }
    const wrong = [once, weekly([1, '09:00'], [1, '09:00']), weekly([1, '09:00'], [2, '09:00'], 'Mars/Olympus')]
    const paths = wrong.map((freeze) => freezeSchema.safeParse(freeze).error?.issues[0]?.path)
    expect(paths).toEqual([['until'], ['untilTime'], ['timeZone']])
  })
})

/** Minutes since Monday 00:00, as a clock in the zone shows them. */
function minutesOnTheWall(at: Date, timeZone: string): number {
  const shown = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at)
  const [, name = '', hours, minutes] = /^(\w+),? (\d+):(\d+)$/.exec(shown) ?? []
  return ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(name) * 1440 + Number(hours) * 60 + Number(minutes)
}
