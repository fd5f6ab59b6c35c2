import { readdirSync } from 'node:fs'
import {
  type Artifact,
  comparePair,
  type Difference,
  Inventory,
  type JsonObject,
  kindOf,
  matchPlaces,
  readExport,
} from '@flightiq/core'
import { describe, expect, it } from 'vitest'
import { sharedMaterial, sharedPath, sharedText } from '../../test/support/shared.ts'
import { at } from './flow-support.ts'

const flow = kindOf('flow')

function exportOf(path: string) {
  return readExport(JSON.parse(sharedText(`flows/history/${path}.json`)), path)
}

function flowOf(path: string): JsonObject {
  return exportOf(path).flows[0] ?? {}
}

/** What a revision changed. */
function changes(before: string, after: string): Difference[] {
  return flow.compare(flow.normalise(flowOf(after)), flow.normalise(flowOf(before)))
}

/** Ids by `section change`. */
function grouped(differences: Difference[]): Record<string, string[]> {
  const groups = Object.groupBy(differences, ({ section, change }) => `${section} ${change}`)
  return Object.fromEntries(
    Object.entries(groups).map(([key, found]) => [key, (found ?? []).map(({ id }) => id).sort()]),
  )
}

/** Revisions one after another. */
const pairs = sharedMaterial
  ? readdirSync(sharedPath('flows/history')).flatMap((folder) => {
      const files = readdirSync(sharedPath(`flows/history/${folder}`)).sort()
      const names = files.map((file) => `${folder}/${file.replace('.json', '')}`)
      return names.slice(1).map((after, index) => ({ before: names[index] ?? '', after }))
    })
  : []

