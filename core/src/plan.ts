import { z } from 'zod'
import { artifactKeySchema, kindNameSchema } from './artifact.ts'
import { differenceSchema } from './difference.ts'
import { jsonObjectSchema } from './json.ts'
import { matchBasisSchema } from './matching.ts'
import { placeDescriptionSchema } from './place.ts'
import { nodeSpotSchema, referenceKindSchema } from './reference.ts'

/** What a person asked to be taken. */
export const planSelectionSchema = z
  .object({
    flows: z.array(z.string().min(1)).optional().describe('Ids of source flows, taken with what they need.'),
    kinds: z.array(kindNameSchema).optional().describe('Every artifact of these kinds.'),
    all: z.boolean().optional().describe('Everything that FlightIQ can write.'),
  })
  .meta({ id: 'PlanSelection' })
export type PlanSelection = z.infer<typeof planSelectionSchema>

/** What to do about one source artifact that the destination lacks, or has more than one candidate for. */
export const choiceSchema = z
  .discriminatedUnion('action', [
    z.object({ action: z.literal('create'), kind: kindNameSchema, sourceId: z.string().min(1) }),
    z.object({
      action: z.literal('map'),
      kind: kindNameSchema,
      sourceId: z.string().min(1),
      destinationId: z.string().min(1),
    }),
    z.object({ action: z.literal('keep'), kind: kindNameSchema, sourceId: z.string().min(1) }),
  ])
  .describe('create: make it in the destination; map: use that one; keep: leave the id as it is, though it dangles.')
  .meta({ id: 'Choice' })
export type Choice = z.infer<typeof choiceSchema>

export const planOptionsSchema = z
  .object({
    mode: z
      .enum(['upgrade', 'copy'])
      .default('upgrade')
      .describe('upgrade: replace the flow that matches; copy: always create a new one.'),
    withSubflows: z
      .boolean()
      .default(true)
      .describe('Subflows that differ are taken too. Those that are missing always are.'),
    deploy: z.boolean().default(true).describe('Deploy each written flow; otherwise it is left staged.'),
    updateVariables: z
      .boolean()
      .default(false)
      .describe('Update variables that exist on both sides and differ. Off: values often differ on purpose.'),
    choices: z.array(choiceSchema).default([]),
  })
  .meta({ id: 'PlanOptions' })
export type PlanOptions = z.infer<typeof planOptionsSchema>

/** One step of a plan. Operations are carried out in order. */
export const operationSchema = z
  .object({
    id: z.string().describe('`op-1`, `op-2`, … in order.'),
    action: z.enum(['create', 'update', 'deploy', 'enable', 'disable']),
    kind: kindNameSchema,
    name: z.string().describe('The name it has, or will have, in the destination.'),
    sourceId: z.string(),
    destinationId: z.string().optional().describe('Absent when this or an earlier operation creates it.'),
    content: jsonObjectSchema
      .optional()
      .describe(
        "What to write, with the source's ids still in it: they are rewritten when the operation is sent, since earlier operations decide some of them.",
      ),
    placeholder: z
      .boolean()
      .optional()
      .describe('A shell that only takes the name, so that flows which call each other can exist.'),
    replaces: z
      .object({ fingerprint: z.string(), updatedAt: z.string().optional(), version: z.number().optional() })
      .optional()
      .describe('The destination as read for the plan: proof for the conflict check before an update.'),
    differences: z.array(differenceSchema),
    reason: z.string(),
    followUp: z.array(z.string()).describe('What a person must do by hand afterwards, such as secrets to fill in.'),
  })
  .meta({ id: 'Operation' })
export type Operation = z.infer<typeof operationSchema>

/** What a reference of the source will point to in the destination. */
export const resolutionSchema = z
  .discriminatedUnion('to', [
    z.object({
      to: z.literal('existing'),
      destinationId: z.string(),
      destinationName: z.string(),
      basis: matchBasisSchema,
    }),
    z.object({ to: z.literal('created'), operationId: z.string(), destinationName: z.string() }),
    z.object({
      to: z.literal('unchanged'),
      why: z
        .enum(['staleInSource', 'kindNotMoved', 'chosen', 'sameEverywhere'])
        .describe('staleInSource: the source has nothing there either, which is common and carried over.'),
    }),
    z.object({
      to: z.literal('unresolved'),
      why: z.enum(['missing', 'ambiguous']),
      candidates: z.array(z.object({ id: z.string(), name: z.string() })),
      choices: z.array(z.enum(['create', 'map', 'keep'])),
    }),
  ])
  .meta({ id: 'Resolution' })
export type Resolution = z.infer<typeof resolutionSchema>

/** One target that the taken artifacts refer to, with all spots that do. */
export const resolvedReferenceSchema = z
  .object({
    kind: referenceKindSchema,
    target: z.string().describe('The id, or the name, as the source has it.'),
    name: z.string(),
    connectorId: z.string().optional(),
    resolution: resolutionSchema,
    followUp: z.array(z.string()).describe('What would have to be filled in by hand if it were created.'),
    usedBy: z.array(
      z.object({
        artifact: artifactKeySchema,
        artifactName: z.string(),
        node: nodeSpotSchema.optional(),
        pointer: z.string(),
      }),
    ),
  })
  .meta({ id: 'ResolvedReference' })
export type ResolvedReference = z.infer<typeof resolvedReferenceSchema>

/** Something to know before running. A blocker must be settled first. */
export const planNoteSchema = z
  .object({
    severity: z.enum(['blocker', 'warning', 'info']),
    code: z.string(),
    message: z.string(),
    nextStep: z.string().optional(),
    artifact: artifactKeySchema.optional(),
    pointer: z.string().optional(),
  })
  .meta({ id: 'PlanNote' })
export type PlanNote = z.infer<typeof planNoteSchema>

/** The ordered list of operations that would bring the destination to the wanted state. */
export const planSchema = z
  .object({
    version: z.literal(1).describe('Format of this document.'),
    source: placeDescriptionSchema,
    destination: placeDescriptionSchema,
    selection: planSelectionSchema,
    options: planOptionsSchema,
    operations: z.array(operationSchema),
    references: z.array(resolvedReferenceSchema),
    notes: z.array(planNoteSchema),
    mapping: z
      .partialRecord(referenceKindSchema, z.record(z.string(), z.string()))
      .describe('Kind → source id → destination id: what rewriting starts from. Creates add to it as they run.'),
    totals: z.object({
      create: z.number().int(),
      update: z.number().int(),
      deploy: z.number().int(),
      unchanged: z.number().int().describe('Artifacts that were looked at and already agree.'),
      requests: z.number().int().describe('Requests that the run will send.'),
    }),
  })
  .meta({ id: 'Plan' })
export type Plan = z.infer<typeof planSchema>
