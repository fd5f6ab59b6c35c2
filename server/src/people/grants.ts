import { randomUUID } from 'node:crypto'
import type { Caller } from '../authorization/caller.ts'
import type { Grant, NewGrant } from '../contract/people.ts'
import { notFound, ProblemError } from '../problems/problem-error.ts'
import type { Storage } from '../storage/database.ts'
import { storable } from '../storage/text.ts'
import { keepingAnAdministrator } from './people.ts'
import { type GrantRow, readGrants, roleScopeOf } from './roles.ts'
import { readPerson } from './store.ts'

/** Which role goes to whom: to a person by name, or to whoever signs in with a claim. */
export class GrantService {
  readonly #storage: Storage
  readonly #now: () => Date

  constructor(storage: Storage, now: () => Date) {
    this.#storage = storage
    this.#now = now
  }

  /** All grants, in the order in which they were given. */
  async list(): Promise<Grant[]> {
    return (await readGrants(await this.#storage.queries())).map(toGrant)
  }

  /**
   * Gives a role, or answers the grant that gives it already. Throws a ProblemError PERSON_NOT_FOUND, or SCOPE_INVALID for
   * an environment without its tenant.
   */
  async create(by: Caller, { role, tenantId, environmentId, to }: NewGrant): Promise<Grant> {
    if (environmentId !== undefined && tenantId === undefined) throw tenantNeeded()
    const queries = await this.#storage.queries()
    if (to.type === 'person' && !(await readPerson(queries, to.personId))) {
      throw notFound('PERSON_NOT_FOUND', 'There is no person with this id.', 'Look at the list of people.')
    }
    const row: GrantRow = {
      id: randomUUID(),
      role,
      tenant_id: tenantId ?? null,
      environment_id: environmentId ?? null,
      person_id: to.type === 'person' ? to.personId : null,
      claim: to.type === 'claim' ? storable(to.claim) : null,
      claim_value: to.type === 'claim' ? storable(to.value) : null,
      created_at: this.#now(),
      created_by: storable(by.name),
    }
    const same = (await readGrants(queries)).find((known) => isSame(known, row))
    if (same) return toGrant(same)
    await queries.insertInto('grants').values(row).execute()
    return toGrant(row)
  }

  /** Takes a role back. Throws a ProblemError GRANT_NOT_FOUND or LAST_ADMINISTRATOR. */
  async delete(grantId: string): Promise<Grant> {
    const queries = await this.#storage.queries()
    const grant = (await readGrants(queries)).find(({ id }) => id === grantId)
    if (!grant) throw notFound('GRANT_NOT_FOUND', 'There is no grant with this id.', 'Look at the list of roles.')
    await queries.transaction().execute(async (transaction) => {
      await keepingAnAdministrator(transaction, async () => {
        await transaction.deleteFrom('grants').where('id', '=', grantId).execute()
      })
    })
    return toGrant(grant)
  }
}

function toGrant(row: GrantRow): Grant {
  const { id, person_id, claim, claim_value, created_at, created_by } = row
  return {
    ...roleScopeOf(row),
    id,
    to:
      person_id === null
        ? { type: 'claim', claim: claim ?? '', value: claim_value ?? '' }
        : { type: 'person', personId: person_id },
    createdAt: created_at.toISOString(),
    createdBy: created_by,
  }
}

const compared = ['role', 'tenant_id', 'environment_id', 'person_id', 'claim', 'claim_value'] as const

function isSame(one: GrantRow, other: GrantRow): boolean {
  return compared.every((column) => one[column] === other[column])
}

function tenantNeeded(): ProblemError {
  const detail = 'An environment belongs to a tenant, which has to be named with it.'
  return new ProblemError({
    status: 422,
    code: 'SCOPE_INVALID',
    detail,
    nextStep: 'Give the tenant, too.',
    errors: [{ pointer: '/tenantId', message: detail }],
  })
}
