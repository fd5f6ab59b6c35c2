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
    .option('--public-url <url>', 'address under which browsers reach it, when a proxy in front ends TLS')
    .option('--local-admin', 'print a one-time token of the local administrator, for when signing in is broken')
    .action(
      run(async (flags) => {
        const settings = await resolveSettings(flags)
        const { services, server } = await serve(settings, { demo: false, localAdmin: flags.localAdmin === true })
        try {
          print(`FlightIQ serves at ${settings.publicUrl ?? server.url}`)
          printLocalAdministrator(server, settings.publicUrl ?? server.url)
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
  options: { demo: boolean; localAdmin?: boolean; prepare?: (services: Services) => Promise<void> },
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
    sessions: sessionLimits(settings),
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
      publicUrl: settings.publicUrl,
      trustedProxies: settings.trustedProxies?.split(/[\s,]+/).filter(Boolean),
      localAdministrator: options.localAdmin,
      allowNoSignIn: settings.allowNoSignIn === '1',
      ...(options.demo ? { log: { level: 'error' as const } } : {}),
    })
    return { services, server }
  } catch (error) {
    await services.close()
    throw error
  }
}

/** The way in while nobody can sign in. It goes to whoever started the console, and into no log of its own. */
function printLocalAdministrator({ localAdministratorToken: token }: RunningServer, url: string): void {
  if (!token) return
  print(`
To set it up, or to mend the sign-in, enter this one-time token at ${url}/sign-in within a day:

  ${token.reveal()}
`)
}

function sessionLimits({ sessionIdleMinutes, sessionHours }: Settings): { idleMinutes?: number; hours?: number } {
  return {
    ...(sessionIdleMinutes
      ? { idleMinutes: wholeNumber('FLIGHTIQ_SESSION_IDLE_MINUTES', sessionIdleMinutes, 1440, 1) }
      : {}),
    ...(sessionHours ? { hours: wholeNumber('FLIGHTIQ_SESSION_HOURS', sessionHours, 168, 1) } : {}),
  }
}