describe.skipIf(!sharedMaterial)('what real revisions changed', () => {
  it('account recovery, first: the names of error messages and two labels', () => {
    const found = changes('account-recovery-subflow/r01-47607326', 'account-recovery-subflow/r02-e63c6b03')
    expect(grouped(found)).toEqual({
      'node changed': ['3pbs4ekm6u', 'dvr3wi8hib', 'gm535zgls3', 'ixpij6bdtq', 'tfdqp94azq', 'xpzbzwij1h'],
    })
    expect(found.find(({ id }) => id === 'dvr3wi8hib')).toMatchObject({
      label: 'Node "Split By User\'s Selection" (Functions · AEqualsMultipleB)',
      properties: [{ pointer: '/label', before: 'Functions', after: 'Functionssss' }],
    })
    expect(flow.gist?.(found)).toBe('6 nodes changed')
  })

  it('account recovery, second: the two labels back again', () => {
    const found = changes('account-recovery-subflow/r02-e63c6b03', 'account-recovery-subflow/r03-de0455e4')
    expect(grouped(found)).toEqual({ 'node changed': ['3pbs4ekm6u', 'dvr3wi8hib'] })
    expect(found.flatMap(({ properties }) => properties.map(({ pointer }) => pointer))).toEqual(['/label', '/label'])
  })

  it('protect demo, first: a detour taken out', () => {
    expect(grouped(changes('pingone-protect-demo/r01-82dfa77d', 'pingone-protect-demo/r02-550fb9db'))).toEqual({
      'node added': ['6u22mpc2pe'],
      'node removed': ['l6cyaidyas'],
      'node changed': ['2444rnx94n', '3ddarjicvj', '4cma64i9o0', '62fwd717nz', 'f30cw90zzb', 'rwjxtgajvg'],
      'node moved': ['u8otjdlls5'],
      'edge added': ['2444rnx94n→a04dygbseg', '6u22mpc2pe→2444rnx94n', 'u8otjdlls5→6u22mpc2pe'],
      'edge removed': [
        '2444rnx94n→l6cyaidyas',
        '9lhm6gzgmv→2444rnx94n',
        'l6cyaidyas→u8otjdlls5',
        'u8otjdlls5→a04dygbseg',
      ],
    })
  })

  it('protect demo, second: three nodes edited by hand, and how lines are drawn', () => {
    const found = changes('pingone-protect-demo/r02-550fb9db', 'pingone-protect-demo/r03-456fe294')
    expect(grouped(found)).toEqual({ 'node changed': ['dkvzo98ihv', 'e7p5rw54lf', 'u8otjdlls5'] })
    for (const { properties } of found) {
      expect(properties).toMatchObject([
        { pointer: '/connectionId', before: '94141bf2f1b9b59a5f5365ff135e02bb', after: 'pingOneSSOConnector' },
      ])
    }
  })

  it('protect demo, fifth: one property of one node', () => {
    const found = changes('pingone-protect-demo/r05-85ecc8d3', 'pingone-protect-demo/r06-ee0a99f3')
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({ section: 'node', change: 'changed' })
  })

  it.each(pairs)('$before → $after: exactly the nodes that the files say', ({ before, after }) => {
    const groups = grouped(changes(before, after))
    const expected = nodesThatDiffer(before, after)
    for (const change of ['added', 'removed', 'changed', 'moved'] as const) {
      expect(groups[`node ${change}`] ?? [], change).toEqual(expected[change])
    }
  })

  it.each(pairs)('$before → $after: the same backwards', ({ before, after }) => {
    const forth = grouped(changes(before, after))
    const back = grouped(changes(after, before))
    expect(back['node added']).toEqual(forth['node removed'])
    expect(back['edge removed']).toEqual(forth['edge added'])
    expect(back['node changed']).toEqual(forth['node changed'])
  })

  it.each(pairs)(
    '$before → $after: instances that match are no difference, whatever their ids',
    ({ before, after }) => {
      const from = inventoryOf(after)
      const to = inventoryOf(before)
      const [source] = from.list('flow')
      const [destination] = to.list('flow')
      if (!source || !destination) throw new Error('No flow in the export.')
      const matching = matchPlaces(from, to, [{ kind: 'flow', sourceId: source.id, destinationId: destination.id }])
      const { differences } = comparePair({ kind: 'flow', source, destination }, matching)
      const chosen = new Map(
        (at(source.content, '/graphData/elements/nodes') as JsonObject[]).map((node) => [
          String(at(node, '/data/id')),
          String(at(node, '/data/connectionId')),
        ]),
      )
      for (const { id, properties } of differences) {
        const instance = properties.find(({ pointer }) => pointer === '/connectionId')
        if (!instance) continue
        const match = matching.destinationId('connectorInstance', chosen.get(id) ?? '')
        expect(match, `node ${id}`).not.toBe(instance.before)
      }
    },
  )

  it.each([
    ['r01-82dfa77d', 'r02-550fb9db'],
    ['r06-ee0a99f3', 'r07-9cded050'],
  ])('promoted to another tenant, %s → %s: the subflow of the same name is no difference', (before, after) => {
    const [from, to] = [inventoryOf(`pingone-protect-demo/${after}`), inventoryOf(`pingone-protect-demo/${before}`)]
    const matching = matchPlaces(from, to)
    const [pair] = matching.pairs.filter(({ kind }) => kind === 'flow')
    if (!pair) throw new Error('The flow has no pair.')
    const calls = (difference: Difference) => difference.properties.some(({ pointer }) => pointer.includes('subFlowId'))
    expect(comparePair(pair, matching, from, to).differences.filter(calls)).toEqual([])

    const node = (at(pair.destination?.content ?? {}, '/graphData/elements/nodes') as JsonObject[]).find(
      ({ data }) => at(data as JsonObject, '/id') === '4cma64i9o0',
    )
    const subflow = at(node ?? {}, '/data/properties/subFlowId/value') as JsonObject
    subflow.label = 'Another subflow'
    expect(comparePair(pair, matching, from, to).differences.filter(calls)).toHaveLength(1)
  })

  it('an environment in which instances have other ids, and other names for them, is no different', () => {
    const here = inventoryOf('account-recovery-subflow/r03-de0455e4')
    const [source] = here.list('flow')
    if (!source) throw new Error('No flow in the export.')
    const moved = new Map(here.list('connectorInstance').map(({ id }) => [id, `other-${id}`]))
    const content = flow.rewrite(source.content, ({ kind, target }) =>
      kind === 'connectorInstance' ? moved.get(target) : undefined,
    )
    for (const node of at(content, '/graphData/elements/nodes') as JsonObject[]) {
      if (at(node, '/data/name') === 'Teleport') Object.assign(node.data as JsonObject, { name: 'Node' })
    }
    const there = new Inventory([
      { kind: 'flow', id: 'elsewhere', name: source.name, content: { ...content, id: 'elsewhere' } },
      ...here.list('connectorInstance').map(({ id, ...rest }): Artifact => {
        const name = rest.name === 'Teleport' ? 'Node' : rest.name
        return { ...rest, id: `other-${id}`, name, content: { ...rest.content, id: `other-${id}`, name } }
      }),
    ])
    const matching = matchPlaces(here, there)
    const [pair] = matching.pairs.filter(({ kind }) => kind === 'flow')
    if (!pair) throw new Error('The flow has no pair.')
    expect(comparePair(pair, matching)).toEqual({ state: 'identical', differences: [], gist: '', layoutOnly: false })
  })
})

