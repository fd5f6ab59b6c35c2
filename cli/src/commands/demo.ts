import { join, resolve } from 'node:path'
import { type Sandbox, startSandbox } from '@flightiq/sandbox'
import { type Services, serverItself } from '@flightiq/server'
import type { Command } from 'commander'
import { exitStatus } from '../context.ts'
import { print, say } from '../output.ts'
import type { Run } from '../run.ts'
import { portIsFree, untilStopped, wholeNumber } from '../service.ts'
import { sandboxError } from './sandbox.ts'
import { serve } from './serve.ts'

/** `flightiq demo`: sandbox and console together, with a tenant that is ready to use. */
export function demoCommand(program: Command, run: Run): void {
  program
    .command('demo')
    .description('start the sandbox and the console with demo content')
    .option('--port <port>', 'port of the console', '4600')
    .option('--sandbox-port <port>', 'port of the sandbox', '4700')
    .option('--sign-in', 'have everybody sign in, as one of the people of the sandbox')
    .option('--data <folder>', 'where the demo keeps its state; remove it to start afresh', '.flightiq/demo')
    .option('--verbose', 'show where an unexpected error came from')
    .action(
      run(async (flags) => {
        const folder = resolve(String(flags.data))
        const settings = {
          data: join(folder, 'console'),
          port: await usablePort('--port', flags.port),
          // The demo is a trial on this machine: nothing of the surroundings reaches into it.
          host: '127.0.0.1',
        }
        let sandbox: Sandbox | undefined
        try {
          // The console holds the folder, so that no second demo writes to the same sandbox.
          const { services, server } = await serve(settings, {
            demo: true,
            prepare: async (opened) => {
              sandbox = await started(await usablePort('--sandbox-port', flags.sandboxPort), join(folder, 'sandbox'))
              for (const url of [sandbox.authUrl, sandbox.apiUrl]) opened.hostPolicy.allow(url)
              await configure(opened, sandbox)
              if (flags.signIn !== true && (await opened.loginApp.find())) await opened.loginApp.remove()
            },
          })
          try {
            if (sandbox) say(`The sandbox serves at ${sandbox.apiUrl}; the state of both is in ${folder}.`)
            if (sandbox && flags.signIn === true) await configureSignIn(services, sandbox, server.url)
            print(`\n  FlightIQ is ready: ${server.url}\n`)
            if (sandbox && flags.signIn === true) print(whoCanSignIn(sandbox))
            else say('Nobody has to sign in. To try that, start it with --sign-in.')
            say('Stop it with Ctrl-C.')
            await untilStopped()
          } finally {
            await server.close()
            await services.close()
          }
        } finally {
          await sandbox?.close()
        }
        return exitStatus.done
      }),
    )
}

async function started(port: string, dataFolder: string): Promise<Sandbox> {
  try {
    return await startSandbox({ port: Number(port), dataFolder })
  } catch (error) {
    throw sandboxError(error, Number(port))
  }
}

/** The wanted port, or a free one (0) when somebody has it: a demo need not be where others expect it. */
async function usablePort(option: string, wanted: unknown): Promise<string> {
  const port = wholeNumber(option, wanted, 65_535)
  if (port === 0 || (await portIsFree(port))) return String(port)
  say(`Port ${port} is in use; a free one is taken instead.`)
  return '0'
}

/** Sees to it that the sandbox's tenants are there and lead to where it serves now. */
async function configure({ tenants }: Services, { tenants: offered, authUrl, apiUrl }: Sandbox): Promise<void> {
  const present = await tenants.list(serverItself)
  for (const { name, environmentId, clientId, clientSecret, authMethod } of offered) {
    const wanted = { name, environmentId, clientId, clientSecret, authMethod, hosts: { authUrl, apiUrl } }
    const known = present.find((tenant) => tenant.clientId === clientId)
    if (known) await tenants.update(serverItself, known.id, wanted)
    else await tenants.create(serverItself, wanted)
  }
}

const rolesOfGroups = {
  'flightiq-viewers': 'viewer',
  'flightiq-operators': 'operator',
  'flightiq-approvers': 'approver',
  'flightiq-admins': 'admin',
} as const

/** Has everybody sign in through the sandbox's login app, with roles by their groups. */
async function configureSignIn({ loginApp, grants }: Services, sandbox: Sandbox, url: string): Promise<void> {
  const [tenant] = sandbox.tenants
  if (!tenant) return
  const { authUrl: authBaseUrl, environmentId, clientId, clientSecret } = tenant.loginApp
  const redirectUri = `${url}/auth/callback`
  const scopes = 'openid profile email'
  await loginApp.save({ authBaseUrl, environmentId, clientId, clientSecret, redirectUri, scopes }, serverItself)
  for (const [value, role] of Object.entries(rolesOfGroups)) {
    await grants.create(serverItself, { role, to: { type: 'claim', claim: 'groups', value } })
  }
}

/** The people of the sandbox, for whoever tries the demo. */
function whoCanSignIn({ tenants: [tenant], state }: Sandbox): string {
  const people = state.signOn.peopleOf(tenant?.loginApp.environmentId ?? '')
  const lines = people.map(({ givenName, familyName, groups }) => {
    const roles = Object.entries(rolesOfGroups).flatMap(([group, role]) => (groups.includes(group) ? [role] : []))
    return `    ${`${givenName} ${familyName}`.padEnd(20)}${roles.join(', ') || 'no role'}`
  })
  return `  Sign in, without a password, as:\n\n${lines.join('\n')}\n`
}
