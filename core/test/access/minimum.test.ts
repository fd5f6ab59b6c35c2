import {
  type AccessJob,
  type AdviceFacts,
  accessJob,
  accessJobs,
  accessMatrix,
  accessOperations,
  advise,
  areas,
  permissionsFor,
} from '@flightiq/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyRoles, assign, environments, organizationId, probe, roles } from './builders.ts'

const job = (id: string): AccessJob => accessJob(id)!

function adviceFor(ids: string[], facts: Partial<AdviceFacts> & { sources?: string[]; destinations?: string[] } = {}) {
  const { sources = ['dev'], destinations = ['prod'], ...rest } = facts
  const wanted = ids.map((id) => ({ job: job(id), sources, destinations }))
  return advise({
    wanted,
    organizationId,
    homeEnvironmentId: 'admin',
    environments,
    roles,
    assignments: [],
    ...rest,
  })
}

/** `DaVinci Admin on Production`. */
const shown = (items: { role: string; scope: string }[]) => items.map(({ role, scope }) => `${role} on ${scope}`)

describe('the smallest set of roles', () => {
  it.each([
    ['compare', ['DaVinci Admin Read Only on Development', 'DaVinci Admin Read Only on Production']],
    ['migrateFlows', ['DaVinci Admin Read Only on Development', 'DaVinci Admin on Production']],
    ['migrateDaVinci', ['DaVinci Admin Read Only on Development', 'DaVinci Admin on Production']],
    ['removeFlows', ['DaVinci Admin on Production']],
    ['exportFlows', ['DaVinci Admin on Development']],
    ['editTemplates', ['Configuration Read Only on Development', 'Environment Admin on Production']],
    ['manageForms', ['DaVinci Admin Read Only on Development', 'DaVinci Admin on Production']],
    ['manageAttributes', ['DaVinci Admin Read Only on Development', 'Environment Admin on Production']],
    ['watchCertificates', ['Configuration Read Only on Development', 'Configuration Read Only on Production']],
    ['readRoles', ['Client Application Developer on Administrators']],
  ])('for %s', (id, expected) => {
    expect(shown(adviceFor([id]).minimum)).toEqual(expected)
  })

  it('says which jobs each role is for', () => {
    const { minimum } = adviceFor(['migrateFlows', 'editTemplates'])
    expect(minimum.filter(({ scope }) => scope === 'Production').map((one) => [one.role, one.for])).toEqual([
      ['DaVinci Admin', ['Migrate flows']],
      ['Environment Admin', ['Edit notification templates']],
    ])
  })

  it('prefers a custom role that allows less', () => {
    const templates = (['read', 'create', 'update', 'delete'] as const).flatMap((operation) =>
      permissionsFor('notificationTemplate', operation),
    )
    const permissions = [...new Set([...templates, 'langmgt:read:language'])]
    const custom = { id: 'custom', name: 'Template Editor', permissions, applicableTo: ['ENVIRONMENT' as const] }
    const { minimum } = adviceFor(['editTemplates'], { roles: [...roles, custom] })
    expect(shown(minimum)).toContain('Template Editor on Production')
  })

  it('says what no role holds that can be given for an environment', () => {
    const onlyAbove = { ...roles[0]!, applicableTo: ['ORGANIZATION' as const] }
    const { minimum, notes } = adviceFor(['exportFlows'], { roles: [onlyAbove] })
    expect(minimum).toEqual([])
    expect(notes.join()).toContain('davinci:export:flowVersions')
  })

  it('suffices, and no role of it can be left out', () => {
    const jobs = fc.subarray([...accessJobs], { minLength: 1 })
    const ids = fc.subarray(['dev', 'test', 'prod'])
    const given = fc.record({ jobs, sources: ids, destinations: ids, custom: anyRoles })
    fc.assert(
      fc.property(given, ({ jobs: chosen, sources, destinations, custom }) => {
        const wanted = chosen.map((one) => ({ job: one, sources, destinations }))
        const all = [...roles, ...custom]
        const facts = { wanted, organizationId, homeEnvironmentId: 'admin', environments, roles: all }
        const { minimum } = advise({ ...facts, assignments: [] })
        const assignments = minimum.map(({ roleId, environmentId }) => ({
          roleId,
          scope: { type: 'ENVIRONMENT' as const, id: environmentId },
        }))
        // Each needed operation of each environment is granted …
        const suffices = (having: typeof assignments) => {
          const matrix = accessMatrix({ organizationId, environments, roles: all, assignments: having, probes: [] })
          return chosen.every((one) =>
            [
              ...sources.map((id) => [id, one.source] as const),
              ...destinations.map((id) => [id, one.destination] as const),
              ['admin', one.home ?? []] as const,
            ].every(([id, needs]) =>
              needs.every(({ area, operations }) => {
                const cells = matrix.environments.find((environment) => environment.id === id)!.cells[area]!
                return operations.every((operation) => cells[operation]!.state === 'granted')
              }),
            ),
          )
        }
        expect(suffices(assignments)).toBe(true)
        expect(advise({ ...facts, assignments })).toMatchObject({ missing: [], excess: [] })
        // … and without any one of the roles, not.
        for (const left of assignments) expect(suffices(assignments.filter((one) => one !== left))).toBe(false)
      }),
    )
  })

  it('is found among many custom roles', () => {
    const permissions = areas.flatMap((area) =>
      accessOperations.flatMap((operation) => area.permissions[operation] ?? []),
    )
    const custom = Array.from({ length: 150 }, (_, index) => ({
      id: `custom-${index}`,
      name: `Custom ${index}`,
      permissions: permissions.filter((_permission, at) => (at * 7 + index * 3) % 11 < 2),
      applicableTo: ['ENVIRONMENT' as const],
    }))
    const wanted = accessJobs.map((one) => ({ job: one, sources: ['dev', 'test'], destinations: ['prod'] }))
    const facts = { wanted, homeEnvironmentId: 'dev', environments, roles: custom }
    const { minimum, notes } = advise({ ...facts, assignments: [] })
    const assignments = minimum.map(({ roleId, environmentId }) => ({
      roleId,
      scope: { type: 'ENVIRONMENT' as const, id: environmentId },
    }))
    expect(notes).toEqual([])
    expect(advise({ ...facts, assignments }).missing).toEqual([])
  })
})

