import { isObject, type JsonObject, objectAt, stringAt } from '@flightiq/core'
import { derivedHexId, derivedUuid } from '../load/derived-ids.ts'
import type { EnvironmentState } from '../state/environment-state.ts'
import type { Flow } from '../state/records.ts'
import type { SandboxState } from '../state/sandbox-state.ts'
import { instanceId, ownInstances } from './connector-instances.ts'
import { type DemoEnvironment, type DemoFlow, demoEnvironment } from './environments.ts'
import { FlowBuilder } from './flow-builder.ts'
import { type FlowKey, flowNames } from './flow-names.ts'
import { formId } from './forms.ts'
import type { Surroundings } from './surroundings.ts'
import { variableContent } from './variables.ts'

/** Fills the environments of a new sandbox that have the names of the demo's. */
export function fillDemo(state: SandboxState): void {
  for (const environment of state.environments.values()) fillDemoEnvironment(environment)
}

/** Fills an environment that has the name of one of the demo's, on top of what PingOne puts into each. */
export function fillDemoEnvironment(environment: EnvironmentState): void {
  const content = demoEnvironment(environment.name)
  if (!content) return
  fillInstances(environment, content)
  const surroundings = surroundingsOf(environment, content)
  for (const variable of content.variables) {
    const dates = datesOf(environment.name, variable.name, 0)
    environment.insertVariable({ ...variableContent(variable, environment.name, surroundings.flowId), ...dates })
  }
  for (const form of content.forms) environment.insertForm({ ...form, ...datesOf(environment.name, 'form', 0) })
  for (const flow of content.flows) fillFlow(environment, flow, surroundings)
  fillApplications(environment, content, surroundings)
}

/** The id of a flow in an environment: another in each. */
export function demoFlowId(environmentName: string, key: FlowKey): string {
  return derivedHexId('flow', environmentName, key)
}

function fillInstances(environment: EnvironmentState, { instances }: DemoEnvironment): void {
  // PingOne gives these another id in each environment; here they get one that is the same after each start.
  const own = new Set(ownInstances.map(({ connectorId }) => connectorId))
  for (const [id, { content }] of environment.connectorInstances) {
    if (own.has(stringAt(content.connector, 'id') ?? '')) environment.connectorInstances.delete(id)
  }
  for (const instance of [...ownInstances, ...instances]) {
    environment.insertConnectorInstance({
      id: instanceId(environment.name, instance),
      name: instance.name,
      connector: { id: instance.connectorId },
      ...(instance.properties ? { properties: instance.properties } : {}),
      ...datesOf(environment.name, instance.name, 0),
    })
  }
}

function surroundingsOf(environment: EnvironmentState, content: DemoEnvironment): Surroundings {
  return {
    environmentName: environment.name,
    environmentId: environment.id,
    flowId: (key) => demoFlowId(environment.name, key),
    instanceOf: (connectorId, name) => {
      for (const [id, instance] of environment.connectorInstances) {
        const itsName = stringAt(instance.content, 'name') ?? ''
        const fits =
          stringAt(instance.content.connector, 'id') === connectorId && (name === undefined || itsName === name)
        if (fits) return { id, name: itsName }
      }
      throw new Error(`${environment.name} has no instance ${name ?? ''} of ${connectorId}.`)
    },
    variable: (name) => {
      // Where a name stands in several contexts, flows write the narrowest.
      const found = content.variables.findLast((variable) => variable.name === name)
      if (!found) throw new Error(`${environment.name} has no variable ${name}.`)
      return found
    },
    formId,
    without: new Set(),
  }
}

