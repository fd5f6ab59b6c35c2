import { IconPuzzle } from '@tabler/icons-react'
import { factColumn, plainSide } from '../fact-column.ts'
import type { KindView } from '../kind-view.ts'
import { textAt } from '../read-content.ts'

/** Connectors: the catalogue that PingOne offers. */
export const connector: KindView = {
  name: 'connector',
  slug: 'connectors',
  label: { one: 'Connector', many: 'Connectors' },
  icon: IconPuzzle,
  summary:
    'The connectors that PingOne offers in the source. They come from PingOne and are the same in every environment, so that there is nothing to compare.',
  columns: [factColumn('id', 'Connector ID', 240), factColumn('type', 'Type', 140)],
  sections: { general: 'General' },
  comparable: false,
  hiddenAtFirst: ['sourceUpdated', 'destinationUpdated'],
  pickable: false,
  sideOf: (artifact) => plainSide(artifact, { id: artifact.id, type: textAt(artifact.content, 'metadata', 'type') }),
}
