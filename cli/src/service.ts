import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { CommandError } from './command-error.ts'
import { stopSignals } from './context.ts'

/** Resolves when the process is asked to stop (Ctrl-C, or SIGTERM from a service manager). */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of stopSignals) process.once(signal, () => resolve())
  })
}

/** A whole number from `least` to `most`. Throws a CommandError that names the option. */
export function wholeNumber(option: string, value: unknown, most: number, least = 0): number {
  const number = Number(value)
  if (String(value).trim() !== '' && Number.isInteger(number) && number >= least && number <= most) return number
  throw new CommandError(`${option} takes a whole number from ${least} to ${most}, not "${String(value)}".`)
}

/** Whether nobody listens on a port of this machine. */
export function portIsFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ host: '127.0.0.1', port }, () => probe.close(() => resolve(true)))
  })
}

/** The built web app. Throws a CommandError when it has not been built. */
export function webFolder(): string {
  const folder = fileURLToPath(new URL('../../web/dist', import.meta.url))
  if (existsSync(`${folder}/index.html`)) return folder
  throw new CommandError('The web app is not built.', { nextStep: 'Run "npm run build" first.' })
}
