import { describe, expect, it } from 'vitest'
import * as server from '../../server/src/authorization/permissions.ts'
import {
  coversRole,
  may,
  type Permission,
  type PlaceNames,
  type RoleScope,
  refusalOf,
  roles,
} from '../src/session/permissions.ts'

const permissions: Permission[] = ['read', 'plan', 'run', 'approve', 'configure']
const [north, south] = ['0b0f5c6e-0000-4000-8000-000000000001', '0b0f5c6e-0000-4000-8000-000000000002']
const [test, production] = ['5d3a1c7e-0000-4000-8000-00000000000a', '5d3a1c7e-0000-4000-8000-00000000000b']
const extents = [
  {},
  { tenantId: north },
  { tenantId: north, environmentId: test },
  { tenantId: north, environmentId: production },
  { tenantId: south },
]
const scopes: RoleScope[] = roles.flatMap((role) => extents.map((extent) => ({ role, ...extent })))
const caller = (held: RoleScope[]) => ({ kind: 'person' as const, id: '1', name: 'Ada', from: '', roles: held })

describe('what the page shows as allowed is what the server allows', () => {
  it.each(scopes)('$role on $tenantId $environmentId', (scope) => {
    for (const extent of extents) {
      for (const permission of permissions) {
        const shown = may([scope], permission, extent)
        expect(shown, `${permission} on ${JSON.stringify(extent)}`).toBe(
          server.may(caller([scope]), permission, extent),
        )
      }
    }
    for (const wanted of scopes) {
      expect(coversRole([scope], wanted), JSON.stringify(wanted)).toBe(server.coversRole([scope], wanted))
    }
  })
})

describe('a refusal says which role is needed where, and which one has', () => {
  const known: Record<string, string> = { [north]: 'Northwind', [test]: 'Test', [production]: 'Production' }
  const names: PlaceNames = { tenant: (id) => known[id], environment: (id) => known[id] }
  const inProduction = { tenantId: north, environmentId: production }

  it.each([
    [
      [{ role: 'viewer', tenantId: north }],
      'run',
      inProduction,
      'Needs the role operator in Production. You are viewer.',
    ],
    [
      [{ role: 'viewer' }, { role: 'operator', tenantId: north, environmentId: test }],
      'plan',
      inProduction,
      'Needs the role operator in Production. You are viewer and operator in Test.',
    ],
    [[{ role: 'operator' }], 'configure', {}, 'Needs the role admin on all tenants. You are operator.'],
    [
      [{ role: 'admin', tenantId: north }],
      'configure',
      {},
      'Needs the role admin on all tenants. You are admin in Northwind.',
    ],
    [
      [{ role: 'admin', tenantId: south }],
      'run',
      inProduction,
      'Needs the role operator in Production. You have no role here.',
    ],
    [[], 'approve', inProduction, 'Needs the role approver in Production. You have no role yet.'],
  ] as [RoleScope[], Permission, object, string][])('%j, %s', (held, permission, extent, words) => {
    expect(refusalOf(held, permission, extent, names)).toBe(words)
  })

  it('is absent where nothing is refused', () => {
    expect(refusalOf([{ role: 'operator', ...inProduction }], 'run', inProduction, names)).toBeUndefined()
  })
})
