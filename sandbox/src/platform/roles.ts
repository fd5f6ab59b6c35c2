import type { FastifyInstance, FastifyRequest } from 'fastify'
import { environmentOf, pathParameter, queryParameter } from '../context.ts'
import { notFound } from '../errors.ts'
import { fits, parseFilter } from '../filter.ts'
import { linksFrom, originOf, selfLink } from '../links.ts'
import { needs } from '../roles/access.ts'
import { type Permission, partsOf } from '../roles/permission.ts'
import { platformRole, platformRoles, type Role } from '../roles/platform-roles.ts'

// Which permission these two need isn't documented. This is one that every role holds.
const anyRole = needs('orgmgt:read:organization')

/** Adds /roles, and an environment's roles, of which the sandbox has no others than the platform's. */
export function registerRoles(app: FastifyInstance): void {
  app.get('/v1/roles', anyRole, (request) => ({
    _links: { self: selfLink(request) },
    _embedded: { roles: platformRoles.map((role) => roleAnswer(request, role)) },
    count: platformRoles.length,
    size: platformRoles.length,
  }))

  app.get('/v1/roles/:roleId', anyRole, (request) => {
    const role = platformRole(pathParameter(request, 'roleId'))
    if (role?.id !== pathParameter(request, 'roleId')) throw notFound()
    return roleAnswer(request, role)
  })

  app.get('/v1/environments/:environmentId/roles', needs('permissions:read:roles'), (request) => {
    const terms = parseFilter(queryParameter(request, 'filter'), { type: ['eq'] })
    const roles = terms.every((term) => fits(term, 'PLATFORM')) ? platformRoles : []
    return {
      _links: { self: selfLink(request) },
      _embedded: { roles: roles.map((role) => environmentRoleAnswer(request, role)) },
      count: roles.length,
      size: roles.length,
    }
  })
}

function roleAnswer(request: FastifyRequest, role: Role) {
  return { _links: { self: { href: `${originOf(request)}/v1/roles/${role.id}` } }, ...fieldsOf(role) }
}

function environmentRoleAnswer(request: FastifyRequest, role: Role) {
  const environment = environmentOf(request)
  const link = linksFrom(request, environment.id)
  const others = (names: readonly string[]) =>
    platformRoles.filter(({ name }) => names.includes(name)).map(({ id }) => ({ id }))
  return {
    _links: { self: link('roles', role.id), environment: link() },
    environment: { id: environment.id },
    ...fieldsOf(role),
    type: 'PLATFORM',
    canAssign: others(role.canAssign),
    canBeAssignedBy: platformRoles.filter(({ canAssign }) => canAssign.includes(role.name)).map(({ id }) => ({ id })),
  }
}

function fieldsOf({ id, name, description, applicableTo, permissions }: Role) {
  return {
    id,
    name,
    description,
    applicableTo,
    permissions: [...permissions].map((permission) => ({ id: permission, ...wordsOf(permission) })),
  }
}

/** PingOne has words of its own for these; here they are made of the permission. */
function wordsOf(permission: Permission): { classifier: string; description: string } {
  const { service, action, resource } = partsOf(permission)
  const thing = resource.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return { classifier: service, description: `${action.charAt(0).toUpperCase()}${action.slice(1)} ${thing}` }
}
