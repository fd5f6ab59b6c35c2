import type { z } from 'zod'

/**
 * What a route needs of whoever calls it, checked before its handler runs. `signedIn`: any known caller, even one
 * without a role; `configure`: an administrator.
 */
export type Permission = 'public' | 'signedIn' | 'read' | 'plan' | 'run' | 'approve' | 'configure'

/**
 * Where the permission is needed. installation: on all; tenant: on all of the tenant in the path; environment: on at
 * least one environment of it, and its handler asks further, for those that it is about; anywhere: on something, and
 * its handler answers only what the caller may see.
 */
export type PermissionScope = 'installation' | 'tenant' | 'environment' | 'anywhere'

/** One HTTP route: its address, what goes in and what comes out. The OpenAPI document is made from these. */
export interface RouteDeclaration {
  operationId: string
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  url: string
  summary: string
  tag:
    | 'status'
    | 'session'
    | 'people'
    | 'tenants'
    | 'places'
    | 'comparison'
    | 'plans'
    | 'runs'
    | 'guards'
    | 'access'
    | 'audit'
    | 'keys'
  permission: Permission
  /** Absent: the strictest, `tenant` where the path names one, otherwise `installation`. */
  scope?: PermissionScope
  /** The event that the call leaves in the audit log. Every route that changes something has one. */
  audit?: string
  /** Tries secrets or reaches out: called by the same address or person more often than this in a minute, it is slowed. */
  callsPerMinute?: number
  schema: {
    params?: z.ZodType
    querystring?: z.ZodType
    body?: z.ZodType
    response: Record<number, z.ZodType>
  }
  /** The answer is a stream of Server-Sent Events whose data are of this shape. */
  events?: z.ZodType
  /** The answer is a file to save. */
  download?: true
  /** A page address that the browser itself goes to: the answer leads elsewhere, never to JSON. */
  redirects?: true
}

/** Declares a route, keeping the exact types of its schemas for the handler. */
export function defineRoute<const Route extends RouteDeclaration>(route: Route): Route {
  return route
}

/** Where a route's permission is needed. */
export function scopeOf({ scope, url }: RouteDeclaration): PermissionScope {
  return scope ?? (url.includes('/:tenantId') ? 'tenant' : 'installation')
}
