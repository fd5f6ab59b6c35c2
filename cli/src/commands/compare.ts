import type { Difference, PropertyChange } from '@flightiq/core'
import { kindOf } from '@flightiq/core'
import type { ComparisonRow } from '@flightiq/server'
import type { Command } from 'commander'
import { createTwoFilesPatch } from 'diff'
import { type CommandContext, exitStatus, inContext, withCommonOptions } from '../context.ts'
import { kindFrom, nameFilter } from '../kinds.ts'
import { clean, paint, print, printJson, printTable } from '../output.ts'
import type { Run } from '../run.ts'
import { collect, collected } from './collect.ts'

const marks = {
  identical: '=',
  different: '≠',
  onlyInSource: '+',
  onlyInDestination: '-',
  ambiguous: '?',
} as const

const words = {
  identical: 'identical',
  different: 'different',
  onlyInSource: 'only in source',
  onlyInDestination: 'only in destination',
  ambiguous: 'ambiguous',
} as const

/** `flightiq compare`: exit status 2 when something differs. */
export function compareCommand(program: Command, run: Run): void {
  withCommonOptions(program.command('compare').description('compare two places; exit status 2 when something differs'))
    .requiredOption('--from <place>', 'source: env:<name or id>, file:<export.json>')
    .requiredOption('--to <place>', 'destination')
    .option('--kind <kind>', 'only this kind (can be repeated)', collect)
    .option('--name <glob>', 'only names like this')
    .option('--details', 'show every difference')
    .option('--all', 'list what is identical too')
    .action(
      run((flags) =>
        inContext(flags, 'memory', async (context) => {
          const request = { from: String(flags.from), to: String(flags.to) }
          const kinds = collected(flags.kind).map(kindFrom)
          const { id } = await context.tenant()
          const report = await context.console.compare(
            id,
            { ...request, ...(kinds.length > 0 ? { kinds } : {}) },
            context.reading,
          )
          const matches = nameFilter(flags.name as string | undefined)
          const rows = report.rows.filter(({ source, destination }) =>
            [source, destination].some((side) => side !== undefined && matches(side.name)),
          )
          const differing = rows.filter(({ state }) => state !== 'identical')
          const details = flags.details === true ? await detailsOf(context, id, request, differing) : undefined
          if (context.json) printJson({ ...report, rows, ...(details ? { details } : {}) })
          else {
            printRows(flags.all === true ? rows : differing)
            for (const { row, differences } of details ?? []) printDifferences(row, differences)
            printSummary(rows, report.requests)
          }
          return differing.length === 0 ? exitStatus.done : exitStatus.different
        }),
      ),
    )
}

async function detailsOf(
  { console, reading }: CommandContext,
  tenantId: string,
  request: { from: string; to: string },
  rows: ComparisonRow[],
): Promise<{ row: ComparisonRow; differences: Difference[] }[]> {
  const details = []
  for (const row of rows) {
    if (row.state !== 'different' || !row.source || !row.destination) continue
    const pair = { ...request, source: row.source.id, destination: row.destination.id }
    const { comparison } = await console.comparePair(tenantId, row.kind, pair, {
      ...(reading.signal ? { signal: reading.signal } : {}),
    })
    details.push({ row, differences: comparison.differences as Difference[] })
  }
  return details
}

function printRows(rows: ComparisonRow[]): void {
  if (rows.length === 0) return
  const colour = {
    identical: 'green',
    different: 'yellow',
    onlyInSource: 'blue',
    onlyInDestination: 'red',
    ambiguous: 'red',
  } as const
  printTable(
    ['', 'KIND', 'NAME', 'STATE', 'DETAIL'],
    rows.map((row) => [
      paint(colour[row.state], marks[row.state]),
      kindOf(row.kind).label.one,
      clean(row.source?.name ?? row.destination?.name ?? ''),
      paint(colour[row.state], words[row.state]),
      row.candidates ? `fits ${row.candidates.map(({ id }) => id).join(', ')}` : clean(row.gist),
    ]),
  )
}

function printSummary(rows: ComparisonRow[], requests: number): void {
  const counts = Object.entries(words).flatMap(([state, word]) => {
    const count = rows.filter((row) => row.state === state).length
    return count === 0 ? [] : [`${count} ${word}`]
  })
  print(`${counts.join(', ') || 'Nothing to compare'} (${requests} requests)`)
}

/** Prints the differences of one pair like a diff: what the destination has with a minus, what the source has with a plus. */
export function printDifferences(row: { source?: { name: string } | undefined }, differences: Difference[]): void {
  print()
  print(paint('bold', clean(row.source?.name ?? '')))
  for (const { change, label, properties } of differences) {
    const sign = { added: '+', removed: '-', changed: '~', moved: '→' }[change]
    print(`  ${sign} ${clean(label)}`)
    for (const property of properties) printChange(property)
  }
}

function printChange({ label: given, before, after, text, pointer }: PropertyChange): void {
  // An item of a list has only its number: say of which list.
  const label = /^\d+$/.test(given) ? pointer.split('/').slice(-2).join(' ') : given
  if (text && typeof before === 'string' && typeof after === 'string') {
    print(`      ${clean(label)} (${pointer})`)
    const [, , , , ...lines] = createTwoFilesPatch('', '', before, after, '', '', { context: 2 }).split('\n')
    for (const line of lines.slice(0, 80)) {
      const shown = clean(line)
      print(
        `        ${line.startsWith('+') ? paint('green', shown) : line.startsWith('-') ? paint('red', shown) : shown}`,
      )
    }
    if (lines.length > 80) print(`        … ${lines.length - 80} more lines`)
    return
  }
  print(`      ${clean(label)}: ${paint('red', short(before))} → ${paint('green', short(after))}`)
}

function short(value: unknown): string {
  if (value === undefined) return '(none)'
  const text = clean(JSON.stringify(value))
  return text.length > 100 ? `${text.slice(0, 99)}…` : text
}
