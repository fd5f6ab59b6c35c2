/** @flightiq/core: kinds, matching, comparing and planning. Pure: no I/O, no clock, no randomness. */
export * from './artifact.ts'
export * from './difference.ts'
export * from './json.ts'
export * from './kind.ts'
export * from './matching.ts'
export * from './place.ts'
export * from './plan.ts'
export * from './reference.ts'
