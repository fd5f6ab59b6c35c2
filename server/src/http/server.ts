import type { AddressInfo } from 'node:net'
import { thisProcess } from '../audit/entry.ts'
import { ProblemError } from '../problems/problem-error.ts'
import type { Services } from '../services.ts'
import { version } from '../status/version.ts'
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
}

export interface RunningServer {
  url: string
  /** Ends it: no new requests, streams are cut. The services stay open. */
  close(): Promise<void>
}

/**
 * Starts the HTTP server and the work on queued runs. Throws a ProblemError: MASTER_KEY_NEEDED or SIGN_IN_NEEDED when
 * it would listen beyond this machine without one, PORT_TAKEN, AUDIT_UNAVAILABLE.
 */
export async function startServer(settings: ServerSettings): Promise<RunningServer> {
  const { services, host = '127.0.0.1', port = 4600, allowNoSignIn, ...rest } = settings
  const loopbackOnly = isLoopbackHost(host)
  if (!loopbackOnly) refuseUnsafe(services, allowNoSignIn ?? process.env.FLIGHTIQ_ALLOW_NO_SIGN_IN === '1')
  const app = await buildApp({ ...rest, services, loopbackOnly })
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
  services.logTo((level, message, facts) => app.log[level](facts, message))
  try {
    await auditServer(services, 'server.started', url)
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
  return { url, close }
}

function auditServer(services: Services, event: 'server.started' | 'server.stopped', url: string): Promise<void> {
  return services.audit.record({
    event,
    outcome: 'done',
    actor: thisProcess,
    details: { url, version, database: services.database },
  })
}

function refuseUnsafe(services: Services, allowNoSignIn: boolean): void {
  if (services.masterKey.origin === 'trial') {
    throw new ProblemError({
      status: 500,
      code: 'MASTER_KEY_NEEDED',
      detail: 'Listening beyond this machine needs a master key of your own; the trial key lies beside the data.',
      nextStep: 'Set FLIGHTIQ_MASTER_KEY (make one with: openssl rand -base64 32) or FLIGHTIQ_MASTER_KEY_FILE.',
    })
  }
  if (!allowNoSignIn) {
    throw new ProblemError({
      status: 500,
      code: 'SIGN_IN_NEEDED',
      detail:
        'Sign-in is not configured, so everybody who reaches this address could change your PingOne environments.',
      nextStep:
        'Listen on 127.0.0.1, or set FLIGHTIQ_ALLOW_NO_SIGN_IN=1 when something in front of FlightIQ signs people in.',
    })
  }
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
