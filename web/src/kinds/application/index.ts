import { IconAppWindow } from '@tabler/icons-react'
import { plainSide } from '../fact-column.ts'
import type { KindView } from '../kind-view.ts'

/** DaVinci applications: where flows are called from. */
export const application: KindView = {
  name: 'application',
  slug: 'applications',
  label: { one: 'Application', many: 'Applications' },
  icon: IconAppWindow,
  summary: 'DaVinci applications, through which flows are called. API keys are never shown.',
  columns: [],
  sections: { general: 'General', oauth: 'OAuth' },
  comparable: true,
  hiddenAtFirst: [],
  pickable: false,
  sideOf: (artifact) => plainSide(artifact),
}
