import { type Json, type JsonObject, kindOf } from '@flightiq/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { flowWith, nodeOf } from './flow-support.ts'

const flow = kindOf('flow')

const anything = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>
/** Any JSON in the places where a flow has its parts. */
const odd = (keys: string[], parts: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  fc.oneof(
    anything,
    fc.dictionary(fc.constantFrom(...keys), parts, { maxKeys: keys.length }).map((object): Json => ({ ...object })),
    fc.array(parts, { maxLength: 3 }),
  )
const property = odd(['value', 'label', 'constructType', 'properties', 'name', 'identityProvider'], anything)
const properties = odd(
  [
    'subFlowId',
    'nodeInstanceId',
    'sktemplate',
    'externalIdentityProvider',
    'saveVariables',
    'nodeTitle',
    'form',
    '__proto__',
  ],
  property,
)
const data = odd(
  ['id', 'nodeType', 'connectorId', 'connectionId', 'properties', 'source', 'target', 'label'],
  properties,
)
const elements = odd(['nodes', 'edges'], odd(['data', 'position'], data))
const graph = odd(['elements', 'pan', 'renderer', 'data', 'zoom'], elements)
const content = fc
  .dictionary(
    fc.constantFrom(
      'graphData',
      'settings',
      'inputSchema',
      'outputSchema',
      'trigger',
      'variables',
      'name',
      'enabled',
      '__proto__',
    ),
    graph,
  )
  .map((object): JsonObject => ({ ...object }))

describe('a flow of any shape', () => {
  it('is gone through without an error, and is itself afterwards', () => {
    fc.assert(
      fc.property(content, (odd) => {
        const copy = structuredClone(odd)
        const normalised = flow.normalise(odd)
        expect(flow.normalise(normalised)).toEqual(normalised)
        expect(flow.compare(normalised, flow.normalise(copy))).toEqual([])
        expect(flow.compare(normalised, flow.normalise({})).length).toBeGreaterThanOrEqual(0)
        expect(flow.rewrite(odd, () => undefined)).toBe(odd)
        expect(Array.isArray(flow.notes?.(odd))).toBe(true)
        expect(typeof flow.toRequest(odd)).toBe('object')
        expect(typeof flow.facts?.(odd)).toBe('object')
        flow.rewrite(odd, ({ target }) => `x${target}`)
        expect(odd).toEqual(copy)
      }),
      { numRuns: 200 },
    )
  })

  it('keeps fields by the name of __proto__, which is a name like any other in JSON', () => {
    const properties = JSON.parse('{"__proto__": {"value": "{{global.variables.old}}"}}') as JsonObject
    const content = flowWith([nodeOf('a', 'httpConnector', properties, { status: 'configured' })])
    const rewritten = flow.rewrite(content, ({ kind }) => (kind === 'variable' ? 'new' : undefined))
    expect(JSON.stringify(rewritten)).toContain('"__proto__":{"value":"{{global.variables.new}}"}')
    const plain = flowWith([nodeOf('a', 'httpConnector', {})])
    expect(flow.compare(flow.normalise(content), flow.normalise(plain))).toHaveLength(1)
  })
})
