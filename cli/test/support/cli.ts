import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Sandbox } from '@flightiq/sandbox'

const binary = fileURLToPath(new URL('../../bin/flightiq.js', import.meta.url))

/** What a command left behind. */
export interface Ended {
  status: number | null
  stdout: string
  stderr: string
}

export interface CallOptions {
  env?: Record<string, string>
  /** Standard input; empty without it. */
  input?: string
  cwd?: string
  /** On a terminal of its own, where people type. */
  terminal?: boolean
}

/** Whether the machine can give a process a terminal. */
export const canHaveTerminal = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0

/** Where sandboxes of tests serve. */
const allowance = { FLIGHTIQ_ALLOWED_HOSTS: '127.0.0.1:*' }

/**
 * Runs `flightiq` as a process of its own, to its end. Only the given FLIGHTIQ_* variables reach it, and that hosts of
 * this machine are allowed.
 */
export async function flightiq(args: string[], options: CallOptions = {}): Promise<Ended> {
  const child = start(args, options)
  child.stdin?.end(options.input ?? '')
  return ended(child)
}

/** A command that goes on until it is told to stop. */
export interface Running {
  /** All that it wrote to standard output so far. */
  output(): string
  /** Resolves when the text appears in what it writes, on either stream; fails when it ends before. */
  says(pattern: RegExp): Promise<string>
  /** Types a line; only on a terminal. */
  type(line: string): void
  signal(signal: NodeJS.Signals): void
  /** Waits for its end. */
  ends(): Promise<Ended>
  /** Ctrl-C, and what became of it. */
  interrupt(): Promise<Ended>
}

/** Starts `flightiq` and lets it run. */
export function startFlightiq(args: string[], options: CallOptions = {}): Running {
  const child = start(args, options)
  if (!options.terminal) child.stdin?.end(options.input ?? '')
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr?.on('data', (chunk) => {
    stderr += chunk
  })
  const closed = once(child, 'close')
  const ends = async (): Promise<Ended> => {
    await closed
    return { status: child.exitCode, stdout, stderr }
  }
  return {
    type: (line) => child.stdin?.write(`${line}\r`),
    signal: (signal) => child.kill(signal),
    ends,
    output: () => stdout,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const [found] = pattern.exec(stdout + stderr) ?? []
          if (found !== undefined) resolve(found)
          return found !== undefined
        }
        if (look()) return
        for (const stream of [child.stdout, child.stderr]) stream?.on('data', look)
        closed.then(() => look() || reject(new Error(`It ended without saying ${pattern}: ${stdout}${stderr}`)), reject)
      }),
    interrupt: () => {
      child.kill('SIGINT')
      return ends()
    },
  }
}

function start(args: string[], { env = {}, cwd, terminal }: CallOptions): ChildProcess {
  const surroundings = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('FLIGHTIQ_') && name !== 'DATABASE_URL'),
  )
  const command = [process.execPath, '--', binary, ...args]
  const quoted = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ')
  const [program = '', ...rest] = terminal ? ['script', '-qec', quoted, '/dev/null'] : command
  return spawn(program, rest, { env: { ...surroundings, ...allowance, ...env }, cwd, stdio: 'pipe' })
}

async function ended(child: ChildProcess): Promise<Ended> {
  if (!child.stdout || !child.stderr) throw new Error('The process has no output.')
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { status: child.exitCode, stdout, stderr }
}

/** The variables of one tenant, as a pipeline sets them. */
export function variablesOf({ authUrl, apiUrl, tenants }: Sandbox, dataFolder: string): Record<string, string> {
  const tenant = tenants[0]!
  return {
    FLIGHTIQ_AUTH_URL: authUrl,
    FLIGHTIQ_API_URL: apiUrl,
    FLIGHTIQ_ENVIRONMENT_ID: tenant.environmentId,
    FLIGHTIQ_CLIENT_ID: tenant.clientId,
    FLIGHTIQ_CLIENT_SECRET: tenant.clientSecret,
    FLIGHTIQ_DATA: dataFolder,
    FLIGHTIQ_REQUESTS_PER_MINUTE: '6000',
  }
}
