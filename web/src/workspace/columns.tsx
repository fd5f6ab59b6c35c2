import { Checkbox } from '@mantine/core'
import {
  columnVisibilityFeature,
  createColumnHelper,
  createSortedRowModel,
  rowSelectionFeature,
  rowSortingFeature,
  type SortFn,
  tableFeatures,
} from '@tanstack/react-table'
import { count } from '../components/count.ts'
import { matchStates, StateBadge } from '../components/StateBadge.tsx'
import { Ago } from '../components/time.tsx'
import type { KindView, Row } from '../kinds/kind-view.ts'
import { rowName } from './row-filter.ts'
import classes from './workspace.module.css'

const names = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

export const features = tableFeatures({
  rowSortingFeature,
  columnVisibilityFeature,
  rowSelectionFeature,
  sortedRowModel: createSortedRowModel(),
})

const helper = createColumnHelper<typeof features, Row>()

const byValue: SortFn<typeof features, Row> = (a, b, columnId) => {
  const left = a.getValue(columnId)
  const right = b.getValue(columnId)
  return typeof left === 'number' && typeof right === 'number'
    ? left - right
    : names.compare(String(left), String(right))
}

/** How wide a column is, as a track of the grid. */
export const tracks: Record<string, string> = {
  select: '40px',
  name: 'minmax(200px, 1.2fr)',
  match: 'minmax(190px, 1.6fr)',
}

/** The columns of a kind's workspace. Without a comparison there is no match, and no destination. */
export function columnsOf(view: KindView, compared: boolean) {
  return helper.columns([
    ...(view.pickable && compared
      ? [
          helper.display({
            id: 'select',
            header: ({ table }) => (
              <Checkbox
                size="xs"
                aria-label="Select all shown"
                checked={table.getIsAllRowsSelected()}
                indeterminate={table.getIsSomeRowsSelected()}
                onChange={table.getToggleAllRowsSelectedHandler()}
              />
            ),
            cell: ({ row }) => (
              <Checkbox
                size="xs"
                tabIndex={-1}
                aria-label={`Select ${rowName(row.original)}`}
                checked={row.getIsSelected()}
                disabled={!row.getCanSelect()}
                onChange={row.getToggleSelectedHandler()}
                onClick={(event) => event.stopPropagation()}
              />
            ),
          }),
        ]
      : []),
    helper.accessor(rowName, {
      id: 'name',
      header: 'Name',
      sortFn: byValue,
      cell: ({ row }) => <NameCell row={row.original} />,
    }),
    ...(compared
      ? [
          helper.accessor((row) => matchStates.indexOf(row.state), {
            id: 'match',
            header: 'Match',
            sortFn: byValue,
            cell: ({ row }) => <MatchCell row={row.original} />,
          }),
        ]
      : []),
    ...view.columns
      .filter((column) => compared || !column.id.startsWith('destination'))
      .map((column) =>
        helper.accessor(column.value, {
          id: column.id,
          header: column.header,
          sortFn: byValue,
          meta: { width: column.width },
          cell: ({ row }) =>
            column.render?.(row.original) ?? <span className={classes.truncate}>{column.value(row.original)}</span>,
        }),
      ),
    helper.accessor((row) => row.source?.updatedAt ?? '', {
      id: 'sourceUpdated',
      header: 'Updated in source',
      sortFn: byValue,
      meta: { width: 148 },
      cell: ({ row }) => <Ago at={row.original.source?.updatedAt} />,
    }),
    ...(compared
      ? [
          helper.accessor((row) => row.destination?.updatedAt ?? '', {
            id: 'destinationUpdated',
            header: 'Updated in destination',
            sortFn: byValue,
            meta: { width: 172 },
            cell: ({ row }) => <Ago at={row.original.destination?.updatedAt} />,
          }),
        ]
      : []),
  ])
}

function NameCell({ row }: { row: Row }) {
  const other = row.source && row.destination && row.source.name !== row.destination.name ? row.destination.name : ''
  return (
    <span
      className="cut-name"
      dir="auto"
      title={other ? `${rowName(row)}\nIn the destination: ${other}` : rowName(row)}
    >
      <span style={{ fontWeight: 550 }}>{rowName(row)}</span>
      {other && <bdi className={classes.gist}> → {other}</bdi>}
    </span>
  )
}

function MatchCell({ row }: { row: Row }) {
  const gist =
    row.state === 'ambiguous'
      ? count(row.candidates?.length ?? 0, 'candidate')
      : row.layoutOnly
        ? 'only moved on the canvas'
        : row.gist
  return (
    <>
      <StateBadge state={row.state} />
      {gist && (
        <span className={classes.gist} title={gist}>
          {gist}
        </span>
      )}
    </>
  )
}
