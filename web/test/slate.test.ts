import { describe, expect, it } from 'vitest'
import { readSlate, slateText } from '../src/compare/slate.ts'
import { richText } from './support/journeys.ts'

describe('rich texts', () => {
  it('are read as a person sees them, variables in their braces', () => {
    expect(slateText(richText('Your code for ', 'brandName', ' is ready.'))).toBe(
      'Your code for {{global.variables.brandName}} is ready.',
    )
  })

  it('put each block on a line of its own', () => {
    const blocks = [{ children: [{ text: 'One' }] }, { type: 'paragraph', children: [{ text: 'Two' }] }]
    expect(slateText(JSON.stringify(blocks))).toBe('One\nTwo')
  })

  it('show template expressions that were typed as text as such', () => {
    const parts = readSlate(JSON.stringify([{ children: [{ text: 'Hello {{local.node.payload.name}}!' }] }]))
    expect(parts?.map(({ type }) => type)).toEqual(['text', 'template', 'text'])
  })

  it.each(['', '[]', '[1, 2]', '[{"children": "none"}]', '[{"children": [', 'plain text'])(
    'leave %j as it is, since it is none',
    (value) => {
      expect(readSlate(value)).toBeUndefined()
      expect(slateText(value)).toBe(value)
    },
  )
})
