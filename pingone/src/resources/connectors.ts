import { z } from 'zod'
import { type CallOptions, type Engine, segment } from '../engine.ts'
import type { JsonObject } from '../json.ts'
import { all, collection } from '../paging.ts'
import { environmentPath } from './environments.ts'

/** A DaVinci connector: a sort of thing that nodes can do. The same in every environment. */
export interface Connector extends JsonObject {
  id: string
}

const schema = z.looseObject({ id: z.string().min(1) })

/** DaVinci connectors (PingOne API reference, DaVinci connectors). Read only; the catalogue grows monthly. */
export function connectorsResource(engine: Engine) {
  const connectors = (environmentId: string) => `${environmentPath(environmentId)}/connectors`

  return {
    /** All connectors, without the details. */
    list(environmentId: string, options?: CallOptions): Promise<Connector[]> {
      return all(collection(engine, { path: connectors(environmentId), plural: 'connectors', item: schema }, options))
    },

    /** One connector, without the details. */
    get(environmentId: string, connectorId: string, options?: CallOptions): Promise<Connector> {
      const path = `${connectors(environmentId)}/${segment(connectorId)}`
      return engine.call({ method: 'GET', path }, schema, options)
    },

    /** Its properties, capabilities and views. */
    details(environmentId: string, connectorId: string, options?: CallOptions): Promise<JsonObject> {
      const path = `${connectors(environmentId)}/${segment(connectorId)}/details`
      return engine.call({ method: 'GET', path }, z.looseObject({}), options)
    },
  }
}
