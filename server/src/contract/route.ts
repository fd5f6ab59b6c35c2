import type { z } from 'zod'

/** What a route needs of the person or token that calls it. Checked by the server before the handler runs. */
export type Permission = 'public' | 'read' | 'plan' | 'run' | 'configure'

/** One HTTP route: its address, what goes in and what comes out. The OpenAPI document is made from these. */
export interface RouteDeclaration {
  operationId: string
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  url: string
  summary: string
  tag: 'status' | 'tenants' | 'places' | 'comparison' | 'plans' | 'runs'
  permission: Permission
  /** The event written to the audit log for calls that change something. */
  audit?: string
  schema: {
    params?: z.ZodType
    querystring?: z.ZodType
    body?: z.ZodType
    response: Record<number, z.ZodType>
  }
  /** The answer is a stream of Server-Sent Events whose data are of this shape. */
  events?: z.ZodType
}

/** Declares a route, keeping the exact types of its schemas for the handler. */
export function defineRoute<const Route extends RouteDeclaration>(route: Route): Route {
  return route
}
