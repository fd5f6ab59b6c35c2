import { type JsonObject, stringAt } from '@flightiq/core'
import type { EnvironmentState } from '../state/environment-state.ts'
import type { Resource } from '../state/records.ts'

/** The variable that has the same name in the same context; each flow has a context of its own. */
export function sameVariable(content: JsonObject, environment: EnvironmentState): Resource | undefined {
  const key = variableKey(content)
  return [...environment.variables.values()].find((variable) => variableKey(variable.content) === key)
}

function variableKey({ name, context, flow }: JsonObject): string {
  return JSON.stringify([name, context, context === 'flow' ? (stringAt(flow, 'id') ?? '') : ''])
}
