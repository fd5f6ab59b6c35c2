import { type JsonObject, kindOf, type Reference, readExport } from '@flightiq/core'
import { describe, expect, it } from 'vitest'
import { sharedExports, sharedMaterial, sharedText } from '../../test/support/shared.ts'
import { at, standsThere } from './flow-support.ts'

const flow = kindOf('flow')

function flowsOf(path: string): JsonObject[] {
  return readExport(JSON.parse(sharedText(path)), path).flows
}

function nodesOf(content: JsonObject): JsonObject[] {
  return (at(content, '/graphData/elements/nodes') ?? []) as JsonObject[]
}

function count(references: Reference[], wanted: Partial<Reference>): number {
  return references.filter((reference) =>
    Object.entries(wanted).every(([key, value]) => reference[key as keyof Reference] === value),
  ).length
}

describe.skipIf(!sharedMaterial)('every real export', () => {
  const exports = sharedExports().map((path) => ({ path, flows: flowsOf(path) }))
  const all = exports.flatMap(({ flows }) => flows)

  it.each(exports)('$path: every reference stands where it says, and rewriting goes there and back', ({ flows }) => {
    for (const content of flows) {
      const references = flow.references(content)
      expect(references.filter((reference) => !standsThere(content, reference))).toEqual([])
      const moved = flow.rewrite(content, ({ kind, target }) =>
        kind === 'connectorInstance' || kind === 'flow' || kind === 'node' || kind === 'variable'
          ? `moved${target}`
          : undefined,
      )
      const targets = flow.references(moved).map(({ target }) => target.replace(/^moved/, ''))
      expect(targets).toEqual(references.map(({ target }) => target))
      const back = flow.rewrite(moved, ({ target }) => (target.startsWith('moved') ? target.slice(5) : undefined))
      expect(back).toEqual(content)
    }
  })

  it.each(exports)('$path: the comparable form is stable, and no flow differs from itself', ({ flows }) => {
    for (const content of flows) {
      const once = flow.normalise(content)
      expect(flow.normalise(once)).toEqual(once)
      expect(flow.compare(once, flow.normalise(structuredClone(content)))).toEqual([])
      expect(flow.rewrite(content, () => undefined)).toBe(content)
    }
  })

  it('an instance is found in each node that has one', () => {
    for (const content of all) {
      const expected = nodesOf(content).filter((node) => at(node, '/data/connectionId')).length
      const found = flow.references(content).filter(({ pointer }) => pointer.endsWith('/data/connectionId'))
      expect(found).toHaveLength(expected)
      expect(found.every(({ connectorId, node }) => connectorId && node?.id)).toBe(true)
    }
  })

  it('as many expressions are found as a search of the plain text finds', () => {
    const references = all.flatMap((content) => flow.references(content))
    const texts = all.map((content) => JSON.stringify(nodesOf(content)))
    const occurrences = (pattern: RegExp) => texts.reduce((sum, text) => sum + [...text.matchAll(pattern)].length, 0)
    const inTexts = { by: 'name', spot: 'template', kind: 'variable' } as const
    expect(count(references, { kind: 'node', spot: 'template' })).toBe(occurrences(/\{\{local\./g))
    expect(count(references, { ...inTexts, context: 'company' })).toBe(occurrences(/\{\{global\.company\.variables\./g))
    expect(
      references.filter((found) => found.spot === 'template' && found.kind === 'variable' && !found.context),
    ).toHaveLength(occurrences(/\{\{global\.variables\./g))
    expect(count(references, { kind: 'node', spot: 'template' })).toBeGreaterThan(7000)
  })

  it('a subflow is found in each node that calls one, and lies beside it in exports of several flows', () => {
    for (const { flows } of exports) {
      const ids = new Set(flows.map(({ id }) => id))
      const called = flows.flatMap((content) => flow.references(content)).filter(({ kind }) => kind === 'flow')
      const nodes = flows.flatMap(nodesOf).filter((node) => at(node, '/data/properties/subFlowId/value/value'))
      expect(called).toHaveLength(nodes.length)
      if (flows.length > 1) expect(called.filter(({ target }) => !ids.has(target))).toEqual([])
    }
  })

  it('lines never dangle and node ids never repeat, and half the flows hold stale references', () => {
    const codes = all.map((content) => new Set(flow.notes?.(content).map(({ code }) => code)))
    expect(codes.some((found) => found.has('DANGLING_EDGE') || found.has('DUPLICATE_NODE_ID'))).toBe(false)
    expect(codes.filter((found) => found.has('STALE_NODE_REFERENCE')).length).toBeGreaterThan(10)
  })

  it('the form of a flow with a PingOne form names it', () => {
    const [content = {}] = flowsOf('flows/forms/myhotels-user-authentication.json')
    expect(flow.references(content).find(({ kind }) => kind === 'form')?.target).toBe(
      '866f4203-c8fd-4ebb-9bd9-3199ff42a127',
    )
  })

  it('identity provider buttons name their instance, in lists, in keys and in the page', () => {
    const path = 'flows/single/davinci-oidc_sdk-ciam_passwordless_solution/davinci-oidc-passwordless-flow.json'
    const references = flowsOf(path).flatMap((content) => flow.references(content))
    const target = 'c3e6a164bde107954e93f5c09f0c8bce'
    const spots = new Set(references.filter((found) => found.target === target).map(({ spot }) => spot))
    expect(spots).toEqual(new Set(['value', 'key', 'template']))
  })

  it.each(exports)('$path: fields that nobody knows, at every depth, are kept and compared', ({ flows }) => {
    for (const content of flows.slice(0, 3)) {
      const plain = flow.normalise(content)
      const full = injected(content)
      expect(flow.compare(flow.normalise(full), flow.normalise(structuredClone(full)))).toEqual([])
      const found = flow.compare(flow.normalise(full), plain)
      const nodes = nodesOf(content).length
      expect(found.filter(({ section }) => section === 'node')).toHaveLength(nodes)
      expect(found.map(({ id }) => id)).toEqual(expect.arrayContaining(['nobodyKnows', 'graphData.nobodyKnows']))
      const request = flow.toRequest(full)
      expect(at(request, '/nobodyKnows')).toEqual({ deep: [1] })
      expect(at(request, '/graphData')).toEqual(full.graphData)
    }
  })
})

/** A copy with an unknown field in the flow, its graph, each node, its data, each of its properties and each line. */
function injected(content: JsonObject): JsonObject {
  const copy = structuredClone(content)
  const add = (value: unknown) => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      Object.assign(value, { nobodyKnows: { deep: [1] } })
    }
  }
  for (const pointer of ['', '/graphData', '/graphData/elements', '/graphData/pan', '/settings']) add(at(copy, pointer))
  for (const node of nodesOf(copy)) {
    const properties = at(node, '/data/properties')
    for (const property of Object.values((properties ?? {}) as JsonObject)) add(property)
    add(node)
    add(node.data)
    if (at(node, '/data/nodeType') !== 'EVAL') add(properties)
  }
  for (const edge of (at(copy, '/graphData/elements/edges') ?? []) as JsonObject[]) {
    add(edge)
    add(edge.data)
  }
  return copy
}
