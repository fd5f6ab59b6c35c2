import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  retainSearchParams,
} from '@tanstack/react-router'
import { statusQuery, tenantsQuery } from './api/queries.ts'
import { NotFound, PageFailure } from './components/failure.tsx'
import { kindViews } from './kinds/registry.ts'
import { Shell } from './shell/Shell.tsx'
import { recall, type Selection } from './shell/selection.ts'

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  validateSearch: (search: Record<string, unknown>): Selection => ({
    tenant: text(search.tenant),
    from: text(search.from),
    to: text(search.to),
  }),
  search: { middlewares: [retainSearchParams(['tenant', 'from', 'to'])] },
  component: Outlet,
  errorComponent: PageFailure,
  notFoundComponent: NotFound,
})

const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/setup',
  component: lazyRouteComponent(() => import('./tenants/ConfigureTenantPage.tsx'), 'ConfigureTenantPage'),
})

// Asked again only when something here changed it.
const staleTime = Number.POSITIVE_INFINITY

/** Everything with navigation: needs a tenant, and knows from the address or the last visit which one. */
const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  component: Shell,
  beforeLoad: async ({ context: { queryClient }, search, location }) => {
    const status = await queryClient.fetchQuery({ ...statusQuery, staleTime })
    if (status.tenants === 0) throw redirect({ to: '/setup' })
    const tenants = await queryClient.fetchQuery({ ...tenantsQuery, staleTime })
    const known = (id: string | undefined) => tenants.find((tenant) => tenant.id === id)?.id
    if (known(search.tenant)) return
    const last = recall()
    const tenant = known(last.tenant) ?? tenants[0]?.id
    if (!tenant) throw redirect({ to: '/setup' })
    // Places belong to a tenant: those of one that isn't there any more are dropped with it.
    const named = search.tenant === undefined ? { from: search.from, to: search.to } : {}
    const places = named.from || named.to ? named : { from: undefined, to: undefined, ...last.places[tenant] }
    throw redirect({ to: location.pathname, search: { ...location.search, ...places, tenant }, replace: true })
  },
})

const homeRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/',
  component: lazyRouteComponent(() => import('./home/HomePage.tsx'), 'HomePage'),
})

/** The pair that is open, and what is searched for. */
export interface WorkspaceSearch {
  sourceId?: string | undefined
  destinationId?: string | undefined
}

const pairSearch = (search: Record<string, unknown>): WorkspaceSearch => ({
  sourceId: text(search.sourceId),
  destinationId: text(search.destinationId),
})

const knownKind = ({ params }: { params: { kind: string } }) => {
  if (!kindViews.some((view) => view.slug === params.kind)) {
    throw redirect({ to: '/orchestration/$kind', params: { kind: 'flows' } })
  }
}

const workspaceRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/orchestration/$kind',
  validateSearch: pairSearch,
  beforeLoad: knownKind,
  component: lazyRouteComponent(() => import('./workspace/WorkspacePage.tsx'), 'WorkspacePage'),
})

const compareRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/orchestration/$kind/compare',
  validateSearch: pairSearch,
  beforeLoad: knownKind,
  component: lazyRouteComponent(() => import('./compare/ComparePage.tsx'), 'ComparePage'),
})

const planRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/plans/$planId',
  component: lazyRouteComponent(() => import('./plans/PlanPage.tsx'), 'PlanPage'),
})

const runsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/runs',
  component: lazyRouteComponent(() => import('./runs/RunsPage.tsx'), 'RunsPage'),
})

const runRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/runs/$runId',
  component: lazyRouteComponent(() => import('./runs/RunPage.tsx'), 'RunPage'),
})

const settingsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings',
  beforeLoad: () => {
    throw redirect({ to: '/settings/tenants' })
  },
})

const tenantsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings/tenants',
  component: lazyRouteComponent(() => import('./tenants/TenantsPage.tsx'), 'TenantsPage'),
})

const routeTree = rootRoute.addChildren([
  setupRoute,
  shellRoute.addChildren([
    homeRoute,
    workspaceRoute,
    compareRoute,
    planRoute,
    runsRoute,
    runRoute,
    settingsRoute,
    tenantsRoute,
  ]),
])

/** The app's router. Routes read through the given query client. */
export function createAppRouter(queryClient: QueryClient) {
  return createRouter({ routeTree, context: { queryClient }, defaultErrorComponent: PageFailure })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
}
