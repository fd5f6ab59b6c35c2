import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expressionsIn, rewriteExpressions } from '../src/templates/expressions.ts'
import { isSlate, sameSlate, slateLiteral, slateText } from '../src/templates/slate.ts'

/** A rich text as DaVinci writes it: a link stands in it twice, in data and tooltip. */
function slate(data: string, text = ''): string {
  const link = { type: 'link', src: 'variable.svg', url: 'x', data, tooltip: data, children: [{ text: 'x' }] }
  return JSON.stringify([{ children: [{ text }, link] }], null, 2)
}

describe('template expressions', () => {
  it.each([
    ['{{global.variables.userId}}', [{ kind: 'variable', target: 'userId' }]],
    ['{{global.company.variables.a}}', [{ kind: 'variable', target: 'a', context: 'company' }]],
    ['{{global.flow.variables.a}}', [{ kind: 'variable', target: 'a', context: 'flow' }]],
    ['{{global.user.variables.a}}', [{ kind: 'variable', target: 'a', context: 'user' }]],
    ['{{global.variables.mf-config.agreement.id}}', [{ kind: 'variable', target: 'mf-config' }]],
    ['{{global.variables.list[0].id}}', [{ kind: 'variable', target: 'list' }]],
    [
      '{{global.variables.more methods for registration text}}',
      [{ kind: 'variable', target: 'more methods for registration text' }],
    ],
    ['{{ global.variables.a }}', [{ kind: 'variable', target: 'a' }]],
    ['{{global.variables.[two words]}}', [{ kind: 'variable', target: 'two words' }]],
    ['{{{global.variables.html}}}', [{ kind: 'variable', target: 'html' }]],
    ['{{local.8bnj41592a.payload.output.user.id}}', [{ kind: 'node', target: '8bnj41592a' }]],
    ['{{#if global.variables.a}}x{{/if}}', [{ kind: 'variable', target: 'a' }]],
    [
      '{{#if (eq global.variables.a local.node1.payload.output.b)}}',
      [
        { kind: 'variable', target: 'a' },
        { kind: 'node', target: 'node1' },
      ],
    ],
    ['{{#each local.node1.payload.output.devices as | device |}}', [{ kind: 'node', target: 'node1' }]],
    ['{{ {{global.variables.a}}', [{ kind: 'variable', target: 'a' }]],
  ])('%s points at what it names', (text, expected) => {
    expect(expressionsIn(text)).toEqual(expected)
  })

  it.each([
    '{{global.parameters.userId}}',
    '{{global.ip}}',
    '{{forms.button.text.logOut}}',
    '{{#each devices}}{{else}}{{/each}}',
    'global.variables.a',
    '{{global.variables.}}',
    '{{notlocal.a.b}}',
    '{{component.skIDP [[[bG9jYWwu]]]}}',
    '{{global.variables.a',
  ])('%s points at nothing', (text) => {
    expect(expressionsIn(text)).toEqual([])
  })

  it('finds the reference of a rich text twice, as it stands there twice', () => {
    expect(expressionsIn(slate('{{global.variables.a}}'), true)).toHaveLength(2)
  })

  it('rewrites names and leaves every other character alone', () => {
    const text =
      'a {{global.variables.old}} {{ global.variables.old.path }}\n{{local.n1.payload}} {{global.variables.older}}'
    const rewritten = rewriteExpressions(text, false, ({ target }) => (target === 'old' ? 'brand-new' : undefined))
    expect(rewritten).toBe(text.replace(/old\b/g, 'brand-new'))
  })

  it('answers the very same string when nothing is rewritten', () => {
    const text = 'a {{global.variables.old}}'
    expect(rewriteExpressions(text, false, ({ target }) => target)).toBe(text)
  })

  it('escapes names within rich text, which stays JSON', () => {
    const text = slate('{{global.variables.it"s}}')
    expect(expressionsIn(text, true)[0]).toEqual({ kind: 'variable', target: 'it"s' })
    const rewritten = rewriteExpressions(text, true, () => 'say "yes"\\no')
    expect(slateText(rewritten)).toBe('{{global.variables.say "yes"\\no}}')
    expect(rewriteExpressions(rewritten, true, () => 'it"s')).toBe(text)
  })

  it('finds in any text what rewriting put there, and nothing is lost on the way back', () => {
    const name = fc.stringMatching(/^[a-z0-9][a-z0-9_ -]{0,12}[a-z0-9]$/)
    const piece = fc.oneof(
      fc.string({ maxLength: 20 }),
      name.map((to) => `{{global.variables.${to}}}`),
      name.map((to) => `{{local.${to}.payload.output.x}}`),
      name.map((to) => `{{#if global.company.variables.${to.replaceAll(' ', '')}}}`),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.boolean(), (pieces, escaped) => {
        const text = pieces.join('')
        const rewritten = rewriteExpressions(text, escaped, ({ target }) => `q${target}`)
        expect(expressionsIn(rewritten, escaped).map(({ target }) => target)).toEqual(
          expressionsIn(text, escaped).map(({ target }) => `q${target}`),
        )
        expect(rewriteExpressions(rewritten, escaped, ({ target }) => target.slice(1))).toBe(text)
      }),
    )
  })
})

describe('rich text', () => {
  it('is told from other text', () => {
    expect(isSlate(slate('{{local.a.b}}'))).toBe(true)
    expect(isSlate('[1, 2]')).toBe(false)
    expect(isSlate('children')).toBe(false)
    expect(isSlate('')).toBe(false)
    expect(isSlate('   ')).toBe(false)
  })

  it('reads as its words and expressions, block by block', () => {
    const two = JSON.stringify([{ children: [{ text: 'Hello ' }, { text: 'you' }] }, { children: [{ text: 'there' }] }])
    expect(slateText(two)).toBe('Hello you\nthere')
    expect(slateText(slate('{{local.a.b}}', 'Hi '))).toBe('Hi {{local.a.b}}')
    expect(slateText('[{"children": broken')).toBe('[{"children": broken')
  })

  it('is the same however its JSON is laid out', () => {
    const text = slate('{{local.a.b}}')
    expect(sameSlate(text, JSON.stringify(JSON.parse(text)))).toBe(true)
    expect(sameSlate(text, slate('{{local.a.c}}'))).toBe(false)
    expect(sameSlate('[1]', '[ 1 ]')).toBe(false)
  })

  it('gives its one literal, with where it stands', () => {
    const text = JSON.stringify([{ children: [{ text: '' }, { text: ' c99b7acf "x" ' }] }])
    const literal = slateLiteral(text)
    expect(literal?.value).toBe('c99b7acf "x"')
    expect(text.slice(literal?.from, literal?.to)).toBe('c99b7acf \\"x\\"')
    expect(slateLiteral(slate('{{local.a.b}}', 'x'))).toBeUndefined()
    expect(slateLiteral(JSON.stringify([{ children: [{ text: 'a' }, { text: 'b' }] }]))).toBeUndefined()
  })
})
