import { areas, knownRoleDefinitions, platformRolesKnown } from '@flightiq/core'
import { describe, expect, it } from 'vitest'
import { sharedMaterial, sharedText } from '../../../test/support/shared.ts'

interface Observed {
  observed: string
  roles: Record<string, { id: string; applicableTo: string[]; permissions: string[] }>
}

/** What DaVinci has got since the roles were seen. */
const since = /^davinci:\w+:(connectors|applications|flowPolicies|flowVersions)$/

describe('the roles that are known without asking', () => {
  it.skipIf(!sharedMaterial)('hold what was seen of them, as far as the areas go', () => {
    const { observed, roles } = JSON.parse(sharedText('openapi/role-permissions-2024-01.json')) as Observed
    expect(observed).toBe(platformRolesKnown.seenAt)
    const asked = new Set(areas.flatMap((area) => Object.values(area.permissions).flat()))
    for (const [name, seen] of Object.entries(roles)) {
      const known = knownRoleDefinitions().find((role) => role.name === name)!
      expect(known).toMatchObject({ id: seen.id })
      expect([...known.applicableTo].toSorted()).toEqual(seen.applicableTo)
      const relevant = (permissions: readonly string[]) =>
        permissions.filter((permission) => asked.has(permission) && !since.test(permission)).toSorted()
      expect([name, relevant(known.permissions as string[])]).toEqual([name, relevant(seen.permissions)])
    }
  })

  it('have ids of their own', () => {
    const ids = knownRoleDefinitions().map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })
})
