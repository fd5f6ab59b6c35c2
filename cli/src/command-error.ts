import type { Problem } from '@flightiq/server'

/** A command can't go on: what is wrong, and what to do about it. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly nextStep: string | undefined
  readonly code: string

  constructor(message: string, options: { nextStep?: string | undefined; code?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.nextStep = options.nextStep
    this.code = options.code ?? 'COMMAND_FAILED'
  }
}

/** A problem of the API as the error of a command. */
export function commandErrorOf(problem: Problem): CommandError {
  const spots = (problem.errors ?? []).filter(({ message }) => message !== problem.detail)
  const fields = spots.map(({ pointer, message }) => `${pointer || 'request'}: ${message}`).join('; ')
  const told = problem.pingone?.message && problem.pingone.message !== problem.detail ? problem.pingone : undefined
  const pingone = told ? ` PingOne says: ${told.code ?? told.status} ${told.message} (id ${told.id ?? 'none'}).` : ''
  const reason = problem.diagnosis ? ` ${problem.diagnosis.explanation}` : ''
  return new CommandError(`${problem.detail}${fields ? ` ${fields}.` : ''}${pingone}${reason}`, {
    nextStep: problem.diagnosis?.nextStep ?? problem.nextStep,
    code: problem.code,
    cause: problem,
  })
}
