import type { AccessAdvice, AccessMatrix } from '@flightiq/server'
import type { Command } from 'commander'
import { CommandError } from '../command-error.ts'
import type { Environment } from '../console/console.ts'
import { type CommandContext, exitStatus, inContext, withCommonOptions } from '../context.ts'
import { clean, paint, print, printJson, printTable } from '../output.ts'
import type { Run } from '../run.ts'
import { collect, collected } from './collect.ts'

type Cell = AccessMatrix['environments'][number]['cells'][string]['read']

const operations = ['read', 'create', 'update', 'delete', 'deploy', 'export'] as const
const probings = ['none', 'reads', 'all'] as const

/** `flightiq access`: what the worker app may do where, and which roles it needs for some jobs. */
export function accessCommand(program: Command, run: Run): void {
  withCommonOptions(program.command('access').description('show what the worker app may do in PingOne, and where'))
    .option('--in <environment>', 'only this environment; can be repeated', collect)
    .option('--probe <what>', 'none, reads, or all: also writes that cannot succeed', 'reads')
    .option('--job <id>', 'say which roles a job needs; can be repeated ("flightiq access --jobs" lists them)', collect)
    .option('--source <environment>', 'where the jobs read; can be repeated', collect)
    .option('--destination <environment>', 'where the jobs write; can be repeated', collect)
    .option('--jobs', 'list the jobs')
    .action(
      run((flags) =>
        inContext(flags, 'memory', async (context) => {
          if (flags.jobs === true) return listJobs(context)
          const { id: tenantId } = await context.tenant()
          const jobs = collected(flags.job)
          if (jobs.length > 0) return advise(context, tenantId, jobs, flags)
          const wanted = collected(flags.in)
          const chosen = wanted.length > 0 ? await idsOf(context, tenantId, wanted) : undefined
          const matrix = await context.console.access(
            tenantId,
            { probe: probingFrom(flags.probe), ...(chosen ? { environments: chosen } : {}) },
            context.reading,
          )
          if (context.json) printJson(matrix)
          else printMatrix(matrix)
          return exitStatus.done
        }),
      ),
    )
}

async function listJobs({ console, json }: CommandContext): Promise<number> {
  const jobs = await console.accessJobs()
  if (json) printJson(jobs)
  else {
    printTable(
      ['JOB', 'WHAT FOR'],
      jobs.map((job) => [job.id, `${job.label}: ${job.description}`]),
    )
  }
  return exitStatus.done
}

async function advise(
  context: CommandContext,
  tenantId: string,
  jobs: string[],
  flags: Record<string, unknown>,
): Promise<number> {
  const advice = await context.console.accessAdvice(tenantId, {
    jobs,
    sources: await idsOf(context, tenantId, collected(flags.source)),
    destinations: await idsOf(context, tenantId, collected(flags.destination)),
  })
  if (context.json) printJson(advice)
  else printAdvice(advice)
  return advice.missing.length > 0 ? exitStatus.different : exitStatus.done
}

/** The ids of environments that were given by id or name. */
async function idsOf(context: CommandContext, tenantId: string, wanted: string[]): Promise<string[]> {
  if (wanted.length === 0) return []
  const environments = await context.console.environments(tenantId, context.reading)
  return wanted.map((text) => idOf(environments, text))
}

function idOf(environments: readonly Environment[], text: string): string {
  const byId = environments.find(({ id }) => id === text)
  const [only, another] = byId ? [byId] : environments.filter(({ name }) => name === text)
  if (only && !another) return only.id
  const names = environments.map(({ name }) => clean(name)).join(', ')
  throw new CommandError(
    only ? `More than one environment is named "${text}".` : `The worker app sees no environment "${text}".`,
    { nextStep: only ? 'Give its id.' : `It sees: ${names}.`, code: 'NOT_FOUND' },
  )
}

function probingFrom(value: unknown): (typeof probings)[number] {
  const found = probings.find((probing) => probing === value)
  if (found) return found
  throw new CommandError(`--probe takes ${probings.join(', ')}, not "${String(value)}".`)
}

function printMatrix(matrix: AccessMatrix): void {
  if (!matrix.rolesKnown && matrix.rolesNote) print(`${matrix.rolesNote}\n`)
  for (const environment of matrix.environments) {
    const type = environment.type === 'PRODUCTION' ? ' (production)' : ''
    print(paint('bold', `${clean(environment.name)}${type}`))
    for (const role of environment.roles) print(paint('dim', `  ${clean(role.name)}, on ${clean(role.scope)}`))
    printTable(
      ['  AREA', ...operations.map((operation) => operation.toUpperCase())],
      matrix.areas.map((area) => [
        `  ${area.label}`,
        ...operations.map((operation) => stateOf(environment.cells[area.id]?.[operation])),
      ]),
    )
    for (const note of notesOf(matrix, environment)) print(`  ${note}`)
    print()
  }
}

function stateOf(cell: Cell | undefined): string {
  if (!cell) return '–'
  if (cell.state === 'granted') return paint('green', 'yes')
  if (cell.state === 'denied') return paint('red', 'no')
  return cell.state === 'partial' ? paint('yellow', 'in part') : paint('dim', '?')
}

function notesOf(matrix: AccessMatrix, environment: AccessMatrix['environments'][number]): string[] {
  return matrix.areas.flatMap((area) =>
    operations.flatMap((operation) => {
      const note = environment.cells[area.id]?.[operation]?.note
      return note ? [`${area.label}, ${operation}: ${clean(note)}`] : []
    }),
  )
}

function printAdvice({ minimum, missing, excess, notes }: AccessAdvice): void {
  const list = (title: string, lines: string[], empty: string) => {
    print(paint('bold', title))
    for (const line of lines.length > 0 ? lines : [empty]) print(`  ${clean(line)}`)
    print()
  }
  list(
    'The smallest set of roles',
    minimum.map((one) => `${one.role}, on ${one.scope} (for ${one.for.join(', ')})`),
    'None is needed.',
  )
  list(
    'Missing',
    missing.map((one) => `${one.role}, on ${one.scope}: ${one.why} Adds ${one.permissions.join(', ')}`),
    'Nothing that is known of.',
  )
  list(
    'Granted beyond need',
    excess.map((one) => `${one.role}, on ${one.scope}: ${one.why}${one.instead ? ` ${one.instead}` : ''}`),
    'Nothing that is known of.',
  )
  for (const note of notes) print(clean(note))
}
