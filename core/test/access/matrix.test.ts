import {
  type AccessCell,
  type AccessFacts,
  type AccessMatrix,
  type AccessOperation,
  type AreaId,
  accessMatrix,
  accessOperations,
  areas,
  kinds,
  operationsOf,
} from '@flightiq/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyAssignments, anyProbes, anyRoles, assign, environments, organizationId, probe, roles } from './builders.ts'

function matrixWith(facts: Partial<AccessFacts>): AccessMatrix {
  return accessMatrix({ organizationId, environments, roles, assignments: [], probes: [], ...facts })
}

function cell(matrix: AccessMatrix, environment: string, area: AreaId, operation: AccessOperation): AccessCell {
  return matrix.environments.find(({ id }) => id === environment)!.cells[area]![operation]!
}

/** Every cell with where it stands. */
function cellsOf(matrix: AccessMatrix): [string, AccessCell][] {
  return matrix.environments.flatMap(({ id, cells }) =>
    areas.flatMap((area) =>
      operationsOf(area).map((operation): [string, AccessCell] => [
        `${id} ${area.id} ${operation}`,
        cells[area.id]![operation]!,
      ]),
    ),
  )
}

describe('the areas', () => {
  it('hold every kind, with the permissions that the kind itself says', () => {
    for (const kind of Object.values(kinds)) {
      const area = areas.find(({ id }) => id === kind.name)!
      expect(area).toMatchObject({ label: kind.label.many, domain: kind.domain, permissions: kind.permissions })
    }
  })

  it("write permissions in PingOne's grammar, and name no area twice", () => {
    const permissions = areas.flatMap((area) => Object.values(area.permissions).flat())
    for (const permission of permissions) expect(permission).toMatch(/^[a-zA-Z]+:[a-z]+:[a-zA-Z]+$/)
    expect(new Set(areas.map(({ id }) => id)).size).toBe(areas.length)
  })
})

