import { z } from 'zod'
import { type CallOptions, type Engine, segment } from '../engine.ts'
import type { JsonObject } from '../json.ts'
import { all, collection } from '../paging.ts'
import { applicationPath } from './applications.ts'

/** A flow policy of a DaVinci application: which flows serve it. */
export interface FlowPolicy extends JsonObject {
  id: string
}

const schema = z.looseObject({ id: z.string().min(1) })

/**
 * Flow policies of DaVinci applications (PingOne API reference, DaVinci flow policies). PingOne can't take two writes
 * to the policies of one application at once (its issue CDI-873), so here they go one after the other.
 */
export function flowPoliciesResource(engine: Engine) {
  const policies = (environmentId: string, applicationId: string) =>
    `${applicationPath(environmentId, applicationId)}/flowPolicies`
  const one = (environmentId: string, applicationId: string, policyId: string) =>
    `${policies(environmentId, applicationId)}/${segment(policyId)}`
  const writing = new Map<string, Promise<unknown>>()

  function inTurn<T>(path: string, write: () => Promise<T>): Promise<T> {
    const turn = (writing.get(path) ?? Promise.resolve()).then(write, write)
    const settled = turn.then(
      () => undefined,
      // The caller gets the failure; the line goes on.
      () => undefined,
    )
    writing.set(path, settled)
    settled.then(() => {
      if (writing.get(path) === settled) writing.delete(path)
    })
    return turn
  }

  return {
    /** All policies of an application. */
    list(environmentId: string, applicationId: string, options?: CallOptions): Promise<FlowPolicy[]> {
      const path = policies(environmentId, applicationId)
      return all(collection(engine, { path, plural: 'flowPolicies', item: schema }, options))
    },

    /** One policy. */
    get(environmentId: string, applicationId: string, policyId: string, options?: CallOptions): Promise<FlowPolicy> {
      return engine.call({ method: 'GET', path: one(environmentId, applicationId, policyId) }, schema, options)
    },

    /** Makes a policy. */
    create(
      environmentId: string,
      applicationId: string,
      content: JsonObject,
      options?: CallOptions,
    ): Promise<FlowPolicy> {
      const path = policies(environmentId, applicationId)
      return inTurn(path, () => engine.call({ method: 'POST', path, body: content }, schema, options))
    },

    /** Replaces a policy. */
    replace(
      environmentId: string,
      applicationId: string,
      policyId: string,
      content: JsonObject,
      options?: CallOptions,
    ): Promise<FlowPolicy> {
      const path = one(environmentId, applicationId, policyId)
      return inTurn(policies(environmentId, applicationId), () =>
        engine.call({ method: 'PUT', path, body: content }, schema, options),
      )
    },

    /** Removes a policy. */
    async remove(environmentId: string, applicationId: string, policyId: string, options?: CallOptions): Promise<void> {
      const path = one(environmentId, applicationId, policyId)
      await inTurn(policies(environmentId, applicationId), () => engine.send({ method: 'DELETE', path }, options))
    },

    /** How often the policy's flows ran, and how often with success. */
    events(environmentId: string, applicationId: string, policyId: string, options?: CallOptions): Promise<JsonObject> {
      const path = `${one(environmentId, applicationId, policyId)}/events`
      return engine.call({ method: 'GET', path }, z.looseObject({}), options)
    },
  }
}
