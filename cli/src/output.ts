import { stripVTControlCharacters } from 'node:util'

const colours = { red: 31, green: 32, yellow: 33, blue: 34, dim: 2, bold: 1 } as const

/** Colours a text when people look at it: not in pipes, and not with NO_COLOR set. */
export function paint(colour: keyof typeof colours, text: string): string {
  const plain = !process.stdout.isTTY || (process.env.NO_COLOR ?? '') !== ''
  return plain ? text : `\u001b[${colours[colour]}m${text}\u001b[0m`
}

/** Writes a line to standard output. */
export function print(text = ''): void {
  process.stdout.write(`${text}\n`)
}

/** Writes a line to standard error: what is said beside the result. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** Writes a value as JSON, for programs. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2))
}

/** Names from PingOne on a terminal: control characters would let a flow's name rewrite the screen. */
export function clean(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  return stripVTControlCharacters(text).replaceAll(/[\u0000-\u001f\u007f]/g, '·')
}

/** Writes rows in columns as wide as their widest cell. */
export function printTable(head: string[], rows: string[][]): void {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => stripVTControlCharacters(row[column] ?? '').length)),
  )
  const line = (cells: string[]) =>
    cells
      .map((cell, column) => {
        const last = column === cells.length - 1
        const missing = (widths[column] ?? 0) - stripVTControlCharacters(cell).length
        return last ? cell : cell + ' '.repeat(Math.max(0, missing))
      })
      .join('  ')
      .trimEnd()
  print(paint('dim', line(head)))
  for (const row of rows) print(line(row))
}
