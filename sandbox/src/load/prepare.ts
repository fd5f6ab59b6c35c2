import { type ExportContent, type JsonObject, stringAt } from '@flightiq/core'
import { isMask } from '../davinci/masking.ts'
import { isUuid } from '../ids.ts'
import type { EnvironmentState } from '../state/environment-state.ts'
import { derivedHexId, derivedUuid } from './derived-ids.ts'
import { rewriteIds, subflowCalls } from './rewrite-ids.ts'
import { usesVariable, variableName, variableUses } from './variable-uses.ts'

/** What is to be put into an environment, worked out before anything is written. */
export interface Prepared {
  flows: JsonObject[]
  connectorInstances: JsonObject[]
  variables: JsonObject[]
  forms: JsonObject[]
  /** Of these, what the file doesn't hold and others refer to. */
  standIns: { flows: string[]; connectorInstances: string[]; variables: string[] }
}

const flowIdPattern = /^[0-9a-f]{32}$/
/** Older tenants have ids of 32 letters and digits, and a few have words: both are ids to the API. */
const instanceIdPattern = /^[\w-]{1,256}$/

/**
 * Works out what loading an export into an environment would write. Ids that the environment can't take are replaced by
 * ones derived from them, wherever the file names them, so that loading the file again finds the same.
 */
export function prepare(environment: EnvironmentState, content: ExportContent, standIns: boolean): Prepared {
  const instanceIds = new Map<string, string>()
  const flowIds = new Map<string, string>()
  const instances = content.connectorInstances.map((one) => withInstanceId(one, environment, instanceIds))
  const implied = content.impliedConnectorInstances.map((one) => withInstanceId(one, environment, instanceIds))
  const missing = standIns ? implied.filter(({ id }) => !environment.connectorInstances.has(String(id))) : []
  const standInInstances = named(missing, [...connectorInstances(environment), ...instances])

  for (const { id } of content.flows) {
    if (typeof id === 'string' && !flowIdPattern.test(id)) flowIds.set(id, derivedHexId('flow', environment.id, id))
  }
  const standInFlows = standIns ? missingSubflows(environment, content.flows, flowIds) : []
  const ids = { flows: flowIds, connectorInstances: instanceIds }
  const flows = content.flows.map((flow) => {
    const id = stringAt(flow, 'id') ?? derivedHexId('flow', environment.id, stringAt(flow, 'name') ?? '')
    return rewriteIds({ ...flow, id: flowIds.get(id) ?? id }, ids)
  })

  const variables = content.variables.map((one) => withVariableId(one, environment, flowIds))
  const standInVariables = standIns ? missingVariables(environment, flows, variables) : []
  return {
    flows: [...standInFlows, ...flows],
    connectorInstances: [...instances, ...standInInstances],
    variables: [...variables, ...standInVariables],
    forms: content.forms.map((form) => ({
      ...form,
      id: isUuid(String(form.id)) ? String(form.id) : derivedUuid('form', environment.id, String(form.id)),
    })),
    standIns: {
      flows: standInFlows.map(({ id }) => String(id)),
      connectorInstances: standInInstances.map(({ id }) => String(id)),
      variables: standInVariables.map(({ id }) => String(id)),
    },
  }
}

function withInstanceId(instance: JsonObject, environment: EnvironmentState, ids: Map<string, string>): JsonObject {
  const id = stringAt(instance, 'id') ?? ''
  const connectorId = stringAt(instance.connector, 'id') ?? ''
  const there = environment.connectorInstances.get(id)
  const taken = there !== undefined && stringAt(there.content.connector, 'id') !== connectorId
  if (instanceIdPattern.test(id) && !taken) return instance
  const given = derivedHexId('connectorInstance', environment.id, connectorId, id)
  ids.set(id, given)
  return { ...instance, id: given }
}

