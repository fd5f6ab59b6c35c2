import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { objectBody } from '../body.ts'
import { type Context, pathParameter } from '../context.ts'
import { notFound } from '../errors.ts'
import { type LoginApplication, loginApplicationChangeSchema } from './login-application.ts'
import { newPersonSchema, personChangeSchema } from './people.ts'

const settingsBody = z.strictObject({ idTokenLifetimeSeconds: z.int().min(1) })
const newPersonBody = newPersonSchema.extend({ environmentId: z.string() })

/** Adds the sandbox's own routes for the sign-on, below /sandbox/sign-on. None of them tells a secret. */
export function registerSignOnAdmin(app: FastifyInstance, { state }: Context): void {
  const { signOn } = state
  const overview = () => ({
    applications: signOn.applications.map(visible),
    people: signOn.people,
    idTokenLifetimeSeconds: signOn.idTokenLifetimeSeconds,
  })

  app.get('/sandbox/sign-on', overview)

  app.patch('/sandbox/sign-on', (request) => {
    signOn.idTokenLifetimeSeconds = settingsBody.parse(objectBody(request, settingsBody)).idTokenLifetimeSeconds
    return overview()
  })

  app.delete('/sandbox/sign-on/sessions', (_request, reply) => {
    signOn.endSessions()
    return reply.code(204).send()
  })

  app.post('/sandbox/sign-on/people', (request, reply) => {
    const { environmentId, ...person } = newPersonBody.parse(objectBody(request, newPersonBody))
    if (!state.environments.has(environmentId)) throw notFound()
    return reply.code(201).send(signOn.addPerson({ environmentId }, person))
  })

  app.patch('/sandbox/sign-on/people/:personId', (request) => {
    const id = pathParameter(request, 'personId')
    if (!signOn.people.some((person) => person.id === id)) throw notFound()
    return signOn.changePerson(id, personChangeSchema.parse(objectBody(request, personChangeSchema)))
  })

  app.patch('/sandbox/sign-on/applications/:clientId', (request) => {
    const id = pathParameter(request, 'clientId')
    if (!signOn.applications.some(({ clientId }) => clientId === id)) throw notFound()
    const change = loginApplicationChangeSchema.parse(objectBody(request, loginApplicationChangeSchema))
    return visible(signOn.changeApplication(id, change))
  })
}

function visible({ clientSecret: _clientSecret, ...application }: LoginApplication) {
  return application
}
