import fastifySwagger from '@fastify/swagger'
import Fastify, { type FastifyInstance, type RouteOptions } from 'fastify'
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod'
import type { z } from 'zod'
import { contract, problemSchema, type RouteDeclaration } from './index.ts'

/** The Fastify schema of a declared route: what it validates by, and what the OpenAPI document says. */
export function fastifySchema(route: RouteDeclaration): RouteOptions['schema'] {
  const { response, ...request } = route.schema
  return {
    ...request,
    response: { ...response, default: problemSchema as z.ZodType },
    operationId: route.operationId,
    summary: route.summary,
    tags: [route.tag],
  }
}

/** Registers what makes the OpenAPI document of all routes that are registered afterwards. */
export async function registerOpenApi(app: FastifyInstance): Promise<void> {
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'FlightIQ', version: '1', description: 'Compare, plan and run migrations of PingOne DaVinci.' },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  })
}

/** The OpenAPI document of the contract, without a running server. */
export async function openApiDocument(): Promise<object> {
  const app = Fastify()
  await registerOpenApi(app)
  await app.register(async (scope) => {
    for (const route of contract) {
      scope.route({ method: route.method, url: route.url, schema: fastifySchema(route) ?? {}, handler: async () => {} })
    }
  })
  await app.ready()
  return app.swagger()
}
