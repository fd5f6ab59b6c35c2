import type { FastifyInstance, FastifyRequest } from 'fastify'
import { environmentOf, pathParameter } from '../context.ts'
import { notFound } from '../errors.ts'
import { linksFrom, selfLink } from '../links.ts'
import { needs } from '../roles/access.ts'
import type { Resource } from '../state/records.ts'

const base = '/v1/environments/:environmentId/forms'

/** Adds /forms, to read: forms come into an environment with the exports that are loaded. */
export function registerForms(app: FastifyInstance): void {
  app.get(base, needs('formBuilder:read:form'), (request) => {
    const forms = [...environmentOf(request).forms.values()]
    return {
      _links: { self: selfLink(request) },
      _embedded: { forms: forms.map((form) => formAnswer(request, form)) },
      count: forms.length,
      size: forms.length,
    }
  })

  app.get(`${base}/:formId`, needs('formBuilder:read:form'), (request) => {
    const form = environmentOf(request).forms.get(pathParameter(request, 'formId'))
    if (!form) throw notFound()
    return formAnswer(request, form)
  })
}

function formAnswer(request: FastifyRequest, form: Resource): Record<string, unknown> {
  const environment = environmentOf(request)
  const link = linksFrom(request, environment.id)
  const { created: _created, modified: _modified, ...content } = form.content
  return {
    _links: { environment: link(), self: link('forms', form.id) },
    ...content,
    id: form.id,
    environment: { id: environment.id },
    created: form.createdAt,
    modified: form.updatedAt,
  }
}
