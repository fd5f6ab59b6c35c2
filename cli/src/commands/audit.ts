import { open } from 'node:fs/promises'
import type { AuditEntry, AuditFilter } from '@flightiq/server'
import { type Command, Option } from 'commander'
import { CommandError } from '../command-error.ts'
import { type CommandContext, exitStatus, inContext, withCommonOptions } from '../context.ts'
import { clean, paint, print, printJson, printTable, say } from '../output.ts'
import type { Run } from '../run.ts'
import { wholeNumber } from '../service.ts'

/** `flightiq audit list|export|verify`: who did what, and whether the record of it is whole. */
export function auditCommands(program: Command, run: Run): void {
  const audit = program.command('audit').description('who did what, and whether the record of it is whole')

  withFilter(audit.command('list').description('list entries, newest first'))
    .option('--limit <n>', 'how many at most (default 50)')
    .action(
      run((flags) =>
        inContext(flags, 'lasting', async (context) => {
          const limit = flags.limit === undefined ? 50 : wholeNumber('--limit', flags.limit, 500)
          if (limit === 0) throw new CommandError('--limit takes a whole number from 1 to 500.')
          const page = await context.console.auditEntries(await filterOf(flags, context), limit)
          if (context.json) printJson(page)
          else list(page.entries, page.more)
          return exitStatus.done
        }),
      ),
    )

  withFilter(audit.command('export').description('write all entries, oldest first'))
    .addOption(new Option('--format <format>', 'form of the export').choices(['jsonl', 'csv']).default('jsonl'))
    .option('--out <file>', 'file to write; standard output without it')
    .action(
      run((flags) =>
        inContext(flags, 'lasting', async (context) => {
          const format = flags.format === 'csv' ? 'csv' : 'jsonl'
          const pieces = await context.console.exportAudit(await filterOf(flags, context), format)
          if (typeof flags.out === 'string') {
            const bytes = await writeTo(flags.out, pieces)
            if (context.json) printJson({ file: flags.out, format, bytes })
            else print(`Wrote ${flags.out}.`)
          } else {
            for await (const piece of pieces) process.stdout.write(piece)
          }
          return exitStatus.done
        }),
      ),
    )

  withCommonOptions(
    audit.command('verify').description('check that no entry was changed, removed, moved or cut off'),
  ).action(
    run((flags) =>
      inContext(flags, 'lasting', async ({ console, json }) => {
        const verification = await console.verifyAudit()
        const { ok, entries, head, fault } = verification
        if (json) printJson(verification)
        else if (ok) print(`The audit log is whole: ${entries} entries${head ? `, the last is ${head.sequence}` : ''}.`)
        if (ok) return exitStatus.done
        if (!json) say(clean(`flightiq: The audit log is not whole. ${fault?.explanation ?? ''}`))
        return exitStatus.failed
      }),
    ),
  )
}

function withFilter(command: Command): Command {
  return withCommonOptions(command)
    .option('--event <event>', 'only this event; all that begin with it when it ends in a dot: run.')
    .option('--actor <who>', 'only of somebody: the id, or part of the name')
    .addOption(new Option('--outcome <outcome>', 'only with this outcome').choices(['done', 'refused', 'failed']))
    .option('--from <time>', 'only from this day or time on: 2026-05-04, 2026-05-04T08:00:00Z')
    .option('--until <time>', 'only until this day or time')
    .option('--text <text>', 'only with this text anywhere in the entry')
}

async function filterOf(flags: Record<string, unknown>, context: CommandContext): Promise<AuditFilter> {
  const { event, actor, outcome, text, from, until } = flags
  return {
    ...(flags.tenant === undefined ? {} : { tenantId: (await context.tenant()).id }),
    ...(typeof event === 'string' ? { event } : {}),
    ...(typeof actor === 'string' ? { actor } : {}),
    ...(typeof text === 'string' ? { text } : {}),
    ...(typeof outcome === 'string' ? { outcome: outcome as NonNullable<AuditFilter['outcome']> } : {}),
    ...(typeof from === 'string' ? { from: timeIn('--from', from, '00:00:00') } : {}),
    ...(typeof until === 'string' ? { until: timeIn('--until', until, '23:59:59.999') } : {}),
  }
}

/** A day is one of this machine's time zone. */
function timeIn(option: string, text: string, ofDay: string): string {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text)
  const time = new Date(isDay ? `${text}T${ofDay}` : text)
  const readable = isDay || /^\d{4}-\d\d-\d\dT/.test(text)
  if (readable && !Number.isNaN(time.getTime())) return time.toISOString()
  throw new CommandError(`${option} takes a day or a time, not "${text}".`, {
    nextStep: 'Write 2026-05-04 or 2026-05-04T08:00:00Z.',
  })
}

function list(entries: readonly AuditEntry[], more: boolean): void {
  printTable(
    ['ENTRY', 'AT', 'EVENT', 'OUTCOME', 'WHO', 'FROM', 'SUBJECT'],
    entries.map(({ sequence, at, event, outcome, actor, from, subject }) => [
      String(sequence),
      at,
      clean(event),
      outcome === 'done' ? outcome : paint('yellow', outcome),
      clean(actor.name),
      clean(from),
      clean(subject ? `${subject.kind} ${subject.name ?? subject.id}` : ''),
    ]),
  )
  if (more) say('There are more: raise --limit, narrow the search, or use "flightiq audit export".')
}

/** Writes pieces to a file that only this user can read; what was in it is replaced. Returns how many bytes it has. */
async function writeTo(path: string, pieces: AsyncIterable<string>): Promise<number> {
  const nextStep = 'Check the path, and that this user may write there.'
  try {
    await using file = await open(path, 'w', 0o600)
    let bytes = 0
    for await (const piece of pieces) bytes += (await file.write(piece)).bytesWritten
    return bytes
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) {
      throw new CommandError(`${path} can't be written: ${error.message}`, { nextStep, cause: error })
    }
    throw error
  }
}
