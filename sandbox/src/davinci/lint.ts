import { arrayAt, isObject, type JsonObject, objectAt, stringAt } from '@flightiq/core'
import type { EnvironmentState } from '../state/environment-state.ts'
import { flowReferences, type NodeReferences, namesVariable } from './flow-references.ts'

/** One finding of the linter, as it stands in `linterError` and `allLinterErrors` of an answer. */
export interface Finding extends JsonObject {
  code: string
  message: string
  type: 'error' | 'warning'
  recommendation: string
  flowId: string
  nodeId: string
}

/**
 * What a flow points at and the environment doesn't hold. PingOne accepts such a flow and leaves the node unconfigured
 * (known of imports); which findings its linter gives for it is not documented, so codes and sentences are ours.
 * Computed anew after each change, because what is missing now may be there later.
 */
export function findings(content: JsonObject, flowId: string, environment: EnvironmentState): Finding[] {
  const before = known.get(content)
  const { revision } = environment
  if (before?.environment === environment && before.revision === revision && before.flowId === flowId) return before.all
  const all = freshFindings(content, flowId, environment)
  known.set(content, { environment, revision, flowId, all })
  return all
}

/** What was found for a content, as long as nothing in the environment has changed since. */
const known = new WeakMap<
  JsonObject,
  { environment: EnvironmentState; revision: number; flowId: string; all: Finding[] }
>()

function freshFindings(content: JsonObject, flowId: string, environment: EnvironmentState): Finding[] {
  const names = new Set(
    [...environment.variables.values()].flatMap((variable) => stringAt(variable.content, 'name') ?? []),
  )
  return flowReferences(content).flatMap((node) => nodeFindings(node, flowId, environment, names))
}

function nodeFindings(
  node: NodeReferences,
  flowId: string,
  environment: EnvironmentState,
  names: ReadonlySet<string>,
): Finding[] {
  const spot = { flowId, nodeId: node.nodeId }
  const found: Finding[] = []
  if (node.connectionId && !environment.connectorInstances.has(node.connectionId)) {
    found.push({
      code: 'connector-instance-missing',
      message: `The node uses connector instance ${node.connectionId}, which this environment does not have.`,
      type: 'error',
      recommendation: 'Choose a connector instance of this environment.',
      ...spot,
    })
  }
  if (node.subFlowId && !environment.flows.has(node.subFlowId)) {
    found.push({
      code: 'subflow-missing',
      message: `The node starts flow ${node.subFlowId}, which this environment does not have.`,
      type: 'error',
      recommendation: 'Choose a flow of this environment.',
      ...spot,
    })
  }
  for (const text of node.variables) {
    if (names.has(text) || [...names].some((name) => namesVariable(text, name))) continue
    found.push({
      code: 'variable-missing',
      message: `The node uses variable ${text}, which this environment does not have.`,
      type: 'warning',
      recommendation: 'Create the variable, or correct its name.',
      ...spot,
    })
  }
  return found
}

/** How many findings are errors, and how many warnings: the fields of a flow's answer. */
export function findingCounts(all: readonly Finding[]): { dvlinterErrorCount: number; dvlinterWarningCount: number } {
  const errors = all.filter(({ type }) => type === 'error').length
  return { dvlinterErrorCount: errors, dvlinterWarningCount: all.length - errors }
}

/** The graph with the findings at their nodes. The stored graph is not changed; without findings it is returned as is. */
export function graphWithFindings(graph: JsonObject, all: readonly Finding[]): JsonObject {
  if (all.length === 0) return graph
  const elements = objectAt(graph, 'elements') ?? {}
  const nodes = arrayAt(elements, 'nodes').map((node) => {
    const id = isObject(node) ? stringAt(node.data, 'id') : undefined
    const own = all.filter(({ nodeId }) => nodeId === id)
    if (own.length === 0 || !isObject(node) || !isObject(node.data)) return node
    return { ...node, data: { ...node.data, linterError: own } }
  })
  return { ...graph, elements: { ...elements, nodes }, allLinterErrors: [...all] }
}
