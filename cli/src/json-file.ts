import { readFile } from 'node:fs/promises'
import { CommandError } from './command-error.ts'

/**
 * The content of a JSON file that a command was given.
 * @param what what the file is, for the error: `plan`, `map file`
 * @throws CommandError when it can't be read, or is no JSON: then with the spot where it stops being any.
 */
export async function readJsonFile(path: string, what: string, nextStep: string): Promise<unknown> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : (code ?? 'unknown')
    throw new CommandError(`The ${what} ${path} can't be read: ${why}.`, { nextStep, code: 'FILE_UNREADABLE' })
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    const spot = /line (\d+) column (\d+)/.exec((error as Error).message)
    const where = spot ? ` at line ${spot[1]}, column ${spot[2]}` : text.trim() === '' ? ': it is empty' : ''
    throw new CommandError(`The ${what} ${path} is not valid JSON${where}.`, { nextStep, code: 'NOT_JSON' })
  }
}
