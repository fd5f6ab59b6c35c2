import {
  type Artifact,
  arrayAt,
  isObject,
  type Json,
  type JsonObject,
  kindOf,
  objectAt,
  stringAt,
} from '@flightiq/core'
import { PingOneError } from '@flightiq/pingone'
import { artifactOf, cacheKey, type KindAccess, labelOf, type Reach, requestOf } from './access.ts'

/** Access to flows: one list, then only those flows one by one that the list gave without graph and that moved. */
export const flows: KindAccess = {
  list: (reach) =>
    reach.reading.once('flows', () => reach.reading.step(labelOf(kindOf('flow'), reach), () => listFlows(reach))),

  async get(reach, id) {
    const content = await reach.client.flows.get(reach.environmentId, id, reach.reading.calls)
    return keep(reach, content, content)
  },

  /** Kept under the state that the list told, so that the next list finds it. */
  async getListed(reach, listed) {
    const content = await reach.client.flows.get(reach.environmentId, listed.id, reach.reading.calls)
    return keep(reach, listed.content, content)
  },

  async create(reach, content) {
    const { client, environmentId, reading } = reach
    return artifactOf('flow', await client.flows.create(environmentId, requestOf('flow', content), reading.calls))
  },

  /** PingOne may lose detail of nodes on create; a replace with the same body brings it back. */
  async settle(reach, made, content) {
    const body = requestOf('flow', content)
    const kept = await reach.client.flows.get(reach.environmentId, made.id, reach.reading.calls)
    if (holdsNodes(kept, body)) return keep(reach, kept, kept)
    return replace(reach, made.id, body)
  },

  replace: (reach, id, content) => replace(reach, id, requestOf('flow', content)),

  remove: ({ client, environmentId, reading }, id) => client.flows.remove(environmentId, id, reading.calls),
}

async function listFlows(reach: Reach): Promise<Artifact[]> {
  const listed = await reach.client.flows.list(reach.environmentId, reach.reading.calls)
  return Promise.all(
    listed.map(async (item) => {
      if (isObject(item.graphData)) return artifactOf('flow', item)
      const key = cacheKey(reach.environmentId, 'flow', item.id, item)
      const cached = key === undefined ? undefined : await reach.cache.get(key)
      return cached === undefined ? { ...artifactOf('flow', item), partial: true } : artifactOf('flow', cached)
    }),
  )
}

/** Keeps a content for the next look, unless it is of another moment than the state it would be kept under. */
async function keep(reach: Reach, state: JsonObject, content: JsonObject): Promise<Artifact> {
  const artifact = artifactOf('flow', content)
  const key = cacheKey(reach.environmentId, 'flow', artifact.id, state)
  const sameMoment = Object.keys(state).every(
    (field) => !stateFields.has(field) || content[field] === undefined || content[field] === state[field],
  )
  if (key !== undefined && sameMoment && isObject(content.graphData)) await reach.cache.set(key, content)
  return artifact
}

const stateFields = new Set(['updatedAt', 'currentVersion', 'publishedVersion', 'deployedAt', 'enabled'])

async function replace(reach: Reach, id: string, body: JsonObject): Promise<Artifact> {
  const { client, environmentId, reading } = reach
  const content = await client.flows.replace(environmentId, id, body, reading.calls)
  return keep(reach, content, content)
}

/** Makes the current version the one that runs. */
export async function deployFlow(reach: Reach, id: string): Promise<Artifact> {
  const { client, environmentId, reading } = reach
  const content = await client.flows.deploy(environmentId, id, reading.calls)
  if (isObject(content.graphData)) return keep(reach, content, content)
  return flows.get(reach, id)
}

/** Whether a failure says that a flow policy still names the flow, which PingOne releases with delay. */
export function stillInPolicy(error: unknown): boolean {
  return error instanceof PingOneError && error.status === 400 && error.hasDetail('CONSTRAINT_VIOLATION')
}

/** Whether every node that was sent is there with all that was sent of it. PingOne may have added to it. */
function holdsNodes(kept: JsonObject, sent: JsonObject): boolean {
  const nodesOf = (flow: JsonObject) => arrayAt(objectAt(objectAt(flow, 'graphData'), 'elements'), 'nodes')
  const byId = new Map(nodesOf(kept).map((node) => [stringAt(objectAt(node, 'data'), 'id'), node]))
  return nodesOf(sent).every((node) => {
    const data = objectAt(node, 'data') ?? {}
    const { idUnique: _made, ...lasting } = data
    return holds(objectAt(byId.get(stringAt(data, 'id')), 'data'), lasting)
  })
}

function holds(kept: Json | undefined, sent: Json): boolean {
  if (kept === sent) return true
  if (isObject(sent)) return isObject(kept) && Object.entries(sent).every(([key, value]) => holds(kept[key], value))
  if (!Array.isArray(sent) || !Array.isArray(kept) || sent.length !== kept.length) return false
  return sent.every((item, index) => holds(kept[index], item))
}
