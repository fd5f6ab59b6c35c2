import type { Json } from '../json.ts'
import { type Reading, step } from './content.ts'

/** A date of an export, epoch milliseconds or ISO text, as the API writes it. What is neither is warned of. */
export function isoDate(value: Json | undefined, reading: Reading, pointer: string, key: string): string | undefined {
  if (value === undefined || value === null) return undefined
  const date = typeof value === 'number' || typeof value === 'string' ? new Date(value) : undefined
  if (date && !Number.isNaN(date.getTime())) return date.toISOString()
  reading.warn('DATE_UNREADABLE', `${key} holds no date, and is left out.`, step(pointer, key))
  return undefined
}
