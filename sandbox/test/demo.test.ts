import {
  type Artifact,
  arrayAt,
  type Comparison,
  comparePair,
  Inventory,
  isObject,
  type JsonObject,
  kindOf,
  matchPlaces,
  objectAt,
  stateOf,
  stringAt,
} from '@flightiq/core'
import { describe, expect, it } from 'vitest'
import { flowReferences } from '../src/davinci/flow-references.ts'
import { findings } from '../src/davinci/lint.ts'
import { demoFlowId, demoTenants, demoWorker, type FlowKey, fillDemoEnvironment, flowNames } from '../src/demo/index.ts'
import { EnvironmentState } from '../src/state/environment-state.ts'

/** An environment of the demo, as a new sandbox makes it. */
function filled(name: string): EnvironmentState {
  const tenant = demoTenants.find(({ environments }) => environments.some((one) => one.name === name))!
  const head = tenant.environments.find((one) => one.name === name)!
  const environment = new EnvironmentState(
    {
      ...head,
      description: '',
      organizationId: tenant.organizationId,
      licenceId: tenant.licenceId,
      region: tenant.region,
      createdAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T00:00:00.000Z',
      products: [],
      position: 0,
    },
    () => Date.UTC(2026, 10, 23),
  )
  fillDemoEnvironment(environment)
  return environment
}

const development = filled('Development')
const production = filled('Production')

const contentOf = (environment: EnvironmentState, id: string): JsonObject => {
  const flow = environment.flows.get(id)!
  return { id, ...environment.currentVersion(flow).content }
}
const nodesOf = (content: JsonObject): JsonObject[] =>
  arrayAt(objectAt(content.graphData, 'elements'), 'nodes') as JsonObject[]
const dataOf = (node: JsonObject): JsonObject => node.data as JsonObject
const contents = [...development.flows.keys()].map((id) => contentOf(development, id))
const allData = contents.flatMap(nodesOf).map(dataOf)

/** What an environment holds, as comparing wants it. */
function inventory(environment: EnvironmentState): Inventory {
  const artifacts: Artifact[] = [...environment.flows.values()].map((flow) => {
    const content = { ...contentOf(environment, flow.id), environment: { id: environment.id }, enabled: flow.enabled }
    return { kind: 'flow', id: flow.id, name: stringAt(content, 'name') ?? '', content }
  })
  for (const [kind, resources] of [
    ['variable', environment.variables],
    ['connectorInstance', environment.connectorInstances],
  ] as const) {
    for (const { id, content } of resources.values()) {
      artifacts.push({ kind, id, name: stringAt(content, 'name') ?? '', content: { id, ...content } })
    }
  }
  return new Inventory(artifacts)
}

const source = inventory(development)
const destination = inventory(production)
const matching = matchPlaces(source, destination)

function pairOf(key: FlowKey) {
  return matching.pairOf('flow', demoFlowId('Development', key))!
}
function compared(key: FlowKey): Comparison {
  return comparePair(pairOf(key), matching, source, destination)
}

