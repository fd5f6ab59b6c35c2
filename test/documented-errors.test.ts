import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const documented = readFileSync(`${root}/docs/errors.md`, 'utf8')

/** Words in the same writing that are no codes of ours: what PingOne and Fastify call things, beside the OAUTH_ ones. */
const foreign = new Set([
  'CONSTRAINT_VIOLATION',
  'UNIQUENESS_VIOLATION',
  'PING_ONE_DAVINCI',
  'CLIENT_CREDENTIALS',
  'FST_ERR_CTP_BODY_TOO_LARGE',
  'FST_ERR_CTP_INVALID_MEDIA_TYPE',
])

/** Codes of errors and notes, as the sources write them. */
function codesIn(path: string): string[] {
  const text = readFileSync(`${root}/${path}`, 'utf8')
  return [...text.matchAll(/'([A-Z]+(?:_[A-Z]+)+)'/g)].map(([, code = '']) => code)
}

describe('the page on errors', () => {
  const sources = globSync('{server,places,cli,core/src/planning,core/src/kinds}/**/*.ts', {
    cwd: root,
    exclude: (path) => /node_modules|contract|\btest\b/.test(path),
  })
  const codes = [...new Set(sources.flatMap(codesIn))]
    .filter((code) => !foreign.has(code) && !/^(FLIGHTIQ|OAUTH)_/.test(code) && code !== 'DATABASE_URL')
    .sort()

  it('finds codes in the sources', () => {
    expect(codes.length).toBeGreaterThan(60)
  })

  it.each(codes)('says what %s means', (code) => {
    expect(documented).toContain(`\`${code}\``)
  })
})
