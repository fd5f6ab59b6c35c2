import { z } from 'zod'
import { type CallOptions, type Engine, segment } from '../engine.ts'
import type { JsonObject } from '../json.ts'
import { all, collection } from '../paging.ts'

/** A PingOne environment. */
export interface Environment extends JsonObject {
  id: string
  name: string
}

const schema = z.looseObject({ id: z.string().min(1), name: z.string(), createdAt: z.string().optional() })

/** The path of an environment, below which everything in it lies. Throws a ConfigurationError for an impossible id. */
export function environmentPath(environmentId: string): string {
  return `/v1/environments/${segment(environmentId)}`
}

/** Environments, as far as the worker app has a role on them (PingOne API reference, environments). */
export function environmentsResource(engine: Engine) {
  /** DaVinci of a new environment answers 403 or 404 for up to a minute. */
  function noteAge(environment: Environment): Environment {
    const created = typeof environment.createdAt === 'string' ? Date.parse(environment.createdAt) : Number.NaN
    const left = created + 60_000 - Date.now()
    if (left > 0) engine.expectYoung(environmentPath(environment.id), left)
    return environment
  }

  return {
    /** All environments, with their products. */
    async list(options?: CallOptions): Promise<Environment[]> {
      const query = { expand: 'billOfMaterials', limit: 500 }
      const items = collection<Environment>(
        engine,
        { path: '/v1/environments', plural: 'environments', item: schema, query },
        options,
      )
      return (await all(items)).map(noteAge)
    },

    /** One environment. Throws a PingOneError with status 404 when there is none. */
    async get(environmentId: string, options?: CallOptions): Promise<Environment> {
      return noteAge(
        await engine.call<Environment>({ method: 'GET', path: environmentPath(environmentId) }, schema, options),
      )
    },
  }
}
