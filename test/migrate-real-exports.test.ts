import { isDeepStrictEqual } from 'node:util'
import {
  type Json,
  type JsonObject,
  type KindName,
  kindOf,
  type PlaceWriter,
  parseExportText,
  readExport,
  rewriteWith,
} from '@flightiq/core'
import { type Sandbox, startSandbox } from '@flightiq/sandbox'
import { openServices, type Services, serverItself, type Tenant } from '@flightiq/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sharedExports, sharedMaterial, sharedText } from './support/shared.ts'

/** What an export brings: the kinds whose content must arrive whole. */
const carried: KindName[] = ['connectorInstance', 'flow', 'variable']
const places = { from: 'env:Development', to: 'env:Production' }

let services: Services

beforeAll(async () => {
  services = await openServices({ client: { requestsPerMinute: null } })
  await services.work()
})

afterAll(() => services.close())

describe.skipIf(!sharedMaterial)('a real export', () => {
  it.each(sharedExports())('%s migrates to an empty environment and loses nothing', async (path) => {
    await migrate(JSON.parse(sharedText(path)), path, async ({ development, production, plan }) => {
      const mapping = structuredClone(plan.mapping)
      for (const kind of carried) {
        const there = await production.inventory([kind])
        for (const original of (await development.inventory([kind])).list(kind)) {
          const pair = await pairOf(kind, original.id)
          const moved = pair && there.get(kind, pair)
          if (!moved) throw new Error(`${kind} ${original.name} did not arrive`)
          mapping[kind] = { ...mapping[kind], [original.id]: moved.id }
        }
      }
      for (const kind of carried) {
        for (const original of (await development.inventory([kind])).list(kind)) {
          const moved = await production.get(kind, mapping[kind]![original.id]!)
          expectSame(kindOf(kind).rewrite(moved.content, rewriteWith(inverse(mapping))), original.content)
        }
      }
    })
  })

  it.each(sharedExports())('%s keeps fields that nobody knows yet, at every depth', async (path) => {
    const exported = JSON.parse(sharedText(path)) as Json
    const marks = inject(exported)
    await migrate(exported, path, async ({ development, production }) => {
      const [before, after] = await Promise.all([development, production].map(marksIn))
      const lost = [...marks].filter(([mark, where]) => !after!.has(mark) && !isDropped(where, path))
      expect(lost).toEqual([])
      expect([...before!].filter((mark) => !after!.has(mark))).toEqual([])
    })
  })
})

interface Migrated {
  development: PlaceWriter
  production: PlaceWriter
  plan: Awaited<ReturnType<Services['plans']['create']>>['plan']
}

let pairOf: (kind: KindName, sourceId: string) => Promise<string | undefined>

/** Loads an export, sees to the connector instances, migrates everything, and checks that both sides then agree. */
async function migrate(exported: unknown, path: string, check: (done: Migrated) => Promise<void>): Promise<void> {
  const sandbox = await startSandbox({ empty: true, rateLimitPerMinute: null })
  try {
    await sandbox.load('Development', readExport(exported, path), { standIns: true })
    const tenant = await tenantOf(sandbox)
    const development = (await services.places.open(serverItself, tenant.id, places.from)) as PlaceWriter
    const production = await services.places.openEnvironment(serverItself, tenant.id, 'Production')
    await createInstances(development, production)
    const { id, plan } = await services.plans.create(serverItself, tenant.id, { ...places, selection: { all: true } })
    expect(plan.notes.filter(({ severity }) => severity === 'blocker')).toEqual([])
    const started = await services.runs.start(serverItself, tenant.id, id)
    for await (const event of services.runs.watch(serverItself, tenant.id, started.id)) {
      if (event.type === 'run') expect(event.run.problem).toBeUndefined()
    }
    expect(await services.runs.get(serverItself, tenant.id, started.id)).toMatchObject({
      state: 'done',
      verification: { different: [] },
    })
    const { rows } = await services.comparison.compare(serverItself, tenant.id, { ...places, refresh: true })
    expect(rows.filter(({ state }) => state !== 'identical')).toEqual([])
    expect(
      (await services.plans.create(serverItself, tenant.id, { ...places, selection: { all: true } })).plan.operations,
    ).toEqual([])
    pairOf = async (kind, sourceId) =>
      rows.find((row) => row.kind === kind && row.source?.id === sourceId)?.destination?.id
    await check({ development, production, plan })
  } finally {
    await sandbox.close()
  }
}

async function tenantOf({ tenants: [tenant], authUrl, apiUrl }: Sandbox): Promise<Tenant> {
  const { name, environmentId, clientId, clientSecret } = tenant!
  return services.tenants.useTransient({ name, environmentId, clientId, clientSecret, hosts: { authUrl, apiUrl } })
}

