import { createHash } from 'node:crypto'

/** 32 hex digits that stand for some words: always the same for the same words. */
export function derivedHexId(...words: string[]): string {
  return createHash('sha256').update(words.join('\n')).digest('hex').slice(0, 32)
}

/** A UUID (version 8, RFC 9562) that stands for some words: always the same for the same words. */
export function derivedUuid(...words: string[]): string {
  const hex = derivedHexId(...words)
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20)].join('-')
}
