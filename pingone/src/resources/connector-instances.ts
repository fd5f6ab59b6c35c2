import { z } from 'zod'
import { type CallOptions, type Engine, segment } from '../engine.ts'
import type { JsonObject } from '../json.ts'
import { all, collection } from '../paging.ts'
import { environmentPath } from './environments.ts'

/** A DaVinci connector instance. PingOne masks its secrets as `******`. */
export interface ConnectorInstance extends JsonObject {
  id: string
}

const schema = z.looseObject({ id: z.string().min(1) })

/** DaVinci connector instances (PingOne API reference, DaVinci connector instances). */
export function connectorInstancesResource(engine: Engine) {
  const instances = (environmentId: string) => `${environmentPath(environmentId)}/connectorInstances`
  const one = (environmentId: string, instanceId: string) => `${instances(environmentId)}/${segment(instanceId)}`

  return {
    /** All connector instances, whole. */
    list(environmentId: string, options?: CallOptions): Promise<ConnectorInstance[]> {
      const path = instances(environmentId)
      return all(collection(engine, { path, plural: 'connectorInstances', item: schema }, options))
    },

    /** One connector instance. */
    get(environmentId: string, instanceId: string, options?: CallOptions): Promise<ConnectorInstance> {
      return engine.call({ method: 'GET', path: one(environmentId, instanceId) }, schema, options)
    },

    /** Makes a connector instance. */
    create(environmentId: string, content: JsonObject, options?: CallOptions): Promise<ConnectorInstance> {
      return engine.call({ method: 'POST', path: instances(environmentId), body: content }, schema, options)
    },

    /** Replaces a connector instance; its connector can't change. */
    replace(
      environmentId: string,
      instanceId: string,
      content: JsonObject,
      options?: CallOptions,
    ): Promise<ConnectorInstance> {
      return engine.call({ method: 'PUT', path: one(environmentId, instanceId), body: content }, schema, options)
    },

    /** Removes a connector instance. */
    async remove(environmentId: string, instanceId: string, options?: CallOptions): Promise<void> {
      await engine.send({ method: 'DELETE', path: one(environmentId, instanceId) }, options)
    },

    /** Makes a copy, which PingOne names. */
    clone(environmentId: string, instanceId: string, options?: CallOptions): Promise<ConnectorInstance> {
      const path = one(environmentId, instanceId)
      const contentType = 'application/vnd.pingidentity.connectorInstance.clone+json'
      return engine.call({ method: 'POST', path, body: {}, contentType }, schema, options)
    },
  }
}
