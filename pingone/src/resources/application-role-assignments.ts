import { z } from 'zod'
import { type CallOptions, type Engine, segment } from '../engine.ts'
import type { JsonObject } from '../json.ts'
import { all, collection } from '../paging.ts'
import { environmentPath } from './environments.ts'

/** A role that an application has, and what for. Its `environment` is the application's, not the scope's. */
export interface ApplicationRoleAssignment extends JsonObject {
  id: string
  role: { id: string }
  scope: { id: string; type: string }
}

const schema = z.looseObject({
  id: z.string().min(1),
  role: z.looseObject({ id: z.string().min(1) }),
  scope: z.looseObject({ id: z.string().min(1), type: z.string() }),
})

/** The roles of worker apps (PingOne API reference, application role assignments). */
export function applicationRoleAssignmentsResource(engine: Engine) {
  return {
    /** All of one application. Needs permissions:read:applicationRoleAssignments in the environment it lives in. */
    list(environmentId: string, clientId: string, options?: CallOptions): Promise<ApplicationRoleAssignment[]> {
      const path = `${environmentPath(environmentId)}/applications/${segment(clientId)}/roleAssignments`
      return all(collection(engine, { path, plural: 'roleAssignments', item: schema }, options))
    },
  }
}
