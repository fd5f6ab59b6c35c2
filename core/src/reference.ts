import { z } from 'zod'
import { kindNames } from './artifact.ts'

/**
 * What a reference can point at. Beside FlightIQ's own kinds, the PingOne resources that flows name and that
 * are not moved yet: those are reported and carried over unchanged.
 */
export const referenceKindSchema = z
  .enum([
    ...kindNames,
    'node',
    'form',
    'notificationTemplate',
    'notificationPolicy',
    'mfaPolicy',
    'riskPolicy',
    'verifyPolicy',
    'population',
    'group',
    'agreement',
    'identityProvider',
    'gateway',
    'pingOneApplication',
    'attribute',
    'theme',
    'language',
    'uiTemplate',
    'environment',
    'asset',
  ])
  .meta({ id: 'ReferenceKind' })
export type ReferenceKind = z.infer<typeof referenceKindSchema>

/** The node that holds a spot, in flows. */
export const nodeSpotSchema = z.object({ id: z.string(), label: z.string() })

/** A pointer from a spot in one artifact's content to another artifact. */
export interface Reference {
  kind: ReferenceKind
  /** Whether the spot holds the target's id or its name (variables are named, not identified). */
  by: 'id' | 'name'
  /** The id or name as it stands there. */
  target: string
  /** JSON pointer (RFC 6901) to the value that holds the reference, from the content's root. */
  pointer: string
  /** Where in that value it stands: the value itself, an object key, or inside a string (a template expression). */
  spot: 'value' | 'key' | 'template'
  /** What the spot says of the target beside its id: a copy of its name. */
  label?: string
  /** For a connector instance: the connector it must be of. */
  connectorId?: string
  /** For a variable: the context, where the spot tells it. */
  context?: string
  /** The node that holds the spot, in flows. */
  node?: { id: string; label: string }
}
