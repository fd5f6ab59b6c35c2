import { getRouteApi, useNavigate } from '@tanstack/react-router'

/** What the whole app is pointed at; stands in the address, so that a link shows the same. */
export interface Selection {
  tenant?: string | undefined
  /** Place specs, such as `env:<environment id>`. */
  from?: string | undefined
  to?: string | undefined
}

const remembered = 'flightiq.selection'

/** The place spec of an environment. */
export const placeOf = (environmentId: string): string => `env:${environmentId}`

/** The environment id in a place spec, or undefined when it is another sort of place. */
export const environmentIdOf = (spec: string | undefined): string | undefined =>
  spec?.startsWith('env:') ? spec.slice(4) : undefined

/** What was chosen last in this browser: the tenant, and source and destination for each tenant. */
export function recall(): { tenant?: string; places: Record<string, { from?: string; to?: string }> } {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(remembered) ?? '{}')
    if (typeof stored === 'object' && stored !== null) return { places: {}, ...stored }
  } catch {
    // A broken note of the last choice is worth nothing: start without.
  }
  return { places: {} }
}

/** Notes the choice for the next visit. */
export function remember({ tenant, from, to }: Selection): void {
  if (!tenant) return
  try {
    localStorage.setItem(remembered, JSON.stringify({ tenant, places: { ...recall().places, [tenant]: { from, to } } }))
  } catch {
    // A browser that keeps nothing still works: the address carries the choice.
  }
}

const root = getRouteApi('__root__')

/** The tenant, source and destination of the address, and how to change them. */
export function useSelection() {
  const { tenant = '', from, to } = root.useSearch()
  const navigate = useNavigate()
  const choose = (change: Selection) => {
    const next = { tenant, from, to, ...change }
    remember(next)
    // An opened pair belongs to the places it was opened in.
    void navigate({
      to: '.',
      search: (previous) => ({ ...previous, ...next, sourceId: undefined, destinationId: undefined }),
    })
  }
  return {
    tenantId: tenant,
    from,
    to,
    chooseTenant: (id: string) => choose({ from: undefined, to: undefined, ...recall().places[id], tenant: id }),
    // The same on both sides makes no sense: whoever picks the other side's place wants them the other way round.
    chooseSource: (spec: string) => choose({ from: spec, ...(spec === to ? { to: from } : {}) }),
    chooseDestination: (spec: string) => choose({ to: spec, ...(spec === from ? { from: to } : {}) }),
    choosePlaces: (places: { from: string; to: string }) => choose(places),
    swap: () => choose({ from: to, to: from }),
  }
}
