import { type JsonObject, objectAt, stringAt } from '@flightiq/core'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { environmentOf } from '../context.ts'
import type { EnvironmentState } from '../state/environment-state.ts'
import type { Flow, FlowVersion, Resource } from '../state/records.ts'
import { versionExportAnswer } from './flow-answer.ts'
import { flowReferences, namesVariable } from './flow-references.ts'

const flag = z.boolean().optional()

/** The body of an export; all parts are optional. */
export const exportBody = z.looseObject({ includeSubFlows: flag, includeVariableValues: flag, includeForms: flag })

/** A version as an export, on request with its subflows at any depth, the variables' values, and the forms it shows. */
export function exportVersion(
  request: FastifyRequest,
  flow: Flow,
  version: FlowVersion,
  options: JsonObject,
): JsonObject {
  const environment = environmentOf(request)
  const one = (exported: Flow, content: FlowVersion): JsonObject => ({
    ...versionExportAnswer(request, exported, content),
    variables: variablesOf(exported, content, environment).map((variable) =>
      exportedVariable(variable, options.includeVariableValues === true),
    ),
    ...(options.includeForms === true ? { forms: formsOf(content, environment) } : {}),
  })
  const exported = one(flow, version)
  if (options.includeSubFlows !== true) return exported
  const subFlows = subFlowsOf(flow, version, environment)
  return { ...exported, _embedded: subFlows.map((subFlow) => one(subFlow, environment.currentVersion(subFlow))) }
}

/** Every flow started by this one or by one of those, each once, nearest first. */
function subFlowsOf(flow: Flow, version: FlowVersion, environment: EnvironmentState): Flow[] {
  const found = new Map<string, Flow>()
  let level: FlowVersion[] = [version]
  while (level.length > 0) {
    const ids = level.flatMap(({ content }) => flowReferences(content).flatMap(({ subFlowId }) => subFlowId ?? []))
    level = []
    for (const id of new Set(ids)) {
      const subFlow = environment.flows.get(id)
      if (!subFlow || found.has(id) || id === flow.id) continue
      found.set(id, subFlow)
      level.push(environment.currentVersion(subFlow))
    }
  }
  return [...found.values()]
}

/** The variables of the flow's own context, and those its nodes name. */
function variablesOf(flow: Flow, { content }: FlowVersion, environment: EnvironmentState): Resource[] {
  const named = new Set(flowReferences(content).flatMap(({ variables }) => variables))
  return [...environment.variables.values()].filter((variable) => {
    if (variable.content.context === 'flow') return stringAt(variable.content.flow, 'id') === flow.id
    const name = stringAt(variable.content, 'name') ?? ''
    return named.has(name) || [...named].some((text) => namesVariable(text, name))
  })
}

/** Secrets never leave, and other values only on request. */
function exportedVariable({ id, content }: Resource, withValue: boolean): JsonObject {
  const { value, ...rest } = content
  if (value === undefined || !withValue || content.dataType === 'secret') return { id, ...rest }
  return { id, ...rest, value }
}

function formsOf({ content }: FlowVersion, environment: EnvironmentState): JsonObject {
  const text = JSON.stringify(objectAt(content.graphData, 'elements') ?? {})
  const shown = [...environment.forms.values()].filter(({ id }) => text.includes(id))
  return Object.fromEntries(
    shown.map(({ id, content: form }) => [id, { id, ...form, environment: { id: environment.id } }]),
  )
}
