import { type Artifact, type JsonObject, kindOf } from '@flightiq/core'
import { NotFoundError } from '../errors.ts'
import { type KindAccess, labelOf, type Reach } from './access.ts'
import { flows } from './flows.ts'

/** Access to flow versions, which never change: each is read once. Their id is `<flow id>/<version>`. */
export const flowVersions: KindAccess = {
  /** One request for each flow, and without graphs. */
  async list(reach) {
    const all = await flows.list(reach)
    const lists = await Promise.all(all.map((flow) => versionsOf(reach, flow.id)))
    return lists.flat()
  },

  async get(reach, id) {
    const { flowId, version } = partsOf(id)
    const { client, environmentId, cache, reading } = reach
    const key = { environmentId, kind: 'flowVersion', id, updatedAt: '', version: String(version) } as const
    const cached = await cache.get(key)
    if (cached !== undefined) return artifact(flowId, version, cached)
    const content = await client.flowVersions.details(environmentId, flowId, version, reading.calls)
    await cache.set(key, content)
    return artifact(flowId, version, content)
  },

  async remove(reach, id) {
    const { flowId, version } = partsOf(id)
    await reach.client.flowVersions.remove(reach.environmentId, flowId, version, reach.reading.calls)
  },
}

/** The versions of one flow, without graphs. */
export function versionsOf(reach: Reach, flowId: string): Promise<Artifact[]> {
  return reach.reading.step(labelOf(kindOf('flowVersion'), reach), async () => {
    const versions = await reach.client.flowVersions.list(reach.environmentId, flowId, reach.reading.calls)
    return versions.map((content) => ({ ...artifact(flowId, content.version, content), partial: true as const }))
  })
}

function artifact(flowId: string, version: number, content: JsonObject): Artifact {
  const { name } = kindOf('flowVersion').identify(content)
  return { kind: 'flowVersion', id: `${flowId}/${version}`, name, content }
}

function partsOf(id: string): { flowId: string; version: number } {
  const [, flowId, version] = /^(.+)\/(\d+)$/.exec(id) ?? []
  if (flowId === undefined || version === undefined) {
    throw new NotFoundError({
      message: `"${id}" is no flow version.`,
      nextStep: "Write the flow's id and the version: <flow id>/3.",
    })
  }
  return { flowId, version: Number(version) }
}
