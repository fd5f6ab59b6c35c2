import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { accessCommand } from './commands/access.ts'
import { artifactCommands } from './commands/artifacts.ts'
import { auditCommands } from './commands/audit.ts'
import { compareCommand } from './commands/compare.ts'
import { demoCommand } from './commands/demo.ts'
import { keyCommands } from './commands/keys.ts'
import { planCommand } from './commands/plan.ts'
import { runCommands } from './commands/runs.ts'
import { sandboxCommand } from './commands/sandbox.ts'
import { serveCommand } from './commands/serve.ts'
import { tenantCommands } from './commands/tenants.ts'
import { exitStatus } from './context.ts'
import { print } from './output.ts'
import { run } from './run.ts'
import { settingsHelp } from './settings.ts'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }

const program = new Command('flightiq')
  .description('Compare PingOne DaVinci environments, and migrate flows with all they depend on.')
  .version(version)
  .showHelpAfterError('(flightiq help <command> tells more)')
  .helpCommand('help [command]', 'help for a command, or for "settings"')
  .addHelpText('after', '\nExit status: 0 done or no difference, 1 error, 2 difference found or plan not empty.')
  // A wrong call is an error like any other.
  .exitOverride((error) => process.exit(error.exitCode === 0 ? exitStatus.done : exitStatus.failed))

serveCommand(program, run)
demoCommand(program, run)
sandboxCommand(program, run)
tenantCommands(program, run)
accessCommand(program, run)
artifactCommands(program, run)
compareCommand(program, run)
planCommand(program, run)
runCommands(program, run)
keyCommands(program, run)
auditCommands(program, run)
program
  .command('settings', { hidden: true })
  .description('where settings come from')
  .action(() => print(settingsHelp()))

// The end of a pipe ("flightiq list | head") is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

const asked = process.argv.slice(2)
if (asked[0] === 'help' && asked[1] === 'settings') print(settingsHelp())
else await program.parseAsync()
