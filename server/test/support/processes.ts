import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Run } from '../../src/index.ts'

const script = fileURLToPath(new URL('./server-process.ts', import.meta.url))

export interface ServerProcess {
  url: string
  pid: number
  output: string[]
  /** Ends it at once, as a power cut would: it can't tidy up. */
  kill(): Promise<void>
  signal(name: NodeJS.Signals): void
  call<Body>(method: string, path: string, body?: unknown): Promise<Body>
  /** Waits until a run has ended. */
  ended(tenantId: string, runId: string): Promise<Run>
}

const alive = new Set<ChildProcess>()

/**
 * Starts a server in a process of its own, with options of the runtime. Throws with what it says when it doesn't start.
 */
export async function startProcess(settings: object, runtime: string[] = []): Promise<ServerProcess> {
  const command = [...runtime, script, JSON.stringify(settings)]
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'] })
  alive.add(child)
  child.once('exit', () => alive.delete(child))
  const output: string[] = []
  const first = await new Promise<{ url?: string; error?: { code: string }; message?: string }>((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      output.push(line)
      if (output.length === 1) resolve(JSON.parse(line))
    })
    child.once('exit', (code) => reject(new Error(`The server process ended with ${code}.`)))
  })
  if (first.url === undefined) throw Object.assign(new Error(first.message), first.error)
  const url = first.url
  const call = async <Body>(method: string, path: string, body?: unknown): Promise<Body> => {
    const response = await fetch(url + path, {
      method,
      headers: { 'x-flightiq': '1', ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(text)
    return (response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text) as Body
  }
  return {
    url,
    pid: child.pid!,
    output,
    kill: async () => {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
    signal: (name) => void child.kill(name),
    call,
    ended: async (tenantId, runId) => {
      await call('GET', `/api/tenants/${tenantId}/runs/${runId}/events`)
      return call<Run>('GET', `/api/tenants/${tenantId}/runs/${runId}`)
    },
  }
}

/** Ends every process that a test left behind. */
export async function killAll(): Promise<void> {
  for (const child of alive) {
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
}
