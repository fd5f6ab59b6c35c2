import { may } from '../authorization/permissions.ts'
import type { Permission } from '../contract/route.ts'
import { grantsOfPerson, readGrants, roleScopeOf } from '../people/roles.ts'
import { readPerson } from '../people/store.ts'
import type { Database } from '../storage/database.ts'

/**
 * Which of these persons may do something in an environment by now: who was shut out since, or lost the role, may not.
 * Takes them as `humanBehind` tells them.
 */
export async function whoStillMay(
  database: Database,
  humans: Iterable<string>,
  permission: Permission,
  extent: { tenantId: string; environmentId: string },
): Promise<Set<string>> {
  const grants = await readGrants(database)
  const found = new Set<string>()
  for (const human of new Set(humans)) {
    const id = /^person:(.+)$/.exec(human)?.[1]
    const person = id === undefined ? undefined : await readPerson(database, id)
    if (!person || person.disabled) continue
    const roles = grantsOfPerson(person, grants).map(roleScopeOf)
    if (may({ roles }, permission, extent)) found.add(human)
  }
  return found
}
