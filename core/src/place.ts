import { z } from 'zod'
import type { Artifact, Inventory, KindName } from './artifact.ts'
import type { JsonObject } from './json.ts'

/** What a place is, for people and for records. Carries no secret. */
export const placeDescriptionSchema = z
  .object({
    spec: z.string().describe('As written on the command line: `env:Production`, `file:flows.json`.'),
    type: z.enum(['environment', 'file', 'folder', 'git', 'snapshot']),
    name: z.string().describe('The name shown: `Production`, `flows.json`.'),
    environmentId: z.string().optional(),
    writable: z.boolean(),
  })
  .meta({ id: 'PlaceDescription' })
export type PlaceDescription = z.infer<typeof placeDescriptionSchema>

/** Progress of a reading. `total` grows as lists tell how much there is. */
export const readProgressSchema = z
  .object({
    label: z.string().describe('What is being read now, for a person: `Flows of Development`.'),
    done: z.number().int(),
    total: z.number().int(),
    requests: z.number().int().describe('Requests sent so far for this reading.'),
    waitingSeconds: z.number().optional().describe('Until the rate budget lets the next request go, when it waits.'),
  })
  .meta({ id: 'ReadProgress' })
export type ReadProgress = z.infer<typeof readProgressSchema>

export interface ReadOptions {
  signal?: AbortSignal
  onProgress?: (progress: ReadProgress) => void
  /** Someone waits for the answer on a screen (default), or it is background work. */
  priority?: 'interactive' | 'background'
}

/** What can be read from a place. */
export interface PlaceReader {
  readonly description: PlaceDescription
  /** The artifacts of a kind as the list gives them; `partial` marks those that must be read one by one to be compared. */
  list(kind: KindName, options?: ReadOptions): Promise<Artifact[]>
  /** One artifact, whole. Throws a NotFoundError. */
  get(kind: KindName, id: string, options?: ReadOptions): Promise<Artifact>
  /** Every artifact of the kinds, whole, with as few requests as the place allows. */
  inventory(kinds: readonly KindName[], options?: ReadOptions): Promise<Inventory>
}

/** What can be written to a place. Content is in the artifact form; the place sends what the API accepts of it. */
export interface PlaceWriter extends PlaceReader {
  create(kind: KindName, content: JsonObject, options?: ReadOptions): Promise<Artifact>
  replace(kind: KindName, id: string, content: JsonObject, options?: ReadOptions): Promise<Artifact>
  remove(kind: KindName, id: string, options?: ReadOptions): Promise<void>
  /** Makes a flow's current version the one that runs. */
  deploy(flowId: string, options?: ReadOptions): Promise<Artifact>
  /** Switches a flow on or off. */
  setEnabled(flowId: string, enabled: boolean, options?: ReadOptions): Promise<void>
}
