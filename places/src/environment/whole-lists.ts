import type { Artifact, JsonObject, KindName } from '@flightiq/core'
import { kindOf } from '@flightiq/core'
import type { CallOptions, PingOneClient } from '@flightiq/pingone'
import { artifactOf, type KindAccess, labelOf, type Reach, requestOf } from './access.ts'

/** The client's calls for a kind whose list gives everything. */
interface Calls {
  list(environmentId: string, options: CallOptions): Promise<JsonObject[]>
  get(environmentId: string, id: string, options: CallOptions): Promise<JsonObject>
}

interface WritingCalls extends Calls {
  create(environmentId: string, content: JsonObject, options: CallOptions): Promise<JsonObject>
  replace(environmentId: string, id: string, content: JsonObject, options: CallOptions): Promise<JsonObject>
  remove(environmentId: string, id: string, options: CallOptions): Promise<void>
}

/** Access to a kind of which one list request gives everything, and which is only read. */
export function readWholeLists(kind: KindName, calls: (client: PingOneClient) => Calls): KindAccess {
  return {
    list: (reach) =>
      reach.reading.step(labelOf(kindOf(kind), reach), async () => {
        const contents = await calls(reach.client).list(reach.environmentId, reach.reading.calls)
        return contents.map((content) => artifactOf(kind, content))
      }),
    get: async ({ client, environmentId, reading }, id) =>
      artifactOf(kind, await calls(client).get(environmentId, id, reading.calls)),
  }
}

/** The same for a kind that is also written. */
export function wholeLists(
  kind: KindName,
  calls: (client: PingOneClient) => WritingCalls,
): Required<Omit<KindAccess, 'settle' | 'getListed'>> {
  return {
    ...readWholeLists(kind, calls),
    create: async ({ client, environmentId, reading }: Reach, content: JsonObject): Promise<Artifact> =>
      artifactOf(kind, await calls(client).create(environmentId, requestOf(kind, content), reading.calls)),
    replace: async ({ client, environmentId, reading }: Reach, id: string, content: JsonObject): Promise<Artifact> =>
      artifactOf(kind, await calls(client).replace(environmentId, id, requestOf(kind, content), reading.calls)),
    remove: ({ client, environmentId, reading }: Reach, id: string): Promise<void> =>
      calls(client).remove(environmentId, id, reading.calls),
  }
}
