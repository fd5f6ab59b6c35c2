import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { CommandError } from './command-error.ts'
import { readJsonFile } from './json-file.ts'

/** One setting: where it can come from, and what it is for. The documentation's table is checked against this list. */
export interface Setting {
  key: string
  /** The flag without dashes, when there is one. Secrets have none: command lines are visible to others. */
  flag?: string
  variable: string
  /** Whether it may stand in the config file. */
  inFile: boolean
  default?: string
  purpose: string
}

export const settingsTable = [
  {
    key: 'server',
    flag: 'server',
    variable: 'FLIGHTIQ_SERVER',
    inFile: true,
    purpose: 'Address of a running console to talk to; without it the command works alone',
  },
  { key: 'token', variable: 'FLIGHTIQ_TOKEN', inFile: false, purpose: 'API token for that console' },
  {
    key: 'tenant',
    flag: 'tenant',
    variable: 'FLIGHTIQ_TENANT',
    inFile: true,
    purpose: 'Name or id of the tenant, when there are several',
  },
  {
    key: 'data',
    flag: 'data',
    variable: 'FLIGHTIQ_DATA',
    inFile: true,
    default: '~/.local/share/flightiq',
    purpose: 'Folder of the embedded database',
  },
  {
    key: 'databaseUrl',
    variable: 'DATABASE_URL',
    inFile: false,
    purpose: 'PostgreSQL to use instead of the embedded database',
  },
  {
    key: 'masterKey',
    variable: 'FLIGHTIQ_MASTER_KEY',
    inFile: false,
    purpose: 'Key that protects stored secrets: 32 bytes in Base64',
  },
  {
    key: 'masterKeyPrevious',
    variable: 'FLIGHTIQ_MASTER_KEY_PREVIOUS',
    inFile: false,
    purpose: 'The key before, while it is replaced by a new one',
  },
  {
    key: 'masterKeyFile',
    flag: 'master-key-file',
    variable: 'FLIGHTIQ_MASTER_KEY_FILE',
    inFile: true,
    purpose: 'File with that key; several lines while it is rotated, the newest first',
  },
  {
    key: 'allowedHosts',
    variable: 'FLIGHTIQ_ALLOWED_HOSTS',
    inFile: true,
    purpose: "Hosts beside PingOne's that may be called, separated by commas",
  },
  {
    key: 'host',
    flag: 'host',
    variable: 'FLIGHTIQ_HOST',
    inFile: true,
    default: '127.0.0.1',
    purpose: 'Address that the console listens on',
  },
  {
    key: 'port',
    flag: 'port',
    variable: 'FLIGHTIQ_PORT',
    inFile: true,
    default: '4600',
    purpose: 'Port that the console listens on',
  },
  {
    key: 'publicUrl',
    flag: 'public-url',
    variable: 'FLIGHTIQ_PUBLIC_URL',
    inFile: true,
    purpose: 'Address under which browsers reach the console, when a proxy in front ends TLS',
  },
  {
    key: 'trustedProxies',
    variable: 'FLIGHTIQ_TRUSTED_PROXIES',
    inFile: true,
    purpose: 'Addresses of those proxies, separated by commas: their word on where a call comes from counts',
  },
  {
    key: 'sessionIdleMinutes',
    variable: 'FLIGHTIQ_SESSION_IDLE_MINUTES',
    inFile: true,
    default: '60',
    purpose: 'Minutes without a call after which somebody has to sign in again',
  },
  {
    key: 'sessionHours',
    variable: 'FLIGHTIQ_SESSION_HOURS',
    inFile: true,
    default: '12',
    purpose: 'Hours after which everybody has to sign in again',
  },
  {
    key: 'allowNoSignIn',
    variable: 'FLIGHTIQ_ALLOW_NO_SIGN_IN',
    inFile: false,
    purpose: 'Set to 1 to listen beyond this machine though nobody has to sign in',
  },
  {
    key: 'requestsPerMinute',
    flag: 'requests-per-minute',
    variable: 'FLIGHTIQ_REQUESTS_PER_MINUTE',
    inFile: true,
    default: '210',
    purpose: "Share of PingOne's request limit that FlightIQ may use",
  },
  {
    key: 'authUrl',
    variable: 'FLIGHTIQ_AUTH_URL',
    inFile: true,
    purpose: 'Tenant from settings alone: where tokens come from (custom domain or sandbox)',
  },
  {
    key: 'apiUrl',
    variable: 'FLIGHTIQ_API_URL',
    inFile: true,
    purpose: 'Tenant from settings alone: where the API is',
  },
  {
    key: 'region',
    variable: 'FLIGHTIQ_REGION',
    inFile: true,
    purpose: 'Tenant from settings alone: NA, EU, AP, AU, CA or SG, instead of the two addresses',
  },
  {
    key: 'environmentId',
    variable: 'FLIGHTIQ_ENVIRONMENT_ID',
    inFile: true,
    purpose: 'Tenant from settings alone: environment of the worker app',
  },
  {
    key: 'clientId',
    variable: 'FLIGHTIQ_CLIENT_ID',
    inFile: true,
    purpose: 'Tenant from settings alone: client id of the worker app',
  },
  {
    key: 'clientSecret',
    variable: 'FLIGHTIQ_CLIENT_SECRET',
    inFile: false,
    purpose: 'Tenant from settings alone: client secret of the worker app',
  },
  {
    key: 'authMethod',
    variable: 'FLIGHTIQ_AUTH_METHOD',
    inFile: true,
    purpose: 'Tenant from settings alone: client_secret_basic or client_secret_post; found out when absent',
  },
  {
    key: 'config',
    flag: 'config',
    variable: 'FLIGHTIQ_CONFIG',
    inFile: false,
    purpose: 'JSON file with settings by the keys of this table',
  },
] as const satisfies Setting[]

