import { derivedUuid } from '../load/derived-ids.ts'
import type { EnvironmentState } from './environment-state.ts'

/** The one population that each environment of the sandbox has. */
export function populationOf(environment: EnvironmentState): { id: string; name: string } {
  return { id: derivedUuid('population', environment.id), name: 'Default' }
}
