/** Writes api-client/openapi.json, from which the web's and the CLI's client are typed. Run by `npm run api`. */
import { writeFile } from 'node:fs/promises'
import { openApiDocument } from './openapi.ts'

const target = new URL('../../../api-client/openapi.json', import.meta.url)
await writeFile(target, `${JSON.stringify(await openApiDocument(), null, 2)}\n`)
