import type { FastifyInstance } from 'fastify'

/** The description of the API, which tells nothing but what these sources do. */
const description = '/api/openapi.json'

/**
 * Has the server not start with a route of its own that the contract doesn't declare: nobody would have said who may
 * call it. To be called before any route is registered.
 */
export function refuseUndeclaredRoutes(app: FastifyInstance): void {
  app.addHook('onRoute', ({ method, url, config }) => {
    if (!/^\/(api|auth)(\/|$)/.test(url) || url === description) return
    const declaration = config?.declaration
    if (!declaration?.permission) throw new Error(`${method} ${url} declares no permission.`)
    if (declaration.method !== 'GET' && !declaration.audit) throw new Error(`${method} ${url} declares no audit event.`)
  })
}
