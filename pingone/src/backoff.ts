import { setTimeout as delay } from 'node:timers/promises'

/** How often something is tried. */
export interface RetryOptions {
  /** How often a call is sent at most. */
  tries: number
  /** The first step of the exponential backoff, in milliseconds. */
  baseMilliseconds: number
}

export const defaultRetry: RetryOptions = { tries: 6, baseMilliseconds: 250 }

/** The longest step between two tries, in milliseconds. */
const longestStep = 30_000

/**
 * Milliseconds to wait before the next try: exponential with full jitter, so that clients which failed together don't
 * come back together. Takes how many tries there were, from 1.
 */
export function backoff(attempt: number, base: number): number {
  return Math.random() * Math.min(longestStep, base * 2 ** attempt)
}

/** Waits. Throws the signal's reason when it is aborted meanwhile. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await delay(milliseconds, undefined, signal === undefined ? {} : { signal })
  } catch (error) {
    throw signal?.aborted ? signal.reason : error
  }
}