describe('what is missing', () => {
  it('is the role of the smallest set that adds it, with the permissions', () => {
    const assignments = [assign('DaVinci Admin Read Only', 'dev'), assign('DaVinci Admin Read Only', 'prod')]
    const { missing } = adviceFor(['migrateFlows'], { assignments })
    expect(shown(missing)).toEqual(['DaVinci Admin on Production'])
    expect(missing[0]!.permissions).toContain('davinci:deploy:dvFlows')
    expect(missing[0]!.permissions).not.toContain('davinci:read:dvFlows')
    expect(missing[0]!.why).toMatch(/"Migrate flows": .*flows \(create, update, deploy\)/)
  })

  it('is nothing where stronger roles allow it already', () => {
    const assignments = [assign('DaVinci Admin', organizationId, 'ORGANIZATION')]
    expect(adviceFor(['migrateFlows'], { assignments }).missing).toEqual([])
  })

  it('follows from trials where roles are not known, and says what stays unknown', () => {
    const probes = [
      probe('dev', 'form', 'read', 'allowed'),
      probe('prod', 'form', 'read', 'allowed'),
      probe('prod', 'form', 'create', 'refused'),
    ]
    const matrix = accessMatrix({ organizationId, environments, assignments: 'unknown', roles, probes })
    const { missing, excess, notes } = adviceFor(['manageForms'], { assignments: 'unknown', matrix })
    expect(shown(missing)).toEqual(['DaVinci Admin on Production'])
    expect(missing[0]!.permissions).toEqual(['formBuilder:create:form'])
    expect(excess).toEqual([])
    expect(notes).toContain('Whether these are allowed in Production is not known: forms (update, delete).')
  })

  it('is not a role where PingOne refused a trial although the roles allow it', () => {
    const assignments = [assign('DaVinci Admin Read Only', 'dev'), assign('DaVinci Admin', 'prod')]
    const probes = [probe('prod', 'flow', 'update', 'refused')]
    const matrix = accessMatrix({ organizationId, environments, assignments, roles, probes })
    const { missing, notes } = adviceFor(['migrateFlows'], { assignments, matrix })
    expect(missing).toEqual([])
    expect(notes.join()).toContain('refused a trial: flows (update)')
  })

  it('is not a role where there is no DaVinci', () => {
    const { missing, notes } = adviceFor(['compare'], { sources: ['admin'], destinations: [] })
    expect(missing).toEqual([])
    expect(notes.join()).toContain('Administrators has no DaVinci')
  })

  it('includes a role on all of an environment where only a population is covered', () => {
    const population: AccessJob = {
      id: 'populations',
      label: 'Read populations',
      description: '',
      source: [{ area: 'population', operations: ['read'] }],
      destination: [],
    }
    const { missing } = adviceFor([], {
      wanted: [{ job: population, sources: ['dev'], destinations: [] }],
      assignments: [assign('Identity Data Read Only', 'dev-population', 'POPULATION')],
    })
    expect(missing.map(({ permissions }) => permissions)).toEqual([['dir:read:population']])
  })
})

