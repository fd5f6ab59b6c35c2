import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../shared/pingone', import.meta.url))

/** Whether the folder with API descriptions and real exports lies beside the project. */
export const sharedMaterial = existsSync(root)

if (!sharedMaterial) console.warn('Skipped: ../shared/pingone is absent, so tests against real exports do not run.')

/** The absolute path of a file in the shared folder. */
export function sharedPath(path: string): string {
  return join(root, path)
}

/** The text of a file in the shared folder. */
export function sharedText(path: string): string {
  return readFileSync(sharedPath(path), 'utf8')
}

/** Every real export: paths below flows/ of files that hold one or more flows. */
export function sharedExports(): string[] {
  if (!sharedMaterial) return []
  const folders = ['packs', 'single', 'history', 'fixtures', 'forms']
  return folders
    .flatMap((folder) => readdirSync(sharedPath(`flows/${folder}`), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json') && !entry.name.endsWith('.expect.json'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !path.endsWith('test-encoding.json') && !path.endsWith('flows-create-3.json'))
    .sort()
}
