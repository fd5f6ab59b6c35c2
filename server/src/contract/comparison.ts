import {
  artifactKeySchema,
  comparisonSchema,
  jsonObjectSchema,
  kindNameSchema,
  matchBasisSchema,
  matchStateSchema,
  placeDescriptionSchema,
  readProgressSchema,
} from '@flightiq/core'
import { z } from 'zod'
import { problemSchema } from './problem.ts'
import { defineRoute } from './route.ts'

const side = z
  .object({
    id: z.string(),
    name: z.string(),
    updatedAt: z.string().optional(),
    version: z.number().optional().describe('Flows: the current version.'),
    publishedVersion: z.number().optional().describe('Flows: the deployed version; absent when never deployed.'),
    enabled: z.boolean().optional(),
    nodes: z.number().int().optional(),
    /** Short facts of a kind worth a column: connector, context, data type, value. */
    facts: z.record(z.string(), z.string()).optional(),
  })
  .meta({ id: 'ComparisonSide' })

export const comparisonRowSchema = z
  .object({
    kind: kindNameSchema,
    state: matchStateSchema,
    source: side.optional(),
    destination: side.optional(),
    basis: matchBasisSchema.optional(),
    candidates: z.array(z.object({ id: z.string(), name: z.string() })).optional(),
    gist: z.string(),
    layoutOnly: z.boolean(),
  })
  .meta({ id: 'ComparisonRow' })
export type ComparisonRow = z.infer<typeof comparisonRowSchema>

export const comparisonReportSchema = z
  .object({
    source: placeDescriptionSchema,
    destination: placeDescriptionSchema,
    rows: z.array(comparisonRowSchema),
    readAt: z.string().describe('ISO 8601: when the reading ended.'),
    requests: z.number().int().describe('Requests that this reading cost.'),
  })
  .meta({ id: 'ComparisonReport' })
export type ComparisonReport = z.infer<typeof comparisonReportSchema>

/** What the event stream of a comparison sends. */
export const comparisonEventSchema = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('progress'), progress: readProgressSchema }),
    z.object({ type: z.literal('done'), report: comparisonReportSchema }),
    z.object({ type: z.literal('failed'), problem: problemSchema }),
  ])
  .meta({ id: 'ComparisonEvent' })
export type ComparisonEvent = z.infer<typeof comparisonEventSchema>

export const pairComparisonSchema = z
  .object({
    row: comparisonRowSchema,
    comparison: comparisonSchema,
    source: jsonObjectSchema.optional().describe('As PingOne returned it, secrets taken out.'),
    destination: jsonObjectSchema.optional(),
    dependencies: z
      .array(
        z.object({
          kind: z.string(),
          name: z.string(),
          target: z.string(),
          state: matchStateSchema.or(z.enum(['stale', 'notCompared'])),
          artifact: artifactKeySchema.optional(),
        }),
      )
      .describe('What the source artifact refers to, and how that stands in the destination.'),
  })
  .meta({ id: 'PairComparison' })

const tenantParams = z.object({ tenantId: z.uuid() })
const kinds = z.string().optional().describe('Kinds, separated by commas. Absent: all.')

export const comparisonRoutes = {
  compare: defineRoute({
    operationId: 'compare',
    method: 'GET',
    url: '/api/tenants/:tenantId/comparison',
    summary: 'Compares two places and answers when it is done.',
    tag: 'comparison',
    permission: 'read',
    scope: 'environment',
    schema: {
      params: tenantParams,
      querystring: z.object({
        from: z.string().min(1),
        to: z.string().min(1),
        kinds,
        refresh: z.stringbool().optional().describe('Read again, though a recent reading is at hand.'),
      }),
      response: { 200: comparisonReportSchema },
    },
  }),
  compareEvents: defineRoute({
    operationId: 'compareEvents',
    method: 'GET',
    url: '/api/tenants/:tenantId/comparison/events',
    summary: 'Compares two places, telling its progress. Closing the connection cancels it.',
    tag: 'comparison',
    permission: 'read',
    scope: 'environment',
    schema: {
      params: tenantParams,
      querystring: z.object({
        from: z.string().min(1),
        to: z.string().min(1),
        kinds,
        refresh: z.stringbool().optional(),
      }),
      response: { 200: z.string() },
    },
    events: comparisonEventSchema,
  }),
  comparePair: defineRoute({
    operationId: 'comparePair',
    method: 'GET',
    url: '/api/tenants/:tenantId/comparison/:kind',
    summary: 'The differences of one pair, property by property.',
    tag: 'comparison',
    permission: 'read',
    scope: 'environment',
    schema: {
      params: z.object({ tenantId: z.uuid(), kind: kindNameSchema }),
      querystring: z.object({
        from: z.string().min(1),
        to: z.string().min(1),
        source: z.string().optional().describe('Id in the source.'),
        destination: z.string().optional().describe('Id in the destination.'),
      }),
      response: { 200: pairComparisonSchema },
    },
  }),
}
