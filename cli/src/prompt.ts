import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { CommandError } from './command-error.ts'

/**
 * A secret: typed without being shown, or the whole of standard input when that is no terminal.
 * @throws CommandError when nothing was given.
 */
export async function hiddenInput(question: string): Promise<string> {
  if (!process.stdin.isTTY) return given((await text(process.stdin)).replace(/\r?\n$/, ''))
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true })
  // Only now is what is typed no longer shown by the terminal itself.
  process.stderr.write(question)
  try {
    return given(await lines.question(''))
  } finally {
    lines.close()
    process.stderr.write('\n')
  }
}

function given(secret: string): string {
  if (secret !== '') return secret
  throw new CommandError('No secret was given.', { nextStep: 'Type it when asked, or pass it on standard input.' })
}

/**
 * Asks on the terminal and goes on only when the expected text is typed.
 * @throws CommandError for any other answer, and where nobody can answer.
 */
export async function confirmation(question: string, expected: string): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new CommandError('This needs a confirmation, and nobody can give one here.', { nextStep: 'Add --yes.' })
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const answer = (await lines.question(question)).trim()
    if (answer !== expected) throw new CommandError('Not confirmed; nothing was changed.')
  } finally {
    lines.close()
  }
}
