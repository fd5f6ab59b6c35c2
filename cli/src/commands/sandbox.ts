import { writeFile } from 'node:fs/promises'
import { ExportError } from '@flightiq/core'
import { parsePlaceSpec } from '@flightiq/places'
import { type Sandbox, startSandbox } from '@flightiq/sandbox'
import type { Command } from 'commander'
import { CommandError } from '../command-error.ts'
import { exitStatus } from '../context.ts'
import { print, printJson } from '../output.ts'
import type { Run } from '../run.ts'
import { untilStopped, wholeNumber } from '../service.ts'
import { collect, collected } from './collect.ts'

/** `flightiq sandbox`: the PingOne emulator, for trying things offline. */
export function sandboxCommand(program: Command, run: Run): void {
  program
    .command('sandbox')
    .description('start the offline PingOne sandbox with the environments Development, Test and Production')
    .option('--port <port>', 'port on 127.0.0.1; 0 for a free one', '4700')
    .option('--empty', 'without the demo content')
    .option('--load <place@environment>', 'load an export: file:flows.json@Development (can be repeated)', collect)
    .option('--stand-ins', 'make up what a loaded export refers to but does not hold')
    .option('--latency <ms>', 'hold each answer back so long', '0')
    .option('--rate-limit <n>', 'configuration requests a minute and licence, or "off"', '600')
    .option('--data <folder>', 'keep the state in this folder')
    .option('--env-file <file>', 'write FLIGHTIQ_* variables that point at it, once it serves')
    .option('--json', 'print JSON for programs')
    .option('--verbose', 'show where an unexpected error came from')
    .action(
      run(async (flags) => {
        const sandbox = await started(flags)
        try {
          for (const text of collected(flags.load)) await load(sandbox, text, flags.standIns === true)
          if (typeof flags.envFile === 'string') await writeVariables(flags.envFile, sandbox)
          const { apiUrl: url, tenants } = sandbox
          if (flags.json === true) {
            printJson({ url, tenants: tenants.map(({ clientSecret: _secret, ...tenant }) => tenant) })
          } else {
            print(`The sandbox serves at ${url}`)
            for (const { name, environments } of tenants) {
              print(`  ${name}: ${environments.map((environment) => environment.name).join(', ')}`)
            }
            print('Stop it with Ctrl-C.')
          }
          await untilStopped()
        } finally {
          await sandbox.close()
        }
        return exitStatus.done
      }),
    )
}

async function started(flags: Record<string, unknown>): Promise<Sandbox> {
  const port = wholeNumber('--port', flags.port, 65_535)
  const limit = flags.rateLimit === 'off' ? null : wholeNumber('--rate-limit', flags.rateLimit, 1_000_000)
  try {
    return await startSandbox({
      port,
      empty: flags.empty === true,
      latencyMilliseconds: wholeNumber('--latency', flags.latency, 600_000),
      rateLimitPerMinute: limit,
      ...(typeof flags.data === 'string' ? { dataFolder: flags.data } : {}),
    })
  } catch (error) {
    throw sandboxError(error, port)
  }
}

/** Why a sandbox did not start, for a person. */
export function sandboxError(error: unknown, port: number): CommandError {
  if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
    return new CommandError(`Port ${port} is in use, so the sandbox can't start.`, {
      nextStep: 'Choose another one (0 takes a free one), or stop what runs there.',
    })
  }
  return new CommandError(`The sandbox can't start: ${(error as Error).message}`, { cause: error })
}

/** Loads `file:x.json@Development`. The last @ counts: paths may hold others. */
async function load(sandbox: Sandbox, text: string, standIns: boolean): Promise<void> {
  const at = text.lastIndexOf('@')
  if (at <= 0 || at === text.length - 1) {
    throw new CommandError(`"${text}" does not say what to load where.`, {
      nextStep: 'Write file:flows.json@Development.',
    })
  }
  const place = parsePlaceSpec(text.slice(0, at))
  if (place.type !== 'file') {
    throw new CommandError(`The sandbox loads files, not "${text.slice(0, at)}".`, {
      nextStep: 'Write file:flows.json@Development.',
    })
  }
  try {
    await sandbox.load(text.slice(at + 1), place.path, { standIns })
  } catch (error) {
    if (error instanceof ExportError) throw error
    throw new CommandError(`${place.path} can't be loaded: ${(error as Error).message}`, { cause: error })
  }
}

/** Variables that make the command line work with the sandbox: `set -a; . FILE`. */
async function writeVariables(path: string, { authUrl, apiUrl, tenants }: Sandbox): Promise<void> {
  const [tenant] = tenants
  if (!tenant) throw new CommandError('The sandbox has no tenant.')
  const variables = {
    FLIGHTIQ_AUTH_URL: authUrl,
    FLIGHTIQ_API_URL: apiUrl,
    FLIGHTIQ_ENVIRONMENT_ID: tenant.environmentId,
    FLIGHTIQ_CLIENT_ID: tenant.clientId,
    FLIGHTIQ_CLIENT_SECRET: tenant.clientSecret,
    FLIGHTIQ_AUTH_METHOD: tenant.authMethod,
  }
  const lines = Object.entries(variables).map(([name, value]) => `${name}='${value.replaceAll("'", "'\\''")}'\n`)
  try {
    await writeFile(path, lines.join(''), { mode: 0o600 })
  } catch (error) {
    throw new CommandError(`The variables can't be written to ${path}: ${(error as Error).message}`, {
      nextStep: 'Give another --env-file.',
    })
  }
}