/** Instances with names that no other instance of their connector has: `Node`, `Node 2`, `Node 3`. */
function named(instances: JsonObject[], others: readonly JsonObject[]): JsonObject[] {
  const key = (one: JsonObject, name: string) => `${stringAt(one.connector, 'id')}\n${name}`
  const taken = new Set(others.map((one) => key(one, stringAt(one, 'name') ?? '')))
  return instances.map((instance) => {
    const wanted = stringAt(instance, 'name') ?? ''
    let name = wanted
    for (let number = 2; taken.has(key(instance, name)); number += 1) name = `${wanted} ${number}`
    taken.add(key(instance, name))
    return { ...instance, name }
  })
}

function connectorInstances(environment: EnvironmentState): JsonObject[] {
  return [...environment.connectorInstances.values()].map(({ content }) => content)
}

function missingSubflows(
  environment: EnvironmentState,
  flows: readonly JsonObject[],
  flowIds: Map<string, string>,
): JsonObject[] {
  const held = new Set(flows.map(({ id }) => id))
  const calls = Map.groupBy(
    flows.flatMap(subflowCalls).filter(({ id }) => !held.has(id) && !environment.flows.has(id)),
    ({ id }) => id,
  )
  return [...calls].flatMap(([id, callers]) => {
    if (!flowIdPattern.test(id)) flowIds.set(id, derivedHexId('flow', environment.id, id))
    const given = flowIds.get(id) ?? id
    // An earlier load of the file has put it there.
    if (environment.flows.has(given)) return []
    const inputs = new Set(callers.flatMap((call) => call.inputs))
    return [standInFlow(given, callers[0]?.label ?? `Subflow ${id}`, [...inputs])]
  })
}

function standInFlow(id: string, name: string, inputs: string[]): JsonObject {
  return {
    id,
    name: [...name].slice(0, 256).join(''),
    description: 'Stands in for a flow that the export refers to and does not hold.',
    color: '#AFD5FF',
    currentVersion: 0,
    publishedVersion: 0,
    graphData: {
      elements: {
        nodes: [
          {
            data: {
              id: 'standin001',
              nodeType: 'CONNECTION',
              connectorId: 'httpConnector',
              label: 'Http',
              status: 'configured',
              capabilityName: 'createSuccessResponse',
              type: 'action',
              properties: { nodeTitle: { value: 'Stand-in' } },
            },
            position: { x: 300, y: 300 },
          },
        ],
      },
    },
    inputSchema: inputs.map((propertyName) => ({
      propertyName,
      preferredDataType: 'string',
      preferredControlType: 'textField',
      isExpanded: true,
      description: '',
      required: false,
    })),
  }
}

function withVariableId(
  variable: JsonObject,
  environment: EnvironmentState,
  flowIds: ReadonlyMap<string, string>,
): JsonObject {
  const flowId = stringAt(variable.flow, 'id')
  const flow = flowId === undefined ? {} : { flow: { id: flowIds.get(flowId) ?? flowId } }
  const id = stringAt(variable, 'id') ?? ''
  const given = isUuid(id) ? id : derivedUuid('variable', environment.id, id, stringAt(variable, 'name') ?? '')
  const { value, ...rest } = variable
  // A secret never travels: what stands there is a mask.
  const kept = value === undefined || (variable.dataType === 'secret' && isMask(value)) ? {} : { value }
  return { ...rest, ...kept, ...flow, id: given }
}

function missingVariables(
  environment: EnvironmentState,
  flows: readonly JsonObject[],
  listed: readonly JsonObject[],
): JsonObject[] {
  const known = [...[...environment.variables.values()].map(({ content }) => content), ...listed]
  return flows.flatMap((flow) => {
    const flowId = stringAt(flow, 'id') ?? ''
    return variableUses(flow).flatMap((use) => {
      const name = variableName(use)
      if (!name || known.some((variable) => usesVariable(use, flowId, variable))) return []
      const variable: JsonObject = {
        id: derivedUuid('variable', environment.id, name, use.context, use.context === 'flow' ? flowId : ''),
        name,
        context: use.context,
        dataType: use.dataType,
        mutable: true,
        min: 0,
        max: 2000,
        ...(use.context === 'flow' ? { flow: { id: flowId } } : {}),
      }
      known.push(variable)
      return [variable]
    })
  })
}
