import { useSelection } from '../shell/selection.ts'
import { type Extent, may, maySomewhere, type Permission, refusalOf } from './permissions.ts'
import { usePlaceNames } from './place-names.ts'
import { useSession } from './session.ts'

/**
 * Whether whoever is signed in may do something in an environment of the chosen tenant; without an environment: on the
 * tenant as a whole.
 */
export function useMay(permission: Permission, environmentId?: string): boolean {
  const { tenantId } = useSelection()
  const { caller } = useSession()
  return caller !== undefined && may(caller.roles, permission, { tenantId, environmentId })
}

/** Whether they may do it anywhere at all. */
export function useMaySomewhere(permission: Permission): boolean {
  const { caller } = useSession()
  return caller !== undefined && maySomewhere(caller.roles, permission)
}

/**
 * Why whoever is signed in may not do something, in a sentence for a tooltip; undefined when they may. Give it to an
 * `ActionButton`. Without an extent it is asked about the console as a whole.
 */
export function useRefusal(permission: Permission, extent: Extent = {}): string | undefined {
  const { caller } = useSession()
  const held = caller?.roles ?? []
  const names = usePlaceNames(caller ? [extent, ...held] : [])
  return caller ? refusalOf(held, permission, extent, names) : 'You are not signed in.'
}
