import { z } from 'zod'
import type { CallOptions, Engine } from '../engine.ts'
import type { JsonObject } from '../json.ts'
import { all, collection } from '../paging.ts'
import { environmentPath } from './environments.ts'

/** A role: one of PingOne's own, or a custom one. */
export interface Role extends JsonObject {
  id: string
  name: string
}

const schema = z.looseObject({
  id: z.string().min(1),
  name: z.string(),
  applicableTo: z.array(z.string()).optional(),
  permissions: z.array(z.looseObject({ id: z.string() })).optional(),
})

/** Roles with their permissions (PingOne API reference, roles and custom roles). */
export function rolesResource(engine: Engine) {
  return {
    /** PingOne's own roles, which are the same in every organization. */
    list(options?: CallOptions): Promise<Role[]> {
      return all(collection(engine, { path: '/v1/roles', plural: 'roles', item: schema }, options))
    },

    /** The roles that an environment knows: PingOne's own and custom ones. Needs permissions:read:roles. */
    ofEnvironment(environmentId: string, options?: CallOptions): Promise<Role[]> {
      const path = `${environmentPath(environmentId)}/roles`
      return all(collection(engine, { path, plural: 'roles', item: schema }, options))
    },
  }
}

/** The ids of a role's permissions, such as `davinci:read:dvFlows`; undefined where the answer has none. */
export function permissionsOf({ permissions }: Role): string[] | undefined {
  // The schema has checked what is here.
  return Array.isArray(permissions) ? permissions.map((permission) => (permission as { id: string }).id) : undefined
}