describe('the flows of Development', () => {
  it('are of many sizes, up to more than a hundred nodes', () => {
    const sizes = contents.map((content) => nodesOf(content).length)
    expect(sizes.length).toBeGreaterThanOrEqual(12)
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(8)
    expect(Math.max(...sizes)).toBeGreaterThan(100)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(120)
  })

  it('use many connectors', () => {
    const connectors = new Set(allData.map(({ connectorId }) => connectorId))
    expect(connectors.size).toBeGreaterThanOrEqual(9)
    for (const needed of [
      'http',
      'variables',
      'functions',
      'flow',
      'pingOneForms',
      'notifications',
      'pingOneMfa',
      'pingOneSSO',
      'codeSnippet',
      'node',
      'error',
      'pingOneRisk',
      'annotation',
    ]) {
      expect(connectors).toContain(`${needed}Connector`)
    }
  })

  it('start subflows three levels deep, which several of them share', () => {
    const callers = new Map<string, Set<string>>()
    const calls = (id: string) => flowReferences(contentOf(development, id)).flatMap(({ subFlowId }) => subFlowId ?? [])
    const depth = (id: string): number => Math.max(0, ...calls(id).map((called) => 1 + depth(called)))
    for (const id of development.flows.keys()) {
      for (const called of calls(id)) callers.set(called, (callers.get(called) ?? new Set()).add(id))
    }
    expect(depth(demoFlowId('Development', 'sign-on'))).toBeGreaterThanOrEqual(3)
    for (const shared of ['audit-log', 'notify', 'risk-check', 'step-up'] satisfies FlowKey[]) {
      expect(callers.get(demoFlowId('Development', shared))!.size).toBeGreaterThan(1)
    }
  })

  it('are drawn so that no two nodes lie on each other', () => {
    for (const content of contents) {
      const places = nodesOf(content).map(({ position }) => position as { x: number; y: number })
      for (const [index, one] of places.entries()) {
        const close = places
          .slice(index + 1)
          .filter((two) => Math.abs(one.x - two.x) < 40 && Math.abs(one.y - two.y) < 20)
        expect({ flow: content.name, close }).toEqual({ flow: content.name, close: [] })
      }
    }
  })

  it('have conditions for the very nodes that they lead to, and lines between nodes that are there', () => {
    for (const content of contents) {
      const edges = arrayAt(objectAt(content.graphData, 'elements'), 'edges').map(
        (edge) => (edge as JsonObject).data as JsonObject,
      )
      const ids = new Set(nodesOf(content).map((node) => dataOf(node).id))
      for (const { source: from, target: to } of edges) expect([ids.has(from!), ids.has(to!)]).toEqual([true, true])
      for (const data of nodesOf(content).map(dataOf)) {
        if (data.nodeType !== 'EVAL') continue
        const targets = edges.filter(({ source: from }) => from === data.id).map(({ target: to }) => to)
        expect(Object.keys(data.properties as JsonObject).sort()).toEqual([...targets].sort())
      }
    }
  })

  it('lead on from a comparison by the ids of its values', () => {
    let found = 0
    for (const content of contents) {
      for (const edge of arrayAt(objectAt(content.graphData, 'elements'), 'edges')) {
        const { source: from, multiValueSourceId } = (edge as JsonObject).data as JsonObject
        if (multiValueSourceId === undefined || multiValueSourceId === '-1') continue
        const data = nodesOf(content)
          .map(dataOf)
          .find(({ id }) => id === from)!
        const values = arrayAt(objectAt(objectAt(data, 'properties'), 'rightValueMultiple'), 'value')
        const ids = [...values, ...arrayAt(data, 'outcomes')].map((one) => (one as JsonObject).id)
        expect(ids).toContain(multiValueSourceId)
        found += 1
      }
    }
    expect(found).toBeGreaterThan(50)
  })

  it('hold pages as Slate documents, with each reference in them twice', () => {
    const pages = allData.filter(({ capabilityName }) => capabilityName === 'customHTMLTemplate')
    expect(pages.length).toBeGreaterThan(10)
    for (const { properties } of pages) {
      const html = JSON.parse(stringAt(objectAt(properties, 'customHTML'), 'value')!) as { children: JsonObject[] }[]
      const links = html.flatMap(({ children }) => children).filter(({ type }) => type === 'link')
      for (const link of links) expect(link.data).toBe(link.tooltip)
    }
  })

  it('refer to nothing that is not there, but for the one node that was removed', () => {
    const dangling: string[] = []
    for (const content of contents) {
      const ids = new Set(nodesOf(content).map((node) => dataOf(node).id))
      for (const reference of kindOf('flow').references(content)) {
        const { kind, target } = reference
        const there =
          kind === 'node'
            ? ids.has(target)
            : kind === 'flow'
              ? development.flows.has(target)
              : kind === 'connectorInstance'
                ? stringAt(development.connectorInstances.get(target)?.content.connector, 'id') ===
                  reference.connectorId
                : kind === 'variable'
                  ? [...development.variables.values()].some(
                      ({ content: variable }) =>
                        variable.name === target && (!reference.context || reference.context === variable.context),
                    )
                  : kind === 'form'
                    ? development.forms.has(target)
                    : true
        if (!there) dangling.push(`${content.name}: ${kind} ${reference.node?.label}`)
      }
    }
    expect([...new Set(dangling)]).toEqual([
      'Staff Sign-On: node Is the colleague on duty?',
      'Staff Sign-On: node Off duty',
    ])
  })

  it('have no finding of the linter', () => {
    for (const content of contents) expect(findings(content, String(content.id), development)).toEqual([])
  })
})

