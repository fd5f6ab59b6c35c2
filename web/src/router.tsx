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
import { auditSearch } from './audit/audit-search.ts'
import { NotFound, PageFailure } from './components/failure.tsx'
import { kindViews } from './kinds/registry.ts'
import { safeReturnTo } from './session/return-to.ts'
import { SessionEndedDialog } from './session/SessionEndedDialog.tsx'
import { mayConfigure, requireCaller, sessionQuery } from './session/session.ts'
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
  component: Root,
  errorComponent: PageFailure,
  notFoundComponent: NotFound,
})

function Root() {
  return (
    <>
      <Outlet />
      <SessionEndedDialog />
    </>
  )
}

/** Where to go afterwards, and the code of what went wrong, which the server puts into the address. */
export interface SignInSearch {
  returnTo?: string | undefined
  problem?: string | undefined
}

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): SignInSearch => ({
    returnTo: text(search.returnTo),
    problem: text(search.problem),
  }),
  beforeLoad: async ({ context: { queryClient }, search }) => {
    const { caller } = await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 })
    if (caller && !search.problem) throw redirect({ href: safeReturnTo(search.returnTo) })
  },
  component: lazyRouteComponent(() => import('./session/SignInPage.tsx'), 'SignInPage'),
})

const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/signed-in',
  component: lazyRouteComponent(() => import('./session/SignedInPage.tsx'), 'SignedInPage'),
})

const noAccessRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/no-access',
  beforeLoad: async ({ context: { queryClient } }) => {
    const { caller } = await queryClient.fetchQuery(sessionQuery)
    if (!caller) throw redirect({ to: '/sign-in' })
  },
  component: lazyRouteComponent(() => import('./session/NoAccessPage.tsx'), 'NoAccessPage'),
})

const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/setup',
  beforeLoad: async ({ context: { queryClient }, location }) => {
    const caller = await requireCaller(queryClient, location.href)
    if (!mayConfigure(caller)) throw redirect({ to: '/' })
  },
  component: lazyRouteComponent(() => import('./tenants/ConfigureTenantPage.tsx'), 'ConfigureTenantPage'),
})

// Asked again only when something here changed it.
const staleTime = Number.POSITIVE_INFINITY

/** Everything with navigation: needs a person and a tenant, and knows from the address or the last visit which one. */
const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  component: Shell,
  beforeLoad: async ({ context: { queryClient }, search, location }) => {
    const caller = await requireCaller(queryClient, location.href)
    const start = mayConfigure(caller) ? ('/setup' as const) : ('/no-access' as const)
    const status = await queryClient.fetchQuery({ ...statusQuery, staleTime })
    if (status.tenants === 0) throw redirect({ to: start })
    const tenants = await queryClient.fetchQuery({ ...tenantsQuery, staleTime })
    const known = (id: string | undefined) => tenants.find((tenant) => tenant.id === id)?.id
    if (known(search.tenant)) return
    const last = recall()
    const tenant = known(last.tenant) ?? tenants[0]?.id
    if (!tenant) throw redirect({ to: start })
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

const loginAppRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings/login-app',
  component: lazyRouteComponent(() => import('./login-app/LoginAppPage.tsx'), 'LoginAppPage'),
})

const peopleRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings/people',
  component: lazyRouteComponent(() => import('./people/PeoplePage.tsx'), 'PeoplePage'),
})

const tokensRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings/tokens',
  component: lazyRouteComponent(() => import('./people/TokensPage.tsx'), 'TokensPage'),
})

const checklistRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings/checklist',
  component: lazyRouteComponent(() => import('./access/ChecklistPage.tsx'), 'ChecklistPage'),
})

const accessRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings/access',
  component: lazyRouteComponent(() => import('./access/AccessPage.tsx'), 'AccessPage'),
})

const guardsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings/guards',
  component: lazyRouteComponent(() => import('./guards/GuardsPage.tsx'), 'GuardsPage'),
})

const approvalsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/approvals',
  component: lazyRouteComponent(() => import('./approvals/ApprovalsPage.tsx'), 'ApprovalsPage'),
})

const auditRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/audit',
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import('./audit/AuditPage.tsx'), 'AuditPage'),
})

const routeTree = rootRoute.addChildren([
  signInRoute,
  signedInRoute,
  noAccessRoute,
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
    loginAppRoute,
    peopleRoute,
    tokensRoute,
    checklistRoute,
    accessRoute,
    guardsRoute,
    approvalsRoute,
    auditRoute,
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
