import type { Tenant } from '@flightiq/server'
import type { Command } from 'commander'
import { CommandError } from './command-error.ts'
import type { CallOptions, Console } from './console/console.ts'
import { type Keeping, openEmbedded } from './console/embedded.ts'
import { openRemote } from './console/remote.ts'
import { progressLine } from './progress.ts'
import { resolveSettings, type Settings } from './settings.ts'

/** Exit statuses that scripts rely on. */
export const exitStatus = { done: 0, failed: 1, different: 2 } as const

/** Ctrl-C, and what a pipeline sends to end a command. */
export const stopSignals = ['SIGINT', 'SIGTERM'] as const

/** What every command that talks to FlightIQ has at hand. */
export interface CommandContext {
  console: Console
  settings: Settings
  json: boolean
  /** Progress to the terminal, and Ctrl-C, for calls that read. */
  reading: CallOptions
  tenant(): Promise<Tenant>
}

/** Options that every command takes that talks to FlightIQ. */
export function withCommonOptions(command: Command): Command {
  return withStorageOptions(
    command
      .option('--json', 'print JSON for programs')
      .option('--server <url>', 'talk to a running console (token in FLIGHTIQ_TOKEN)')
      .option('--tenant <name>', 'name or id of the tenant')
      .option('--progress', 'tell progress even when nobody looks'),
  )
}

/** Options of whatever keeps its own records. */
export function withStorageOptions(command: Command): Command {
  return command
    .option('--data <folder>', 'folder of the embedded database')
    .option('--master-key-file <file>', 'file with the master key')
    .option('--requests-per-minute <n>', "share of PingOne's request limit to use")
    .option('--config <file>', 'JSON file with settings')
    .option('--verbose', 'show where an unexpected error came from')
}

/** Opens FlightIQ for a command, runs it, and closes everything again. Its result is the exit status. */
export async function inContext(
  flags: Record<string, unknown>,
  keeping: Keeping,
  run: (context: CommandContext) => Promise<number | undefined>,
): Promise<number> {
  const settings = await resolveSettings(flags)
  const console = settings.server ? openRemote(settings.server, settings.token) : await openEmbedded(settings, keeping)
  const line = progressLine(flags.progress === true)
  const interrupted = new AbortController()
  const onInterrupt = () => interrupted.abort()
  for (const signal of stopSignals) process.once(signal, onInterrupt)
  try {
    const context: CommandContext = {
      console,
      settings,
      json: flags.json === true,
      reading: { signal: interrupted.signal, onProgress: line.show },
      tenant: () => chosenTenant(console, settings),
    }
    return (await run(context)) ?? exitStatus.done
  } finally {
    for (const signal of stopSignals) process.off(signal, onInterrupt)
    line.end()
    await console.close()
  }
}

/** The tenant meant: by name or id, or the only one. Throws a CommandError when that is not clear. */
async function chosenTenant(console: Console, { tenant: wanted }: Settings): Promise<Tenant> {
  const tenants = await console.tenants()
  const names = tenants.map(({ name }) => name).join(', ')
  if (tenants.length === 0) {
    throw new CommandError('No tenant is configured.', {
      nextStep: 'Add one with "flightiq tenant add", or set the FLIGHTIQ_* variables of one.',
    })
  }
  const found = wanted ? tenants.filter(({ id, name }) => id === wanted || name === wanted) : tenants
  const [only, another] = found
  if (only && !another) return only
  if (!wanted)
    throw new CommandError(`There are ${tenants.length} tenants: ${names}.`, { nextStep: 'Choose one with --tenant.' })
  throw new CommandError(`There is ${only ? 'more than one' : 'no'} tenant "${wanted}"; there are: ${names}.`, {
    nextStep: 'Give the id or the exact name with --tenant.',
  })
}
