import { allowedHostsIn, openServices, type RunningServer, type Services, startServer } from '@flightiq/server'
import type { Command } from 'commander'
import { transientTenant } from '../console/embedded.ts'
import { exitStatus, withStorageOptions } from '../context.ts'
import { print, say } from '../output.ts'
import type { Run } from '../run.ts'
import { untilStopped, webFolder, wholeNumber } from '../service.ts'
import { dataFolderOf, resolveSettings, type Settings } from '../settings.ts'

/** `flightiq serve`: the console, as in production. */
export function serveCommand(program: Command, run: Run): void {
  withStorageOptions(program.command('serve').description('start the console'))
    .option('--host <address>', 'address to listen on (default 127.0.0.1)')
    .option('--port <port>', 'port to listen on (default 4600)')
    .action(
      run(async (flags) => {
        const settings = await resolveSettings(flags)
        const { services, server } = await serve(settings, { demo: false })
        try {
          print(`FlightIQ serves at ${server.url}`)
          await untilStopped()
          say('Stopping…')
        } finally {
          await server.close()
          await services.close()
        }
        return exitStatus.done
      }),
    )
}

/** Opens the services and serves them over HTTP with the web app, as the settings say. */
export async function serve(
  settings: Settings,
  options: { demo: boolean; prepare?: (services: Services) => Promise<void> },
): Promise<{ services: Services; server: RunningServer }> {
  const folder = webFolder()
  const port = settings.port === undefined ? undefined : wholeNumber('--port', settings.port, 65_535)
  const transient = transientTenant(settings)
  const perMinute = settings.requestsPerMinute
  const services = await openServices({
    dataFolder: dataFolderOf(settings),
    databaseUrl: settings.databaseUrl,
    masterKey: settings.masterKey,
    masterKeyPrevious: settings.masterKeyPrevious,
    masterKeyFile: settings.masterKeyFile,
    allowedHosts: allowedHostsIn(settings.allowedHosts ?? ''),
    ...(perMinute ? { client: { requestsPerMinute: wholeNumber('--requests-per-minute', perMinute, 6000) } } : {}),
  })
  try {
    if (transient) await services.tenants.useTransient(transient)
    await options.prepare?.(services)
    const server = await startServer({
      services,
      host: settings.host,
      port,
      webFolder: folder,
      demo: options.demo,
      allowNoSignIn: settings.allowNoSignIn === '1',
      ...(options.demo ? { log: { level: 'error' as const } } : {}),
    })
    return { services, server }
  } catch (error) {
    await services.close()
    throw error
  }
}
