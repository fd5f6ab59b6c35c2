import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { environmentId, json, list, startTinyServer, type TinyServer } from './tiny-server.ts'

let tiny: TinyServer
beforeEach(async () => {
  tiny = await startTinyServer()
})
afterEach(() => tiny.close())

/** A "minute" of half a second, so that a test sees several. */
const window = 500

/** Makes the server refuse like a strict sliding window, and counts refusals. */
function limit(perWindow: number) {
  const counted: number[] = []
  const result = { refusals: 0 }
  tiny.api = (request, response) => {
    while (counted[0] !== undefined && counted[0] <= request.at - window) counted.shift()
    if (counted.length >= perWindow) {
      result.refusals += 1
      json(response, 429, { code: 'REQUEST_LIMITED', message: 'no' }, { 'retry-after': String(window / 1000) })
      return
    }
    counted.push(request.at)
    json(response, 200, list('flows', []))
  }
  return result
}

const limited = (requestsPerMinute: number) =>
  tiny.client({ requestsPerMinute, requestsPerSecond: null, rateWindowMilliseconds: window })

describe('the rate budget', () => {
  it('never gets a 429 at the very limit, and wastes no time', async () => {
    const server = limit(60)
    const client = limited(60)
    const started = performance.now()
    await Promise.all(Array.from({ length: 170 }, () => client.flows.list(environmentId)))
    expect(server.refusals).toBe(0)
    expect(tiny.requests).toHaveLength(170)
    // 60 at once, 60 after one window, 50 after the second.
    expect(performance.now() - started).toBeGreaterThanOrEqual(2 * window)
    expect(performance.now() - started).toBeLessThan(2.5 * window)
  })

  it('learns from refusals when others use the limit too, and still brings every call home', async () => {
    limit(20)
    const client = limited(60)
    await Promise.all(Array.from({ length: 60 }, () => client.flows.list(environmentId)))
    expect(client.rateBudget()).toMatchObject({ learned: true })
    expect(client.rateBudget().perMinute).toBeLessThan(60)
  })

  it('lets interactive calls go before background ones', async () => {
    const client = tiny.client({ concurrency: 1 })
    const background = Array.from({ length: 5 }, () => client.flows.get(environmentId, 'b', { priority: 'background' }))
    const interactive = client.flows.get(environmentId, 'i')
    tiny.api = (request, response) => json(response, 200, { id: request.path.at(-1) })
    await Promise.all([...background, interactive])
    const order = tiny.requests.map(({ path }) => path.at(-1)).join('')
    expect(order.indexOf('i')).toBeLessThanOrEqual(1)
  })

  it('keeps a part for interactive calls when background work uses up the rest', async () => {
    const client = limited(40)
    let sent = 0
    const onRequest = () => {
      sent += 1
    }
    const background = Array.from({ length: 40 }, () =>
      client.flows.list(environmentId, { priority: 'background', onRequest }),
    )
    await Promise.all(background.slice(0, 38))
    await client.flows.list(environmentId)
    expect(sent).toBe(38)
    await Promise.all(background)
  })

  it('stays below the requests a second that PingOne takes from one address', async () => {
    const client = tiny.client({ requestsPerMinute: 600, concurrency: 20 })
    await Promise.all(Array.from({ length: 120 }, () => client.flows.list(environmentId)))
    const times = tiny.requests.map(({ at }) => at)
    const most = Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 1000).length))
    expect(most).toBeLessThanOrEqual(100)
  })

  it('has no more calls under way than allowed', async () => {
    const held: (() => void)[] = []
    let most = 0
    tiny.api = (_request, response) => {
      held.push(() => json(response, 200, list('flows', [])))
      most = Math.max(most, held.length)
      // Answered only once three are there, and a fourth had the time to come.
      if (held.length === 3) setTimeout(() => held.splice(0).map((answer) => answer()), 5)
    }
    const client = tiny.client({ concurrency: 3 })
    await Promise.all(Array.from({ length: 30 }, () => client.flows.list(environmentId)))
    expect(most).toBe(3)
  })

  it('tells how it stands', async () => {
    const client = tiny.client({ requestsPerMinute: 210 })
    await client.flows.list(environmentId)
    expect(client.rateBudget()).toEqual({ perMinute: 210, used: 1, waiting: 0, learned: false })
  })
})
