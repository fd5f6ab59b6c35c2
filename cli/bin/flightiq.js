#!/usr/bin/env -S node --
// The two dashes: without them Node takes --env-file, an option of ours, for its own.
//
// Plain JavaScript, so that even an old Node can say what it lacks. The sources run as they are from Node 22.18 on.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major > 22 || (major === 22 && minor >= 18)) {
  await import('../src/main.ts')
} else {
  const bundled = join(dirname(fileURLToPath(import.meta.url)), '../../node_modules/node/bin/node')
  if (existsSync(bundled) && !process.env.FLIGHTIQ_BUNDLED_NODE) {
    const child = spawn(bundled, ['--', ...process.argv.slice(1)], {
      stdio: 'inherit',
      env: { ...process.env, FLIGHTIQ_BUNDLED_NODE: '1' },
    })
    // What ends this process is meant for that one. A terminal sends Ctrl-C to both by itself.
    process.on('SIGTERM', () => child.kill('SIGTERM'))
    process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
    child.on('exit', (status) => process.exit(status ?? 1))
  } else {
    console.error(
      `FlightIQ needs Node 22.18 or newer; this is ${process.versions.node}. Run "npm install" in its folder.`,
    )
    process.exit(1)
  }
}
