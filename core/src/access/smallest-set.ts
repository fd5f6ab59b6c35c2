import { isReading, type RoleDefinition } from './assignments.ts'

/** A role whose permissions are known. */
export interface KnownPermissions extends RoleDefinition {
  permissions: readonly string[]
}

/** Roles with all their permissions known. */
export function withKnownPermissions(roles: readonly RoleDefinition[]): KnownPermissions[] {
  return roles.filter((role): role is KnownPermissions => role.permissions !== 'unknown')
}

/** How many steps the search for a better set takes before the best so far has to do. */
const mostSteps = 20_000

/** Whether more depends on a permission than on others: it changes something, or shows people's data or secrets. */
function isGrave(permission: string): boolean {
  return !isReading(permission) || /user|session|device|secret|token|sensitive/i.test(permission)
}

/**
 * The roles that together hold the needed permissions: as few grave permissions beyond need as possible, then as few
 * roles, then as few other permissions beyond need. None of them can be left out. Permissions that no role holds
 * are passed over.
 */
export function smallestSet(needed: ReadonlySet<string>, roles: readonly RoleDefinition[]): RoleDefinition[] {
  const candidates = undominated(withKnownPermissions(roles).map((role) => candidateOf(role, needed)))
  const coverable = [...needed].filter((permission) => candidates.some(({ covers }) => covers.has(permission)))
  let best = needless(greedy(coverable, candidates), coverable)
  let steps = 0
  const search = (uncovered: string[], chosen: Candidate[]): void => {
    steps += 1
    if (uncovered.length === 0) {
      if (compareCosts(costOf(chosen), costOf(best)) < 0) best = chosen
      return
    }
    const [grave, count] = costOf(chosen)
    const [leastGrave, fewest] = costOf(best)
    if (steps > mostSteps || grave > leastGrave || (grave === leastGrave && count >= fewest)) return
    const holders = uncovered.map((permission) => candidates.filter(({ covers }) => covers.has(permission)))
    const rarest = holders.reduce((least, each) => (each.length < least.length ? each : least))
    for (const candidate of rarest) {
      search(
        uncovered.filter((permission) => !candidate.covers.has(permission)),
        [...chosen, candidate],
      )
    }
  }
  search(coverable, [])
  return needless(best, coverable).map(({ role }) => role)
}

interface Candidate {
  role: KnownPermissions
  covers: ReadonlySet<string>
  beyond: ReadonlySet<string>
}

function candidateOf(role: KnownPermissions, needed: ReadonlySet<string>): Candidate {
  return {
    role,
    covers: new Set(role.permissions.filter((permission) => needed.has(permission))),
    beyond: new Set(role.permissions.filter((permission) => !needed.has(permission))),
  }
}

/** Leaves out those that another one can stand for without loss. */
function undominated(candidates: readonly Candidate[]): Candidate[] {
  const useful = candidates.filter(({ covers }) => covers.size > 0)
  return useful.filter(
    (one, index) =>
      !useful.some((other, at) => {
        if (other === one || !isWithin(one.covers, other.covers) || !isWithin(other.beyond, one.beyond)) return false
        const same = one.covers.size === other.covers.size && one.beyond.size === other.beyond.size
        return !same || at < index
      }),
  )
}

/** A set that does, to start from: each time the role that covers most of what is left. */
function greedy(coverable: readonly string[], candidates: readonly Candidate[]): Candidate[] {
  const chosen: Candidate[] = []
  let uncovered = coverable
  const covered = ({ covers }: Candidate) => uncovered.filter((permission) => covers.has(permission)).length
  while (uncovered.length > 0) {
    const [next] = candidates.toSorted((left, right) => covered(right) - covered(left))
    if (!next) break
    chosen.push(next)
    uncovered = uncovered.filter((permission) => !next.covers.has(permission))
  }
  return chosen
}

function isWithin(part: ReadonlySet<string>, whole: ReadonlySet<string>): boolean {
  return [...part].every((item) => whole.has(item))
}

/** Takes out, one after the other, what the rest makes superfluous. */
function needless(chosen: readonly Candidate[], coverable: readonly string[]): Candidate[] {
  return chosen.reduce<Candidate[]>(
    (kept, one) => {
      const rest = kept.filter((other) => other !== one)
      return coverable.every((permission) => rest.some(({ covers }) => covers.has(permission))) ? rest : kept
    },
    [...chosen],
  )
}

/** Grave permissions beyond need, roles, other permissions beyond need. */
function costOf(chosen: readonly Candidate[]): [number, number, number] {
  const beyond = [...new Set(chosen.flatMap((one) => [...one.beyond]))]
  const grave = beyond.filter(isGrave).length
  return [grave, chosen.length, beyond.length - grave]
}

function compareCosts(left: readonly number[], right: readonly number[]): number {
  for (const [index, value] of left.entries()) {
    const difference = value - (right[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
