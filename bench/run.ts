/** Runs the benchmarks of this folder: `npm run bench` all of them, `npm run bench read` one. */
import { readdir } from 'node:fs/promises'
import { basename } from 'node:path'

/** What a benchmark's file exports by default. `run` prints ratios, and throws when it can't measure. */
export interface Benchmark {
  name: string
  run(): Promise<void>
}

const folder = new URL('./', import.meta.url)
const wanted = process.argv.slice(2)
const files = (await readdir(folder)).filter((file) => file.endsWith('.ts') && file !== 'run.ts').sort()
const found: Benchmark[] = []
for (const file of files) {
  if (wanted.length > 0 && !wanted.includes(basename(file, '.ts'))) continue
  const module = (await import(new URL(file, folder).href)) as { default?: Benchmark }
  if (module.default !== undefined) found.push(module.default)
}
if (found.length === 0) {
  console.error(
    `There is no benchmark ${wanted.join(', ')}. There are: ${files.map((file) => basename(file, '.ts')).join(', ')}.`,
  )
  process.exitCode = 1
}
for (const { name, run } of found) {
  console.log(`\n${name}`)
  await run()
}
