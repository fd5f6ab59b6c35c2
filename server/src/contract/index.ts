import { comparisonRoutes } from './comparison.ts'
import { placeRoutes } from './places.ts'
import { planRoutes } from './plans.ts'
import type { RouteDeclaration } from './route.ts'
import { runRoutes } from './runs.ts'
import { statusRoutes } from './status.ts'
import { tenantRoutes } from './tenants.ts'

export * from './comparison.ts'
export * from './places.ts'
export * from './plans.ts'
export * from './problem.ts'
export * from './route.ts'
export * from './runs.ts'
export * from './status.ts'
export * from './tenants.ts'

/** Every route of the HTTP API. The OpenAPI document, and with it every client, comes from this list. */
export const contract: RouteDeclaration[] = [
  ...Object.values(statusRoutes),
  ...Object.values(tenantRoutes),
  ...Object.values(placeRoutes),
  ...Object.values(comparisonRoutes),
  ...Object.values(planRoutes),
  ...Object.values(runRoutes),
]
