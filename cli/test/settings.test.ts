import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { resolveSettings, type Setting, settingsHelp, settingsTable } from '../src/settings.ts'
import { flightiq } from './support/cli.ts'
import { temporaryFolder } from './support/folder.ts'

const table: readonly Setting[] = settingsTable

describe('a setting', async () => {
  const folder = await temporaryFolder()
  const config = async (content: unknown) => {
    const path = join(folder, 'config.json')
    await writeFile(path, JSON.stringify(content))
    return path
  }

  it('comes from a flag before a variable, from a variable before the file', async () => {
    const path = await config({ tenant: 'file', port: 1, host: 'file' })
    const variables = { FLIGHTIQ_TENANT: 'variable', FLIGHTIQ_PORT: '2' }
    expect(await resolveSettings({ config: path, tenant: 'flag' }, variables)).toMatchObject({
      tenant: 'flag',
      port: '2',
      host: 'file',
    })
  })

  it('is absent when its variable is empty', async () => {
    expect(await resolveSettings({}, { FLIGHTIQ_TENANT: '' })).toEqual({})
  })

  it('may name the file itself by a variable', async () => {
    const path = await config({ tenant: 'file' })
    expect(await resolveSettings({}, { FLIGHTIQ_CONFIG: path })).toMatchObject({ tenant: 'file' })
  })

  it.each(table.filter(({ inFile }) => !inFile))(
    'is refused in the file when it is $key',
    async ({ key, variable }) => {
      const path = await config({ [key]: 'x' })
      await expect(resolveSettings({ config: path }, {})).rejects.toMatchObject({
        message: expect.stringContaining(`"${key}" may not stand in the config file`),
        nextStep: `Set ${variable} instead.`,
      })
    },
  )

  it('is refused in the file when nobody knows it', async () => {
    const path = await config({ tennant: 'x' })
    await expect(resolveSettings({ config: path }, {})).rejects.toThrow('unknown key "tennant"')
  })

  it.each(table.filter(({ key }) => /secret|token|masterKey(Previous)?$|databaseUrl/i.test(key)))(
    'has no flag when it is as secret as $key, since others can see command lines',
    (setting) => {
      expect(setting.flag).toBeUndefined()
      expect(setting.inFile).toBe(false)
    },
  )
})

describe('the list of settings', () => {
  const page = readFileSync(new URL('../../docs/settings.md', import.meta.url), 'utf8')
  const rows = page
    .split('\n')
    .filter((line) => /^\| (`|—)/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()))

  it.each(table.map((setting, index) => [setting.key, setting, index] as const))(
    'says the same of %s in the documentation',
    (_key, { flag, variable, inFile, key, default: fallback, purpose }, index) => {
      const shown = (text: string | undefined) => (text ? `\`${text}\`` : '—')
      expect(rows[index]?.slice(1, -1)).toEqual([
        shown(flag && `--${flag}`),
        shown(variable),
        shown(inFile ? key : undefined),
        shown(fallback),
        purpose,
      ])
    },
  )

  it('holds nothing more in the documentation', () => {
    expect(rows).toHaveLength(table.length)
  })

  it('is what help tells', async () => {
    const { status, stdout } = await flightiq(['help', 'settings'])
    expect(status).toBe(0)
    expect(stdout.trimEnd()).toBe(settingsHelp().trimEnd())
    for (const { variable } of table) expect(stdout).toContain(variable)
  })

  it('names each flag that commands have for a setting', async () => {
    const help = await Promise.all(['serve', 'compare'].map((command) => flightiq([command, '--help'])))
    const told = help.map(({ stdout }) => stdout).join('')
    for (const { flag } of table) if (flag) expect(told).toContain(`--${flag} <`)
  })
})
