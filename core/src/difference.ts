import { z } from 'zod'
import { jsonSchema } from './json.ts'

/** How the two sides of a pair stand to each other. */
export const matchStateSchema = z
  .enum(['identical', 'different', 'onlyInSource', 'onlyInDestination', 'ambiguous'])
  .meta({ id: 'MatchState' })
export type MatchState = z.infer<typeof matchStateSchema>

/** Which viewer suits a long text. */
export const textKindSchema = z.enum(['html', 'css', 'javascript', 'json', 'text'])
export type TextKind = z.infer<typeof textKindSchema>

/** One changed property within a difference. */
export const propertyChangeSchema = z
  .object({
    pointer: z.string().describe('JSON pointer within the compared part, such as `/properties/subject/value`.'),
    label: z.string().describe("The property's name for a person."),
    change: z.enum(['added', 'removed', 'changed']),
    before: jsonSchema.optional().describe("The destination's value."),
    after: jsonSchema.optional().describe("The source's value."),
    text: textKindSchema.optional().describe('Present where both sides are text worth a line-by-line comparison.'),
  })
  .meta({ id: 'PropertyChange' })
export type PropertyChange = z.infer<typeof propertyChangeSchema>

/** One difference between the source's and the destination's form of an artifact. */
export const differenceSchema = z
  .object({
    section: z
      .string()
      .describe('The part: for flows node, edge, settings, inputSchema, outputSchema, variable, trigger, general.'),
    change: z
      .enum(['added', 'removed', 'changed', 'moved'])
      .describe('added: the source has it, the destination lacks it.'),
    id: z.string().describe("Stable id within the section: a node's id, a setting's key."),
    label: z.string().describe('A line for a person, such as `Node "Send OTP" (Notifications · sendEmail)`.'),
    properties: z.array(propertyChangeSchema),
  })
  .meta({ id: 'Difference' })
export type Difference = z.infer<typeof differenceSchema>

/** The result of comparing one pair. */
export const comparisonSchema = z
  .object({
    state: z.enum(['identical', 'different']),
    differences: z.array(differenceSchema),
    gist: z.string().describe('One line: `3 nodes changed, 1 edge added`. Empty when identical.'),
    layoutOnly: z.boolean().describe('Nothing but positions of nodes differs.'),
  })
  .meta({ id: 'Comparison' })
export type Comparison = z.infer<typeof comparisonSchema>
