import type { AddressInfo } from 'node:net'
import { thisProcess } from '../audit/entry.ts'
import { ProblemError } from '../problems/problem-error.ts'
import type { Secret } from '../secrets/secret.ts'
import type { Services } from '../services.ts'
import { version } from '../status/version.ts'
import { checkProxies, parsePublicUrl } from './addresses.ts'
import { buildApp } from './app.ts'
import { isLoopbackHost } from './guards.ts'
import type { LogSettings } from './logging.ts'

export interface ServerSettings {
  services: Services
  /** 127.0.0.1 unless given. */
  host?: string | undefined
  /** 4600 unless given; 0: a free one. */
  port?: number | undefined
  webFolder?: string | undefined
  demo?: boolean | undefined
  log?: LogSettings | undefined
  requestsPerMinute?: number | undefined
  /** Lets everybody who reaches the server use it (FLIGHTIQ_ALLOW_NO_SIGN_IN=1). */
  allowNoSignIn?: boolean | undefined
  /** The address under which browsers reach the server, where that is another: `https://flightiq.example.com`. */
  publicUrl?: string | undefined
  /** Addresses of proxies in front, whose word on where a call comes from counts: `10.0.0.7`, `10.0.0.0/24`. */
  trustedProxies?: readonly string[] | undefined
  /** Offers the local administrator's one-time token though sign-in works: for when the login app is broken. */
  localAdministrator?: boolean | undefined
}

export interface RunningServer {
  url: string
  /** For whoever started it to print: while sign-in is needed and has not worked yet, or when asked for. */
  localAdministratorToken: Secret | undefined
  /** Ends it: no new requests, streams are cut. The services stay open. */
  close(): Promise<void>
}

/**
 * Starts the HTTP server and the work on queued runs. When others than this machine reach it, everybody has to sign in.
 * Throws a ProblemError: MASTER_KEY_NEEDED when others reach it and it has only a trial's key, PORT_TAKEN,
 * CANNOT_LISTEN, PUBLIC_URL_INVALID, TRUSTED_PROXIES_INVALID, AUDIT_UNAVAILABLE.
 */
export async function startServer(settings: ServerSettings): Promise<RunningServer> {
  const { services, host = '127.0.0.1', port = 4600, allowNoSignIn, localAdministrator, ...rest } = settings
  const publicUrl = settings.publicUrl === undefined ? undefined : parsePublicUrl(settings.publicUrl)
  const trustedProxies = checkProxies(settings.trustedProxies ?? [])
  const loopbackOnly = isLoopbackHost(host)
  if (!loopbackOnly || (publicUrl && !isLoopbackHost(publicUrl.hostname))) {
    if (services.masterKey.origin === 'trial') throw masterKeyNeeded()
    if (!(allowNoSignIn ?? process.env.FLIGHTIQ_ALLOW_NO_SIGN_IN === '1')) services.signIn.require()
  }
  const app = await buildApp({ ...rest, services, loopbackOnly, publicUrl, trustedProxies })
  try {
    await app.listen({ host, port })
  } catch (error) {
    await app.close()
    throw cantListen(error as NodeJS.ErrnoException, host, port)
  }
  const address = app.server.address() as AddressInfo
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`
  if (services.masterKey.madeAt) {
    app.log.warn(
      `Made a master key for this trial: ${services.masterKey.madeAt}. In production set FLIGHTIQ_MASTER_KEY.`,
    )
  }
  if (services.masterKey.spare) {
    app.log.warn(
      'An earlier master key opens nothing any more: remove FLIGHTIQ_MASTER_KEY_PREVIOUS, or its line in the key file.',
    )
  }
  if (!loopbackOnly && publicUrl?.protocol !== 'https:') {
    app.log.warn(
      'Browsers sign in over https only: set FLIGHTIQ_PUBLIC_URL to the https address of the proxy in front.',
    )
  }
  services.logTo((level, message, facts) => app.log[level](facts, message))
  let localAdministratorToken: Secret | undefined
  try {
    await auditServer(services, 'server.started', url)
    localAdministratorToken = await services.signIn.offerLocalAdministrator({ anyway: localAdministrator })
    if (localAdministrator) app.log.warn('A one-time token of the local administrator was asked for, and is offered.')
    await services.announce(url)
    await services.work()
  } catch (error) {
    await app.close()
    throw error
  }
  const close = async () => {
    await app.close()
    try {
      await auditServer(services, 'server.stopped', url)
    } catch (error) {
      // It stops all the same; the next start is the first to say so.
      app.log.error({ err: error }, 'stop not audited')
    }
  }
  return { url, localAdministratorToken, close }
}

function auditServer(services: Services, event: 'server.started' | 'server.stopped', url: string): Promise<void> {
  return services.audit.record({
    event,
    outcome: 'done',
    actor: thisProcess,
    details: { url, version, database: services.database },
  })
}

function masterKeyNeeded(): ProblemError {
  return new ProblemError({
    status: 500,
    code: 'MASTER_KEY_NEEDED',
    detail:
      'To be reached from beyond this machine it needs a master key of its own; the trial key lies beside the data.',
    nextStep: 'Set FLIGHTIQ_MASTER_KEY (make one with: openssl rand -base64 32) or FLIGHTIQ_MASTER_KEY_FILE.',
  })
}

function cantListen(error: NodeJS.ErrnoException, host: string, port: number): ProblemError {
  const taken = error.code === 'EADDRINUSE'
  return new ProblemError({
    status: 500,
    code: taken ? 'PORT_TAKEN' : 'CANNOT_LISTEN',
    detail: taken ? `Port ${port} on ${host} is in use.` : `Can't listen on ${host}:${port}: ${error.message}`,
    nextStep: 'Choose another --port or --host.',
    cause: error,
  })
}
