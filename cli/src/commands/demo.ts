import { join, resolve } from 'node:path'
import { type Sandbox, startSandbox } from '@flightiq/sandbox'
import type { Services } from '@flightiq/server'
import type { Command } from 'commander'
import { exitStatus } from '../context.ts'
import { print, say } from '../output.ts'
import type { Run } from '../run.ts'
import { untilStopped, wholeNumber } from '../service.ts'
import { sandboxError } from './sandbox.ts'
import { serve } from './serve.ts'

/** `flightiq demo`: sandbox and console together, with a tenant that is ready to use. */
export function demoCommand(program: Command, run: Run): void {
  program
    .command('demo')
    .description('start the sandbox and the console with demo content')
    .option('--port <port>', 'port of the console', '4600')
    .option('--sandbox-port <port>', 'port of the sandbox', '4700')
    .option('--data <folder>', 'where the demo keeps its state; remove it to start afresh', '.flightiq/demo')
    .option('--verbose', 'show where an unexpected error came from')
    .action(
      run(async (flags) => {
        const folder = resolve(String(flags.data))
        const sandboxPort = wholeNumber('--sandbox-port', flags.sandboxPort, 65_535)
        const sandbox = await startSandbox({ port: sandboxPort, dataFolder: join(folder, 'sandbox') }).catch(
          (error: unknown) => {
            throw sandboxError(error, sandboxPort)
          },
        )
        try {
          const settings = { data: join(folder, 'console'), port: String(flags.port) }
          const { services, server } = await serve(settings, {
            demo: true,
            prepare: (opened) => configure(opened, sandbox),
          })
          try {
            say(`The sandbox serves at ${sandbox.apiUrl}; its state is in ${folder}.`)
            print(`\n  FlightIQ is ready: ${server.url}\n`)
            say('Stop it with Ctrl-C.')
            await untilStopped()
          } finally {
            await server.close()
            await services.close()
          }
        } finally {
          await sandbox.close()
        }
        return exitStatus.done
      }),
    )
}

/** Sees to it that the sandbox's tenants are there and lead to where it serves now. */
async function configure({ tenants }: Services, { tenants: offered, authUrl, apiUrl }: Sandbox): Promise<void> {
  const present = await tenants.list()
  for (const { name, environmentId, clientId, clientSecret, authMethod } of offered) {
    const wanted = { name, environmentId, clientId, clientSecret, authMethod, hosts: { authUrl, apiUrl } }
    const known = present.find((tenant) => tenant.clientId === clientId)
    if (known) await tenants.update(known.id, wanted)
    else await tenants.create(wanted)
  }
}
