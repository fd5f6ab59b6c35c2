import { IconVariable } from '@tabler/icons-react'
import { factColumn, plainSide } from '../fact-column.ts'
import type { KindView } from '../kind-view.ts'
import { textAt } from '../read-content.ts'

/** Variables: values that flows read and write. */
export const variable: KindView = {
  name: 'variable',
  slug: 'variables',
  label: { one: 'Variable', many: 'Variables' },
  icon: IconVariable,
  summary: 'Values that flows read and write. Many differ between environments on purpose.',
  columns: [
    factColumn('context', 'Context', 120),
    factColumn('dataType', 'Type', 100),
    {
      id: 'value',
      header: 'Value in source',
      width: 180,
      value: (row) => row.source?.facts?.value ?? '',
    },
    {
      id: 'destinationValue',
      header: 'Value in destination',
      width: 180,
      value: (row) => row.destination?.facts?.value ?? '',
    },
  ],
  filters: [
    { fact: 'context', label: 'Context' },
    { fact: 'dataType', label: 'Type' },
  ],
  sections: { general: 'General', value: 'Value' },
  comparable: true,
  hiddenAtFirst: ['sourceUpdated', 'destinationUpdated'],
  pickable: false,
  sideOf: (artifact) =>
    plainSide(artifact, {
      context: textAt(artifact.content, 'context'),
      dataType: textAt(artifact.content, 'dataType'),
      value: textAt(artifact.content, 'value'),
    }),
}
