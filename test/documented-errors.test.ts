import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const documented = readFileSync(`${root}/docs/errors.md`, 'utf8')

/** Codes of our own errors, as the sources write them. */
function codesIn(path: string): string[] {
  const text = readFileSync(`${root}/${path}`, 'utf8')
  return [...text.matchAll(/\bcode: (?:\w+ \? )?'([A-Z][A-Z_]+)'(?: : '([A-Z][A-Z_]+)')?/g)].flatMap(([, one, other]) =>
    [one, other].filter((code) => code !== undefined),
  )
}

describe('the page on errors', () => {
  const sources = globSync('{server,places}/src/**/*.ts', { cwd: root }).filter((path) => !path.includes('contract'))
  const codes = [...new Set(sources.flatMap(codesIn))].sort()

  it('finds codes in the sources', () => {
    expect(codes.length).toBeGreaterThan(20)
  })

  it.each(codes)('says what %s means', (code) => {
    expect(documented).toContain(`\`${code}\``)
  })
})
