import { z } from 'zod'
import { type CallOptions, type Engine, segment } from '../engine.ts'
import type { JsonObject } from '../json.ts'
import { all, collection } from '../paging.ts'
import { environmentPath } from './environments.ts'

/** A saved version of a flow. Versions never change, but for their alias. */
export interface FlowVersion extends JsonObject {
  version: number
}

/** What an export takes along. */
export interface ExportOptions {
  includeSubFlows?: boolean
  includeVariableValues?: boolean
  includeForms?: boolean
}

const schema = z.looseObject({ version: z.number() })
const action = (name: string) => `application/vnd.pingidentity.flowversion.${name}+json`

/** The versions of a DaVinci flow (PingOne API reference, DaVinci flow versions). A version's id is its number. */
export function flowVersionsResource(engine: Engine) {
  const versions = (environmentId: string, flowId: string) =>
    `${environmentPath(environmentId)}/flows/${segment(flowId)}/versions`
  const one = (environmentId: string, flowId: string, version: number) =>
    `${versions(environmentId, flowId)}/${segment(String(version))}`

  return {
    /** All versions, without their graphs. */
    list(environmentId: string, flowId: string, options?: CallOptions): Promise<FlowVersion[]> {
      const path = versions(environmentId, flowId)
      return all(collection(engine, { path, plural: 'versions', item: schema }, options))
    },

    /** One version, without its graph. */
    get(environmentId: string, flowId: string, version: number, options?: CallOptions): Promise<FlowVersion> {
      return engine.call({ method: 'GET', path: one(environmentId, flowId, version) }, schema, options)
    },

    /** One version with graph, settings and schemas. */
    details(environmentId: string, flowId: string, version: number, options?: CallOptions): Promise<FlowVersion> {
      return engine.call({ method: 'GET', path: `${one(environmentId, flowId, version)}/details` }, schema, options)
    },

    /** Names a version. */
    setAlias(
      environmentId: string,
      flowId: string,
      version: number,
      alias: string,
      options?: CallOptions,
    ): Promise<JsonObject> {
      const path = `${one(environmentId, flowId, version)}/alias`
      return engine.call({ method: 'PUT', path, body: { alias } }, z.looseObject({ alias: z.string() }), options)
    },

    /** Removes a version. */
    async remove(environmentId: string, flowId: string, version: number, options?: CallOptions): Promise<void> {
      await engine.send({ method: 'DELETE', path: one(environmentId, flowId, version) }, options)
    },

    /** Exports a version with what it needs. Needs a permission that reading doesn't. */
    export(
      environmentId: string,
      flowId: string,
      version: number,
      include: ExportOptions = {},
      options?: CallOptions,
    ): Promise<JsonObject> {
      const path = one(environmentId, flowId, version)
      const call = { method: 'POST', path, body: include, contentType: action('export'), repeatable: true } as const
      return engine.call(call, z.looseObject({}), options)
    },

    /** Makes a version the new current one: a new number, staged until it is deployed. */
    revert(environmentId: string, flowId: string, version: number, options?: CallOptions): Promise<JsonObject> {
      const path = one(environmentId, flowId, version)
      return engine.call({ method: 'POST', path, body: {}, contentType: action('revert') }, z.looseObject({}), options)
    },
  }
}
