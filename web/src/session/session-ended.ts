import { useSyncExternalStore } from 'react'
import type { Problem } from '../api/client.ts'

/** What a call says when nobody is signed in (any more). */
const codes = new Set(['SIGN_IN_NEEDED', 'SESSION_ENDED'])

let ended: Problem | undefined
let leaving = false
const listeners = new Set<() => void>()

function set(problem: Problem | undefined): void {
  ended = problem
  for (const told of listeners) told()
}

/** Takes each problem that a call came back with: one that means the session is over is shown wherever one is. */
export function noteProblem(problem: Problem): void {
  if (problem.status === 401 && codes.has(problem.code) && !ended && !leaving) set(problem)
}

/** Whoever signs out knows that the session is over. */
export function leave(): void {
  leaving = true
}

/** Signing out didn't work. */
export function stay(): void {
  leaving = false
}

/** Somebody is signed in again. */
export const sessionIsBack = (): void => set(undefined)

/** Why the session is over; undefined while it goes on. */
export function useSessionEnded(): Problem | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => ended,
  )
}
