import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Sandbox, type SandboxOptions, type SandboxTenant, startSandbox } from '@flightiq/sandbox'
import { openServices, type ServiceSettings, type Services, serverItself, startServer } from '@flightiq/server'

/** A sandbox and a console in front of it, serving the built web app. */
export interface Stack {
  url: string
  sandbox: Sandbox
  services: Services
  /** The sandbox's first tenant. */
  tenant: SandboxTenant
  /** The id of one of its environments. */
  environmentId(name: string): string
  /** Saves the first tenant in the console, and answers its id there. */
  connect(): Promise<string>
  close(): Promise<void>
}

/**
 * Starts a sandbox and a console on free ports, all in memory. Throws when the web app isn't built, since then there
 * is nothing to look at. Takes the options of the sandbox, and the settings of the console's services.
 */
export async function startStack(options: SandboxOptions = {}, settings: ServiceSettings = {}): Promise<Stack> {
  const webFolder = fileURLToPath(new URL('../../web/dist', import.meta.url))
  if (!existsSync(webFolder)) throw new Error('The web app is not built: npm run build')
  const sandbox = await startSandbox({ demo: false, ...options })
  const services = await openServices({ allowedHosts: [new URL(sandbox.apiUrl).host], ...settings })
  const server = await startServer({
    services,
    port: 0,
    webFolder,
    log: { level: 'silent' },
    requestsPerMinute: 100_000,
  })
  const tenant = sandbox.tenants[0]
  if (!tenant) throw new Error('The sandbox has no tenant.')
  return {
    url: server.url,
    sandbox,
    services,
    tenant,
    environmentId: (name) => {
      const found = tenant.environments.find((environment) => environment.name === name)
      if (!found) throw new Error(`The sandbox has no environment ${name}.`)
      return found.id
    },
    connect: async () => {
      const { environmentId, clientId, clientSecret } = tenant
      const hosts = { authUrl: sandbox.authUrl, apiUrl: sandbox.apiUrl }
      const saved = await services.tenants.create(serverItself, {
        name: tenant.name,
        environmentId,
        clientId,
        clientSecret,
        hosts,
      })
      return saved.id
    },
    close: async () => {
      await server.close()
      await services.close()
      await sandbox.close()
    },
  }
}
