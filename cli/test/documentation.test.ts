import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { flightiq } from './support/cli.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const pages = globSync('{*.md,docs/**/*.md,sandbox/*.md}', { cwd: root })
const textOf = (page: string) => readFileSync(join(root, page), 'utf8')

/** Where the links of a page lead, other sites left out. */
const filesNamedBy = (page: string) =>
  [...textOf(page).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))

it.each(pages.filter((page) => filesNamedBy(page).length > 0))('%s leads to pages and pictures that exist', (page) => {
  expect(filesNamedBy(page).filter((target) => !existsSync(join(root, dirname(page), target)))).toEqual([])
})

describe('a command in the documentation', () => {
  const calls = pages.flatMap((page) => {
    const blocks = [...textOf(page).matchAll(/```sh\n(.*?)```/gs)].map(([, block = '']) => block)
    return [...blocks.join('\n').matchAll(/npx flightiq ([^\n#|]*)/g)].map(([, call = '']) => call.trim())
  })
  const helps = new Map<string, string>()

  const helpOf = async (...words: string[]) => (await flightiq([...words, '--help'])).stdout

  beforeAll(async () => {
    for (const call of calls) {
      const [name = '', second = ''] = call.split(/\s+/)
      if (!helps.has(name)) helps.set(name, await helpOf(name))
      // A command below another has options of its own.
      const below = helps.get(name)?.includes(`\n  ${second} `) && /^[a-z]+$/.test(second)
      const path = `${name} ${second}`
      if (below && !helps.has(path)) helps.set(path, await helpOf(name, second))
    }
  }, 60_000)

  it.each(calls)('exists with its options: %s', (call) => {
    const [name = '', ...words] = call.split(/\s+/)
    const help = helps.get(`${name} ${words[0]}`) ?? helps.get(name)
    expect(help).toMatch(/^Usage: flightiq/)
    for (const option of words.filter((word) => word.startsWith('--'))) expect(help).toContain(`${option} `)
  })

  it('is named by the page on the command line when it exists', async () => {
    const { stdout } = await flightiq(['--help'])
    const [, listed = ''] = /Commands:\n(.*?)\n\n/s.exec(stdout) ?? []
    const names = [...listed.matchAll(/^ {2}([a-z]+)/gm)].map(([, command = '']) => command)
    expect(names).toContain('compare')
    const page = textOf('docs/command-line.md')
    for (const command of names) expect(page).toMatch(new RegExp(`\`${command}[ \`]|flightiq ${command}\\b`))
  })
})

describe('a script in the documentation', () => {
  it('is one that the project has', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> }
    const named = pages.flatMap((page) => [...textOf(page).matchAll(/npm (?:run (\w+)|(start|test)\b)/g)])
    for (const [, run, own] of named) expect(Object.keys(scripts)).toContain(run ?? own)
    expect(named.length).toBeGreaterThan(5)
  })
})