function fillFlow(environment: EnvironmentState, flow: DemoFlow, surroundings: Surroundings): void {
  const { spec, version } = flow
  const build = (without: readonly string[]): JsonObject => {
    const content = new FlowBuilder(spec, { ...surroundings, without: new Set(without) }).build()
    const settings =
      flow.logLevel === undefined ? content.settings : { ...objectAt(content, 'settings'), logLevel: flow.logLevel }
    const built = { ...content, settings: settings ?? {}, enabled: !flow.disabled }
    return flow.moved ? moved(built) : built
  }
  const missing = flow.without ?? []
  const staged = flow.stagedWith ?? []
  const dates = datesOf(environment.name, flowNames[spec.key], version)
  const earlier = flow.earlier ?? []
  const [first = [], ...others] = [...earlier.map(({ without }) => without), [...missing, ...staged]]
  const number = version - others.length
  const inserted = environment.insertFlow({
    ...build(first),
    ...dates,
    currentVersion: number,
    publishedVersion: number,
  })
  for (const without of others) {
    environment.saveFlow(inserted, build(without))
    environment.deployFlow(inserted)
  }
  if (staged.length > 0) environment.saveFlow(inserted, build(missing))
  for (const [index, { alias }] of earlier.entries()) {
    const replaced = inserted.versions[index]
    if (replaced && alias) replaced.alias = alias
  }
  settleDates(inserted, dates)
}

/** Saving and deploying take the clock's time; the demo's dates are the same after each start, a week between versions. */
function settleDates(flow: Flow, { createdAt, updatedAt }: { createdAt: string; updatedAt: string }): void {
  const last = Date.parse(updatedAt)
  for (const [index, version] of flow.versions.entries()) {
    const at = new Date(last - (flow.versions.length - 1 - index) * 7 * 86_400_000).toISOString()
    Object.assign(version, { createdAt: at, updatedAt: at }, version.deployedAt ? { deployedAt: at } : {})
    if (version.version === flow.publishedVersion) flow.deployedAt = at
  }
  Object.assign(flow, { createdAt, updatedAt })
}

/** The flow with its drawing shifted and one row pulled apart. */
function moved(flow: JsonObject): JsonObject {
  const graph = objectAt(flow, 'graphData') ?? {}
  const elements = objectAt(graph, 'elements') ?? {}
  const nodes = Array.isArray(elements.nodes) ? elements.nodes : []
  const shifted = nodes.map((node, index) => {
    if (!isObject(node) || !isObject(node.position)) return node
    const { x, y } = node.position
    return { ...node, position: { x: Number(x) + 60, y: Number(y) + (index % 3 === 0 ? 30.5 : 0) } }
  })
  return { ...flow, graphData: { ...graph, elements: { ...elements, nodes: shifted } } }
}

/** PingOne makes this application in every environment; here it gets an id that is the same after each start. */
function settleBootstrapped(environment: EnvironmentState): void {
  for (const [id, { content }] of [...environment.applications]) {
    environment.applications.delete(id)
    const name = stringAt(content, 'name') ?? ''
    const own = { id: derivedHexId('application', environment.name, name), ...datesOf(environment.name, name, 0) }
    environment.insertApplication({ ...content, ...own })
  }
}

function fillApplications(environment: EnvironmentState, content: DemoEnvironment, { flowId }: Surroundings): void {
  settleBootstrapped(environment)
  for (const { name, oauth, policies } of content.applications) {
    const application = environment.insertApplication({
      id: derivedHexId('application', environment.name, name),
      name,
      apiKey: { enabled: true, value: `sandbox-only-${derivedHexId('apiKey', environment.name, name)}` },
      oauth: { clientSecret: `sandbox-only-${derivedUuid('clientSecret', environment.name, name)}`, ...oauth },
      ...datesOf(environment.name, name, 0),
    })
    for (const policy of policies) {
      environment.insertFlowPolicy(application.id, {
        id: derivedHexId('flowPolicy', environment.name, name, policy.name),
        name: policy.name,
        status: policy.status ?? 'enabled',
        flowDistributions: policy.flows.map(([key, weight, version = -1]) => ({ id: flowId(key), version, weight })),
        ...(policy.trigger ? { trigger: policy.trigger } : {}),
        ...datesOf(environment.name, policy.name, 0),
      })
    }
  }
}

/** Dates within 2026 that depend on the names alone; a flow of many versions was changed lately. */
function datesOf(environmentName: string, name: string, version: number): { createdAt: string; updatedAt: string } {
  const number = Number.parseInt(derivedHexId('date', environmentName, name).slice(0, 8), 16)
  const created = Date.UTC(2026, 0, 5) + (number % 3_456_000) * 1000
  const updated = created + (version + 1) * 86_400_000 * 5 + (number % 40_000) * 1000
  return { createdAt: new Date(created).toISOString(), updatedAt: new Date(updated).toISOString() }
}
