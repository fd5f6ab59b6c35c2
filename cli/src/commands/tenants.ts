import { newTenantSchema } from '@flightiq/server'
import type { Command } from 'commander'
import { CommandError } from '../command-error.ts'
import { exitStatus, inContext, withCommonOptions } from '../context.ts'
import { clean, paint, print, printJson, printTable, say } from '../output.ts'
import { confirmation, hiddenInput } from '../prompt.ts'
import type { Run } from '../run.ts'

/** `flightiq tenant add|list|test|remove`, `flightiq environments`. */
export function tenantCommands(program: Command, run: Run): void {
  const tenant = program.command('tenant').description('the tenants (Org Roots) that FlightIQ knows')

  withCommonOptions(tenant.command('list').description('list the tenants')).action(
    run((flags) =>
      inContext(flags, 'lasting', async ({ console, json }) => {
        const tenants = await console.tenants()
        if (json) printJson(tenants)
        else {
          printTable(
            ['NAME', 'ID', 'REGION', 'ENVIRONMENT OF THE WORKER APP', 'SECRET SET'],
            tenants.map((one) => [
              clean(one.name),
              one.id,
              one.region ?? one.hosts?.apiUrl ?? '',
              one.environmentId,
              one.secretSetAt,
            ]),
          )
        }
        return exitStatus.done
      }),
    ),
  )

  withCommonOptions(
    tenant.command('add').description('add a tenant; the secret is asked for, or read from standard input'),
  )
    .requiredOption('--name <name>', 'name to show')
    .requiredOption('--environment-id <uuid>', 'environment of the worker app')
    .requiredOption('--client-id <uuid>', 'client id of the worker app')
    .option('--region <code>', 'NA, EU, AP, AU, CA or SG; found out when absent')
    .option('--auth-url <url>', 'custom domain or sandbox: where tokens come from')
    .option('--api-url <url>', 'custom domain or sandbox: where the API is')
    .option('--auth-method <method>', 'client_secret_basic or client_secret_post; found out when absent')
    .action(
      run((flags) =>
        inContext(flags, 'lasting', async ({ console, json }) => {
          const { name, environmentId, clientId, region, authUrl, apiUrl, authMethod } = flags
          const clientSecret = await hiddenInput('Backend API client secret: ')
          const input = newTenantSchema.safeParse({
            name,
            environmentId,
            clientId,
            clientSecret,
            region: typeof region === 'string' ? region.toUpperCase() : undefined,
            authMethod,
            hosts: authUrl || apiUrl ? { authUrl, apiUrl } : undefined,
          })
          if (!input.success) {
            const [issue] = input.error.issues
            throw new CommandError(`${issue?.path.join('.') ?? 'tenant'}: ${issue?.message ?? 'not valid'}.`, {
              nextStep: 'Correct that option.',
            })
          }
          const added = await console.addTenant(input.data)
          if (console.trialKey) {
            say(
              'The secret is encrypted with a trial key that lies beside the data. For more than a trial, set FLIGHTIQ_MASTER_KEY first.',
            )
          }
          if (json) printJson(added)
          else print(`Added tenant "${clean(added.name)}" (${added.id}). Test it with: flightiq tenant test`)
          return exitStatus.done
        }),
      ),
    )

  withCommonOptions(tenant.command('test').description('test the credentials of a tenant')).action(
    run((flags) =>
      inContext(flags, 'lasting', async (context) => {
        const { id } = await context.tenant()
        const result = await context.console.testTenant(id)
        if (context.json) printJson(result)
        else {
          const marks = { passed: paint('green', '✓'), failed: paint('red', '✗'), skipped: paint('dim', '–') }
          for (const check of result.checks) print(`${marks[check.outcome]} ${check.name}: ${check.detail}`)
          print(result.explanation)
          if (result.nextStep) print(`Next: ${result.nextStep}`)
        }
        return result.ok ? exitStatus.done : exitStatus.failed
      }),
    ),
  )

  withCommonOptions(
    tenant.command('remove').description('remove a tenant with its secret, plans and runs; PingOne is left as it is'),
  )
    .option('--yes', 'do not ask')
    .action(
      run((flags) =>
        inContext(flags, 'lasting', async (context) => {
          const { id, name } = await context.tenant()
          if (flags.yes !== true) {
            await confirmation(`Remove tenant "${clean(name)}" with its secret, plans and runs? Type its name: `, name)
          }
          await context.console.removeTenant(id)
          if (context.json) printJson({ removed: id })
          else print(`Removed tenant "${clean(name)}".`)
          return exitStatus.done
        }),
      ),
    )

  withCommonOptions(
    program.command('environments').description('list the environments that the worker app can see'),
  ).action(
    run((flags) =>
      inContext(flags, 'memory', async (context) => {
        const environments = await context.console.environments((await context.tenant()).id, context.reading)
        if (context.json) printJson(environments)
        else
          printTable(
            ['NAME', 'TYPE', 'ID'],
            environments.map((one) => [clean(one.name), one.type, one.id]),
          )
        return exitStatus.done
      }),
    ),
  )
}
