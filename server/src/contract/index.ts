import { accessRoutes } from './access.ts'
import { auditRoutes } from './audit.ts'
import { comparisonRoutes } from './comparison.ts'
import { guardRoutes } from './guards.ts'
import { keyRoutes } from './keys.ts'
import { loginAppRoutes } from './login-app.ts'
import { peopleRoutes } from './people.ts'
import { placeRoutes } from './places.ts'
import { planRoutes } from './plans.ts'
import type { RouteDeclaration } from './route.ts'
import { runRoutes } from './runs.ts'
import { sessionRoutes } from './session.ts'
import { statusRoutes } from './status.ts'
import { tenantRoutes } from './tenants.ts'

export * from './access.ts'
export * from './audit.ts'
export * from './comparison.ts'
export * from './guards.ts'
export * from './keys.ts'
export * from './login-app.ts'
export * from './people.ts'
export * from './places.ts'
export * from './plans.ts'
export * from './problem.ts'
export * from './roles.ts'
export * from './route.ts'
export * from './runs.ts'
export * from './session.ts'
export * from './status.ts'
export * from './tenants.ts'

/** Every route of the HTTP API. The OpenAPI document, and with it every client, comes from this list. */
export const contract: RouteDeclaration[] = [
  ...Object.values(statusRoutes),
  ...Object.values(sessionRoutes),
  ...Object.values(loginAppRoutes),
  ...Object.values(peopleRoutes),
  ...Object.values(tenantRoutes),
  ...Object.values(placeRoutes),
  ...Object.values(comparisonRoutes),
  ...Object.values(planRoutes),
  ...Object.values(runRoutes),
  ...Object.values(guardRoutes),
  ...Object.values(accessRoutes),
  ...Object.values(auditRoutes),
  ...Object.values(keyRoutes),
]
