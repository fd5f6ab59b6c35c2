import type { Freeze } from '../contract/guards.ts'

/** A freeze that is on, and when writing may go on. */
export interface FrozenNow {
  reason: string
  until: Date
}

const minute = 60_000
const day = 24 * 60 * minute

/**
 * The freeze that is on at a point in time: the one that lasts longest. Where another begins before it ends, `until`
 * is when the last of them ends. Undefined when none is on.
 */
export function frozenAt(freezes: readonly Freeze[], at: Date): FrozenNow | undefined {
  const found = longestAt(freezes, at)
  if (!found) return undefined
  let { until } = found
  // Weekly ones may follow each other without end: a look at each is far enough.
  for (const _ of freezes) until = longestAt(freezes, until)?.until ?? until
  return { reason: found.reason, until }
}

function longestAt(freezes: readonly Freeze[], at: Date): FrozenNow | undefined {
  return freezes
    .flatMap((freeze): FrozenNow[] => {
      const until = freeze.type === 'once' ? endOfOnce(freeze, at) : endOfWeekly(freeze, at)
      return until === undefined ? [] : [{ reason: freeze.reason, until }]
    })
    .reduce<FrozenNow | undefined>((best, next) => (best && best.until >= next.until ? best : next), undefined)
}

function endOfOnce({ from, until }: Freeze & { type: 'once' }, at: Date): Date | undefined {
  const end = new Date(until)
  return new Date(from) <= at && at < end ? end : undefined
}

/**
 * Looks at the windows that began in the last eight days, by the calendar of the time zone. An end that the clock shows
 * twice, or a beginning that it leaves out, is taken so that the window is the longer one: rather frozen for an hour
 * too much than written to while it should not be.
 */
function endOfWeekly(freeze: Freeze & { type: 'weekly' }, at: Date): Date | undefined {
  const { fromDay, fromTime, untilDay, untilTime, timeZone } = freeze
  const whole = untilDay === fromDay && untilTime <= fromTime ? 7 : 0
  const length = ((untilDay - fromDay + 7) % 7) + whole
  const today = midnightOf(wallClock(at, timeZone))
  const ends = Array.from({ length: 9 }, (_, back) => today - (back - 1) * day)
    .filter((date) => weekdayOf(date) === fromDay)
    .map((date) => ({
      begin: Math.min(...instantsOf(date + minutesOf(fromTime) * minute, timeZone)),
      end: Math.max(...instantsOf(date + length * day + minutesOf(untilTime) * minute, timeZone)),
    }))
    .filter(({ begin, end }) => begin <= at.getTime() && at.getTime() < end)
    .map(({ end }) => end)
  return ends.length === 0 ? undefined : new Date(Math.max(...ends))
}

/** When a clock on the wall shows a time: once as a rule, twice when it is put back, between two when it leaves it out. */
function instantsOf(shown: number, timeZone: string): number[] {
  const candidates = [shown - day, shown + day].map((near) => shown - (wallClock(new Date(near), timeZone) - near))
  const exact = candidates.filter((instant) => wallClock(new Date(instant), timeZone) === shown)
  return exact.length > 0 ? exact : candidates
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** What a clock in a time zone shows, as the milliseconds that the same date and time would be in UTC. */
function wallClock(at: Date, timeZone: string): number {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('en-US', { ...wallClockParts, timeZone })
  formats.set(timeZone, format)
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 1, day: dayOfMonth = 1, hour = 0, minute: minutes = 0, second = 0 } = part
  const milliseconds = ((at.getTime() % 1000) + 1000) % 1000
  return Date.UTC(year, month - 1, dayOfMonth, hour, minutes, second, milliseconds)
}

const wallClockParts = {
  calendar: 'gregory',
  numberingSystem: 'latn',
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
} as const

function midnightOf(shown: number): number {
  return Math.floor(shown / day) * day
}

/** 1 is Monday, 7 is Sunday. */
function weekdayOf(date: number): number {
  return new Date(date).getUTCDay() || 7
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}
