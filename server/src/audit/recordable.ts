import type { Json, JsonObject } from '@flightiq/core'
import { canonical } from '@flightiq/core'
import type { NewAuditEntry } from './entry.ts'

const longestName = 300
const longestId = 300
const longestText = 1000
/** Bytes of JSON that the details of one entry may take. */
const largestDetails = 8 * 1024

/** Fields that hold a secret wherever they turn up. */
const secretName = /(secret|password|passphrase|authorization|cookie|credentials?|private_?key|api_?key|token)$/i
/** What is a credential whatever it is called: a bearer header, a signed token. */
const secretValue = /\bBearer\s+\S+|\beyJ[\w-]{8,}\.[\w-]{8,}(\.[\w-]*)?/g

/** An entry as it is written, but for its place in the chain. */
export type RecordableEntry = Omit<NewAuditEntry, 'actor'> & {
  at: string
  actor: { kind: string; id: string; name: string }
  from: string
}

/**
 * An entry made fit to be kept for ever: of a bounded size, without a credential, and without a character that could
 * write a second line into whatever shows it.
 */
export function recordable(entry: NewAuditEntry, at: Date): RecordableEntry {
  const { actor, subject, details, event, outcome } = entry
  const ids = { tenantId: entry.tenantId, environmentId: entry.environmentId, requestId: entry.requestId }
  const hashes = { planHash: entry.planHash, beforeHash: entry.beforeHash, afterHash: entry.afterHash }
  return {
    at: at.toISOString(),
    event: plain(event, 100),
    outcome,
    actor: { kind: plain(actor.kind, 100), id: plain(actor.id, longestId), name: plain(actor.name, longestName) },
    from: plain(actor.from, longestName),
    ...given({ ...ids, ...hashes }),
    ...(subject === undefined ? {} : { subject: subjectOf(subject) }),
    ...(details === undefined ? {} : { details: detailsOf(details) }),
  }
}

/** A text on one line: control characters, and those that turn the reading order round, are written as `\u001b`. */
export function plain(text: string, longest: number): string {
  const shown = text
    .toWellFormed()
    .replaceAll(secretValue, '******')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, encoded)
  return shown.length <= longest ? shown : `${shown.slice(0, longest - 1).toWellFormed()}…`
}

function encoded(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function given<Key extends string>(texts: Record<Key, string | undefined>): Partial<Record<Key, string>> {
  const entries = Object.entries<string | undefined>(texts)
  const there = entries.flatMap(([key, text]) => (text === undefined ? [] : [[key, plain(text, longestId)]]))
  return Object.fromEntries(there) as Partial<Record<Key, string>>
}

function subjectOf({ kind, id, name }: NonNullable<NewAuditEntry['subject']>): NonNullable<NewAuditEntry['subject']> {
  return {
    kind: plain(kind, 100),
    id: plain(id, longestId),
    ...(name === undefined ? {} : { name: plain(name, longestName) }),
  }
}

function detailsOf(details: Record<string, unknown>): JsonObject {
  const text = JSON.stringify(details, (key, value: unknown) => {
    if (typeof value === 'bigint') return String(value)
    if (typeof value !== 'string') return value
    return secretName.test(key) ? '******' : plain(value, longestText)
  })
  if (Buffer.byteLength(text) > 2 * largestDetails) return shortened(text)
  const cleaned = withPlainKeys(JSON.parse(text) as Json) as JsonObject
  const kept = canonical(cleaned)
  return Buffer.byteLength(kept) > largestDetails ? shortened(kept) : cleaned
}

function withPlainKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(withPlainKeys)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [plain(key, 100), withPlainKeys(inner)]))
}

/** What is too large keeps its beginning; in JSON, and in UTF-8, a character can take several times its length. */
function shortened(text: string): JsonObject {
  return { shortened: plain(text, largestDetails / 8) }
}
