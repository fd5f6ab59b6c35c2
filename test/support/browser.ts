import { mkdir, rm, rmdir, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import chromium from '@sparticuz/chromium'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium as playwright } from 'playwright-core'

/** Starts the Chromium that comes within the packages: nothing has to be installed on the machine. */
export async function launchBrowser(): Promise<Browser> {
  return playwright.launch({
    executablePath: await unpackedChromium(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--font-render-hinting=none'],
  })
}

/** A fresh visitor: nothing remembered. What isn't there within twenty seconds makes the test fail, naming it. */
export async function newVisitor(browser: Browser, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options })
  context.setDefaultTimeout(20_000)
  return context
}

/**
 * The path of the browser's binary, unpacked by one process alone: test files run in several processes at the same
 * time, and a half unpacked binary would be taken for a whole one.
 */
async function unpackedChromium(): Promise<string> {
  const lock = join(tmpdir(), 'flightiq-chromium.lock')
  while (!(await isMine(lock))) {
    if (await isLeftBehind(lock)) {
      await rm(join(tmpdir(), 'chromium'), { force: true })
      await rm(lock, { recursive: true, force: true })
    }
    await setTimeout(100)
  }
  try {
    return await chromium.executablePath()
  } finally {
    await rmdir(lock)
  }
}

async function isMine(lock: string): Promise<boolean> {
  try {
    await mkdir(lock)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Whether the process that had the lock was ended while it unpacked, which takes seconds. */
async function isLeftBehind(lock: string): Promise<boolean> {
  const made = await stat(lock).catch(() => undefined)
  return made !== undefined && Date.now() - made.mtimeMs > 60_000
}