export type SettingKey = (typeof settingsTable)[number]['key']
export type Settings = Partial<Record<SettingKey, string>>

const fileSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String))

/**
 * The settings in force: flags over variables over the config file. An empty variable counts as absent.
 * @throws CommandError for a config file that can't be read, has unknown keys, or holds a secret.
 */
export async function resolveSettings(
  flags: Record<string, unknown>,
  variables: NodeJS.ProcessEnv = process.env,
): Promise<Settings> {
  const given: Settings = {}
  for (const setting of settingsTable as readonly (Setting & { key: SettingKey })[]) {
    // Commands have options of other meanings by the same names: `tenant add --client-id`.
    const flag = setting.flag ? flags[setting.key] : undefined
    const value = (typeof flag === 'string' ? flag : undefined) ?? variables[setting.variable]
    if (value !== undefined && value !== '') given[setting.key] = value
  }
  return { ...(given.config ? await readConfig(given.config) : {}), ...given }
}

async function readConfig(path: string): Promise<Settings> {
  const nextStep = 'It is a JSON object of settings; see "flightiq help settings".'
  const parsed = fileSchema.safeParse(await readJsonFile(path, 'config file', nextStep))
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('.') || 'its root'
    throw new CommandError(`The config file ${path} is not right at ${where}.`, { nextStep })
  }
  for (const key of Object.keys(parsed.data)) {
    const setting = (settingsTable as readonly Setting[]).find((known) => known.key === key)
    if (setting?.inFile) continue
    throw new CommandError(
      setting
        ? `"${key}" may not stand in the config file ${path}.`
        : `The config file ${path} has an unknown key "${key}".`,
      { nextStep: setting ? `Set ${setting.variable} instead.` : 'See "flightiq help settings".' },
    )
  }
  return parsed.data
}

/** The data folder in force. */
export function dataFolderOf(settings: Settings): string {
  if (settings.data) return settings.data
  const base = process.env.XDG_DATA_HOME || join(homedir(), '.local', 'share')
  return join(base, 'flightiq')
}

/** The table of settings as text, for `flightiq help settings`. */
export function settingsHelp(): string {
  const rows = settingsTable.map((setting: Setting) => {
    const from = [setting.flag ? `--${setting.flag}` : '', setting.variable, setting.inFile ? `"${setting.key}"` : '']
    const fallback = setting.default ? ` (default ${setting.default})` : ''
    return `  ${from.filter(Boolean).join(', ')}\n      ${setting.purpose}${fallback}`
  })
  return `Settings come from flags, then variables, then the config file ("quoted" keys).\n\n${rows.join('\n')}\n`
}
