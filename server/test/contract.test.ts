import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildApp } from '../src/http/app.ts'
import { contract, openApiDocument, openServices, type Services } from '../src/index.ts'

let services: Services
let app: FastifyInstance

beforeAll(async () => {
  services = await openServices()
  app = await buildApp({ services, loopbackOnly: true, log: { level: 'silent' } })
})
afterAll(async () => {
  await app.close()
  await services.close()
})

describe('the contract', () => {
  it('has a handler for every route', () => {
    for (const { method, url } of contract) expect([url, app.hasRoute({ method, url })]).toEqual([url, true])
  })

  it('declares every route of the API that has a handler', () => {
    const declared = contract.map(({ method, url }) => `${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`)
    const registered = Object.entries(app.swagger().paths ?? {}).flatMap(([path, methods]) =>
      Object.keys(methods ?? {}).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(registered.toSorted()).toEqual(declared.toSorted())
  })

  it('gives every operation a name of its own and an audit event to all that change something', () => {
    const names = contract.map(({ operationId }) => operationId)
    expect(new Set(names).size).toBe(names.length)
    const silent = contract.filter(({ method, audit }) => method !== 'GET' && audit === undefined)
    expect(silent.map(({ operationId }) => operationId)).toEqual([])
  })

  it('is served as an OpenAPI document, the one that clients are made from', async () => {
    const answer = await app.inject({ url: '/api/openapi.json', headers: { host: 'localhost' } })
    expect(answer.statusCode).toBe(200)
    expect(JSON.parse(answer.body).paths).toEqual(((await openApiDocument()) as { paths: unknown }).paths)
  })
})
