import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { JsonObject, KindName } from '@flightiq/core'
import { createPingOneClient, type PingOneClient } from '@flightiq/pingone'
import { EnvironmentPlace } from '@flightiq/places'
import type { SandboxOptions } from '@flightiq/sandbox'
import { flowOfSize, flowSizes, randomNumbers } from './read/content.ts'

const latency = 40
const concurrency = 8
const perMinute = 600
const kinds: readonly KindName[] = ['flow', 'connectorInstance', 'variable']
/** A list for each kind, and each of the 100 flows, whose graphs lists don't hold. */
const leastRequests = kinds.length + 100

interface LoggedRequest {
  method: string
  path: string
  status: number
}

interface RunningSandbox {
  client(requestsPerMinute: number | null): PingOneClient
  /** Configuration requests since the last reset. */
  requests(): Promise<LoggedRequest[]>
  reset(): Promise<void>
  close(): Promise<void>
  environmentId: string
}

/** Reading a full environment: requests and time against the least possible. */
export default {
  name: 'read: 100 flows (median 71 kB, some of 1 MB), 100 connector instances, 200 variables',
  async run() {
    const dataFolder = await mkdtemp(join(tmpdir(), 'flightiq-bench-'))
    try {
      await fill(dataFolder)
      await withoutLimit(dataFolder)
      await withLimit(dataFolder)
    } finally {
      await rm(dataFolder, { recursive: true, force: true })
    }
  },
}

async function withoutLimit(dataFolder: string): Promise<void> {
  const sandbox = await start({ dataFolder, latencyMilliseconds: latency, rateLimitPerMinute: null })
  const client = sandbox.client(null)
  try {
    await client.environments.list()
    const times: number[] = []
    let place = placeOf(client, sandbox)
    let sent = 0
    for (let round = 0; round < 3; round += 1) {
      await sandbox.reset()
      place = placeOf(client, sandbox)
      const started = performance.now()
      const inventory = await place.inventory(kinds)
      times.push(performance.now() - started)
      sent = (await sandbox.requests()).length
      check(
        inventory.list('flow').length === 100 && inventory.list('variable').length === 200,
        'not everything was read',
      )
    }
    const bound = (leastRequests / concurrency) * latency
    const [best = 0, median = 0] = times.sort((left, right) => left - right)
    print('requests', `${sent} of at least ${leastRequests}`, sent / leastRequests, 1)
    print('time, median of 3', `${ms(median)} of ${ms(bound)} (best ${ms(best)})`, median / bound, 1.3)
    await sandbox.reset()
    await place.inventory(kinds)
    const again = (await sandbox.requests()).length
    print('second look, requests', `${again} of at least ${kinds.length}`, again / kinds.length, 1)
  } finally {
    client.close()
    await sandbox.close()
  }
}

async function withLimit(dataFolder: string): Promise<void> {
  const sandbox = await start({ dataFolder, latencyMilliseconds: latency, rateLimitPerMinute: perMinute })
  const client = sandbox.client(perMinute)
  try {
    // Seven readings that know nothing of each other need more than the limit gives in a minute.
    const readings = 7
    const started = performance.now()
    for (let reading = 0; reading < readings; reading += 1) await placeOf(client, sandbox).inventory(kinds)
    const time = performance.now() - started
    const requests = await sandbox.requests()
    const refused = requests.filter(({ status }) => status === 429).length
    const beyond = readings * leastRequests - perMinute
    const bound = 60_000 + (beyond / concurrency) * latency
    console.log(`  with ${perMinute} a minute: ${requests.length} requests, ${refused} answered 429 (goal 0)`)
    print('time with the limit', `${ms(time)} of ${ms(bound)}`, time / bound, 1.1)
    check(refused === 0, 'there were 429s')
  } finally {
    client.close()
    await sandbox.close()
  }
}

/** Fills an environment through the API, without latency or limit. */
async function fill(dataFolder: string): Promise<void> {
  const sandbox = await start({ dataFolder, latencyMilliseconds: 0, rateLimitPerMinute: null })
  const client = sandbox.client(null)
  const { environmentId } = sandbox
  const random = randomNumbers(2026)
  try {
    for (const flow of await client.flows.list(environmentId)) await client.flows.remove(environmentId, flow.id)
    // Large and small ones mixed, as in an environment.
    const sizes = flowSizes().map((size) => ({ size, place: random() }))
    sizes.sort((left, right) => left.place - right.place)
    for (const [index, { size }] of sizes.entries()) {
      await client.flows.create(environmentId, flowOfSize(`Flow ${index}`, size, random))
    }
    const instances = await client.connectorInstances.list(environmentId)
    for (let index = instances.length; index < 100; index += 1) {
      const properties = { url: { type: 'string', value: `https://service-${index}.example.com` } }
      const content: JsonObject = { name: `Service ${index}`, connector: { id: 'httpConnector' }, properties }
      await client.connectorInstances.create(environmentId, content)
    }
    const variables = await client.variables.list(environmentId)
    for (let index = variables.length; index < 200; index += 1) {
      const content = { name: `setting-${index}`, context: 'company', dataType: 'string', mutable: true, value: 'x' }
      await client.variables.create(environmentId, content)
    }
  } finally {
    client.close()
    await sandbox.close()
  }
}

async function start(options: SandboxOptions): Promise<RunningSandbox> {
  const worker = new Worker(new URL('./read/sandbox-thread.ts', import.meta.url), {
    workerData: { ...options, port: 0, demo: false },
  })
  const [{ authUrl, apiUrl, tenant }] = await once(worker, 'message')
  const ask = async (question: string) => {
    worker.postMessage(question)
    const [answer] = await once(worker, 'message')
    return answer
  }
  const environment = tenant.environments.find(({ name }: { name: string }) => name === 'Development')
  return {
    environmentId: environment.id,
    client: (requestsPerMinute) =>
      createPingOneClient({
        hosts: { authUrl, apiUrl },
        environmentId: tenant.environmentId,
        clientId: tenant.clientId,
        clientSecret: tenant.clientSecret,
        requestsPerMinute,
        concurrency,
      }),
    requests: async () => {
      const all: LoggedRequest[] = await ask('requests')
      return all.filter(({ path }) => path.startsWith('/v1/'))
    },
    reset: () => ask('reset'),
    close: async () => {
      await ask('close')
    },
  }
}

function placeOf(client: PingOneClient, { environmentId }: RunningSandbox): EnvironmentPlace {
  return new EnvironmentPlace({ client, environmentId, environmentName: 'Development' })
}

function print(what: string, measured: string, ratio: number, goal: number): void {
  console.log(`  ${what}: ${measured} = ${ratio.toFixed(2)} × (goal ${goal.toFixed(1)} ×)`)
}

function ms(milliseconds: number): string {
  return milliseconds > 10_000 ? `${(milliseconds / 1000).toFixed(1)} s` : `${Math.round(milliseconds)} ms`
}

function check(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(`The measurement is worth nothing: ${otherwise}.`)
}