/** The instances that the flows need, under the ids that another environment gives them. */
async function createInstances(development: PlaceWriter, production: PlaceWriter): Promise<void> {
  const { meaning } = kindOf('connectorInstance')
  const known = (id: string) => id
  const present = new Set(
    (await production.list('connectorInstance')).map(({ content }) => meaning(content, (_kind, id) => known(id))),
  )
  for (const { content } of await development.list('connectorInstance')) {
    if (!present.has(meaning(content, (_kind, id) => known(id)))) await production.create('connectorInstance', content)
  }
}

function inverse(mapping: Migrated['plan']['mapping']): Migrated['plan']['mapping'] {
  return Object.fromEntries(
    Object.entries(mapping).map(([kind, ids]) => [
      kind,
      Object.fromEntries(Object.entries(ids).map(([from, to]) => [to, from])),
    ]),
  )
}

/** What an environment has of its own: when and where, which version, who may link to it. */
const own = new Set([
  '_links',
  'id',
  'environment',
  'createdAt',
  'updatedAt',
  'deployedAt',
  'currentVersion',
  'publishedVersion',
  'idUnique',
  'linterError',
  'dvlinterErrorCount',
  'dvlinterWarningCount',
])

function expectSame(moved: JsonObject, original: JsonObject): void {
  const [left, right] = [moved, original].map((content) => {
    const rest = Object.fromEntries(Object.entries(content).filter(([key]) => !own.has(key)))
    // The API takes no empty display name on create: there is none in either case.
    const { displayName, ...others } = rest
    return withoutFilled(displayName === '' ? others : rest)
  })
  // Deep equality of megabytes first: a readable report is only made where it fails.
  if (!isDeepStrictEqual(left, right)) expect(left).toEqual(right)
}

/** What PingOne computes anew for each stored flow. */
function withoutFilled(value: Json | undefined): Json {
  if (Array.isArray(value)) return value.map(withoutFilled)
  if (typeof value !== 'object' || value === null) return value ?? null
  const computed = new Set(['idUnique', 'linterError', 'allLinterErrors'])
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (computed.has(key) ? [] : [[key, withoutFilled(item)]])),
  )
}

const field = 'notYetInvented'

/** Puts a field into every object of an export; answers each one's value with the spot it stands at. */
function inject(root: Json): Map<string, string> {
  const marks = new Map<string, string>()
  const visit = (value: Json, pointer: string) => {
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) visit(item, `${pointer}/${index}`)
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) visit(item, `${pointer}/${key}`)
      const mark = `mark-${marks.size}`
      value[field] = mark
      marks.set(mark, pointer)
    }
  }
  visit(root, '')
  return marks
}

async function marksIn(place: PlaceWriter): Promise<Set<string>> {
  const marks = new Set<string>()
  const visit = (value: Json) => {
    if (Array.isArray(value)) value.forEach(visit)
    else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) key === field ? marks.add(String(item)) : visit(item)
    }
  }
  for (const { content } of (await place.inventory(carried)).all()) visit(content)
  return marks
}

/**
 * What has no place in the model of the API, and is left out as a whole: envelopes, what the older model derives from
 * other fields, an input schema that PingOne imposes, a variable that the file holds twice, and forms, which are kept
 * beside the flows.
 */
function isDropped(where: string, path: string): boolean {
  if (/(^|\/)(inputSchemaCompiled|outputSchemaCompiled|enabledGraphData|versionInfo|forms|orx)(\/|$)/.test(where))
    return true
  if (where === '' || where === '/flowNameMapping') return isEnvelope(path)
  const exported = parseExportText(sharedText(path), path)
  const flow = where.replace(/\/inputSchema\/\d+$/, '')
  if (flow !== where)
    return (
      at(exported, `${flow}/trigger/type`) === 'AUTHENTICATION' || at(exported, `${flow}/settings/pingOneFlow`) === true
    )
  return /\/variables\/\d+(\/fields)?$/.test(where) && isSecondOfItsName(exported, where)
}

function isEnvelope(path: string): boolean {
  const exported = JSON.parse(sharedText(path)) as JsonObject
  return exported.flows !== undefined || exported.flowInfo !== undefined
}

function isSecondOfItsName(exported: unknown, where: string): boolean {
  const [, flow = '', index = ''] = /^(.*)\/variables\/(\d+)/.exec(where) ?? []
  const name = at(exported, `${flow}/variables/${index}/name`)
  const flows = (exported as JsonObject).flows
  const names = (Array.isArray(flows) ? flows : [exported]).flatMap((one) =>
    (((one as JsonObject).variables ?? []) as JsonObject[]).map((variable) => variable.name),
  )
  return names.filter((other) => other === name).length > 1
}

function at(value: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((found, step) => (found as Record<string, unknown> | undefined)?.[step], value)
}
