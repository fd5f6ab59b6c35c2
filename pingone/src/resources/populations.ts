import { z } from 'zod'
import type { CallOptions, Engine } from '../engine.ts'
import type { JsonObject } from '../json.ts'
import { all, collection } from '../paging.ts'
import { environmentPath } from './environments.ts'

/** A population of users. */
export interface Population extends JsonObject {
  id: string
}

const schema = z.looseObject({ id: z.string().min(1) })

/** Populations (PingOne API reference, populations). */
export function populationsResource(engine: Engine) {
  return {
    /** All that the worker app may see. */
    list(environmentId: string, options?: CallOptions): Promise<Population[]> {
      const path = `${environmentPath(environmentId)}/populations`
      return all(collection(engine, { path, plural: 'populations', item: schema }, options))
    },
  }
}
