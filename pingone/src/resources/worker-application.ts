import { z } from 'zod'
import { type CallOptions, type Engine, segment } from '../engine.ts'
import type { JsonObject } from '../json.ts'
import { environmentPath } from './environments.ts'

/** The record of an application of PingOne, such as a worker app. Its secret is not in it. */
export interface WorkerApplication extends JsonObject {
  id: string
  enabled?: boolean
  /** Such as CLIENT_CREDENTIALS. */
  grantTypes?: string[]
  /** Such as CLIENT_SECRET_BASIC. */
  tokenEndpointAuthMethod?: string
  /** WORKER for a worker app. */
  type?: string
}

const schema = z.looseObject({
  id: z.string().min(1),
  enabled: z.boolean().optional(),
  grantTypes: z.array(z.string()).optional(),
  tokenEndpointAuthMethod: z.string().optional(),
  type: z.string().optional(),
})

/** Worker apps (PingOne API reference, applications). An application's id is its client id. */
export function workerApplicationResource(engine: Engine) {
  return {
    /** Its record. Needs applications:read:application in the environment that it lives in. */
    get(environmentId: string, clientId: string, options?: CallOptions): Promise<WorkerApplication> {
      const path = `${environmentPath(environmentId)}/applications/${segment(clientId)}`
      return engine.call({ method: 'GET', path }, schema, options)
    },
  }
}
