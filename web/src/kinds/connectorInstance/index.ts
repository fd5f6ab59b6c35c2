import { IconPlugConnected } from '@tabler/icons-react'
import { factColumn, plainSide } from '../fact-column.ts'
import type { KindView } from '../kind-view.ts'
import { textAt } from '../read-content.ts'

/** Connector instances: what flows reach other services through. */
export const connectorInstance: KindView = {
  name: 'connectorInstance',
  slug: 'connector-instances',
  label: { one: 'Connector instance', many: 'Connector instances' },
  icon: IconPlugConnected,
  summary: 'What flows reach other services through. Secrets are never shown, compared or copied.',
  columns: [factColumn('connector', 'Connector', 220)],
  filters: [{ fact: 'connector', label: 'Connector' }],
  sections: { general: 'General', property: 'Properties' },
  comparable: true,
  hiddenAtFirst: [],
  pickable: false,
  sideOf: (artifact) => plainSide(artifact, { connector: textAt(artifact.content, 'connector', 'id') }),
}