describe('what is granted beyond need', () => {
  const excessOf = (ids: string[], assignments: AdviceFacts['assignments'], facts = {}) =>
    adviceFor(ids, { assignments, ...facts }).excess

  it('is a role that writes where only reading is needed', () => {
    expect(excessOf(['compare'], [assign('DaVinci Admin', 'dev'), assign('DaVinci Admin Read Only', 'prod')])).toEqual([
      {
        assignment: assign('DaVinci Admin', 'dev'),
        role: 'DaVinci Admin',
        scope: 'Development',
        why: 'Only reading is needed in Development.',
        instead: 'DaVinci Admin Read Only on Development is enough.',
      },
    ])
  })

  it('is the organization where only some environments need the role', () => {
    const [first] = excessOf(['migrateFlows'], [assign('DaVinci Admin', organizationId, 'ORGANIZATION')])
    expect(first).toMatchObject({
      scope: 'the organization',
      instead: 'DaVinci Admin Read Only on Development, and DaVinci Admin on Production are enough.',
    })
    expect(first!.why).toContain('in Production only')
  })

  it('is not the organization where every environment needs the role', () => {
    const everywhere = environments.map(({ id }) => id)
    const assignments = [assign('Environment Admin', organizationId, 'ORGANIZATION')]
    expect(excessOf(['editTemplates'], assignments, { sources: [], destinations: everywhere })).toEqual([])
  })

  it('is a role that does more than the jobs, with what is enough', () => {
    const [first] = excessOf(['readRoles'], [assign('Environment Admin', 'admin')])
    expect(first!.instead).toBe('Client Application Developer on Administrators is enough.')
    const [second] = excessOf(['manageForms'], [assign('Environment Admin', 'prod')])
    expect(second!.why).toContain('In Production it also allows what no chosen job needs, such as')
    expect(second!.instead).toBe('DaVinci Admin on Production is enough.')
  })

  it('is replaced by as little of the smallest set as does', () => {
    const [first] = excessOf(['migrateFlows', 'manageForms', 'watchCertificates'], [assign('Environment Admin', 'dev')])
    expect(first!.instead).toBe('Configuration Read Only on Development is enough.')
  })

  it('is a role in an environment where nothing is to be done', () => {
    expect(excessOf(['compare'], [assign('DaVinci Admin', 'test')])).toMatchObject([
      { scope: 'Test', why: 'The chosen jobs need nothing of it.' },
    ])
  })

  it('is not judged for roles that nobody knows', () => {
    const assignments = [{ roleId: 'custom', scope: { type: 'ENVIRONMENT' as const, id: 'dev' } }]
    const { excess, notes } = adviceFor(['compare'], { assignments })
    expect(excess).toEqual([])
    expect(notes.join()).toContain('not known')
  })
})
