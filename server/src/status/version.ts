import { readFileSync } from 'node:fs'
import { z } from 'zod'

const packageFile = new URL('../../package.json', import.meta.url)

/** The version of FlightIQ that runs. */
export const version = z
  .looseObject({ version: z.string() })
  .parse(JSON.parse(readFileSync(packageFile, 'utf8'))).version
