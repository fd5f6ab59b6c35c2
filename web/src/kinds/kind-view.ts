import type { IconProps } from '@tabler/icons-react'
import type { ComponentType, ReactNode } from 'react'
import type { Shapes } from '../api/client.ts'
import type { KindName } from '../api/queries.ts'

export type Row = Shapes['ComparisonRow']
export type Side = Shapes['ComparisonSide']

/** A column of a workspace beside name, match and dates. */
export interface KindColumn {
  id: string
  header: string
  /** Pixels; the name column takes what is left. */
  width: number
  /** What it is sorted and searched by. */
  value(row: Row): string | number
  /** What is shown; absent: the value. */
  render?(row: Row): ReactNode
}

/** What a picture of a pair is drawn from. */
export interface PictureProps {
  source?: Shapes['PairComparison']['source']
  destination?: Shapes['PairComparison']['destination']
  differences: Shapes['Difference'][]
  onPick?: (differenceId: string) => void
}

/** All that the screens need to know about one kind. One folder each, listed in registry.ts. */
export interface KindView {
  name: KindName
  /** The last part of its address. */
  slug: string
  label: { one: string; many: string }
  icon: ComponentType<IconProps>
  /** One line under the title. */
  summary: string
  columns: KindColumn[]
  /** Facts that rows can be filtered by, with the name of the filter. */
  filters?: { fact: string; label: string }[]
  /** Names of the sections of its differences, in the order they are shown. */
  sections: Record<string, string>
  /** Two environments can differ in it. Otherwise only what the source has is listed. */
  comparable: boolean
  /** Columns that are only shown when asked for. */
  hiddenAtFirst: string[]
  /** Single ones can be picked and migrated. Otherwise the whole kind is. */
  pickable: boolean
  /** What a row shows of an artifact as its list gives it, when there is no comparison. */
  sideOf(artifact: Shapes['Artifact']): Side
  /** A picture of the pair, loaded when it is looked at. */
  Picture?: ComponentType<PictureProps>
}
