import { createReadStream } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ServerProcess, startProcess } from './processes.ts'

/** A server process whose memory can be looked through. */
export interface TransparentProcess extends ServerProcess {
  /** Which of these texts stand in its memory, after all that nobody holds was thrown away. */
  remembers(texts: Record<string, string>): Promise<string[]>
  remove(): Promise<void>
}

/** Starts a server that writes its heap to a folder when it gets SIGUSR2. */
export async function startTransparentProcess(settings: object): Promise<TransparentProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'flightiq-heap-'))
  // Without the limit only the beginning of long strings would be written.
  const runtime = [
    '--heapsnapshot-signal=SIGUSR2',
    `--diagnostic-dir=${folder}`,
    '--heap-snapshot-string-limit=100000000',
  ]
  const server = await startProcess(settings, runtime)
  const remembers = async (texts: Record<string, string>) => {
    server.signal('SIGUSR2')
    let written: string[] = []
    // It is written whole before the process answers again.
    while (written.length === 0) {
      await server.call('GET', '/api/status')
      written = await readdir(folder)
    }
    await server.call('GET', '/api/status')
    const path = join(folder, written[0]!)
    const found = await textsIn(path, texts)
    await rm(path)
    return found
  }
  return { ...server, remembers, remove: () => rm(folder, { recursive: true, force: true }) }
}

async function textsIn(path: string, texts: Record<string, string>): Promise<string[]> {
  const found = new Set<string>()
  const longest = Math.max(...Object.values(texts).map(({ length }) => length))
  let rest = ''
  for await (const chunk of createReadStream(path, { encoding: 'latin1', highWaterMark: 1 << 20 })) {
    const piece = rest + chunk
    for (const [name, text] of Object.entries(texts)) if (piece.includes(text)) found.add(name)
    rest = piece.slice(-longest)
  }
  return [...found]
}
