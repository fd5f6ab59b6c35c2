import { areas, operationsOf } from './areas.ts'
import { type AccessEnvironment, isReading, type RoleAssignment } from './assignments.ts'
import { type EnvironmentNeeds, holds, inWords, listed } from './needs.ts'
import { type KnownPermissions, smallestSet } from './smallest-set.ts'

/** Why an assignment is more than what is needed, and what is enough instead. */
export interface Excess {
  why: string
  instead?: string
}

/** Judges one assignment against what is needed; undefined when it is not beyond that. */
export function judgeExcess(
  { scope }: RoleAssignment,
  role: KnownPermissions,
  needs: readonly EnvironmentNeeds[],
  environments: readonly AccessEnvironment[],
): Excess | undefined {
  const reached = scope.type === 'ORGANIZATION' ? needs : needs.filter(({ environment }) => environment.id === scope.id)
  const useful = reached.filter(({ permissions }) => role.permissions.some((permission) => permissions.has(permission)))
  if (useful.length === 0) return { why: 'The chosen jobs need nothing of it.' }
  const fitting = useful.filter(({ minimum }) => minimum.some(({ id }) => id === role.id))
  if (fitting.length === 0) return tooStrong(role, useful)
  if (scope.type !== 'ORGANIZATION') return undefined
  const everywhere = environments.every(({ id }) => fitting.some(({ environment }) => environment.id === id))
  if (everywhere) return undefined
  const names = listed(fitting.map(({ environment }) => environment.name))
  return {
    why: `It reaches every environment of the organization, while the chosen jobs need it in ${names} only.`,
    instead: enough(role, useful),
  }
}

/** The role isn't in the smallest set of any environment where it is of use. */
function tooStrong(role: KnownPermissions, useful: readonly EnvironmentNeeds[]): Excess | undefined {
  const beyond = useful.some(({ permissions, minimum }) =>
    role.permissions.some(
      (permission) => !permissions.has(permission) && !minimum.some((one) => holds(one, permission)),
    ),
  )
  if (!beyond) return undefined
  const names = listed(useful.map(({ environment }) => environment.name))
  const onlyReading = useful.every(({ permissions }) => [...permissions].every(isReading))
  const why = onlyReading
    ? `Only reading is needed in ${names}.`
    : `In ${names} it also allows what no chosen job needs${examples(role, useful)}.`
  return { why, instead: enough(role, useful) }
}

/** What is enough for the needed part of a role: `DaVinci Admin Read Only on Development and Test is enough.` */
function enough(role: KnownPermissions, useful: readonly EnvironmentNeeds[]): string {
  const places = new Map<string, string[]>()
  for (const { environment, permissions, minimum } of useful) {
    const share = new Set(role.permissions.filter((permission) => permissions.has(permission)))
    const itself = minimum.find(({ id }) => id === role.id)
    for (const { name } of itself ? [itself] : smallestSet(share, minimum)) {
      places.set(name, [...(places.get(name) ?? []), environment.name])
    }
  }
  const parts = [...places].map(([name, names]) => `${name} on ${listed(names)}`)
  return `${parts.join(', and ')} ${parts.length === 1 ? 'is' : 'are'} enough.`
}

/** The first areas in which a role allows more than is needed; other permissions are not FlightIQ's to name. */
function examples(role: KnownPermissions, useful: readonly EnvironmentNeeds[]): string {
  const cells = areas.flatMap((area) =>
    operationsOf(area)
      .filter((operation) => {
        const asked = area.permissions[operation] ?? []
        const needed = useful.some(({ permissions }) => asked.every((permission) => permissions.has(permission)))
        return operation !== 'read' && !needed && asked.every((permission) => holds(role, permission))
      })
      .map((operation) => ({ area: area.id, operation })),
  )
  const first = [...new Set(cells.map(({ area }) => area))].slice(0, 3)
  return first.length === 0 ? '' : `, such as ${inWords(cells.filter(({ area }) => first.includes(area)))}`
}
