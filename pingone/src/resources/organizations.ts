import { z } from 'zod'
import { type CallOptions, type Engine, segment } from '../engine.ts'
import type { JsonObject } from '../json.ts'
import { all, collection } from '../paging.ts'

/** A PingOne organization. */
export interface Organization extends JsonObject {
  id: string
}

const schema = z.looseObject({ id: z.string().min(1) })

/** Organizations; a worker app sees its own only (PingOne API reference, organizations). */
export function organizationsResource(engine: Engine) {
  return {
    /** All that the worker app sees. */
    list(options?: CallOptions): Promise<Organization[]> {
      return all(collection(engine, { path: '/v1/organizations', plural: 'organizations', item: schema }, options))
    },

    /** One organization. Throws a PingOneError: PingOne answers 403 also where there is none. */
    get(organizationId: string, options?: CallOptions): Promise<Organization> {
      return engine.call({ method: 'GET', path: `/v1/organizations/${segment(organizationId)}` }, schema, options)
    },
  }
}
