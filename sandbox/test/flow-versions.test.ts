import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, graph, startClient } from './client.ts'

const deploy = 'application/vnd.pingidentity.flow.deploy+json'
const revert = 'application/vnd.pingidentity.flowversion.revert+json'
const exported = 'application/vnd.pingidentity.flowversion.export+json'

describe('flow versions', () => {
  let client: Client
  beforeAll(async () => {
    client = await startClient({ limits: { versions: 4 } })
  })
  afterAll(() => client.stop())

  /** A flow saved so many times beyond its creation. */
  const flowWith = async (saves: number) => {
    const { body } = await client.call('POST', `${client.in()}/flows`, { body: { name: 'v0', graphData: graph() } })
    const path = `${client.in()}/flows/${body.id}`
    for (let version = 1; version <= saves; version += 1) {
      await client.call('PUT', path, { body: { name: `v${version}`, graphData: graph() } })
    }
    return path
  }
  const numbers = async (path: string) =>
    (await client.call('GET', `${path}/versions`)).body._embedded.versions.map(
      ({ version }: { version: number }) => version,
    )

  it('are numbered from 0, read without and with their content', async () => {
    const path = await flowWith(2)
    expect(await numbers(path)).toEqual([0, 1, 2])
    const { body } = await client.call('GET', `${path}/versions/1`)
    expect(body).toMatchObject({ version: 1, flow: { name: 'v1' } })
    expect(body).not.toHaveProperty('graphData')
    const details = await client.call('GET', `${path}/versions/0/details?expand=variables`)
    expect(details.body).toMatchObject({ version: 0, flow: { name: 'v0' }, connectors: [{ id: 'httpConnector' }] })
    expect(details.body.graphData.elements.nodes).toHaveLength(2)
    expect((await client.call('GET', `${path}/versions/9`)).status).toBe(404)
  })

  it('link to the connector instances and variables their nodes use', async () => {
    const path = await flowWith(0)
    const variable = { name: 'greeting', context: 'company', dataType: 'string', mutable: true }
    await client.call('POST', `${client.in()}/variables`, { body: variable })
    const { body } = await client.call('GET', `${path}/versions/0/details`)
    expect(body._links['connectorInstances.pagenode01'].href).toMatch(
      /connectorInstances\/867ed4363b2bc21c860085ad2baa817d$/,
    )
    expect(body._links['variables.pagenode01.0'].href).toMatch(/variables\/[0-9a-f-]{36}$/)
  })

  it('carry an alias, the one thing that can be changed', async () => {
    const path = await flowWith(1)
    const { body } = await client.call('PUT', `${path}/versions/0/alias`, { body: { alias: 'Before the change' } })
    expect(body.alias).toBe('Before the change')
    expect((await client.call('GET', `${path}/versions/0`)).body.alias).toBe('Before the change')
    expect((await client.call('PUT', `${path}/versions/0/alias`, { body: { alias: '' } })).status).toBe(400)
  })

  it('are made current again by a revert, which is a new version and not a deployment', async () => {
    const path = await flowWith(1)
    await client.call('POST', path, { mediaType: deploy, body: {} })
    const { body } = await client.call('POST', `${path}/versions/0`, { mediaType: revert })
    expect(body).toMatchObject({ name: 'v0', currentVersion: 2, publishedVersion: 1 })
    expect((await client.call('GET', `${path}/versions/2`)).body).toMatchObject({ clonedFrom: 0 })
  })

  it('are deleted, but neither the current nor the deployed one', async () => {
    const path = await flowWith(1)
    await client.call('POST', path, { mediaType: deploy, body: {} })
    await client.call('PUT', path, { body: { name: 'v2', graphData: graph() } })
    expect((await client.call('DELETE', `${path}/versions/0`)).status).toBe(204)
    expect((await client.call('DELETE', `${path}/versions/1`)).status).toBe(400)
    expect((await client.call('DELETE', `${path}/versions/2`)).status).toBe(400)
    expect(await numbers(path)).toEqual([1, 2])
  })

  it('beyond the limit push out the oldest that is not deployed', async () => {
    const path = await flowWith(0)
    await client.call('POST', path, { mediaType: deploy, body: {} })
    for (const name of ['a', 'b', 'c', 'd']) await client.call('PUT', path, { body: { name, graphData: graph() } })
    expect(await numbers(path)).toEqual([0, 2, 3, 4])
  })

  it('are exported with subflows at any depth, variable values on request, and never a secret', async () => {
    const call = (id: string) => ({
      elements: {
        nodes: [
          {
            data: {
              id: 'callnode',
              nodeType: 'CONNECTION',
              connectorId: 'flowConnector',
              capabilityName: 'startUiSubFlow',
              properties: {
                subFlowId: { value: { label: 'x', value: id } },
                text: { value: '{{global.company.variables.exportedText}} {{global.variables.exportedSecret}}' },
              },
            },
          },
        ],
      },
    })
    const flows = `${client.in()}/flows`
    const leaf = await client.call('POST', flows, { body: { name: 'leaf', graphData: graph() } })
    const middle = await client.call('POST', flows, { body: { name: 'middle', graphData: call(leaf.body.id) } })
    const root = await client.call('POST', flows, { body: { name: 'root', graphData: call(middle.body.id) } })
    for (const [name, dataType] of [
      ['exportedText', 'string'],
      ['exportedSecret', 'secret'],
      ['unrelated', 'string'],
    ]) {
      const body = { name, context: 'company', dataType, mutable: true, value: 'the value' }
      await client.call('POST', `${client.in()}/variables`, { body })
    }
    const path = `${flows}/${root.body.id}/versions/0`
    const plain = await client.call('POST', path, { mediaType: exported })
    expect(plain.status).toBe(200)
    expect(plain.body.variables.map(({ name }: { name: string }) => name)).toEqual(['exportedText', 'exportedSecret'])
    expect(JSON.stringify(plain.body)).not.toContain('the value')
    expect(plain.body).not.toHaveProperty('_embedded')
    const full = await client.call('POST', path, {
      mediaType: exported,
      body: { includeSubFlows: true, includeVariableValues: true },
    })
    expect(full.body._embedded.map(({ flow }: { flow: { name: string } }) => flow.name)).toEqual(['middle', 'leaf'])
    expect(full.body.variables).toMatchObject([
      { name: 'exportedText', value: 'the value' },
      { name: 'exportedSecret' },
    ])
    expect(full.body.variables[1]).not.toHaveProperty('value')

    // What was exported can be imported elsewhere, under new ids that fit each other.
    const { status, body: imported } = await client.call('POST', `${client.in('Production')}/flows`, {
      mediaType: 'application/vnd.pingidentity.flow.import+json',
      body: { name: 'root', flowInfo: full.body, flowNameMapping: {} },
    })
    expect(status).toBe(201)
    const names = imported._embedded.map(({ flow }: { flow: { name: string } }) => flow.name)
    expect(names).toEqual(['middle', 'leaf'])
    expect(JSON.stringify(imported.graphData)).toContain(imported._embedded[0].flow.id)
    const there = await client.call('GET', `${client.in('Production')}/variables`)
    expect(there.body._embedded.variables).toMatchObject([
      { name: 'exportedText', value: 'the value' },
      { name: 'exportedSecret' },
      { name: 'greeting' },
    ])
    const graphOf = async (environment: string, id: string) => {
      const { body } = await client.call('GET', `${client.in(environment)}/flows/${id}`)
      return body.graphData
    }
    const { allLinterErrors: _findings, ...leafGraph } = await graphOf('Development', leaf.body.id)
    expect(await graphOf('Production', imported._embedded[1].flow.id)).toEqual(leafGraph)
  })
})
