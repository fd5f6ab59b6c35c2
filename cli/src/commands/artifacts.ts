import { kindOf } from '@flightiq/core'
import type { Command } from 'commander'
import { CommandError } from '../command-error.ts'
import { exitStatus, inContext, withCommonOptions } from '../context.ts'
import { kindFrom, nameFilter } from '../kinds.ts'
import { clean, printJson, printTable } from '../output.ts'
import type { Run } from '../run.ts'

/** `flightiq list <kind> --in PLACE`, `flightiq show <kind> <id-or-name> --in PLACE`. */
export function artifactCommands(program: Command, run: Run): void {
  withCommonOptions(program.command('list <kind>').description('list the artifacts of a kind in a place'))
    .requiredOption('--in <place>', 'env:<name or id>, file:<export.json>')
    .option('--name <glob>', 'only names like this')
    .action(
      run((flags, kindText = '') =>
        inContext(flags, 'memory', async (context) => {
          const kind = kindFrom(kindText)
          const matches = nameFilter(flags.name as string | undefined)
          const { id } = await context.tenant()
          const all = await context.console.listArtifacts(id, kind, String(flags.in), context.reading)
          const artifacts = all.filter(({ name }) => matches(name))
          if (context.json) printJson(artifacts)
          else {
            const facts = artifacts.map(({ content }) => kindOf(kind).facts?.(content as never) ?? {})
            const columns = [...new Set(facts.flatMap((one) => Object.keys(one)))]
            printTable(
              ['NAME', 'ID', ...columns.map((column) => column.toUpperCase())],
              artifacts.map((one, row) => [
                clean(one.name),
                one.id,
                ...columns.map((key) => clean(facts[row]?.[key] ?? '')),
              ]),
            )
          }
          return exitStatus.done
        }),
      ),
    )

  withCommonOptions(
    program.command('show <kind> <id-or-name>').description('print one artifact as PingOne returned it'),
  )
    .requiredOption('--in <place>', 'env:<name or id>, file:<export.json>')
    .action(
      run((flags, kindText = '', wanted = '') =>
        inContext(flags, 'memory', async (context) => {
          const kind = kindFrom(kindText)
          const place = String(flags.in)
          const { id: tenantId } = await context.tenant()
          const all = await context.console.listArtifacts(tenantId, kind, place, context.reading)
          const byId = all.filter(({ id }) => id === wanted)
          const found = byId.length > 0 ? byId : all.filter(({ name }) => name === wanted)
          const [only, another] = found
          if (!only || another) throw notOne(kindOf(kind).label, wanted, place, found)
          printJson((await context.console.getArtifact(tenantId, kind, only.id, place, context.reading)).content)
          return exitStatus.done
        }),
      ),
    )
}

/** The error for a name or id that fits nothing, or too much. */
export function notOne(
  label: { one: string; many: string },
  wanted: string,
  place: string,
  found: { id: string }[],
): CommandError {
  if (found.length === 0) {
    return new CommandError(`There is no ${label.one.toLowerCase()} "${wanted}" in ${place}.`, {
      nextStep: 'Look at "flightiq list".',
      code: 'NOT_FOUND',
    })
  }
  return new CommandError(`${found.length} ${label.many.toLowerCase()} in ${place} are named "${wanted}".`, {
    nextStep: `Give the id instead: ${found.map(({ id }) => id).join(', ')}.`,
  })
}
