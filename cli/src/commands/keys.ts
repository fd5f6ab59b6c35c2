import type { MasterKeyStatus } from '@flightiq/server'
import type { Command } from 'commander'
import { exitStatus, inContext, withCommonOptions } from '../context.ts'
import { print, printJson } from '../output.ts'
import type { Run } from '../run.ts'

/** `flightiq keys status|rotate`: the master key, which protects stored secrets. */
export function keyCommands(program: Command, run: Run): void {
  const keys = program.command('keys').description('the master key, which protects stored secrets')

  withCommonOptions(keys.command('status').description('tell which key is in use, and what it seals')).action(
    run((flags) =>
      inContext(flags, 'lasting', async ({ console, json }) => {
        const status = await console.masterKey()
        if (json) printJson(status)
        else tell(status)
        return exitStatus.done
      }),
    ),
  )

  withCommonOptions(
    keys.command('rotate').description('make a new master key in its file and seal everything with it, while serving'),
  ).action(
    run((flags) =>
      inContext(flags, 'lasting', async ({ console, json }) => {
        const before = await console.masterKey()
        // A key from a variable was rotated by the start that got the new one and the one before.
        const done = before.source === 'variable' && before.spare
        const status = done ? before : await console.rotateMasterKey()
        if (json) printJson(status)
        else tell(status)
        return exitStatus.done
      }),
    ),
  )
}

const places = { file: 'in its file', variable: 'from FLIGHTIQ_MASTER_KEY', memory: 'for this process only' } as const

function tell({ origin, source, version, since, secrets, older, spare }: MasterKeyStatus): void {
  const kind = origin === 'trial' ? 'trial key' : 'master key'
  print(`The ${kind} ${version} (${places[source]}) is in use since ${since}.`)
  print(`It seals ${secrets - older} of ${secrets} stored ${secrets === 1 ? 'secret' : 'secrets'}.`)
  if (older > 0) print('An earlier key seals the others: a secret that cannot be opened has to be entered again.')
  if (spare) {
    const where = source === 'variable' ? 'FLIGHTIQ_MASTER_KEY_PREVIOUS' : 'it from where it is given'
    print(`An earlier key opens nothing any more: remove ${where}.`)
  }
  if (origin === 'trial')
    print('For more than a trial, give a key of your own: see "Storage and keys" in the documentation.')
}
