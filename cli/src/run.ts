import { ExportError, PlanError } from '@flightiq/core'
import { PlaceError } from '@flightiq/places'
import { ProblemError, problemOf } from '@flightiq/server'
import { CommandError, commandErrorOf } from './command-error.ts'
import { exitStatus } from './context.ts'
import { clean, say } from './output.ts'

type Flags = Record<string, unknown>
type Action = (...args: unknown[]) => Promise<void>

/** Wraps the action of a command: its flags and arguments go in, its exit status and errors come out. */
export type Run = (action: (flags: Flags, ...args: string[]) => Promise<number>) => Action

/** Runs an action; any error ends in one line on standard error, with what to do about it. */
export const run: Run =
  (action) =>
  async (...given) => {
    // Commander passes the arguments, then the options, then the command itself.
    const flags = given.at(-2) as Flags
    const args = given.slice(0, -2) as string[]
    try {
      process.exitCode = await action(flags, ...args)
    } catch (error) {
      tell(error, flags)
      process.exitCode = exitStatus.failed
    }
  }

function tell(error: unknown, flags: Flags): void {
  const known = knownError(error)
  if (flags.json === true) say(JSON.stringify({ code: known.code, error: known.message, nextStep: known.nextStep }))
  else say(clean(`flightiq: ${known.message}${known.nextStep ? ` ${known.nextStep}` : ''}`))
  if (flags.verbose === true && error instanceof Error) say(error.stack ?? '')
}

const cancelled = new CommandError('Cancelled; nothing was changed.', { code: 'CANCELLED' })

function knownError(error: unknown): CommandError {
  if (error instanceof CommandError) return error.code === 'CANCELLED' ? cancelled : error
  const explained = [ProblemError, PlaceError, ExportError, PlanError].some((type) => error instanceof type)
  if (explained) return commandErrorOf(problemOf(error))
  if (error instanceof Error && error.name === 'AbortError') return cancelled
  const told = error instanceof Error ? error.message : String(error)
  return new CommandError(`Something unexpected happened: ${told}.`, {
    nextStep: 'Run it again with --verbose, and report what it shows.',
  })
}
