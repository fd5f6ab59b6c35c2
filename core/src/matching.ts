import { z } from 'zod'
import { type Artifact, type ArtifactKey, type KindName, kindNameSchema } from './artifact.ts'

/** Why two artifacts stand for each other. */
export const matchBasisSchema = z.enum(['mapping', 'id', 'name', 'onlyOne']).meta({ id: 'MatchBasis' })
export type MatchBasis = z.infer<typeof matchBasisSchema>

/** A choice that a person made and saved: this source artifact is that destination artifact. */
export const savedMappingSchema = z
  .object({ kind: kindNameSchema, sourceId: z.string().min(1), destinationId: z.string().min(1) })
  .meta({ id: 'SavedMapping' })
export type SavedMapping = z.infer<typeof savedMappingSchema>

/** A source artifact with what stands for it in the destination, or a destination artifact alone. */
export interface Pair {
  kind: KindName
  source?: Artifact
  destination?: Artifact
  basis?: MatchBasis
  /** Several destination artifacts fit the source one equally (or the reverse): nobody guesses. */
  candidates?: ArtifactKey[]
}

/** Which destination artifact stands for which source artifact. */
export interface Matching {
  pairs: Pair[]
  /** The destination id for a source artifact, or undefined. */
  destinationId(kind: KindName, sourceId: string): string | undefined
  /** The pair that a source artifact is in, or undefined when the source has none of that id. */
  pairOf(kind: KindName, sourceId: string): Pair | undefined
}
