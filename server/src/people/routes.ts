import type { NewGrant, peopleRoutes } from '../contract/people.ts'
import type { Handlers } from '../http/handlers.ts'
import type { Services } from '../services.ts'

/** People, their roles and sessions, and API tokens over HTTP. */
export function peopleHandlers({ people, grants, apiTokens }: Services): Handlers<typeof peopleRoutes> {
  return {
    listPeople: ({ caller }) => people.list(caller.sessionId),
    changePerson: async ({ params, body, caller, audit }) => {
      const person = await people.change(params.personId, body.disabled, caller.sessionId)
      audit({ subject: { kind: 'person', id: person.id, name: person.name }, details: { disabled: person.disabled } })
      return person
    },
    endSessions: async ({ params, audit }) => {
      const ended = await people.endSessions(params.personId)
      audit({ subject: { kind: 'person', id: params.personId }, details: { ended } })
      return { ended }
    },
    endSession: async ({ params, audit }) => {
      await people.endSession(params.personId, params.sessionId)
      audit({ subject: { kind: 'person', id: params.personId }, details: { session: params.sessionId } })
      return undefined
    },
    listGrants: () => grants.list(),
    createGrant: async ({ body, caller, audit }) => {
      const grant = await grants.create(caller, body)
      audit({ subject: { kind: 'grant', id: grant.id }, details: { ...grantFacts(grant) } })
      return grant
    },
    deleteGrant: async ({ params, audit }) => {
      const grant = await grants.delete(params.grantId)
      audit({ subject: { kind: 'grant', id: grant.id }, details: { ...grantFacts(grant) } })
      return undefined
    },
    listApiTokens: ({ caller }) => apiTokens.list(caller),
    createApiToken: async ({ body, caller, audit }) => {
      const token = await apiTokens.create(caller, body)
      const { id, name, roles, expiresAt } = token
      audit({ subject: { kind: 'apiToken', id, name }, details: { roles, expiresAt } })
      return token
    },
    revokeApiToken: async ({ params, caller, audit }) => {
      const { id, name } = await apiTokens.revoke(caller, params.tokenId)
      audit({ subject: { kind: 'apiToken', id, name } })
      return undefined
    },
  }
}

function grantFacts({ role, tenantId, environmentId, to }: NewGrant) {
  return {
    role,
    to,
    ...(tenantId === undefined ? {} : { tenantId }),
    ...(environmentId === undefined ? {} : { environmentId }),
  }
}
