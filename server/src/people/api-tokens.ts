import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import { z } from 'zod'
import type { Caller } from '../authorization/caller.ts'
import { commonRoles, coversRole, may } from '../authorization/permissions.ts'
import type { ApiToken, NewApiToken } from '../contract/people.ts'
import { type RoleScope, roleScopeSchema } from '../contract/roles.ts'
import { notFound, ProblemError } from '../problems/problem-error.ts'
import { hashOf, newToken } from '../sign-in/random-token.ts'
import type { Database, Storage } from '../storage/database.ts'
import type { ApiTokensTable } from '../storage/tables.ts'
import { storable } from '../storage/text.ts'
import { grantsOfPerson, readGrants, roleScopeOf } from './roles.ts'

type TokenRow = Selectable<ApiTokensTable>

/** Every token begins so: it is known for what it is where it turns up. */
const tokenPattern = /^fiq_[\w-]{43}$/

/** How often it is written down that a token is used, in milliseconds. */
const usedEvery = 60_000
const day = 24 * 3600_000

/** API tokens for automation. What one may do is at most what its maker may do at that moment. */
export class ApiTokenService {
  readonly #storage: Storage
  readonly #now: () => Date

  constructor(storage: Storage, now: () => Date) {
    this.#storage = storage
    this.#now = now
  }

  /** The tokens that a caller may see, newest first: the own ones; for administrators all. */
  async list(caller: Caller): Promise<ApiToken[]> {
    const queries = await this.#storage.queries()
    const rows = await queries
      .selectFrom('api_tokens')
      .selectAll()
      .orderBy('created_at', 'desc')
      .orderBy('id')
      .execute()
    return rows.filter((row) => isVisible(row, caller)).map((row) => toApiToken(row, caller))
  }

  /**
   * Makes a token. Its text is answered this once. Throws a ProblemError TOKEN_MAKES_TOKEN when the caller is a token
   * itself, ROLE_BEYOND_OWN when a role is more than the caller may do.
   */
  async create(caller: Caller, { name, roles, expiresInDays }: NewApiToken): Promise<ApiToken & { token: string }> {
    if (caller.kind === 'token') throw tokenMakesToken()
    const beyond = roles.findIndex((role) => !coversRole(caller.roles, role))
    if (beyond >= 0) throw beyondOwn(roles[beyond]?.role ?? '', beyond)
    const now = this.#now()
    const token = `fiq_${newToken()}`
    const row: TokenRow = {
      id: randomUUID(),
      name: storable(name),
      token_hash: hashOf(token),
      roles: JSON.stringify(roles),
      person_id: caller.personId ?? null,
      created_by: storable(caller.name),
      created_at: now,
      expires_at: new Date(now.getTime() + expiresInDays * day),
      last_used_at: null,
      revoked_at: null,
    }
    const queries = await this.#storage.queries()
    await queries.insertInto('api_tokens').values(row).execute()
    return { ...toApiToken(row, caller), token }
  }

