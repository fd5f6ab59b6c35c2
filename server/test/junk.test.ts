import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contract } from '../src/index.ts'
import { databases } from './support/databases.ts'
import { startWorld, type World } from './support/world.ts'

const [kind] = databases()

let world: World
beforeAll(async () => {
  world = await startWorld(kind!)
})
afterAll(async () => {
  await world.close()
  await kind!.stop()
})

const junk = [
  '',
  ' ',
  '0',
  '-1',
  'null',
  '\u0000',
  '../../etc/passwd',
  "'; DROP TABLE tenants; --",
  '__proto__',
  'constructor',
  '%',
  '🔐',
  'env:',
  'env:\u0000',
  'file:/etc/passwd',
  'flow',
  'x'.repeat(650),
  '00000000-0000-4000-8000-000000000000',
]
const bodies: unknown[] = [
  undefined,
  null,
  [],
  'text',
  1,
  true,
  {},
  { name: null },
  { name: ['x'], clientSecret: { deep: {} } },
  { from: '\u0000', to: '\u0000', selection: { flows: ['\u0000'] } },
  { from: 'env:Development', to: 'env:Production', selection: { flows: ['__proto__'] }, options: { mode: 'nonsense' } },
  { from: 'env:Development', to: 'env:Development', selection: { kinds: ['connector'] } },
  { choices: [{ action: 'map', kind: 'flow', sourceId: 'x', destinationId: '__proto__' }] },
]

describe.each(contract)('$method $url', (route) => {
  it('answers whatever it is sent without an internal error', async () => {
    const { method, url } = route
    const bodiesToSend = route.schema.body ? bodies : [undefined]
    for (const value of junk) {
      const encoded = encodeURIComponent(value)
      const filled = (tenant: string) => url.replace(':tenantId', tenant).replaceAll(/:\w+/g, encoded)
      const query = route.schema.querystring
        ? `?from=${encoded}&to=${encoded}&in=${encoded}&kinds=${encoded}&source=${encoded}&refresh=${encoded}`
        : ''
      const known = method === 'DELETE' ? encoded : world.tenant.id
      for (const path of [filled(encoded), filled(known)]) {
        const answer = await world.call(method, path + query)
        expect([path + query, answer.status === 500]).toEqual([path + query, false])
      }
    }
    for (const body of bodiesToSend) {
      const path = url.replace(':tenantId', world.tenant.id).replaceAll(/:\w+/g, '00000000-0000-4000-8000-000000000000')
      const answer = await world.call(method, path, body === undefined ? undefined : JSON.stringify(body))
      expect([path, JSON.stringify(body), answer.status === 500]).toEqual([path, JSON.stringify(body), false])
    }
  })
})