function inventoryOf(path: string): Inventory {
  const content = exportOf(path)
  const artifact = (kind: 'flow' | 'connectorInstance', item: JsonObject): Artifact => ({
    kind,
    ...kindOf(kind).identify(item),
    content: item,
  })
  return new Inventory([
    ...content.connectorInstances.map((item) => artifact('connectorInstance', item)),
    ...content.impliedConnectorInstances.map(
      (item): Artifact => ({ ...artifact('connectorInstance', item), implied: true }),
    ),
    ...content.flows.map((item) => artifact('flow', item)),
  ])
}

/** The same question answered from the files as they are, without any of the code under test. */
function nodesThatDiffer(before: string, after: string): Record<'added' | 'removed' | 'changed' | 'moved', string[]> {
  const from = rawNodes(before)
  const to = rawNodes(after)
  const both = [...to.keys()].filter((id) => from.has(id))
  const changed = both.filter((id) => meaning(from.get(id)) !== meaning(to.get(id)))
  const moved = both.filter(
    (id) =>
      !changed.includes(id) &&
      sorted(at(from.get(id) ?? {}, '/position')) !== sorted(at(to.get(id) ?? {}, '/position')),
  )
  return {
    added: [...to.keys()].filter((id) => !from.has(id)).sort(),
    removed: [...from.keys()].filter((id) => !to.has(id)).sort(),
    changed: changed.sort(),
    moved: moved.sort(),
  }
}

function rawNodes(path: string): Map<string, JsonObject> {
  const file = JSON.parse(sharedText(`flows/history/${path}.json`)) as JsonObject
  const nodes = at(file, '/graphData/elements/nodes') as JsonObject[]
  return new Map(nodes.map((node) => [String(at(node, '/data/id')), node]))
}

/** The data of a node as text, without what PingOne works out and the copy of a subflow's name; rich texts parsed. */
function meaning(node: JsonObject | undefined): string {
  const { idUnique: _id, status: _status, isDisabled, properties, ...data } = (node?.data ?? {}) as JsonObject
  const kept: JsonObject = { ...data, ...(isDisabled === true ? { isDisabled } : {}) }
  if (properties && Object.keys(properties).length > 0) kept.properties = properties
  return sorted(kept)
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (key, item) => {
    if (key === 'subFlowId') return item?.value?.value ?? item
    if (typeof item === 'string' && item.startsWith('[')) return parsed(item)
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return item
    return Object.fromEntries(Object.entries(item).sort(([left], [right]) => (left < right ? -1 : 1)))
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
