import { IconSitemap } from '@tabler/icons-react'
import { lazy } from 'react'
import { plainSide } from '../fact-column.ts'
import type { KindView } from '../kind-view.ts'
import { listAt, numberAt } from '../read-content.ts'
import { VersionCell } from './VersionCell.tsx'

/** Flows: the journeys themselves. */
export const flow: KindView = {
  name: 'flow',
  slug: 'flows',
  label: { one: 'Flow', many: 'Flows' },
  icon: IconSitemap,
  summary: 'Journeys and subflows: compare them, see what differs, and bring them to the destination.',
  columns: [
    {
      id: 'nodes',
      header: 'Nodes',
      width: 76,
      value: (row) => (row.source ?? row.destination)?.nodes ?? 0,
      render: (row) => (row.source ?? row.destination)?.nodes ?? '–',
    },
    {
      id: 'sourceVersion',
      header: 'Source version',
      width: 136,
      value: (row) => row.source?.version ?? -1,
      render: (row) => <VersionCell side={row.source} />,
    },
    {
      id: 'destinationVersion',
      header: 'Destination version',
      width: 144,
      value: (row) => row.destination?.version ?? -1,
      render: (row) => <VersionCell side={row.destination} />,
    },
  ],
  sections: {
    general: 'General',
    node: 'Nodes',
    edge: 'Edges',
    settings: 'Settings',
    trigger: 'Trigger',
    inputSchema: 'Input schema',
    outputSchema: 'Output schema',
    variable: 'Variables',
  },
  comparable: true,
  hiddenAtFirst: ['sourceUpdated', 'destinationUpdated'],
  pickable: true,
  sideOf: (artifact) => {
    const version = numberAt(artifact.content, 'currentVersion')
    const publishedVersion = numberAt(artifact.content, 'publishedVersion')
    const nodes = listAt(artifact.content, 'graphData', 'elements', 'nodes').length
    return {
      ...plainSide(artifact),
      ...(version === undefined ? {} : { version }),
      ...(publishedVersion === undefined ? {} : { publishedVersion }),
      ...(nodes === 0 ? {} : { nodes }),
      enabled: artifact.content.enabled !== false,
    }
  },
  Picture: lazy(() => import('./FlowPicture.tsx')),
}
