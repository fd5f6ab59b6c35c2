import { jsonObjectSchema, kindNameSchema } from '@flightiq/core'
import { z } from 'zod'
import { defineRoute } from './route.ts'

export const kindSchema = z
  .object({
    name: kindNameSchema,
    domain: z.enum(['orchestration', 'identity']),
    label: z.object({ one: z.string(), many: z.string() }),
    writable: z.boolean(),
  })
  .meta({ id: 'Kind' })

export const artifactSchema = z
  .object({
    kind: kindNameSchema,
    id: z.string(),
    name: z.string(),
    content: jsonObjectSchema.describe('As PingOne returned it, secrets taken out.'),
    partial: z.boolean().optional().describe('The list gave less than the whole: read it by id.'),
  })
  .meta({ id: 'Artifact' })

const place = z
  .string()
  .min(1)
  .describe('A place: `env:<environment id or name>`. On a server, only environments of the tenant.')

export const placeRoutes = {
  listKinds: defineRoute({
    operationId: 'listKinds',
    method: 'GET',
    url: '/api/kinds',
    summary: 'The kinds of artifact that FlightIQ knows.',
    tag: 'places',
    permission: 'signedIn',
    schema: { response: { 200: z.array(kindSchema) } },
  }),
  listArtifacts: defineRoute({
    operationId: 'listArtifacts',
    method: 'GET',
    url: '/api/tenants/:tenantId/artifacts/:kind',
    summary: 'The artifacts of a kind in a place, as its list gives them.',
    tag: 'places',
    permission: 'read',
    scope: 'environment',
    schema: {
      params: z.object({ tenantId: z.uuid(), kind: kindNameSchema }),
      querystring: z.object({ in: place }),
      response: { 200: z.array(artifactSchema) },
    },
  }),
  getArtifact: defineRoute({
    operationId: 'getArtifact',
    method: 'GET',
    url: '/api/tenants/:tenantId/artifacts/:kind/:id',
    summary: 'One artifact, whole.',
    tag: 'places',
    permission: 'read',
    scope: 'environment',
    schema: {
      params: z.object({ tenantId: z.uuid(), kind: kindNameSchema, id: z.string().min(1).max(600) }),
      querystring: z.object({ in: place }),
      response: { 200: artifactSchema },
    },
  }),
}
