import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits as text, 43 characters: for cookies, one-time tokens and API tokens. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

/** What is stored instead of a token. Tokens are random, so that a plain hash of one leaves nothing to guess. */
export function hashOf(token: string): string {
  return createHash('sha256').update(token, 'utf8').digest('hex')
}
