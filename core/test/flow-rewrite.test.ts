import { type JsonObject, kindOf, type Reference, type Rewriter } from '@flightiq/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyFlow } from './flow-arbitrary.ts'
import { at, condition, flowWith, nodeOf, plainRichText, richText, standsThere } from './flow-support.ts'

const flow = kindOf('flow')

/** Rewrites every reference of some kinds to `<prefix><target>`, or back again. */
function prefixed(prefix: string, kinds?: ReadonlySet<string>): { to: Rewriter; back: Rewriter } {
  const wanted = ({ kind }: Reference) => kinds === undefined || kinds.has(kind)
  return {
    to: (reference) => (wanted(reference) ? prefix + reference.target : undefined),
    back: (reference) =>
      wanted(reference) && reference.target.startsWith(prefix) ? reference.target.slice(prefix.length) : undefined,
  }
}

/** Ids that must look like ids to be found again: their first digit is exchanged. */
const swapFirst: Rewriter = ({ target }) => {
  const first = target.charAt(0)
  return (first === 'a' ? 'b' : first === 'b' ? 'a' : first) + target.slice(1)
}

describe('rewriting a flow', () => {
  it('answers the very same content when nothing changes', () => {
    fc.assert(
      fc.property(anyFlow, (content) => {
        expect(flow.rewrite(content, () => undefined)).toBe(content)
        expect(flow.rewrite(content, ({ target }) => target)).toBe(content)
      }),
    )
  })

  it('puts the mapped target at every spot, and mapping back gives the original', () => {
    fc.assert(
      fc.property(anyFlow, (content) => {
        const original = structuredClone(content)
        const rewritten = flow.rewrite(content, swapFirst)
        const mapped = flow.references(content).map((reference) => [reference.kind, swapFirst(reference)])
        expect(flow.references(rewritten).map(({ kind, target }) => [kind, target])).toEqual(mapped)
        for (const reference of flow.references(rewritten)) expect(standsThere(rewritten, reference)).toBe(true)
        expect(flow.rewrite(rewritten, swapFirst)).toEqual(original)
        expect(content).toEqual(original)
      }),
    )
  })

  it('rewrites only the kinds that the rewriter answers for', () => {
    const { to, back } = prefixed('moved-', new Set(['connectorInstance', 'flow', 'variable']))
    fc.assert(
      fc.property(anyFlow, (content) => {
        const rewritten = flow.rewrite(content, to)
        const untouched = (found: Reference[]) => found.filter(({ kind }) => kind === 'node' || kind === 'population')
        expect(untouched(flow.references(rewritten)).map(({ target }) => target)).toEqual(
          untouched(flow.references(content)).map(({ target }) => target),
        )
        expect(flow.rewrite(rewritten, back)).toEqual(content)
      }),
    )
  })

  it('shares the nodes that it does not change', () => {
    const content = flowWith([
      nodeOf('a', 'httpConnector', {}),
      nodeOf('b', 'flowConnector', { subFlowId: { value: 'f2' } }),
    ])
    const rewritten = flow.rewrite(content, ({ kind }) => (kind === 'flow' ? 'f3' : undefined))
    expect(at(rewritten, '/graphData/elements/nodes/0')).toBe(at(content, '/graphData/elements/nodes/0'))
    expect(at(rewritten, '/graphData/elements/nodes/1/data/properties/subFlowId/value')).toBe('f3')
    expect(at(rewritten, '/graphData/elements/edges')).toBe(at(content, '/graphData/elements/edges'))
  })

  it('keeps the labels that stand beside an id', () => {
    const content = flowWith([
      nodeOf('a', 'flowConnector', { subFlowId: { value: { label: 'Sub', value: 'f2' } } }, { name: 'Flow Conductor' }),
    ])
    const data = at(flow.rewrite(content, prefixed('x').to), '/graphData/elements/nodes/0/data')
    expect(data).toMatchObject({
      name: 'Flow Conductor',
      connectionId: 'xof-flowConnector',
      properties: { subFlowId: { value: { label: 'Sub', value: 'xf2' } } },
    })
  })

  it('keeps the layout of rich texts byte for byte', () => {
    const text = richText('{{global.variables.old}}', 'an "old" text')
    const content = flowWith([nodeOf('a', 'httpConnector', { message: { value: text } })])
    const rewritten = flow.rewrite(content, ({ kind }) => (kind === 'variable' ? 'new "name"' : undefined))
    const result = at(rewritten, '/graphData/elements/nodes/0/data/properties/message/value') as string
    expect(result).toBe(text.replaceAll('variables.old', 'variables.new \\"name\\"'))
    expect(JSON.parse(result)).toEqual(JSON.parse(text.replaceAll('variables.old', 'variables.new \\"name\\"')))
  })

  it('renames the keys of conditions and of identity providers in their place', () => {
    const content = flowWith([
      condition('c', { a: { value: '1' }, b: { value: '2' }, z: { value: '3' } }),
      nodeOf('n', 'httpConnector', { externalIdentityProvider: { i1: { identityProvider: [] }, i2: {} } }),
    ])
    const names: Record<string, string> = { a: 'b', b: 'a', i1: 'i9' }
    const rewritten = flow.rewrite(content, ({ target }) => names[target])
    expect(Object.entries(at(rewritten, '/graphData/elements/nodes/0/data/properties') as JsonObject)).toEqual([
      ['b', { value: '1' }],
      ['a', { value: '2' }],
      ['z', { value: '3' }],
    ])
    const providers = at(rewritten, '/graphData/elements/nodes/1/data/properties/externalIdentityProvider')
    expect(Object.keys(providers as JsonObject)).toEqual(['i9', 'i2'])
  })

  it('never lets two keys fall together', () => {
    const content = flowWith([condition('c', { a: { value: '1' }, b: { value: '2' } })])
    const rewritten = flow.rewrite(content, ({ target }) => (target === 'a' ? 'b' : undefined))
    expect(at(rewritten, '/graphData/elements/nodes/0/data/properties')).toEqual({
      a: { value: '1' },
      b: { value: '2' },
    })
  })

  it('replaces an id that was typed into a rich text', () => {
    const uuid = 'c99b7acf-7335-4585-bfcd-bfe22e9e68aa'
    const content = flowWith([
      nodeOf('n', 'pingOneAuthenticationConnector', { applicationId: { value: plainRichText(uuid) } }),
    ])
    const rewritten = flow.rewrite(content, ({ target }) => (target === uuid ? uuid.replace('c', 'd') : undefined))
    expect(at(rewritten, '/graphData/elements/nodes/0/data/properties/applicationId/value')).toBe(
      plainRichText(uuid.replace('c', 'd')),
    )
  })

  it('leaves names beside an instance out when the result is only compared', () => {
    const rewriter = Object.assign((reference: Reference) => `x${reference.target}`, { comparing: true })
    const content = flowWith([nodeOf('n', 'httpConnector', {}, { name: 'Http' })])
    expect(at(flow.rewrite(content, rewriter), '/graphData/elements/nodes/0/data/name')).toBeUndefined()
  })
})
