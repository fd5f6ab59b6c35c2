import { describe, expect, it } from 'vitest'
import { PlaceError, parsePlaceSpec } from '../src/index.ts'

describe('a place spec', () => {
  it.each([
    ['env:Production', { type: 'environment', environment: 'Production' }],
    ['env: A name: with colon 🚀 ', { type: 'environment', environment: 'A name: with colon 🚀' }],
    ['file:./exports/sign on.json', { type: 'file', path: './exports/sign on.json' }],
    ['file:C:\\flows.json', { type: 'file', path: 'C:\\flows.json' }],
  ])('%s is understood', (text, spec) => {
    expect(parsePlaceSpec(text)).toEqual(spec)
  })

  it.each(['dir:flows', 'git:https://example.com/x.git#main:flows', 'snapshot:1'])(
    '%s is refused for now, with what to use instead',
    (text) => {
      const error = failureOf(text)
      expect(error).toMatchObject({ code: 'PLACE_NOT_SUPPORTED' })
      expect(error.nextStep).toContain('file:<export.json>')
    },
  )

  it.each(['', 'Production', 'env:', 'file: ', 'ftp:x', `x${'y'.repeat(5000)}`, 'constructor:x', '__proto__:x'])(
    '%j is refused with what can be written',
    (text) => {
      const error = failureOf(text)
      expect(error).toMatchObject({ code: 'PLACE_SPEC_INVALID' })
      expect(error.nextStep).toContain('env:<environment name or id>')
      expect(error.message.length).toBeLessThan(200)
    },
  )
})

function failureOf(text: string): PlaceError {
  try {
    parsePlaceSpec(text)
  } catch (error) {
    if (error instanceof PlaceError) return error
  }
  throw new Error(`"${text}" was not refused with a PlaceError.`)
}
