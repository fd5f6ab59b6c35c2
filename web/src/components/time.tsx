import { useSyncExternalStore } from 'react'

const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })
const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]

/** How long ago, in words: `3 days ago`. */
export function ago(at: string, now = Date.now()): string {
  const seconds = Math.round((Date.parse(at) - now) / 1000)
  if (Number.isNaN(seconds)) return at
  const step = steps.find(([, length]) => Math.abs(seconds) >= length)
  return step ? words.format(Math.trunc(seconds / step[1]), step[0]) : 'just now'
}

/** Day and time, exactly. */
export function exactTime(at: string): string {
  const time = Date.parse(at)
  return Number.isNaN(time) ? at : exact.format(time)
}

/** A point in time as an age that goes on; the exact time shows when pointed at. */
export function Ago({ at }: { at: string | undefined }) {
  const now = useSyncExternalStore(clock.subscribe, clock.now)
  if (!at) return <span>–</span>
  return (
    <time dateTime={at} title={exactTime(at)}>
      {ago(at, now)}
    </time>
  )
}

/** One clock for all ages on a page, since a list has hundreds. */
const clock = {
  time: Date.now(),
  listeners: new Set<() => void>(),
  timer: undefined as ReturnType<typeof setInterval> | undefined,
  now: () => clock.time,
  subscribe: (listener: () => void) => {
    if (clock.listeners.size === 0) {
      clock.time = Date.now()
      clock.timer = setInterval(() => {
        clock.time = Date.now()
        for (const told of clock.listeners) told()
      }, 15_000)
    }
    clock.listeners.add(listener)
    return () => {
      clock.listeners.delete(listener)
      if (clock.listeners.size === 0) clearInterval(clock.timer)
    }
  },
}

/** A length of time for a person: `840 ms`, `4.2 s`, `3 min 5 s`. */
export function duration(from: string, to: string): string {
  const milliseconds = Math.max(0, Date.parse(to) - Date.parse(from))
  if (milliseconds < 1000) return `${milliseconds} ms`
  const seconds = milliseconds / 1000
  return seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
}
