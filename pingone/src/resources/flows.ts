import { z } from 'zod'
import { type CallOptions, type Engine, segment } from '../engine.ts'
import type { JsonObject } from '../json.ts'
import { all, collection } from '../paging.ts'
import { environmentPath } from './environments.ts'

/** A DaVinci flow. */
export interface Flow extends JsonObject {
  id: string
}

const schema = z.looseObject({ id: z.string().min(1) })
const action = (name: string) => `application/vnd.pingidentity.flow.${name}+json`

/** DaVinci flows (PingOne API reference, DaVinci flows). */
export function flowsResource(engine: Engine) {
  const flows = (environmentId: string) => `${environmentPath(environmentId)}/flows`
  const flow = (environmentId: string, flowId: string) => `${flows(environmentId)}/${segment(flowId)}`

  return {
    /** All flows. Whether they carry their graph is PingOne's choice. `attributes`: only these top-level properties. */
    list(environmentId: string, options: CallOptions & { attributes?: string[] } = {}): Promise<Flow[]> {
      const query = { attributes: options.attributes?.join(',') }
      return all(collection(engine, { path: flows(environmentId), plural: 'flows', item: schema, query }, options))
    },

    /** One flow, whole. */
    get(environmentId: string, flowId: string, options?: CallOptions): Promise<Flow> {
      return engine.call({ method: 'GET', path: flow(environmentId, flowId) }, schema, options)
    },

    /** Makes a flow: switched on, not deployed. */
    create(environmentId: string, content: JsonObject, options?: CallOptions): Promise<Flow> {
      return engine.call({ method: 'POST', path: flows(environmentId), body: content }, schema, options)
    },

    /** Replaces a flow: what is left out is dropped. The new version is staged until it is deployed. */
    replace(environmentId: string, flowId: string, content: JsonObject, options?: CallOptions): Promise<Flow> {
      return engine.call({ method: 'PUT', path: flow(environmentId, flowId), body: content }, schema, options)
    },

    /** Removes a flow. PingOne refuses while a flow policy names it. */
    async remove(environmentId: string, flowId: string, options?: CallOptions): Promise<void> {
      await engine.send({ method: 'DELETE', path: flow(environmentId, flowId) }, options)
    },

    /** Makes the current version the one that runs. Deploying it again is harmless. */
    deploy(environmentId: string, flowId: string, options?: CallOptions): Promise<Flow> {
      const path = flow(environmentId, flowId)
      const call = { method: 'POST', path, body: {}, contentType: action('deploy'), repeatable: true } as const
      return engine.call(call, schema, options)
    },

    /** Makes a copy, which PingOne names. */
    clone(environmentId: string, flowId: string, options?: CallOptions): Promise<Flow> {
      const path = flow(environmentId, flowId)
      return engine.call({ method: 'POST', path, body: {}, contentType: action('clone') }, schema, options)
    },

    /** Lets PingOne check a graph without saving it. Returns the flow with the findings. */
    validate(environmentId: string, flowId: string, graphData: JsonObject, options?: CallOptions): Promise<JsonObject> {
      const path = flow(environmentId, flowId)
      const call = {
        method: 'POST',
        path,
        body: { graphData },
        contentType: action('validate'),
        repeatable: true,
      } as const
      return engine.call(call, z.looseObject({}), options)
    },

    /** Switches a flow on or off. Its deployed version stays. */
    setEnabled(environmentId: string, flowId: string, enabled: boolean, options?: CallOptions): Promise<JsonObject> {
      const path = `${flow(environmentId, flowId)}/enabled`
      return engine.call({ method: 'PUT', path, body: { enabled } }, z.looseObject({ enabled: z.boolean() }), options)
    },

    /**
     * Imports an exported flow. `legacy`: the file is in the model of the older API.
     * `names` gives each flow in it, by its id in the file, the name that it gets.
     */
    import(
      environmentId: string,
      request: {
        name: string
        description?: string
        flowInfo: JsonObject
        names: Record<string, string>
        legacy?: boolean
      },
      options?: CallOptions,
    ): Promise<JsonObject> {
      const { name, description, flowInfo, names, legacy } = request
      const body = { name, ...(description === undefined ? {} : { description }), flowInfo, flowNameMapping: names }
      const contentType = action(legacy ? 'import.legacy' : 'import')
      return engine.call({ method: 'POST', path: flows(environmentId), body, contentType }, z.looseObject({}), options)
    },
  }
}
