import { z } from 'zod'
import { type CallOptions, type Engine, segment } from '../engine.ts'
import type { JsonObject } from '../json.ts'
import { all, collection } from '../paging.ts'
import { environmentPath } from './environments.ts'

/** A DaVinci variable. */
export interface Variable extends JsonObject {
  id: string
}

const schema = z.looseObject({ id: z.string().min(1) })

/** DaVinci variables (PingOne API reference, DaVinci variables). The one DaVinci list that comes in pages. */
export function variablesResource(engine: Engine) {
  const variables = (environmentId: string) => `${environmentPath(environmentId)}/variables`
  const one = (environmentId: string, variableId: string) => `${variables(environmentId)}/${segment(variableId)}`

  /** The variables one by one, fetched in pages: 500 at a time unless told, where PingOne's own default is 10. */
  function pages(environmentId: string, options: CallOptions & { limit?: number } = {}): AsyncIterable<Variable> {
    const request = {
      path: variables(environmentId),
      plural: 'variables',
      item: schema,
      query: { limit: options.limit ?? 500 },
    }
    return collection<Variable>(engine, request, options)
  }

  return {
    pages,

    /** All variables. */
    list(environmentId: string, options?: CallOptions): Promise<Variable[]> {
      return all(pages(environmentId, options))
    },

    /** One variable. */
    get(environmentId: string, variableId: string, options?: CallOptions): Promise<Variable> {
      return engine.call({ method: 'GET', path: one(environmentId, variableId) }, schema, options)
    },

    /** Makes a variable. */
    create(environmentId: string, content: JsonObject, options?: CallOptions): Promise<Variable> {
      return engine.call({ method: 'POST', path: variables(environmentId), body: content }, schema, options)
    },

    /** Replaces a variable; its name, context and flow can't change. */
    replace(environmentId: string, variableId: string, content: JsonObject, options?: CallOptions): Promise<Variable> {
      return engine.call({ method: 'PUT', path: one(environmentId, variableId), body: content }, schema, options)
    },

    /** Removes a variable, also one that flows still use. */
    async remove(environmentId: string, variableId: string, options?: CallOptions): Promise<void> {
      await engine.send({ method: 'DELETE', path: one(environmentId, variableId) }, options)
    },
  }
}