describe('the versions of a flow', () => {
  it('are kept with the names given to them, each older than the next', () => {
    const signOn = development.flows.get(demoFlowId('Development', 'sign-on'))!
    expect(signOn.versions.map(({ version, alias }) => [version, alias])).toEqual([
      [23, 'Summer season'],
      [24, undefined],
    ])
    expect(signOn).toMatchObject({ currentVersion: 24, publishedVersion: 24 })
    const [older, newer] = signOn.versions
    expect(older!.updatedAt < newer!.updatedAt).toBe(true)
    expect(nodesOf(older!.content).length).toBeLessThan(nodesOf(newer!.content).length)
  })
})

describe('what surrounds the flows', () => {
  it('are variables of every context and type', () => {
    const variables = [...development.variables.values()].map(({ content }) => content)
    expect(new Set(variables.map(({ context }) => context))).toEqual(
      new Set(['company', 'flow', 'flowInstance', 'user']),
    )
    expect(new Set(variables.map(({ dataType }) => dataType))).toEqual(
      new Set(['boolean', 'number', 'object', 'secret', 'string']),
    )
  })

  it('are connector instances without a secret in them', () => {
    const secrets = [...development.connectorInstances.values()].flatMap(({ content }) =>
      [...JSON.stringify(content).matchAll(/"(?:password|\w*[sS]ecret\w*|authToken|token)":(\{[^}]*\})/g)].map(
        ([, found]) => found!,
      ),
    )
    expect(secrets.length).toBeGreaterThan(4)
    for (const secret of secrets) expect(secret).toContain('"value":"******"')
  })

  it('are applications whose policies share out what they start', () => {
    expect(development.flowPolicies.size).toBeGreaterThan(4)
    for (const environment of [development, production]) {
      for (const { content } of environment.flowPolicies.values()) {
        const distributions = arrayAt(content, 'flowDistributions') as JsonObject[]
        expect(distributions.reduce((sum, { weight }) => sum + Number(weight), 0)).toBe(100)
        for (const { id } of distributions) expect(environment.flows.has(String(id))).toBe(true)
      }
    }
  })

  it('has ids of its own in each environment, and the same after each start', () => {
    const ids = (environment: EnvironmentState) => [
      ...environment.flows.keys(),
      ...environment.variables.keys(),
      ...environment.applications.keys(),
      ...environment.flowPolicies.keys(),
    ]
    expect(ids(filled('Development'))).toEqual(ids(development))
    expect(ids(production).filter((id) => ids(development).includes(id))).toEqual([])
    expect(filled('Development').toStored().flows).toEqual(development.toStored().flows)
    expect(demoWorker.clientId).toBe(demoTenants[0].worker.clientId)
  })
})