  /** Makes a token useless at once. Throws a ProblemError TOKEN_NOT_FOUND where there is none that the caller may see. */
  async revoke(caller: Caller, tokenId: string): Promise<ApiToken> {
    const queries = await this.#storage.queries()
    const row = await queries.selectFrom('api_tokens').selectAll().where('id', '=', tokenId).executeTakeFirst()
    if (!row || !isVisible(row, caller)) {
      throw notFound('TOKEN_NOT_FOUND', 'There is no API token with this id.', 'Look at the list of tokens.')
    }
    await revokeTokens(queries, { tokenId }, this.#now())
    return toApiToken(row, caller)
  }

  /**
   * Who calls with a token. Throws a ProblemError TOKEN_INVALID when it is unknown, expired or revoked, or its maker was
   * shut out; `onUnknown` is told of one that never was.
   */
  async callerOf(token: string, address: string, onUnknown: (hash: string) => void): Promise<Caller> {
    const hash = hashOf(token)
    const queries = await this.#storage.queries()
    const row = tokenPattern.test(token)
      ? await queries.selectFrom('api_tokens').selectAll().where('token_hash', '=', hash).executeTakeFirst()
      : undefined
    if (!row) {
      onUnknown(hash)
      throw invalid('The API token is not known here.')
    }
    const now = this.#now()
    if (row.revoked_at !== null) throw invalid('The API token was revoked.')
    if (row.expires_at <= now) throw invalid(`The API token expired on ${row.expires_at.toISOString().slice(0, 10)}.`)
    const roles = await effectiveRoles(queries, row)
    if (row.last_used_at === null || now.getTime() - row.last_used_at.getTime() >= usedEvery) {
      await queries.updateTable('api_tokens').set({ last_used_at: now }).where('id', '=', row.id).execute()
    }
    return {
      kind: 'token',
      id: row.id,
      name: row.name,
      from: address,
      roles,
      tokenId: row.id,
      ...(row.person_id === null ? {} : { personId: row.person_id }),
      since: row.created_at.toISOString(),
      expiresAt: row.expires_at.toISOString(),
    }
  }
}

/** Revokes one token, or all of a person. */
export async function revokeTokens(
  database: Database,
  which: { tokenId: string } | { personId: string },
  now: Date,
): Promise<void> {
  await database
    .updateTable('api_tokens')
    .set({ revoked_at: now })
    .where('revoked_at', 'is', null)
    .where((where) => ('tokenId' in which ? where('id', '=', which.tokenId) : where('person_id', '=', which.personId)))
    .execute()
}

/** The roles of a token as far as its maker still has them. One that no person made has what it was given. */
async function effectiveRoles(queries: Database, { person_id, roles }: TokenRow): Promise<RoleScope[]> {
  const given = rolesIn(roles)
  if (person_id === null) return given
  const maker = await queries.selectFrom('people').selectAll().where('id', '=', person_id).executeTakeFirst()
  if (!maker || maker.disabled) throw invalid('Whoever made this API token has no access any more.')
  return commonRoles(given, grantsOfPerson(maker, await readGrants(queries)).map(roleScopeOf))
}

function rolesIn(text: string): RoleScope[] {
  return z.array(roleScopeSchema).parse(JSON.parse(text))
}

/** A token sees itself alone. */
function isOwn({ id, person_id }: TokenRow, caller: Caller): boolean {
  return caller.kind === 'token' ? id === caller.id : person_id === (caller.personId ?? null)
}

function isVisible(row: TokenRow, caller: Caller): boolean {
  return isOwn(row, caller) || may(caller, 'configure', {})
}

function toApiToken(row: TokenRow, caller: Caller): ApiToken {
  return {
    id: row.id,
    name: row.name,
    roles: rolesIn(row.roles),
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    ...(row.last_used_at === null ? {} : { lastUsedAt: row.last_used_at.toISOString() }),
    ...(row.revoked_at === null ? {} : { revokedAt: row.revoked_at.toISOString() }),
    own: isOwn(row, caller),
  }
}

function invalid(detail: string): ProblemError {
  return new ProblemError({
    status: 401,
    code: 'TOKEN_INVALID',
    detail,
    nextStep: 'Make a new one under Settings > API Tokens, and put it into FLIGHTIQ_TOKEN.',
  })
}

function tokenMakesToken(): ProblemError {
  return new ProblemError({
    status: 403,
    code: 'TOKEN_MAKES_TOKEN',
    detail: 'An API token can make no other API token.',
    nextStep: 'Sign in as a person, and make it there.',
  })
}

function beyondOwn(role: string, index: number): ProblemError {
  return new ProblemError({
    status: 403,
    code: 'ROLE_BEYOND_OWN',
    detail: `You can't give an API token the role ${role} there, because you don't have it yourself.`,
    nextStep: 'Choose a role and places that you have.',
    errors: [{ pointer: `/roles/${index}`, message: 'More than you may do yourself.' }],
  })
}
