import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, startClient } from './client.ts'

describe('variables', () => {
  let client: Client
  beforeAll(async () => {
    client = await startClient()
  })
  afterAll(() => client.stop())
  const path = () => `${client.in()}/variables`
  const company = (name: string, more: object = {}) => ({
    name,
    context: 'company',
    dataType: 'string',
    mutable: true,
    ...more,
  })
  const create = async (body: object) => client.call('POST', path(), { body })

  it('are created with a UUID and the defaults of min and max', async () => {
    const { status, body } = await create(company('first', { value: 'hello', displayName: 'First' }))
    expect(status).toBe(201)
    expect(body).toMatchObject({ name: 'first', min: 0, max: 2000, value: 'hello', displayName: 'First' })
    expect(body.id).toMatch(/^[0-9a-f]{8}-/)
    expect((await client.call('GET', `${path()}/${body.id}`)).body).toEqual(body)
  })

  it('come ten at a time unless more are asked for, and the pages hold each of them once', async () => {
    for (let index = 0; index < 23; index += 1) {
      await client.call('POST', `${client.in('Test')}/variables`, { body: company(`paged ${index}`) })
    }
    const names: string[] = []
    const sizes: number[] = []
    let next: string | undefined = `${client.in('Test')}/variables`
    while (next) {
      const { body } = await client.call('GET', next)
      names.push(...body._embedded.variables.map(({ name }: { name: string }) => name))
      sizes.push(body.size)
      expect(body.count).toBe(23)
      const url: URL | undefined = body._links.next ? new URL(body._links.next.href) : undefined
      next = url && `${url.pathname}${url.search}`
    }
    expect(sizes).toEqual([10, 10, 3])
    expect(new Set(names).size).toBe(23)
    expect((await client.call('GET', `${client.in('Test')}/variables?limit=500`)).body.size).toBe(23)
    expect((await client.call('GET', `${path()}?limit=501`)).body.details[0].code).toBe('OUT_OF_RANGE')
    expect((await client.call('GET', `${path()}?cursor=nonsense`)).status).toBe(400)
    const filtered = await client.call(
      'GET',
      `${client.in('Test')}/variables?filter=${encodeURIComponent('name eq "paged 7"')}`,
    )
    expect(filtered.body).toMatchObject({ count: 1, _embedded: { variables: [{ name: 'paged 7' }] } })
  })

  it('are unique by name, context and flow', async () => {
    const first = await create(company('twice'))
    const again = await create(company('twice'))
    expect(again.status).toBe(400)
    expect(again.body.details[0]).toMatchObject({
      code: 'UNIQUENESS_VIOLATION',
      target: 'name',
      innerError: { existingId: first.body.id },
    })
    expect((await create(company('twice', { context: 'flowInstance' }))).status).toBe(201)
    const flow = await client.call('POST', `${client.in()}/flows`, { body: { name: 'owner' } })
    expect((await create(company('twice', { context: 'flow', flow: { id: flow.body.id } }))).status).toBe(201)
  })

  it.each([
    ['false', 'boolean', false],
    ['0', 'number', 0],
  ])('lose the value %s, and keep it as text', async (text, dataType, value) => {
    const lost = await create(company(`falsy ${dataType}`, { dataType, value }))
    expect(lost.body).not.toHaveProperty('value')
    const kept = await create(company(`text ${dataType}`, { dataType, value: text }))
    expect(kept.body.value).toBe(text)
  })

  it.each([
    ['no mutable', { name: 'x', context: 'company', dataType: 'string' }, 'REQUIRED_VALUE', 'mutable'],
    ['an unknown context', company('x', { context: 'planet' }), 'INVALID_VALUE', 'context'],
    ['the reserved name', company('challenge'), 'INVALID_VALUE', 'name'],
    ['no flow in flow context', company('x', { context: 'flow' }), 'REQUIRED_VALUE', 'flow'],
    ['a flow that is not there', company('x', { context: 'flow', flow: { id: 'gone' } }), 'INVALID_VALUE', 'flow.id'],
    [
      'a secret outside the company',
      company('x', { context: 'flowInstance', dataType: 'secret' }),
      'INVALID_VALUE',
      'dataType',
    ],
    ['neither value nor mutability', company('x', { mutable: false }), 'REQUIRED_VALUE', 'value'],
    ['a negative max', company('x', { max: -1 }), 'OUT_OF_RANGE', 'max'],
    ['more than a megabyte', company('x', { value: 'v'.repeat(1024 * 1024 + 1) }), 'SIZE_LIMIT_EXCEEDED', 'value'],
  ])('are refused with %s', async (_what, body, code, target) => {
    const answer = await create(body)
    expect(answer.status).toBe(400)
    expect(answer.body.details[0]).toMatchObject({ code, target })
  })

  it('keep a secret to themselves, and when its mask is sent back', async () => {
    const { body } = await create(company('secret', { dataType: 'secret', value: 'hush' }))
    expect(body.value).toBe('******')
    await client.call('PUT', `${path()}/${body.id}`, { body: { ...body, displayName: 'renamed' } })
    const kept = client.sandbox.state.environment('Development').variables.get(body.id)!
    expect(kept.content).toMatchObject({ value: 'hush', displayName: 'renamed' })
    await client.call('PUT', `${path()}/${body.id}`, { body: { ...body, dataType: 'string' } })
    expect((await client.call('GET', `${path()}/${body.id}`)).body).not.toHaveProperty('value')
  })

  it('are replaced as a whole, but for name, context and flow', async () => {
    const { body } = await create(company('replaced', { value: 'x', displayName: 'shown', min: 5 }))
    const replaced = await client.call('PUT', `${path()}/${body.id}`, { body: company('replaced', { future: [1] }) })
    expect(replaced.body).toMatchObject({ min: 0, max: 2000, future: [1] })
    expect(replaced.body).not.toHaveProperty('value')
    expect(replaced.body).not.toHaveProperty('displayName')
    const renamed = await client.call('PUT', `${path()}/${body.id}`, { body: company('another') })
    expect(renamed.body.details[0].target).toBe('name')
  })

  it('are deleted, and an id that is no UUID is refused', async () => {
    const { body } = await create(company('short-lived'))
    expect((await client.call('DELETE', `${path()}/${body.id}`)).status).toBe(204)
    expect((await client.call('DELETE', `${path()}/${body.id}`)).status).toBe(404)
    expect((await client.call('GET', `${path()}/not-a-uuid`)).status).toBe(400)
  })
})

describe('the limit of variables', () => {
  it('refuses one more', async () => {
    const client = await startClient({ limits: { variables: 1 } })
    const body = { name: 'a', context: 'company', dataType: 'string', mutable: true }
    await client.call('POST', `${client.in()}/variables`, { body })
    const refused = await client.call('POST', `${client.in()}/variables`, { body: { ...body, name: 'b' } })
    expect(refused.body.details[0]).toMatchObject({ code: 'LICENSE_EXCEEDED', innerError: { quotaLimit: 1 } })
    await client.stop()
  })
})
