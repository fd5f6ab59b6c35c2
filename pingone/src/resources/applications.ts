import { z } from 'zod'
import { type CallOptions, type Engine, segment } from '../engine.ts'
import type { JsonObject } from '../json.ts'
import { all, collection } from '../paging.ts'
import { environmentPath } from './environments.ts'

/** A DaVinci application. Carries its API key and client secret in clear: treat it as a secret. */
export interface Application extends JsonObject {
  id: string
}

const schema = z.looseObject({ id: z.string().min(1) })
const action = (name: string) => `application/vnd.pingidentity.davinciApplication.${name}+json`

/** The path of a DaVinci application, below which its flow policies lie. */
export function applicationPath(environmentId: string, applicationId: string): string {
  return `${environmentPath(environmentId)}/davinciApplications/${segment(applicationId)}`
}

/** DaVinci applications (PingOne API reference, DaVinci applications). */
export function applicationsResource(engine: Engine) {
  const applications = (environmentId: string) => `${environmentPath(environmentId)}/davinciApplications`

  return {
    /** All applications, whole. */
    list(environmentId: string, options?: CallOptions): Promise<Application[]> {
      const path = applications(environmentId)
      return all(collection(engine, { path, plural: 'davinciApplications', item: schema }, options))
    },

    /** One application. */
    get(environmentId: string, applicationId: string, options?: CallOptions): Promise<Application> {
      return engine.call({ method: 'GET', path: applicationPath(environmentId, applicationId) }, schema, options)
    },

    /** Makes an application. PingOne takes only its name here: replace it afterwards to set the rest. */
    create(environmentId: string, content: { name: string }, options?: CallOptions): Promise<Application> {
      return engine.call({ method: 'POST', path: applications(environmentId), body: content }, schema, options)
    },

    /** Replaces an application. */
    replace(
      environmentId: string,
      applicationId: string,
      content: JsonObject,
      options?: CallOptions,
    ): Promise<Application> {
      const path = applicationPath(environmentId, applicationId)
      return engine.call({ method: 'PUT', path, body: content }, schema, options)
    },

    /** Removes an application with its flow policies. */
    async remove(environmentId: string, applicationId: string, options?: CallOptions): Promise<void> {
      await engine.send({ method: 'DELETE', path: applicationPath(environmentId, applicationId) }, options)
    },

    /** Gives it a new API key; the old one stops working. */
    rotateKey(environmentId: string, applicationId: string, options?: CallOptions): Promise<Application> {
      const path = `${applicationPath(environmentId, applicationId)}/key`
      return engine.call({ method: 'POST', path, body: {}, contentType: action('rotateKey') }, schema, options)
    },

    /** Gives it a new client secret; the old one stops working. */
    rotateSecret(environmentId: string, applicationId: string, options?: CallOptions): Promise<Application> {
      const path = `${applicationPath(environmentId, applicationId)}/secret`
      return engine.call({ method: 'POST', path, body: {}, contentType: action('rotateSecret') }, schema, options)
    },
  }
}
