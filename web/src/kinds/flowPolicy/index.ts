import { IconRoute } from '@tabler/icons-react'
import { factColumn, plainSide } from '../fact-column.ts'
import type { KindView } from '../kind-view.ts'
import { listAt, textAt } from '../read-content.ts'

/** Flow policies: which flow an application runs. */
export const flowPolicy: KindView = {
  name: 'flowPolicy',
  slug: 'flow-policies',
  label: { one: 'Flow policy', many: 'Flow policies' },
  icon: IconRoute,
  summary: 'Which flows an application runs, and in which share.',
  columns: [factColumn('status', 'Status', 120), factColumn('flows', 'Flows', 90)],
  filters: [{ fact: 'status', label: 'Status' }],
  sections: { general: 'General', flow: 'Flows', version: 'Versions' },
  comparable: true,
  hiddenAtFirst: [],
  pickable: false,
  sideOf: (artifact) =>
    plainSide(artifact, {
      status: textAt(artifact.content, 'status'),
      flows: String(listAt(artifact.content, 'flowDistributions').length),
    }),
}