describe('Production', () => {
  it('lags behind in the ways that happen', () => {
    expect(compared('audit-log').state).toBe('identical')
    expect(compared('step-up').state).toBe('identical')
    expect(compared('account-recovery')).toMatchObject({ state: 'different', layoutOnly: true })
    const signOn = compared('sign-on')
    expect(signOn.differences.filter(({ section, change }) => section === 'node' && change === 'added')).not.toEqual([])
    const html = signOn.differences.flatMap(({ properties }) => properties).filter(({ text }) => text === 'html')
    expect(html).not.toEqual([])
    expect(signOn.differences.some(({ section }) => section === 'settings')).toBe(true)
  })

  it('lacks what is new in Development, and has something that Development lost', () => {
    expect(stateOf(pairOf('passkey-sign-on'))).toBe('onlyInSource')
    expect(stateOf(pairOf('passkey-enrolment'))).toBe('onlyInSource')
    const names = [...production.flows.keys()].map((id) => contentOf(production, id).name)
    expect(names).toContain(flowNames.newsletter)
    expect(names).not.toContain(flowNames['passkey-sign-on'])
  })

  it('has no instance for one node of the new flow, and two of the same name for another', () => {
    const pairs = matching.pairs.filter(({ kind, source: one }) => kind === 'connectorInstance' && one)
    const byName = (name: string) => pairs.find(({ source: one }) => one?.name === name)!
    expect(stateOf(byName('Loyalty Partner'))).toBe('onlyInSource')
    expect(stateOf(byName('Twilio Messaging'))).toBe('ambiguous')
    expect(byName('Node')).toMatchObject({ basis: 'name' })
    const needed = flowReferences(contentOf(development, demoFlowId('Development', 'passkey-enrolment')))
    expect(needed.map(({ connectorId }) => connectorId)).toEqual(
      expect.arrayContaining(['genericConnector', 'twilioConnector']),
    )
  })

  it('still calls a subflow by the name that it had before', () => {
    const label = (environment: EnvironmentState) =>
      nodesOf(contentOf(environment, demoFlowId(environment.name, 'registration')))
        .map((node) => objectAt(objectAt(dataOf(node), 'properties'), 'subFlowId')?.value)
        .filter(isObject)
        .find(({ value }) => value === demoFlowId(environment.name, 'verify-email'))?.label
    expect([label(development), label(production)]).toEqual(['Verify Email Subflow', 'E-Mail Verification Subflow'])
  })

  it('has a flow that waits to be deployed, and one that is switched off', () => {
    const staged = production.flows.get(demoFlowId('Production', 'profile'))!
    expect(staged.currentVersion).toBe(staged.publishedVersion! + 1)
    expect(staged.versions).toHaveLength(2)
    expect(production.flows.get(demoFlowId('Production', 'inactive-review'))!.enabled).toBe(false)
    expect(development.flows.get(demoFlowId('Development', 'inactive-review'))!.enabled).toBe(true)
  })

  it('keeps other values on purpose', () => {
    const variable = (environment: EnvironmentState, name: string) =>
      [...environment.variables.values()].find(({ content }) => content.name === name)?.content
    expect(variable(production, 'maxSignOnAttempts')).toMatchObject({ dataType: 'string', value: '8' })
    expect(variable(development, 'maxSignOnAttempts')).toMatchObject({ dataType: 'number', value: '5' })
    expect(variable(production, 'bookingApiUrl')?.value).not.toBe(variable(development, 'bookingApiUrl')?.value)
    const weights = (environment: EnvironmentState) =>
      [...environment.flowPolicies.values()].map(({ content }) =>
        arrayAt(content, 'flowDistributions').map((one) => (one as JsonObject).weight),
      )
    expect(weights(production)).not.toEqual(weights(development))
  })
})

describe('the second tenant', () => {
  it('has two small environments', () => {
    const [staging, live] = [filled('Staging'), filled('Live')]
    expect([staging.flows.size, live.flows.size]).toEqual([3, 2])
    for (const environment of [staging, live]) {
      for (const id of environment.flows.keys())
        expect(findings(contentOf(environment, id), id, environment)).toEqual([])
    }
  })
})

describe('Test and Production', () => {
  it('refer to nothing that is not there either', () => {
    for (const environment of [filled('Test'), production]) {
      for (const id of environment.flows.keys())
        expect(findings(contentOf(environment, id), id, environment)).toEqual([])
    }
  })
})