describe('the access matrix', () => {
  it('has a cell for every operation that an area has, and no others', () => {
    const matrix = matrixWith({})
    expect(matrix.environments.map(({ id }) => id)).toEqual(environments.map(({ id }) => id))
    for (const area of areas) {
      const known = accessOperations.filter((operation) => area.permissions[operation])
      expect(Object.keys(matrix.environments[0]!.cells[area.id]!)).toEqual(known)
    }
  })

  it('grants what a role holds, where it is assigned, and names the role', () => {
    const matrix = matrixWith({ assignments: [assign('DaVinci Admin', 'dev'), assign('Environment Admin', 'test')] })
    expect(cell(matrix, 'dev', 'flow', 'deploy')).toEqual({
      state: 'granted',
      basis: 'roles',
      roles: ['DaVinci Admin'],
      permissions: ['davinci:create:dvFlows', 'davinci:deploy:dvFlows'],
    })
    expect(cell(matrix, 'test', 'flow', 'read')).toMatchObject({ state: 'denied', roles: [] })
    expect(cell(matrix, 'test', 'notificationTemplate', 'update')).toMatchObject({ roles: ['Environment Admin'] })
    expect(cell(matrix, 'prod', 'form', 'read')).toMatchObject({ state: 'denied', basis: 'roles' })
    expect(matrix.environments[1]!.roles).toEqual([{ name: 'DaVinci Admin', scope: 'this environment' }])
  })

  it('lets several roles share in what one operation needs', () => {
    const custom = ['read:template', 'read:templateContent'].map((what, index) => ({
      id: what,
      name: `Custom ${index}`,
      permissions: [`notifications:${what}`],
      applicableTo: ['ENVIRONMENT' as const],
    }))
    const assignments = custom.map(({ id }) => ({ roleId: id, scope: { type: 'ENVIRONMENT' as const, id: 'dev' } }))
    const both = matrixWith({ roles: custom, assignments })
    expect(cell(both, 'dev', 'notificationTemplate', 'read')).toMatchObject({ roles: ['Custom 0', 'Custom 1'] })
    const one = matrixWith({ roles: custom, assignments: assignments.slice(0, 1) })
    expect(cell(one, 'dev', 'notificationTemplate', 'read').state).toBe('denied')
  })

  it('covers every environment by the organization, and none by another one', () => {
    const everywhere = matrixWith({ assignments: [assign('Environment Admin', organizationId, 'ORGANIZATION')] })
    for (const { id } of environments) expect(cell(everywhere, id, 'form', 'create').state).toBe('granted')
    const elsewhere = matrixWith({ assignments: [assign('Environment Admin', 'another', 'ORGANIZATION')] })
    for (const { id } of environments) expect(cell(elsewhere, id, 'form', 'create').state).toBe('denied')
    expect(elsewhere.environments[0]!.roles).toEqual([])
  })

  it('grants in part by a role for a population, and nothing else of its environment', () => {
    const matrix = matrixWith({ assignments: [assign('Identity Data Admin', 'dev-population', 'POPULATION')] })
    expect(cell(matrix, 'dev', 'population', 'read')).toMatchObject({
      state: 'partial',
      roles: ['Identity Data Admin'],
      parts: ['dev-population'],
      note: 'Only in 1 population.',
    })
    expect(cell(matrix, 'dev', 'attribute', 'read').state).toBe('denied')
    expect(cell(matrix, 'test', 'population', 'read').state).toBe('denied')
  })

  it('does not know where a population lies that no environment is known to have', () => {
    const [unread] = environments.map(({ parts: _parts, ...rest }) => rest)
    const assignments = [assign('Identity Data Admin', 'somewhere', 'POPULATION')]
    const matrix = matrixWith({ environments: [unread!], assignments })
    expect(cell(matrix, 'admin', 'population', 'read')).toMatchObject({ state: 'unknown', basis: 'none' })
    expect(cell(matrix, 'admin', 'form', 'read').state).toBe('denied')
  })

  it('lets trials decide where roles are not known', () => {
    const matrix = matrixWith({
      assignments: 'unknown',
      probes: [
        probe('dev', 'form', 'read', 'allowed'),
        probe('dev', 'form', 'create', 'notRefused'),
        probe('dev', 'form', 'delete', 'refused'),
        probe('dev', 'key', 'update', 'notRefused'),
      ],
    })
    expect(matrix.rolesKnown).toBe(false)
    expect(cell(matrix, 'dev', 'form', 'read')).toMatchObject({ state: 'granted', basis: 'probe' })
    expect(cell(matrix, 'dev', 'form', 'create')).toMatchObject({ state: 'granted', basis: 'probe' })
    expect(cell(matrix, 'dev', 'form', 'delete')).toMatchObject({ state: 'denied', basis: 'probe' })
    expect(cell(matrix, 'dev', 'form', 'update')).toMatchObject({ state: 'unknown', basis: 'none' })
    // Keys could not be read: that none was found to update says nothing.
    expect(cell(matrix, 'dev', 'key', 'update')).toMatchObject({ state: 'unknown', basis: 'none' })
  })

  it('confirms roles by trials, and tells where PingOne disagrees', () => {
    const matrix = matrixWith({
      assignments: [assign('DaVinci Admin', 'dev')],
      probes: [
        probe('dev', 'flow', 'read', 'allowed'),
        probe('dev', 'flow', 'update', 'refused'),
        probe('dev', 'flow', 'create', 'unknown'),
        probe('dev', 'key', 'read', 'allowed'),
        probe('dev', 'key', 'delete', 'notRefused'),
      ],
    })
    expect(cell(matrix, 'dev', 'flow', 'read')).toMatchObject({ state: 'granted', basis: 'both' })
    expect(cell(matrix, 'dev', 'flow', 'update')).toMatchObject({ state: 'denied', basis: 'probe', conflict: true })
    expect(cell(matrix, 'dev', 'flow', 'create')).toMatchObject({ state: 'granted', basis: 'roles' })
    expect(cell(matrix, 'dev', 'key', 'read')).toMatchObject({ state: 'granted', basis: 'probe', conflict: true })
    expect(cell(matrix, 'dev', 'key', 'delete')).toMatchObject({ state: 'denied', basis: 'roles' })
  })

  it('says where there is no DaVinci, whatever the roles', () => {
    const matrix = matrixWith({ assignments: [assign('DaVinci Admin', 'admin')] })
    expect(cell(matrix, 'admin', 'flow', 'read')).toMatchObject({ state: 'denied', note: expect.any(String) })
    expect(cell(matrix, 'admin', 'form', 'read').state).toBe('granted')
  })

  it('never loses a grant by another assignment', () => {
    const facts = anyRoles.chain((of) =>
      fc.record({ of: fc.constant(of), some: anyAssignments(of), more: anyAssignments(of), probes: anyProbes }),
    )
    fc.assert(
      fc.property(facts, ({ of, some, more, probes }) => {
        const before = cellsOf(matrixWith({ roles: of, assignments: some, probes }))
        const after = new Map(cellsOf(matrixWith({ roles: of, assignments: [...some, ...more], probes })))
        for (const [key, { state }] of before) {
          if (state === 'granted') expect([key, after.get(key)!.state]).toEqual([key, 'granted'])
        }
      }),
    )
  })

  it('is the same for the organization as for every environment of it', () => {
    const facts = anyRoles.chain((of) => fc.record({ of: fc.constant(of), index: fc.nat(of.length - 1) }))
    fc.assert(
      fc.property(facts, ({ of, index }) => {
        const roleId = of[index]!.id
        const one = matrixWith({
          roles: of,
          assignments: [{ roleId, scope: { type: 'ORGANIZATION', id: organizationId } }],
        })
        const each = matrixWith({
          roles: of,
          assignments: environments.map(({ id }) => ({ roleId, scope: { type: 'ENVIRONMENT', id } })),
        })
        expect(cellsOf(one)).toEqual(cellsOf(each))
      }),
    )
  })

  it('never grants what PingOne refused in a trial', () => {
    const facts = anyRoles.chain((of) =>
      fc.record({ of: fc.constant(of), some: anyAssignments(of), probes: anyProbes }),
    )
    fc.assert(
      fc.property(facts, ({ of, some, probes }) => {
        const cells = new Map(cellsOf(matrixWith({ roles: of, assignments: some, probes })))
        const first = new Map<string, string>()
        for (const { environmentId, area, operation, result } of probes) {
          const key = `${environmentId} ${area} ${operation}`
          if (result !== 'unknown' && !first.has(key)) first.set(key, result)
        }
        for (const [key, result] of first) {
          if (result === 'refused') expect([key, cells.get(key)!.state]).not.toEqual([key, 'granted'])
        }
      }),
    )
  })
})
