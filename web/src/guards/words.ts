import type { Shapes } from '../api/client.ts'
import { count } from '../components/count.ts'

type Guard = Shapes['Guard']
type Freeze = Guard['freezes'][number]

/** The days of a week, Monday first, as freezes number them. */
export const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const

const dayAndTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })

/** Day and time to the minute, as freezes are set. */
export const toTheMinute = (at: string): string => dayAndTime.format(Date.parse(at))

/** What a protection does, in a sentence. */
export function protectionInWords({ protection, approvals }: Pick<Guard, 'protection' | 'approvals'>): string {
  if (protection === 'locked') return 'Nothing is written to it.'
  if (protection === 'open') return 'Operators run plans without asking anybody.'
  return approvals === 1
    ? 'A run needs the approval of another person, of exactly that plan.'
    : `A run needs the approval of ${count(approvals, 'other person', 'other persons')}, of exactly that plan.`
}

/** What stands against a write to an environment right now, in a sentence; undefined when nothing does. */
export function obstacleInWords(guard: Guard): string | undefined {
  const { environmentName, protection, frozen, reason } = guard
  if (protection === 'locked') return `${environmentName} is locked: nothing is written to it.${after(reason)}`
  if (frozen) {
    return `${environmentName} is frozen until ${toTheMinute(frozen.until)}.${after(frozen.reason)}`
  }
  if (protection === 'protected') return `${environmentName} is protected. ${protectionInWords(guard)}${after(reason)}`
  return undefined
}

const after = (reason: string | undefined) => (reason ? ` ${reason}` : '')

const day = (number: number) => weekdays[number - 1] ?? String(number)

/** When a freeze holds, for a person. */
export function freezeInWords(freeze: Freeze): string {
  if (freeze.type === 'weekly') {
    return `Every week from ${day(freeze.fromDay)} ${freeze.fromTime} until ${day(freeze.untilDay)} ${freeze.untilTime} (${freeze.timeZone})`
  }
  return `From ${toTheMinute(freeze.from)} until ${toTheMinute(freeze.until)}`
}
