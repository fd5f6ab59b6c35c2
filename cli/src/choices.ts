import { type Choice, type KindName, kindNameSchema, type Plan } from '@flightiq/core'
import { z } from 'zod'
import { CommandError } from './command-error.ts'
import type { Console } from './console/console.ts'
import { readJsonFile } from './json-file.ts'

/** `{ "connectorInstance": { "<source id or name>": "create" | "keep" | "<destination id or name>" } }` */
const mapFileSchema = z.partialRecord(kindNameSchema, z.record(z.string(), z.string().min(1)))
export type MapFile = z.infer<typeof mapFileSchema>

/** Reads a map file. Throws a CommandError that says what is wrong with it. */
export async function readMapFile(path: string): Promise<MapFile> {
  const nextStep =
    'Write { "connectorInstance": { "<source id or name>": "create", "keep" or "<destination id or name>" } }.'
  const map = mapFileSchema.safeParse(await readJsonFile(path, 'map file', nextStep))
  if (map.success) return map.data
  const [issue] = map.error.issues
  throw new CommandError(`The map file ${path} is not right at ${issue?.path.join('.') || 'its root'}.`, { nextStep })
}

/**
 * The choices that a map file makes for a plan. Names are looked up: those of the source among what the plan refers to,
 * those of the destination among what is there.
 * @throws CommandError when a name fits nothing, or more than one.
 */
export async function choicesFrom(map: MapFile, plan: Plan, console: Console, tenantId: string): Promise<Choice[]> {
  const choices: Choice[] = []
  for (const [kindText, entries] of Object.entries(map)) {
    const kind = kindText as KindName
    const referred = plan.references.filter((reference) => reference.kind === kind)
    for (const [wanted, answer] of Object.entries(entries)) {
      const sourceId = oneOf(
        wanted,
        referred.map(({ target, name }) => ({ id: target, name })),
        `The map file speaks of ${kind} "${wanted}", which the plan does not need`,
      )
      if (answer === 'create' || answer === 'keep') choices.push({ action: answer, kind, sourceId })
      else {
        const there = await console.listArtifacts(tenantId, kind, plan.destination.spec)
        const destinationId = oneOf(
          answer,
          there,
          `The map file names ${kind} "${answer}", which ${plan.destination.name} does not have`,
        )
        choices.push({ action: 'map', kind, sourceId, destinationId })
      }
    }
  }
  return choices
}

function oneOf(wanted: string, among: { id: string; name: string }[], otherwise: string): string {
  const byId = among.filter(({ id }) => id === wanted)
  const found = byId.length > 0 ? byId : among.filter(({ name }) => name === wanted)
  const [only, another] = found
  if (only && !another) return only.id
  if (!only) throw new CommandError(`${otherwise}.`, { nextStep: 'Correct the map file, or remove the line.' })
  throw new CommandError(`"${wanted}" fits ${found.length} artifacts.`, {
    nextStep: `Give the id in the map file: ${found.map(({ id }) => id).join(', ')}.`,
  })
}

/** "create" for whatever is missing and can be created. */
export function createMissing(plan: Plan): Choice[] {
  return plan.references.flatMap(({ kind, target, resolution }) => {
    const known = kindNameSchema.safeParse(kind)
    const creatable =
      resolution.to === 'unresolved' && resolution.why === 'missing' && resolution.choices.includes('create')
    return known.success && creatable ? [{ action: 'create' as const, kind: known.data, sourceId: target }] : []
  })
}
